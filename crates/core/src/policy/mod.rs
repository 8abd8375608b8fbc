//! Whether an operation stays within its session.
//!
//! Every policy is a pure function from what the operation does and what the session allows to
//! nothing or a [`Violation`]. [`check`] asks them all.

pub mod budget;
pub mod calls;
pub mod fee;
pub mod paymaster;
mod rules;
pub mod selector;
pub mod target;
pub mod value;
mod violation;

use alloy_primitives::Address;

pub use violation::Violation;

use crate::execution::Executions;
use crate::packed::{Mode, Operation, PackedSession};
use crate::state::{AccountState, ModuleTypes, SessionState, Status};
use crate::user_op::UserOp;

/// Where an operation is validated.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The account whose operation it is.
    pub account: Address,
    /// The module itself.
    pub module: Address,
    /// The chain.
    pub chain_id: u64,
}

/// Checks everything about an operation but its signatures and its budgets, which are
/// [`budget::settle`]d.
///
/// Returns the session's state with the operation counted. Its status is as before: only the
/// owner's signature makes it enabled.
///
/// # Errors
/// The first [`Violation`] found.
pub fn check(
    operation: &Operation<'_>,
    user_op: &UserOp<'_>,
    executions: &Executions<'_>,
    account: &AccountState,
    before: &SessionState,
    place: &Place,
) -> Result<SessionState, Violation> {
    let session = &operation.session;
    if !account.installed().has_any(ModuleTypes::VALIDATOR) {
        return Err(Violation::NotInstalled { account: place.account });
    }
    check_chain(session, account, place)?;
    match (before.status, operation.mode) {
        (Status::Revoked, _) => return Err(Violation::Revoked { session_id: session.id }),
        (Status::Unknown, Mode::Use) => {
            return Err(Violation::NotEnabled { session_id: session.id });
        }
        (Status::Enabled, _) | (Status::Unknown, Mode::Enable) => {}
    }
    for ((execution, item), index) in executions.iter().enumerate().zip(operation.permissions) {
        let item = item?;
        let permission = match session.permissions.get(*index) {
            Some(Some(permission)) => permission,
            Some(None) => {
                return Err(Violation::HiddenPermission { execution, permission: *index });
            }
            None => {
                return Err(Violation::UnknownPermission {
                    execution,
                    got: *index,
                    allowed: session.permissions.len(),
                });
            }
        };
        target::check(execution, item.target, permission.target, place)?;
        selector::check(execution, item.call_data, permission.selector)?;
        value::check(execution, item.value, &permission.value_limit)?;
        rules::check(execution, item.call_data, &permission.rules)?;
    }
    paymaster::check(user_op.paymaster_and_data, session.paymaster)?;
    Ok(SessionState {
        status: before.status,
        calls: calls::count(before.calls, executions.len(), session.max_calls)?,
        fee: fee::count(before.fee, user_op, session.fee_limit)?,
        native: before.native,
    })
}

/// Checks that a session holds on this chain, in the account's epoch.
///
/// # Errors
/// [`Violation::ChainNotListed`] or [`Violation::WrongEpoch`].
pub fn check_chain(
    session: &PackedSession<'_>,
    account: &AccountState,
    place: &Place,
) -> Result<(), Violation> {
    match session.chains.epoch_on(place.chain_id) {
        None => Err(Violation::ChainNotListed { chain_id: place.chain_id }),
        Some(got) if got != account.epoch() => {
            Err(Violation::WrongEpoch { got, allowed: account.epoch() })
        }
        Some(_) => Ok(()),
    }
}
