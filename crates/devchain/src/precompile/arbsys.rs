//! `ArbSys`: facts about the chain.

use alloy_primitives::U256;
use alloy_sol_types::{SolCall, sol};

use super::call::{Call, Failure, Reply};

sol! {
    /// The part of `ArbSys` that is here.
    interface ArbSys {
        function arbBlockNumber() external view returns (uint256);
        function arbChainID() external view returns (uint256);
        function arbOSVersion() external view returns (uint256);
    }
}

/// What `arbOSVersion` adds to the version of `ArbOS`.
pub(crate) const VERSION_OFFSET: u64 = 55;

pub(super) fn run(call: &mut Call<'_, '_>) -> Reply {
    let selector = call.input.first_chunk::<4>().copied().unwrap_or_default();
    let number = match selector {
        ArbSys::arbBlockNumberCall::SELECTOR => call.context.chain.block_number,
        ArbSys::arbChainIDCall::SELECTOR => call.context.cfg.chain_id,
        ArbSys::arbOSVersionCall::SELECTOR => {
            call.context.chain.arbos.version.saturating_add(VERSION_OFFSET)
        }
        _ => return Err(Failure::Refusal),
    };
    Ok(U256::from(number).to_be_bytes_vec().into())
}
