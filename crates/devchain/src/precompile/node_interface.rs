//! `NodeInterface`: what a node answers at an address where there is no contract.

use alloy_primitives::U256;
use alloy_sol_types::{SolCall, sol};

use super::call::{Call, Failure, Reply};

sol! {
    /// The part of `NodeInterface` that is here.
    interface NodeInterface {
        function gasEstimateL1Component(address to, bool contractCreation, bytes data)
            external payable returns (uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate);
    }
}

/// Posting to the parent chain costs nothing here: its price is 0, as on the recorded nodes.
pub(super) fn run(call: &mut Call<'_, '_>) -> Reply {
    let malformed = |_| Failure::Refusal;
    let asked = NodeInterface::gasEstimateL1ComponentCall::abi_decode(&call.input);
    asked.map_err(malformed)?;
    let answer = NodeInterface::gasEstimateL1ComponentReturn {
        gasEstimateForL1: 0,
        baseFee: U256::from(call.context.block.basefee),
        l1BaseFeeEstimate: U256::ZERO,
    };
    Ok(NodeInterface::gasEstimateL1ComponentCall::abi_encode_returns(&answer).into())
}
