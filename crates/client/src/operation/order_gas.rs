//! The gas that an order asks for.

use crate::refusal::{Refusal, RefusalCode};

/// Less than any account uses for a call: a node that says less cannot be right, and an order that
/// asks for too little can be starved.
const LEAST_CALL: u64 = 10_000;
/// What every transaction costs before anything runs.
pub(crate) const TRANSACTION: u64 = 21_000;

/// Returns the gas that an order should ask for: what the account's call uses, and a third more.
///
/// `least` is the least gas with which a transaction that makes the call passes, `used` what it uses
/// where it has plenty, if the node tells. A callee that swallows the want of gas passes with too
/// little, so the greater of the two counts.
///
/// # Errors
/// [`RefusalCode::NumberTooWide`] if it is more than an order can ask for.
pub(crate) fn order_gas(least: u64, used: Option<u64>, calls: usize) -> Result<u32, Refusal> {
    let floor = LEAST_CALL.saturating_mul(u64::try_from(calls).unwrap_or(u64::MAX));
    let inside = least.max(used.unwrap_or(0)).saturating_sub(TRANSACTION).max(floor);
    let gas = inside.saturating_add(inside.div_ceil(3));
    u32::try_from(gas).map_err(|_| {
        Refusal::new(
            RefusalCode::NumberTooWide,
            format!("the calls use {inside} gas, more than any order can ask for"),
            "make fewer calls at once",
        )
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn orders_ask_for_the_gas_that_the_shared_vectors_say() {
        // Read and not included: a published crate carries every file that its sources include.
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/order-gas.json");
        let vectors = std::fs::read_to_string(file).unwrap();
        let document: Value = serde_json::from_str(&vectors).unwrap();
        let vectors = document["vectors"].as_array().unwrap();
        assert!(vectors.len() > 10);
        for vector in vectors {
            let [least, used, gas] = ["least", "used", "gas"].map(|name| vector[name].as_u64());
            let calls = usize::try_from(vector["calls"].as_u64().unwrap()).unwrap();

            let asked = order_gas(least.unwrap(), used, calls);

            let expected = gas.map(|gas| u32::try_from(gas).unwrap());
            let expected = expected.ok_or(RefusalCode::NumberTooWide);
            assert_eq!(asked.map_err(|refusal| refusal.code()), expected, "{vector}");
        }
    }
}
