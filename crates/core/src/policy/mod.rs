//! Whether an operation stays within its session.
//!
//! Every policy is a pure function from what the operation does and what the session allows to
//! nothing or a refusal. [`check`] asks those that hold of every way to act; a user operation is
//! also asked who pays for it, by [`check_fee`].

pub mod budget;
pub mod calls;
pub mod fee;
pub mod paymaster;
pub(crate) mod rules;
pub mod selector;
pub mod target;
pub mod value;

use alloy_primitives::Address;

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::execution::Executions;
use crate::packed::{Entry, Mode, Operation, PackedSession};
use crate::refusal::{Refusal, Refused, refuse};
use crate::state::{AccountState, ModuleTypes, SessionState, Status};
use crate::user_op::UserOp;
use crate::word::{self, Word};

/// Where an operation is validated.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The word of the account's address: whose operation it is.
    pub account: Word,
    /// The word of the module's own address.
    pub module: Word,
    /// The chain.
    pub chain_id: Word,
}

impl Place {
    /// Returns the place of an account, a module and a chain.
    pub fn new(account: Address, module: Address, chain_id: u64) -> Self {
        let [account, module] = [account, module].map(word::from_address);
        Self { account, module, chain_id: word::from_u64(chain_id) }
    }
}

/// Checks what an operation does, but for its budgets ([`budget::settle`]) and its signatures,
/// and counts its calls.
///
/// The session's status stays as it is: only the owner's signature makes it enabled.
///
/// # Errors
/// The first refusal found.
pub fn check<E: Environment>(
    environment: E,
    operation: &Operation<'_>,
    executions: &Executions<'_>,
    types: ModuleTypes,
    account: &AccountState,
    state: &mut SessionState,
    place: &Place,
) -> Result<(), Refused> {
    let session = &operation.session;
    if operation.mode == Mode::Enable {
        session.check_structure(environment, place)?;
    }
    check_account(environment, session, types, account, place)?;
    check_status(environment, session, state, operation.mode)?;
    // The calls of a batch are often under one permission: it is read once.
    let mut last: Option<(u8, Entry<'_>)> = None;
    for ((execution, item), index) in
        executions.iter(environment).enumerate().zip(operation.permissions)
    {
        let item = item?;
        let found = match last {
            Some((at, permission)) if at == *index => Some(Some(permission)),
            _ => session.permission(environment, *index),
        };
        let permission = match found {
            Some(Some(permission)) => permission,
            Some(None) => {
                let mut refusal = Refusal::of::<Abi::HiddenPermission>();
                let refusal = refusal.size(execution).number((*index).into());
                return Err(refusal.tell(environment));
            }
            None => {
                let mut refusal = Refusal::of::<Abi::UnknownPermission>();
                let refusal = refusal.size(execution).number((*index).into());
                return Err(refusal.size(session.permissions.len()).tell(environment));
            }
        };
        last = Some((*index, permission));
        target::check(environment, execution, &item.target, permission.field::<0>(), place)?;
        selector::check(environment, execution, item.call_data, permission.field::<1>())?;
        value::check(environment, execution, item.value, permission.field::<2>())?;
        let arguments = item.call_data.get(4..).unwrap_or_default();
        rules::check(environment, execution, arguments, &permission.rules)?;
    }
    let calls = calls::count(environment, state.calls(), executions.len(), session.max_calls())?;
    state.set_calls(calls);
    Ok(())
}

/// Checks who pays for a user operation, and counts the most that it can cost.
///
/// # Errors
/// If another paymaster must pay, or the fees are over the session's limit.
pub fn check_fee(
    environment: impl Environment,
    session: &PackedSession<'_>,
    user_op: &UserOp<'_>,
    state: &mut SessionState,
) -> Result<(), Refused> {
    paymaster::check(environment, user_op.paymaster_and_data, session.paymaster())?;
    state.set_fee(fee::count(environment, state.fee(), user_op, session.fee_limit())?);
    Ok(())
}

/// Checks that the account has the module installed as any of some types, and that a session
/// holds on this chain, in the account's epoch.
///
/// # Errors
/// `NotInstalled`, `ChainNotListed` or `WrongEpoch`.
#[inline(never)]
pub fn check_account(
    environment: impl Environment,
    session: &PackedSession<'_>,
    types: ModuleTypes,
    account: &AccountState,
    place: &Place,
) -> Result<(), Refused> {
    if !account.installed().has_any(types) {
        let mut refusal = Refusal::of::<Abi::NotInstalled>();
        let refusal = refusal.word(&place.account).number(types.to_byte().into());
        return Err(refusal.tell(environment));
    }
    let Some(got) = session.epoch_on(environment, &place.chain_id) else {
        let mut refusal = Refusal::of::<Abi::ChainNotListed>();
        return Err(refusal.word(&place.chain_id).tell(environment));
    };
    let allowed = account.epoch();
    if word::low_u64(&got) == allowed {
        return Ok(());
    }
    Err(Refusal::of::<Abi::WrongEpoch>().word(&got).number(allowed).tell(environment))
}

/// Checks that a session is in force, or may come into force by this operation.
///
/// # Errors
/// `SessionRevokedForEver` or `SessionNotEnabled`.
#[inline(never)]
pub fn check_status(
    environment: impl Environment,
    session: &PackedSession<'_>,
    state: &SessionState,
    mode: Mode,
) -> Result<(), Refused> {
    let mut refusal = match (state.status(), mode) {
        (Status::Revoked, _) => Refusal::of::<Abi::SessionRevokedForEver>(),
        (Status::Unknown, Mode::Use) => Refusal::of::<Abi::SessionNotEnabled>(),
        (Status::Enabled, _) | (Status::Unknown, Mode::Enable) => return Ok(()),
    };
    Err(refusal.word(&session.id.0).tell(environment))
}

/// Checks that an owner's signature takes the account's enable route.
///
/// # Errors
/// `RouteClosed` or `WrongRoute`.
pub fn check_route(
    environment: impl Environment,
    account: &AccountState,
    signature: &[u8],
) -> Result<(), Refused> {
    let route = account.route();
    if route.is_closed() {
        return Err(refuse::<Abi::RouteClosed>(environment));
    }
    if !route.is_taken_by(signature) {
        return Err(refuse::<Abi::WrongRoute>(environment));
    }
    Ok(())
}
