//! Values of JSON from outside, read and shown.

use alloy_primitives::{Bytes, U256, hex};
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
        // JSON has two zeros.
        return is_kept.then(|| format!("{:.0}", number.abs()).parse().ok()).flatten();
    }
    let text = value.as_str()?;
    let (digits, radix) = text.strip_prefix("0x").map_or((text, 10), |digits| (digits, 16));
    let is_plain = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    is_plain.then(|| U256::from_str_radix(digits, u64::from(radix)).ok()).flatten()
}

/// Reads bytes: `0x`, and two hex digits for each.
pub(crate) fn read_bytes(value: &Value) -> Option<Bytes> {
    let digits = value.as_str()?.strip_prefix("0x")?;
    // The decoder takes a second `0x`.
    let is_plain = digits.chars().all(|digit| digit.is_ascii_hexdigit());
    is_plain.then(|| hex::decode(digits).ok().map(Bytes::from)).flatten()
}

/// A value as a refusal shows it: as JSON of at most 80 characters, before control characters and
/// those that change the direction of text are written out, as in `\u{202e}`.
pub(crate) fn tell(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "nothing".into(), Value::to_string);
    let is_short = text.chars().count() <= 80;
    let (most, end) = if is_short { (80, "") } else { (77, "...") };
    let mut told = String::with_capacity(text.len());
    for character in text.chars().take(most) {
        if is_unseen(character) {
            told.extend(character.escape_unicode());
        } else {
            told.push(character);
        }
    }
    told + end
}

/// Whether a character is a control character, or changes the direction of text. JSON itself writes
/// out those below a space.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_told_has_no_control_characters() {
        let every: String = ('\0'..='\u{20ff}').collect();

        for one in every.chars() {
            let told = tell(Some(&json!(one.to_string())));
            assert!(!told.chars().any(char::is_control), "{one:?}");
        }
        assert_eq!(
            tell(Some(&json!("a\u{1b}\u{7f}\u{9b}\u{202e}"))),
            r#""a\u001b\u{7f}\u{9b}\u{202e}""#
        );
        assert_eq!(tell(None), "nothing");
    }

    #[test]
    fn bytes_have_one_0x_and_whole_pairs_of_digits() {
        assert_eq!(read_bytes(&json!("0x0aFf")), Some(vec![0x0a, 0xff].into()));
        assert_eq!(read_bytes(&json!("0x")), Some(Bytes::new()));
        for other in [json!("0aff"), json!("0x0x0a"), json!("0x0"), json!("0xzz"), json!(7)] {
            assert_eq!(read_bytes(&other), None, "{other}");
        }
    }
}
