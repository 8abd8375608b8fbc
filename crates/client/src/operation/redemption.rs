//! Redemptions: direct calls by ERC-7710, for which the module finds the permissions itself.

use alloy_primitives::{Address, B256, Bytes};
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession;

use crate::account::call::{Call, execution};
use crate::operation::coverage::cover_calls;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::grant::Grant;

/// What one context is redeemed for: calls of its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// The context, as a wallet's response has it.
    pub context: Bytes,
    /// How ERC-7579 executes the calls: a plain single call or a plain batch.
    pub mode: B256,
    /// The calls, as ERC-7579 encodes them.
    pub executions: Bytes,
}

impl Redemption {
    /// Returns what makes these calls under a context of whatever delegation manager.
    ///
    /// # Errors
    /// [`Refusal`] if there is no call, or more than one redemption may have.
    pub fn new(context: Bytes, calls: &[Call]) -> Result<Self, Refusal> {
        let (mode, executions) = execution(calls)?;
        Ok(Self { context, mode, executions })
    }
}

impl Grant {
    /// Returns what redeems the session for these calls.
    ///
    /// # Errors
    /// [`Refusal`] if no permission covers a call, or the delegate cannot redeem.
    pub fn redemption(&self, calls: &[Call]) -> Result<Redemption, Refusal> {
        cover_calls(&self.session, calls)?;
        Redemption::new(self.to_permission_context()?, calls)
    }
}

/// Returns the call by which a delegate redeems contexts: all of them, or none. `manager` is the
/// `delegationManager` of the wallet's response, and the delegate itself must send the call.
///
/// # Errors
/// [`RefusalCode::NoContext`] if there is nothing to redeem.
pub fn redeem_call(manager: Address, redemptions: &[Redemption]) -> Result<Call, Refusal> {
    if redemptions.is_empty() {
        return Err(Refusal::new(
            RefusalCode::NoContext,
            "there is no permission context to redeem",
            "give one at least, with the calls that it is redeemed for",
        ));
    }
    let call = ISmartSession::redeemDelegationsCall {
        permissionContexts: redemptions.iter().map(|it| it.context.clone()).collect(),
        modes: redemptions.iter().map(|it| it.mode).collect(),
        executionCallDatas: redemptions.iter().map(|it| it.executions.clone()).collect(),
    };
    Ok(Call::new(manager, call.abi_encode()))
}
