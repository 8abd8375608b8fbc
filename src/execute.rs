//! The direct path: a delegate acts with one transaction, without a bundler.
//!
//! The same checks and counters as in validation hold, but for fees: the caller pays for gas. The
//! clock is read here, so no time is claimed.

use alloy_sol_types::SolCall;
use smart_session_core::Refused;
use smart_session_core::abi::{IAccount, ISmartSession as Abi};
use smart_session_core::execution::{self, Executions};
use smart_session_core::packed::{Operation, Reader};
use smart_session_core::policy;
use smart_session_core::policy::budget;
use smart_session_core::refusal::{Refusal, refuse};
use smart_session_core::state::ModuleTypes;
use smart_session_core::word;

use crate::host::{Host, memory};
use crate::store::Store;
use crate::{arguments, enable, signer};

/// Acts within a session, called by its delegate.
#[inline]
pub(crate) fn execute<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let request = arguments::direct_call(host, arguments)?;
    let place = host.place(request.account);
    let clock = host.clock();

    let executions = Executions::read(host, request.mode, request.execution_calldata)?;
    let mut reader = Reader::new(host, request.session);
    let account = &place.account;
    let operation = Operation::read(
        &mut reader,
        executions.len(),
        account,
        Some(clock),
        memory::scratch(host),
    )?;
    reader.end()?;
    let session = &operation.session;
    let caller = host.caller();
    if !session.is_delegate(&caller) {
        let mut refusal = Refusal::of::<Abi::NotDelegate>();
        return Err(refusal.word(&caller).word(session.delegate()).tell(host));
    }
    if !session.window.contains(clock) {
        let mut refusal = Refusal::of::<Abi::OutsideWindow>();
        let [after, until] = [session.window.valid_after(), session.window.valid_until()];
        let refusal = refusal.number(clock.seconds()).number(after.seconds());
        return Err(refusal.number(until.seconds()).tell(host));
    }

    let store = Store::new(host, account);
    let account_state = store.account().value;
    let mut stored = store.session(&session.id.0);
    let state = &mut stored.value;
    let types = ModuleTypes::EXECUTOR;
    policy::apply(host, &operation, &executions, types, &account_state, state, &place)?;
    let ledger = stored.budgets(host);
    let state = &mut stored.value;
    budget::settle(host, &operation, &executions, state, &ledger)?;
    let gas = signer::ALL_GAS;
    if !enable::with_operation(host, &operation, &account_state, state, &place, gas)? {
        return Err(refuse::<Abi::NotOwnersSignature>(host));
    }
    store.save_session(&stored);
    // Everything is counted and written before anything runs. What runs may come back into this
    // contract, and is counted like a call from outside; so nothing is remembered.
    host.flush();

    let call = memory::concat(
        host,
        &[
            &IAccount::executeFromExecutorCall::SELECTOR,
            request.mode,
            &word::from_u64(0x40),
            &word::from_usize(request.execution_calldata.len()),
            request.execution_calldata,
            memory::padding(host, request.execution_calldata),
        ],
    );
    match host.call(account, call) {
        Ok(answer) if execution::is_answer(answer, executions.len()) => {
            host.answer(answer);
            Ok(())
        }
        Ok(_) => Err(refuse::<Abi::NothingExecuted>(host)),
        Err(reason) => Err(Refusal::foreign(host, reason)),
    }
}
