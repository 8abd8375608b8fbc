//! The direct path: a delegate acts without a bundler, by calling or by an order that anyone brings.
//!
//! The same checks and counters as in validation hold, but for fees and paymaster: whoever calls pays
//! for gas. The clock is read here, so no time is claimed.
//!
//! Whatever the way, a call is checked and counted, then written, then run. What runs may come back
//! into this contract, and is counted like a call from outside: nothing is remembered across it.

use alloy_sol_types::SolCall;
use smart_session_core::Refused;
use smart_session_core::abi::{IAccount, ISmartSession as Abi};
use smart_session_core::eip712::{self, Ordered};
use smart_session_core::execution::{self, Executions};
use smart_session_core::packed::{Operation, Order, PackedSession, Reader};
use smart_session_core::place::Place;
use smart_session_core::policy::{self, budget};
use smart_session_core::refusal::{Refusal, refuse};
use smart_session_core::state::ModuleTypes;
use smart_session_core::window::Timestamp;
use smart_session_core::word;

use crate::arguments::DirectCall;
use crate::host::{Host, memory};
use crate::store::Store;
use crate::{arguments, enable, signer};

/// By whose word a direct call is made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Authority<'a> {
    /// The delegate calls, and names the permissions.
    Caller,
    /// The delegate signed this order, which names the permissions; anyone calls.
    Order(&'a [u8]),
    /// The delegate calls with a context that was granted to it, which names no permissions.
    Context,
}

/// Acts within a session, called by its delegate.
#[inline]
pub(crate) fn by_delegate<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let call = arguments::direct_call(host, arguments)?;
    host.answer(act(host, &call, Authority::Caller)?);
    Ok(())
}

/// Acts within a session with an order of its delegate, whoever brings it.
#[inline]
pub(crate) fn by_order<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let (call, order) = arguments::ordered_call(host, arguments)?;
    host.answer(act(host, &call, Authority::Order(order))?);
    Ok(())
}

/// Acts within a session. Returns the account's answer, with one entry for each execution.
#[inline(never)]
pub(crate) fn act<'h>(
    host: impl Host<'h>,
    call: &DirectCall<'_>,
    authority: Authority<'_>,
) -> Result<&'h [u8], Refused> {
    let counted = check_and_count(host, call, authority)?;
    host.flush();
    run(host, call, &counted)
}

/// What is checked and counted, and not yet run.
struct Counted {
    executions: usize,
    /// The least gas that the account's call must have, if an order says so.
    gas: Option<u64>,
}

/// Checks what a call does and by whose word, and counts it.
#[inline]
fn check_and_count<'h>(
    host: impl Host<'h>,
    call: &DirectCall<'_>,
    authority: Authority<'_>,
) -> Result<Counted, Refused> {
    let place = host.place(call.account);
    let clock = host.clock();

    let executions = Executions::read(host, call.mode, call.execution_calldata)?;
    let mut reader = Reader::new(host, call.session);
    let account = &place.account;
    let named = match authority {
        Authority::Caller | Authority::Order(_) => Some(executions.len()),
        Authority::Context => None,
    };
    let scratch = memory::scratch(host);
    let operation = Operation::read(&mut reader, named, account, Some(clock), scratch)?;
    reader.end()?;
    let session = &operation.session;
    let order = match authority {
        Authority::Order(order) => Some(read_order(host, order, session, clock)?),
        Authority::Caller | Authority::Context => {
            check_caller(host, session)?;
            None
        }
    };
    check_window(host, session, clock)?;

    let store = Store::new(host, account);
    let account_state = store.account().value;
    let mut stored = store.session(&session.id.0);
    let state = &mut stored.value;
    if let Some(order) = &order {
        policy::order::count(host, order, state)?;
    }
    let types = ModuleTypes::EXECUTOR;
    policy::apply(host, &operation, &executions, types, &account_state, state, &place)?;
    let ledger = stored.budgets(host);
    let state = &mut stored.value;
    budget::settle(host, &operation, &executions, state, &ledger)?;
    let gas = signer::ALL_GAS;
    if !enable::with_operation(host, &operation, &account_state, state, &place, gas)? {
        return Err(refuse::<Abi::NotOwnersSignature>(host));
    }
    if let Some(order) = &order {
        check_signed(host, call, &operation, order, &place)?;
    }
    store.save_session(&stored);
    Ok(Counted { executions: executions.len(), gas: order.map(|order| order.gas()) })
}

#[inline]
fn check_caller<'h>(host: impl Host<'h>, session: &PackedSession<'_>) -> Result<(), Refused> {
    let caller = host.caller();
    if session.is_delegate(&caller) {
        return Ok(());
    }
    let mut refusal = Refusal::of::<Abi::NotDelegate>();
    Err(refusal.word(&caller).word(session.delegate()).tell(host))
}

#[inline]
fn check_window<'h>(
    host: impl Host<'h>,
    session: &PackedSession<'_>,
    clock: Timestamp,
) -> Result<(), Refused> {
    if session.window.contains(clock) {
        return Ok(());
    }
    let mut refusal = Refusal::of::<Abi::OutsideWindow>();
    let [after, until] = [session.window.valid_after(), session.window.valid_until()];
    let refusal = refusal.number(clock.seconds()).number(after.seconds());
    Err(refusal.number(until.seconds()).tell(host))
}

/// Reads an order, and checks all of it that neither the chain's state nor a signature says.
#[inline]
fn read_order<'h, 'o>(
    host: impl Host<'h>,
    order: &'o [u8],
    session: &PackedSession<'_>,
    clock: Timestamp,
) -> Result<Order<'o>, Refused> {
    let order = Order::read(host, order, session.delegate_kind)?;
    policy::order::check(host, &order, &host.caller(), clock)?;
    Ok(order)
}

#[inline]
fn check_signed<'h>(
    host: impl Host<'h>,
    call: &DirectCall<'_>,
    operation: &Operation<'_>,
    order: &Order<'_>,
    place: &Place,
) -> Result<(), Refused> {
    let session = &operation.session;
    let ordered = Ordered {
        session_id: &session.id,
        disclosed: operation.disclosed,
        chain_id: &place.chain_id,
        mode: call.mode,
        execution_calldata: call.execution_calldata,
    };
    let signed = eip712::session_execution(host, &ordered, order.terms());
    let signature = &order.delegate_signature;
    if signer::delegate_signed(host, &place.module, session, &signed, signature)? {
        return Ok(());
    }
    Err(refuse::<Abi::NotDelegatesSignature>(host))
}

/// Lets the account run what was counted and written. Returns its answer.
#[inline]
fn run<'h>(
    host: impl Host<'h>,
    call: &DirectCall<'_>,
    counted: &Counted,
) -> Result<&'h [u8], Refused> {
    let Counted { executions, gas } = *counted;
    let data = memory::concat(
        host,
        &[
            &IAccount::executeFromExecutorCall::SELECTOR,
            call.mode,
            &word::from_u64(0x40),
            &word::from_usize(call.execution_calldata.len()),
            call.execution_calldata,
            memory::padding(host, call.execution_calldata),
        ],
    );
    if let Some(gas) = gas {
        policy::order::check_gas(host, gas, host.gas_left(), data.len())?;
    }
    match host.call(call.account, data) {
        Ok(answer) if execution::is_answer(answer, executions) => Ok(answer),
        Ok(_) => Err(refuse::<Abi::NothingExecuted>(host)),
        Err(reason) => Err(Refusal::foreign(host, reason)),
    }
}
