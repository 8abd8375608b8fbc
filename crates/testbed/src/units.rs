//! Amounts of ether.

use alloy_primitives::U256;

/// Returns thousandths of an ether in wei.
pub fn ether(thousandths: u64) -> U256 {
    U256::from(thousandths).saturating_mul(U256::from(1_000_000_000_000_000_u64))
}
