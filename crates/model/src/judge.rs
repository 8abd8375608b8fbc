//! Whether an operation is allowed, signatures and clock apart.

use alloy_primitives::{Address, B256, U256, U512};

use crate::Place;
use crate::eip712::session_id;
use crate::history::{History, Status, moved, period};
use crate::operation::{Execution, Operation};
use crate::period::{Window, period_of};
use crate::refusal::Refusal;
use crate::session::{
    ANY_CALLDATA, ANY_PAYMASTER, ENTRY_POINTS, NATIVE, PLAIN_TRANSFER, Permission, Session,
    UNCOUNTED_CALLS, UNCOUNTED_FEES,
};
use crate::structure::{self, demand};

/// Says whether an operation is within its session, after all that happened before.
///
/// # Errors
/// [`Refusal`], the first found.
pub fn judge(
    session: &Session,
    operation: &Operation,
    history: &History,
    place: &Place,
) -> Result<Window, Refusal> {
    let (is_validator, _) = history.installation();
    demand(is_validator, "the module is not installed as validator")?;
    let window = judge_calls(session, operation, history, place)?;
    check_paymaster(&operation.paymaster_and_data, session.paymaster)?;
    let fees = history.fees(session_id(session), session) + operation.fee();
    let is_cheap = fees <= U512::from(session.fee_limit);
    demand(session.fee_limit == UNCOUNTED_FEES || is_cheap, "too much gas")?;
    Ok(window)
}

/// Says whether an operation's calls may run on the direct path at a time. Whoever calls pays for gas.
///
/// # Errors
/// [`Refusal`], the first found.
pub fn judge_direct(
    session: &Session,
    operation: &Operation,
    history: &History,
    place: &Place,
    now: u64,
) -> Result<(), Refusal> {
    let (_, is_executor) = history.installation();
    demand(is_executor, "the module is not installed as executor")?;
    let is_in_time = (session.valid_after..=session.valid_until).contains(&now);
    demand(is_in_time, "outside the window")?;
    let timed = Operation { claimed_time: Some(now), ..operation.clone() };
    judge_calls(session, &timed, history, place).map(|_| ())
}

/// Returns for each call the first permission that covers it and is shown, `None` where one has none.
pub fn find_permissions(
    session: &Session,
    operation: &Operation,
    place: &Place,
) -> Option<Vec<u8>> {
    let covers = |execution: &Execution, index: usize, permission: &Permission| {
        !is_hidden(operation, index) && check_execution(execution, permission, place).is_ok()
    };
    let find = |execution: &Execution| {
        let mut permissions = session.permissions.iter().enumerate();
        let (index, _) = permissions.find(|(index, it)| covers(execution, *index, it))?;
        u8::try_from(index).ok()
    };
    operation.executions.iter().map(find).collect()
}

fn is_hidden(operation: &Operation, permission: usize) -> bool {
    operation.hidden.all_permissions || operation.hidden.permissions.contains(&permission)
}

/// Says whether an operation's calls are allowed, whoever pays for it, and when.
fn judge_calls(
    session: &Session,
    operation: &Operation,
    history: &History,
    place: &Place,
) -> Result<Window, Refusal> {
    structure::check_form(session)?;
    if operation.enables {
        demand(is_whole(session, operation), "what is enabled is not shown whole")?;
        structure::check(session, place)?;
    }
    check_chain(session, operation, history, place)?;
    let id = session_id(session);
    match history.status(id) {
        Status::Unknown => demand(operation.enables, "the session is not enabled")?,
        Status::Enabled => {}
        Status::Revoked => demand(false, "the session is revoked")?,
    }
    for (execution, index) in operation.executions.iter().zip(&operation.indices) {
        let index = usize::from(*index);
        let permission = session.permissions.get(index).ok_or(Refusal("no such permission"))?;
        demand(!is_hidden(operation, index), "the permission is hidden")?;
        check_execution(execution, permission, place)?;
        check_countable(execution, session)?;
    }
    let window = check_budgets(id, session, operation, history)?;
    let calls = history.calls(id, session) + U512::from(operation.executions.len());
    let is_few = calls <= U512::from(session.max_calls);
    demand(session.max_calls == UNCOUNTED_CALLS || is_few, "too many calls")?;
    Ok(window)
}

