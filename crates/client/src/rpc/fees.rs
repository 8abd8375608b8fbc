//! What gas may cost: a bound on everything that is signed.

use alloy_primitives::U256;

use crate::refusal::{Refusal, RefusalCode};
use crate::unit::ether;

/// Most wei that one operation or transaction may cost where nothing else is said: 0.01 ETH,
/// which on Arbitrum pays for some hundred million gas.
pub const DEFAULT_MAX_FEE: u64 = 10_000_000_000_000_000;
/// How many times the own estimate a bundler's wishes may cost where nothing else is said.
const MULTIPLE: u64 = 5;

/// What who pays for gas agrees to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeTerms {
    /// Most wei that one operation or transaction may cost; [`DEFAULT_MAX_FEE`] if left out, and
    /// for operations no more than five times the own estimate.
    pub max_fee: Option<U256>,
    /// The tip for each gas, in wei; what the node or the bundler asks for if left out.
    pub priority_fee: Option<u128>,
}

/// A price of gas, in wei.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GasPrice {
    /// The most for each gas, tip included (`maxFeePerGas`).
    pub most: u128,
    /// The tip for each gas (`maxPriorityFeePerGas`).
    pub priority: u128,
}

impl GasPrice {
    /// Returns what is offered where gas costs `price` now: prices may rise by half between two
    /// blocks.
    pub(super) const fn with_headroom(price: u128, priority: u128) -> Self {
        let most = price.saturating_add(price / 2).saturating_add(priority);
        Self { most, priority }
    }
}

impl FeeTerms {
    /// Checks what is about to be signed. `cost` is the most wei that it may cost, `None` above
    /// 256 bits; `estimate` what it would cost by the own estimate, if another one was asked.
    ///
    /// # Errors
    /// [`RefusalCode::FeeOverLimit`].
    pub(super) fn check(self, cost: Option<U256>, estimate: Option<U256>) -> Result<(), Refusal> {
        if let Some(allowed) = self.max_fee {
            let remedy = "raise --max-fee if gas really costs that much";
            return check(cost, allowed, "by --max-fee", remedy);
        }
        let remedy = "check who asks for that much gas; if it is right, allow it with --max-fee";
        check(cost, U256::from(DEFAULT_MAX_FEE), "by default", remedy)?;
        let Some(estimate) = estimate else { return Ok(()) };
        let allowed = estimate.saturating_mul(U256::from(MULTIPLE));
        check(cost, allowed, "five times the own estimate", remedy)
    }
}

/// Checks what is about to be signed against what a session has left.
///
/// # Errors
/// [`RefusalCode::FeeOverLimit`].
pub(super) fn check_left(cost: Option<U256>, left: U256) -> Result<(), Refusal> {
    let remedy = "wait until gas is cheaper, or ask the owner for a session with more fees";
    check(cost, left, "by what the session has left", remedy)
}

fn check(cost: Option<U256>, allowed: U256, why: &str, remedy: &str) -> Result<(), Refusal> {
    if cost.is_some_and(|cost| cost <= allowed) {
        return Ok(());
    }
    let got =
        cost.map_or_else(|| "more than there is".into(), |cost| format!("{} ETH", ether(cost)));
    Err(Refusal::new(
        RefusalCode::FeeOverLimit,
        format!(
            "with this operation gas may cost {got}, {} ETH are allowed ({why})",
            ether(allowed)
        ),
        remedy,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: FeeTerms = FeeTerms { max_fee: None, priority_fee: None };

    const fn wei(amount: u64) -> U256 {
        U256::from_limbs([amount, 0, 0, 0])
    }

    fn within(terms: FeeTerms, cost: u64, estimate: Option<U256>) -> Result<(), Refusal> {
        terms.check(Some(wei(cost)), estimate)
    }

    fn reason(checked: Result<(), Refusal>) -> String {
        checked.unwrap_err().reason().to_owned()
    }

    #[test]
    fn a_limit_that_is_given_is_the_only_one() {
        let terms = FeeTerms { max_fee: Some(wei(1_000)), ..FREE };

        assert_eq!(within(terms, 1_000, Some(wei(1))), Ok(()));
        let over = reason(within(terms, 1_001, Some(wei(1_001))));
        assert!(over.ends_with("(by --max-fee)"), "{over}");
    }

    #[test]
    fn without_one_there_are_the_own_estimate_and_a_default() {
        assert_eq!(within(FREE, 50, Some(wei(10))), Ok(()));
        let over = reason(within(FREE, 51, Some(wei(10))));
        assert!(over.ends_with("(five times the own estimate)"), "{over}");

        assert_eq!(within(FREE, DEFAULT_MAX_FEE, None), Ok(()));
        let over = reason(within(FREE, DEFAULT_MAX_FEE + 1, Some(wei(DEFAULT_MAX_FEE))));
        assert!(over.ends_with("0.01 ETH are allowed (by default)"), "{over}");
    }

    #[test]
    fn a_cost_without_a_number_is_over_every_limit() {
        let terms = FeeTerms { max_fee: Some(U256::MAX), ..FREE };

        assert!(terms.check(None, None).is_err());
        assert!(check_left(None, U256::MAX).is_err());
    }

    #[test]
    fn a_session_pays_no_more_than_it_has_left() {
        assert_eq!(check_left(Some(wei(10)), U256::from(10)), Ok(()));
        assert!(reason(check_left(Some(wei(11)), U256::from(10))).contains("the session has left"));
    }
}
