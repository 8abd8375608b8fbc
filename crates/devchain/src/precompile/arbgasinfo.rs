//! `ArbGasInfo`: prices. Posting to the parent chain costs nothing here, and demand moves nothing.

use alloy_primitives::U256;
use alloy_sol_types::{SolCall, sol};

use super::call::{Call, Failure, READ_STATE, Reply};
use crate::Transaction;

sol! {
    /// The reads of `ArbGasInfo`.
    interface ArbGasInfo {
        function getPricesInWeiWithAggregator(address aggregator) external view
            returns (uint256, uint256, uint256, uint256, uint256, uint256);
        function getPricesInWei() external view
            returns (uint256, uint256, uint256, uint256, uint256, uint256);
        function getPricesInArbGasWithAggregator(address aggregator) external view
            returns (uint256, uint256, uint256);
        function getPricesInArbGas() external view returns (uint256, uint256, uint256);
        function getGasAccountingParams() external view returns (uint256, uint256, uint256);
        function getMinimumGasPrice() external view returns (uint256);
        function getL1BaseFeeEstimate() external view returns (uint256);
        function getL1BaseFeeEstimateInertia() external view returns (uint64);
        function getL1RewardRate() external view returns (uint64);
        function getL1RewardRecipient() external view returns (address);
        function getL1GasPriceEstimate() external view returns (uint256);
        function getCurrentTxL1GasFees() external view returns (uint256);
        function getGasBacklog() external view returns (uint64);
        function getPricingInertia() external view returns (uint64);
        function getGasBacklogTolerance() external view returns (uint64);
        function getL1PricingSurplus() external view returns (int256);
        function getPerBatchGasCharge() external view returns (int64);
        function getAmortizedCostCapBips() external view returns (uint64);
        function getL1FeesAvailable() external view returns (uint256);
        function getL1PricingEquilibrationUnits() external view returns (uint256);
        function getLastL1PricingUpdateTime() external view returns (uint64);
        function getL1PricingFundsDueForRewards() external view returns (uint256);
        function getL1PricingUnitsSinceUpdate() external view returns (uint64);
        function getLastL1PricingSurplus() external view returns (int256);
    }
}

/// Gas of writing a slot, by which `ArbGasInfo` prices storage.
const STORAGE_GAS: u64 = 20_000;
/// Gas that Arbitrum One takes in a second.
const SPEED_LIMIT: u64 = 7_000_000;
/// How fast the base fee follows the backlog, and the seconds of backlog that move nothing: the
/// defaults of a new chain.
const PRICING_INERTIA: u64 = 102;
const BACKLOG_TOLERANCE: u64 = 10;
/// How slowly the estimate of the parent chain's price moves: the default of a new chain.
const L1_INERTIA: u64 = 10;

pub(super) fn run(call: &mut Call<'_, '_>) -> Reply {
    use ArbGasInfo as G;
    call.charge(READ_STATE)?;
    let base_fee = call.context.chain.base_fee;
    let most = Transaction::DEFAULT_GAS_LIMIT;
    let selector = call.input.first_chunk::<4>().copied().unwrap_or_default();
    let answer: &[u64] = match selector {
        G::getPricesInWeiCall::SELECTOR | G::getPricesInWeiWithAggregatorCall::SELECTOR => {
            &[0, 0, base_fee.saturating_mul(STORAGE_GAS), base_fee, 0, base_fee]
        }
        G::getPricesInArbGasCall::SELECTOR | G::getPricesInArbGasWithAggregatorCall::SELECTOR => {
            &[0, 0, STORAGE_GAS]
        }
        G::getGasAccountingParamsCall::SELECTOR => &[SPEED_LIMIT, most, most],
        G::getMinimumGasPriceCall::SELECTOR => &[base_fee],
        G::getPricingInertiaCall::SELECTOR => &[PRICING_INERTIA],
        G::getGasBacklogToleranceCall::SELECTOR => &[BACKLOG_TOLERANCE],
        G::getL1BaseFeeEstimateInertiaCall::SELECTOR => &[L1_INERTIA],
        G::getL1BaseFeeEstimateCall::SELECTOR
        | G::getL1GasPriceEstimateCall::SELECTOR
        | G::getCurrentTxL1GasFeesCall::SELECTOR
        | G::getGasBacklogCall::SELECTOR
        | G::getL1RewardRateCall::SELECTOR
        | G::getL1RewardRecipientCall::SELECTOR
        | G::getL1PricingSurplusCall::SELECTOR
        | G::getPerBatchGasChargeCall::SELECTOR
        | G::getAmortizedCostCapBipsCall::SELECTOR
        | G::getL1FeesAvailableCall::SELECTOR
        | G::getL1PricingEquilibrationUnitsCall::SELECTOR
        | G::getLastL1PricingUpdateTimeCall::SELECTOR
        | G::getL1PricingFundsDueForRewardsCall::SELECTOR
        | G::getL1PricingUnitsSinceUpdateCall::SELECTOR
        | G::getLastL1PricingSurplusCall::SELECTOR => &[0],
        _ => return Err(Failure::Refusal),
    };
    let words = answer.iter().flat_map(|word| U256::from(*word).to_be_bytes::<32>());
    Ok(words.collect())
}