/// Says whether a session may be enabled by its account's word alone.
///
/// # Errors
/// [`Refusal`], the first found.
pub fn judge_enable(session: &Session, history: &History, place: &Place) -> Result<(), Refusal> {
    structure::check(session, place)?;
    demand(history.installation() != (false, false), "the module is not installed")?;
    let chain = session.chains.iter().find(|chain| chain.id == U256::from(place.chain_id));
    let epoch = chain.ok_or(Refusal("the chain is not listed"))?.epoch;
    demand(epoch == history.epoch(), "the epoch is another")?;
    demand(history.status(session_id(session)) != Status::Revoked, "the session is revoked")
}

fn is_whole(session: &Session, operation: &Operation) -> bool {
    let hidden = &operation.hidden;
    let hides = |places: &[usize], len: usize| places.iter().any(|place| *place < len);
    !hides(&hidden.chains, session.chains.len())
        && !hides(&hidden.permissions, session.permissions.len())
        && !hides(&hidden.scopes, session.signing.len())
        && !hidden.all_permissions
        && !hidden.all_scopes
}

fn check_chain(
    session: &Session,
    operation: &Operation,
    history: &History,
    place: &Place,
) -> Result<(), Refusal> {
    let is_here = |(at, chain): &(usize, &crate::Chain)| {
        chain.id == U256::from(place.chain_id) && !operation.hidden.chains.contains(at)
    };
    let here = session.chains.iter().enumerate().find(is_here);
    let (_, chain) = here.ok_or(Refusal("the chain is not listed"))?;
    demand(chain.epoch == history.epoch(), "the epoch is another")
}

fn check_execution(
    execution: &Execution,
    permission: &Permission,
    place: &Place,
) -> Result<(), Refusal> {
    let target = execution.target;
    let is_banned = [Address::ZERO, place.account, place.module].contains(&target)
        || ENTRY_POINTS.contains(&target);
    let is_covered = match permission.selector {
        ANY_CALLDATA => true,
        PLAIN_TRANSFER => execution.data.is_empty(),
        exact => execution.selector() == Some(exact),
    };
    demand(!is_banned, "a banned target")?;
    demand(target == permission.target, "another target")?;
    demand(is_covered, "another selector")?;
    demand(execution.value <= permission.value_limit, "too much value")?;
    for rule in &permission.rules {
        let word = execution.word(rule.index.into()).ok_or(Refusal("a word past the end"))?;
        demand(rule.min <= word && word <= rule.max, "an argument out of bounds")?;
    }
    Ok(())
}

/// Every call to a token with a budget must be one that a budget can count.
fn check_countable(execution: &Execution, session: &Session) -> Result<(), Refusal> {
    let mut tokens = session.budgets.iter().map(|budget| budget.token);
    let is_budgeted = tokens.any(|token| token != NATIVE && token == execution.target);
    demand(!is_budgeted || execution.erc20_amount().is_some(), "a call that cannot be counted")
}

fn check_budgets(
    id: B256,
    session: &Session,
    operation: &Operation,
    history: &History,
) -> Result<Window, Refusal> {
    let (mut first, mut last) = (session.valid_after, session.valid_until);
    if session.has_periods() {
        let time = operation.claimed_time.ok_or(Refusal("no claimed time"))?;
        demand(first <= time && time <= last, "a claimed time outside the window")?;
    }
    for budget in &session.budgets {
        let amount = moved(operation, budget);
        if amount == U512::ZERO {
            continue;
        }
        let claimed = period(session, budget, operation);
        let (spent, latest) = history.spent(id, session, budget);
        demand(claimed >= latest, "a period that has passed")?;
        let before = if claimed > latest { U512::ZERO } else { spent };
        demand(before + amount <= U512::from(budget.amount), "a budget exceeded")?;
        if let (Some(time), 1..) = (operation.claimed_time, budget.period) {
            let (_, (start, end)) = period_of(session, budget, time);
            (first, last) = (first.max(start), last.min(end));
        }
    }
    Ok((first, last))
}

fn check_paymaster(data: &[u8], allowed: Address) -> Result<(), Refusal> {
    let got = match data.first_chunk::<20>() {
        None if data.is_empty() => Address::ZERO,
        Some(address) if data.len() >= 52 && *address != [0; 20] => Address::new(*address),
        _ => return Err(Refusal("paymasterAndData without a proper shape")),
    };
    demand(allowed == ANY_PAYMASTER || got == allowed, "another paymaster")
}
