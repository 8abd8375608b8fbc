//! How much gas a session may cost in all, whoever pays.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refusal, Refused};
use crate::user_op::UserOp;
use crate::word;

/// A `feeLimit` that means: do not count.
pub const UNCOUNTED: u128 = (1 << 96) - 1;

/// Counts the most that an operation can cost. A sum of 2^128 wei and more, over every limit,
/// is told as 2^128 − 1.
///
/// # Errors
/// `FeeOverLimit` if the sum is more than `limit`.
#[inline]
pub fn count(
    environment: impl Environment,
    before: u128,
    user_op: &UserOp<'_>,
    limit: u128,
) -> Result<u128, Refused> {
    if limit == UNCOUNTED {
        return Ok(before);
    }
    let after = highest_cost(user_op).and_then(|cost| cost.checked_add(before));
    let after = after.unwrap_or(u128::MAX);
    if after <= limit {
        return Ok(after);
    }
    Err(Refusal::of::<Abi::FeeOverLimit>().u128(after).u128(limit).tell(environment))
}

/// Returns all five gas fields × `maxFeePerGas`, or `None` at 2^128 wei and more.
fn highest_cost(user_op: &UserOp<'_>) -> Option<u128> {
    let (paymaster_verification, post_op) = paymaster_gas(user_op.paymaster_and_data);
    let gas = word::to_u128(&user_op.pre_verification_gas)?
        .checked_add(user_op.verification_gas_limit)?
        .checked_add(user_op.call_gas_limit)?
        .checked_add(paymaster_verification)?
        .checked_add(post_op)?;
    gas.checked_mul(user_op.max_fee_per_gas)
}

/// Returns the paymaster's two gas limits, which stand behind its address.
fn paymaster_gas(paymaster_and_data: &[u8]) -> (u128, u128) {
    match paymaster_and_data.split_at_checked(20).and_then(|(_, rest)| rest.first_chunk::<32>()) {
        Some(limits) => word::to_u128_pair(limits),
        None => (0, 0),
    }
}
