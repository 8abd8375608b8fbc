//! The own estimate of an operation's gas: the node is asked for it, call by call.

use alloy_primitives::U256;

use crate::account::hook::without_prefix;
use crate::operation::abi::UserOperation;
use crate::operation::order_gas::TRANSACTION;
use crate::rpc::act_error::ActError;
use crate::rpc::entry_point::EntryPoint;
use crate::rpc::gas_needs::{GasNeeds, two_numbers};

/// What an operation's parts cost beside the account's own work: the EntryPoint's.
const ENTRY_POINT_WORK: u128 = 20_000;
/// Gas with which the account pays the EntryPoint: a call with value, a slot, an event. It is
/// added, not estimated: accounts do not mind if that call fails, so an estimate misses it.
const PREFUND: u128 = 45_000;
/// What every operation costs beside its parts: a share of the transaction and of the loops.
const OVERHEAD: u128 = 45_000;
/// Gas of a byte of calldata, as if none were zero.
const BYTE: u128 = 16;

impl EntryPoint<'_> {
    /// Estimates on the node what an operation needs: what the EntryPoint asks the account for.
    ///
    /// `enables` says whether the account checks its owner's signature on the way.
    ///
    /// # Errors
    /// [`ActError`] if the account or the module refuses the operation.
    pub(super) async fn estimate(
        &self,
        op: &UserOperation,
        enables: bool,
    ) -> Result<GasNeeds, ActError> {
        let Self { node, address: from, .. } = *self;
        // Limits are ample here: at the price of 1 wei they do not count as fees.
        let op = &UserOperation { gasFees: two_numbers(0, 1), ..op.clone() };
        let [validation, _] = self.account_calls(op).await?;
        let validation = node.estimate_gas(from, op.sender, validation, U256::ZERO).await?;
        // `executeUserOp` answers only to what was validated right before.
        let call_data = without_prefix(&op.callData);
        let call = node.estimate_gas(from, op.sender, call_data, U256::ZERO).await?;
        let validation = u128::from(validation.saturating_sub(TRANSACTION));
        let call = u128::from(call.saturating_sub(TRANSACTION));
        let bytes = [&op.callData, &op.signature, &op.paymasterAndData].map(|bytes| bytes.len());
        let bytes = bytes.into_iter().fold(0_usize, usize::saturating_add);
        let bytes = u128::try_from(bytes).unwrap_or(u128::MAX);
        // The account's check of its owner gets half of the limit, whatever the rest costs.
        let spare = if enables { validation } else { validation / 4 };
        Ok(GasNeeds {
            verification: validation
                .saturating_add(spare)
                .saturating_add(ENTRY_POINT_WORK)
                .saturating_add(PREFUND),
            call: call.saturating_add(call / 4).saturating_add(ENTRY_POINT_WORK),
            pre_verification: bytes.saturating_mul(BYTE).saturating_add(OVERHEAD),
        })
    }
}
