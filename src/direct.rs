//! The direct path: a delegate acts with one transaction, without a bundler.
//!
//! The same checks and counters as in validation hold, but for fees: the caller pays for gas. The
//! clock is read here, so no time is claimed.

use alloy_sol_types::SolCall;
use session_core::Refused;
use session_core::abi::{IAccount, ISmartSession as Abi};
use session_core::calldata::Arguments;
use session_core::execution::{self, Executions};
use session_core::packed::{Operation, Reader};
use session_core::policy;
use session_core::policy::budget;
use session_core::refusal::{Refusal, refuse};
use session_core::state::ModuleTypes;
use session_core::word::{self, Word};

use crate::host::{self, Host};
use crate::store::Store;
use crate::{enable, malformed_call, signer};

/// What the delegate wants of an account.
struct Request {
    account: &'static Word,
    session: &'static [u8],
    mode: &'static Word,
    calldata: &'static [u8],
}

impl Request {
    fn read(arguments: &'static [u8]) -> Option<Self> {
        let mut arguments = Arguments::new(arguments, 4)?;
        let request = Self {
            account: arguments.address()?,
            session: arguments.bytes()?,
            mode: arguments.word()?,
            calldata: arguments.bytes()?,
        };
        arguments.end().map(|()| request)
    }
}

/// Acts within a session, called by its delegate.
pub(crate) fn execute(host: Host, arguments: &'static [u8]) -> Result<(), Refused> {
    let request = Request::read(arguments).ok_or_else(|| malformed_call(host))?;
    let place = host.place(request.account);
    let clock = host.clock();

    let executions = Executions::read(host, request.mode, request.calldata)?;
    let mut reader = Reader::new(host, request.session);
    let account = &place.account;
    let operation =
        Operation::read(&mut reader, executions.len(), account, Some(clock), host::scratch())?;
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
    policy::check(host, &operation, &executions, types, &account_state, state, &place)?;
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

    let call = host::concat(&[
        &IAccount::executeFromExecutorCall::SELECTOR,
        request.mode,
        &word::from_u64(0x40),
        &word::from_usize(request.calldata.len()),
        request.calldata,
        host::padding(request.calldata),
    ]);
    match host.call(account, call) {
        Ok(answer) if execution::is_answer(answer, executions.len()) => {
            host.answer(answer);
            Ok(())
        }
        Ok(_) => Err(refuse::<Abi::NothingExecuted>(host)),
        Err(reason) => Err(Refusal::foreign(host, reason)),
    }
}
