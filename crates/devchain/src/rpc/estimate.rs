//! How much gas a transaction needs.

use alloy_eips::BlockId;
use serde_json::Value;

use super::backend::Backend;
use super::call::RequestedCall;
use super::error::RpcError;
use super::params::Params;
use super::view::quantity;
use crate::meter::prices::evm_gas::CALL_STIPEND;
use crate::{DevChain, Status, Transaction};

/// The part of an estimate, 15 in 1,000, by which it may be above the least gas that passes: a node
/// stops its search there (`estimateGasErrorRatio` of go-ethereum, which Nitro uses).
const TOLERANCE: u64 = 15;
const WHOLE: u64 = 1_000;

/// `eth_estimateGas(transaction, block?, state overrides?, block overrides?)`: a gas limit that it
/// succeeds with, at most 1.5 percent of itself above the least, at the time of the next block. Of a request
/// that names a price no more gas is tried than its sender can pay for.
pub(super) fn estimate(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let call = RequestedCall::new(backend, params, BlockId::pending())?;
    let call = call.with_overrides(params)?.within_means()?.at_its_price()?;
    enough_gas(&call.chain, &call.transaction).map(quantity)
}

/// A gas limit that a transaction succeeds with, its own limit being the highest tried.
pub(super) fn enough_gas(chain: &DevChain, transaction: &Transaction) -> Result<u64, RpcError> {
    let most = chain.call(transaction)?;
    RpcError::of(chain, &most)?;
    let used = most.gas_used.saturating_add(most.gas_refunded);
    Ok(search(used, transaction.gas_limit, |gas| {
        let attempt = chain.call(transaction.clone().with_gas_limit(gas));
        attempt.is_ok_and(|outcome| outcome.status == Status::Success)
    }))
}

/// Looks for the least limit that passes, up to the tolerance.
///
/// `used` is what a run with `enough` has used before refunds, which come when all is done: so much
/// must be there.
fn search(used: u64, mut enough: u64, mut succeeds: impl FnMut(u64) -> bool) -> u64 {
    let mut too_little = used.saturating_sub(1);
    // What makes no calls needs what it uses; most others need the 64th too that a call keeps back.
    let kept_back = used.saturating_add(CALL_STIPEND) / 63;
    for guess in [used, used.saturating_add(CALL_STIPEND).saturating_add(kept_back)] {
        if guess > too_little && guess < enough {
            if succeeds(guess) {
                enough = guess;
                break;
            }
            too_little = guess;
        }
    }
    while enough.saturating_sub(too_little) > 1.max(tolerated(enough)) {
        // Most need little more than what they use: rather twice that than half of all there is.
        let middle = too_little.midpoint(enough).min(too_little.saturating_mul(2));
        if succeeds(middle) {
            enough = middle;
        } else {
            too_little = middle;
        }
    }
    enough
}

/// How far an estimate may be above what is too little.
fn tolerated(estimate: u64) -> u64 {
    estimate.saturating_mul(TOLERANCE) / WHOLE
}

#[cfg(test)]
mod tests {
    use super::search;

    /// What a search finds for a transaction that needs `least`, and how often it tries.
    fn find(used: u64, least: u64) -> (u64, usize) {
        let mut tries = Vec::new();
        let found = search(used, 50_000_000, |gas| {
            tries.push(gas);
            gas >= least
        });
        (found, tries.len())
    }

    #[test]
    fn what_needs_what_it_uses_is_found_to_the_unit() {
        assert_eq!(find(21_000, 21_000), (21_000, 1));
        assert_eq!(find(300_000, 300_000), (300_000, 1));
    }

    #[test]
    fn what_a_call_keeps_back_is_guessed() {
        // 300,000 are used, and 4,000 more must be there: one guess fails, one passes, one step.
        let (found, tries) = find(300_000, 304_000);
        assert!((304_000..=308_560).contains(&found), "{found}");
        assert_eq!(tries, 3);
    }

    #[test]
    fn all_estimates_pass_and_are_at_most_1_5_percent_of_themselves_too_high() {
        for used in [21_000, 60_000, 300_000, 2_000_000] {
            for least in (used..used * 4).step_by(997) {
                let (found, tries) = find(used, least);
                assert!(found >= least, "{found} of {least}");
                let above = found - least;
                assert!(above * 1_000 <= found * 15, "{found} of {least}");
                assert!(tries <= 16, "{tries} tries for {least}");
            }
        }
    }
}
