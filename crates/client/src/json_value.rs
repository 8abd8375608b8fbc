//! Values of JSON from outside, read and shown.

use alloy_primitives::U256;
use serde_json::Value;

/// 2^53 − 1.
const HIGHEST_NUMBER: f64 = 9_007_199_254_740_991.0;

/// Reads a whole number: a number, or a text in decimal or hex.
///
/// Numbers of JSON are read up to 2^53 − 1, as every reader of JSON keeps them, however they are
/// written (`5`, `5.0`, `5e0`); larger ones are texts.
pub(crate) fn read_whole(value: &Value) -> Option<U256> {
    if let Some(number) = value.as_f64() {
        let is_kept = number.fract() == 0.0 && (0.0..=HIGHEST_NUMBER).contains(&number);
        return is_kept.then(|| format!("{number:.0}").parse().ok()).flatten();
    }
    let text = value.as_str()?;
    let (digits, radix) = text.strip_prefix("0x").map_or((text, 10), |digits| (digits, 16));
    let is_plain = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    is_plain.then(|| U256::from_str_radix(digits, u64::from(radix)).ok()).flatten()
}

/// A value as a refusal shows it: short, and without control characters.
pub(crate) fn tell(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "nothing".into(), Value::to_string);
    if text.chars().count() <= 80 {
        return text;
    }
    text.chars().take(77).chain("...".chars()).collect()
}
