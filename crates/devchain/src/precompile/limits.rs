//! `ArbOwnerPublic`: limits that the chain's owner has set.

use alloy_primitives::U256;
use alloy_sol_types::{SolCall, sol};

use super::call::{Call, Failure, READ_STATE, Reply};

sol! {
    /// The part of `ArbOwnerPublic` that is here.
    interface ArbOwnerPublic {
        function getMaxStylusContractFragments() external view returns (uint8);
    }
}

/// The limit on fragments came with `ArbOS` 60; before, the function does not exist.
pub(super) fn run(call: &mut Call<'_, '_>) -> Reply {
    let arbos = call.context.chain.arbos;
    let selector = call.input.first_chunk::<4>().copied().unwrap_or_default();
    match selector {
        ArbOwnerPublic::getMaxStylusContractFragmentsCall::SELECTOR if arbos.max_fragments > 0 => {
            call.charge(READ_STATE)?;
            Ok(U256::from(arbos.max_fragments).to_be_bytes_vec().into())
        }
        _ => Err(Failure::Refusal),
    }
}
