//! How much gas a transaction needs.

use alloy_eips::BlockId;
use serde_json::Value;

use super::backend::Backend;
use super::call::Scene;
use super::error::RpcError;
use super::params::Params;
use super::view::quantity;
use crate::{DevChain, Status, Transaction};

/// `eth_estimateGas(transaction, block?, state overrides?, block overrides?)`: the least gas limit
/// that it succeeds with, at the time of the next block. Of a request that names a price no more gas
/// is tried than its sender can pay for.
pub(super) fn estimate(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let scene = Scene::new(backend, params, BlockId::pending())?;
    let scene = scene.with_overrides(params)?.within_means()?.at_its_price()?;
    least_gas(&scene.chain, &scene.transaction).map(quantity)
}

/// The least gas limit that a transaction succeeds with, its own limit being the highest tried.
pub(super) fn least_gas(chain: &DevChain, transaction: &Transaction) -> Result<u64, RpcError> {
    let most = chain.call(transaction)?;
    RpcError::of(chain, &most)?;
    let succeeds = |gas: u64| {
        let attempt = chain.call(transaction.clone().with_gas_limit(gas));
        attempt.is_ok_and(|outcome| outcome.status == Status::Success)
    };
    let mut enough = transaction.gas_limit;
    let mut too_little = most.gas_used.saturating_sub(1);
    // Most need what they use and the 64ths that calls keep back: this guess saves half the steps.
    let used = most.gas_used.saturating_add(most.gas_refunded);
    for guess in [used, used.saturating_add(used / 32).saturating_add(2_300)] {
        if guess > too_little && guess < enough {
            if succeeds(guess) {
                enough = guess;
                break;
            }
            too_little = guess;
        }
    }
    while enough.saturating_sub(too_little) > 1 {
        let middle = too_little.midpoint(enough);
        if succeeds(middle) {
            enough = middle;
        } else {
            too_little = middle;
        }
    }
    Ok(enough)
}
