//! Whether an operation stays within its session: one file for each policy.
//!
//! Every policy is a pure function from what the operation does and what the session allows to
//! nothing or a refusal. [`apply`] asks those that hold of every way to act; a user operation is
//! also asked who pays for it, by [`apply_fee`].

pub mod account;
pub mod budget;
pub mod calls;
pub mod fee;
pub mod order;
pub mod paymaster;
mod permission;
pub mod route;
pub mod rules;
mod search;
pub mod selector;
pub mod status;
pub mod structure;
pub mod target;
pub mod value;

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::execution::Executions;
use crate::packed::{Entry, Mode, Operation, PackedSession};
use crate::place::Place;
use crate::refusal::{Refusal, Refused};
use crate::state::{AccountState, ModuleTypes, SessionState};
use crate::user_op::UserOp;

/// Checks what an operation does, but for its budgets ([`budget::settle`]) and its signatures, and
/// counts its calls in the session's state.
///
/// The session's status stays as it is: only the owner's signature makes it enabled.
///
/// # Errors
/// The first refusal found.
#[inline]
pub fn apply<E: Environment>(
    environment: E,
    operation: &Operation<'_>,
    executions: &Executions<'_>,
    types: ModuleTypes,
    account_state: &AccountState,
    state: &mut SessionState,
    place: &Place,
) -> Result<(), Refused> {
    let session = &operation.session;
    if operation.mode == Mode::Enable {
        structure::check(environment, session, place)?;
    }
    account::check(environment, session, types, account_state, place)?;
    status::check(environment, session, state, operation.mode)?;
    // The calls of a batch are often under one permission: it is read once.
    let mut last: Option<(u8, Entry<'_>)> = None;
    for (execution, item) in executions.iter(environment).enumerate() {
        let item = item?;
        let index = match operation.permissions {
            // There is one for each execution.
            Some(indices) => indices.get(execution).copied().unwrap_or(u8::MAX),
            None => search::find(environment, session, execution, &item, place)?,
        };
        let found = match last {
            Some((at, permission)) if at == index => Some(Some(permission)),
            _ => session.permission(environment, index),
        };
        let permission = match found {
            Some(Some(permission)) => permission,
            Some(None) => {
                let mut refusal = Refusal::of::<Abi::HiddenPermission>();
                let refusal = refusal.size(execution).number(index.into());
                return Err(refusal.tell(environment));
            }
            None => {
                let mut refusal = Refusal::of::<Abi::UnknownPermission>();
                let refusal = refusal.size(execution).number(index.into());
                return Err(refusal.size(session.permissions.len()).tell(environment));
            }
        };
        last = Some((index, permission));
        permission::check(environment, execution, &item, &permission, place)?;
    }
    let calls = calls::count(environment, state.calls(), executions.len(), session.max_calls())?;
    state.set_calls(calls);
    Ok(())
}

/// Checks who pays for a user operation, and counts the most that it can cost in the session's
/// state.
///
/// # Errors
/// If another paymaster must pay, or the fees are over the session's limit.
#[inline]
pub fn apply_fee(
    environment: impl Environment,
    session: &PackedSession<'_>,
    user_op: &UserOp<'_>,
    state: &mut SessionState,
) -> Result<(), Refused> {
    paymaster::check(environment, user_op.paymaster_and_data, session.paymaster())?;
    state.set_fee(fee::count(environment, state.fee(), user_op, session.fee_limit())?);
    Ok(())
}
