//! Amounts and durations as people write them.

use alloy_primitives::U256;

/// Decimals of ETH.
pub const ETHER_DECIMALS: u8 = 18;
const GWEI_DECIMALS: u8 = 9;

/// Why a text is no amount or duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// It is no decimal number.
    #[error("{0:?} is no decimal number")]
    NotANumber(String),
    /// It has more digits behind the point than the unit.
    #[error("{text:?} has more than {decimals} digits behind the point")]
    TooFine {
        /// The number.
        text: String,
        /// What the unit has.
        decimals: u8,
    },
    /// It is more than 256 bits hold.
    #[error("{0:?} is too large")]
    TooLarge(String),
    /// The unit is none of wei, gwei, ETH.
    #[error("{0:?} is no amount of ether: write it as \"0.01 ETH\", \"5 gwei\" or \"7 wei\"")]
    NotEther(String),
    /// It is no duration.
    #[error("{0:?} is no duration: write it as \"90s\", \"2h\", \"1d 12h\" or \"4w\"")]
    NotADuration(String),
}

/// Reads a decimal number as so many of a token's smallest unit. Nothing is rounded.
///
/// ```
/// use smart_session_client::unit::{format_units, parse_units};
///
/// let amount = parse_units("12.5", 6)?;
///
/// assert_eq!(amount, 12_500_000_u64);
/// assert_eq!(format_units(amount, 6), "12.5");
/// # Ok::<(), smart_session_client::unit::UnitError>(())
/// ```
///
/// # Errors
/// [`UnitError`] if it is no such number.
pub fn parse_units(text: &str, decimals: u8) -> Result<U256, UnitError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let has_point = text.contains('.');
    if whole.is_empty()
        || (has_point && fraction.is_empty())
        || !is_digits(whole)
        || !is_digits(fraction)
    {
        return Err(UnitError::NotANumber(text.into()));
    }
    let places = usize::from(decimals);
    if fraction.len() > places {
        return Err(UnitError::TooFine { text: text.into(), decimals });
    }
    U256::from_str_radix(&format!("{whole}{fraction:0<places$}"), 10)
        .map_err(|_| UnitError::TooLarge(text.into()))
}

/// Writes an amount of a token's smallest unit as a decimal number, all digits that matter.
pub fn format_units(amount: U256, decimals: u8) -> String {
    let places = usize::from(decimals);
    let width = places.saturating_add(1);
    let digits = format!("{:0>width$}", amount.to_string());
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { whole.into() } else { format!("{whole}.{fraction}") }
}

/// Wei as ETH, all digits that matter.
pub fn ether(wei: U256) -> String {
    format_units(wei, ETHER_DECIMALS)
}

/// Reads an amount of ether: `0.01 ETH`, `5 gwei` or `7 wei`.
///
/// # Errors
/// [`UnitError`] if it is none.
pub fn parse_ether(text: &str) -> Result<U256, UnitError> {
    let not_ether = || UnitError::NotEther(text.into());
    let trimmed = text.trim();
    let split = trimmed.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(not_ether)?;
    let (number, unit) = trimmed.split_at(split);
    let decimals = match unit.trim_start().to_ascii_lowercase().as_str() {
        "eth" => ETHER_DECIMALS,
        "gwei" => GWEI_DECIMALS,
        "wei" => 0,
        _ => return Err(not_ether()),
    };
    parse_units(number, decimals)
}

/// Writes a moment as RFC 3339 in UTC, if the calendar reaches that far.
pub fn rfc3339(seconds: u64) -> Option<String> {
    let time = jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    Some(time.to_string())
}

/// Reads a moment as RFC 3339 in any offset, in unix seconds. A fraction of a second, as
/// JavaScript writes it, is cut off.
pub fn parse_time(text: &str) -> Option<u64> {
    let time: jiff::Timestamp = text.parse().ok()?;
    u64::try_from(time.as_second()).ok()
}

/// Units of time, the longest first.
const SECONDS: [(char, u64); 5] =
    [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads a duration as seconds: `90s`, `2h`, `1d 12h`, `4w`.
///
/// # Errors
/// [`UnitError`] if it is none.
pub fn parse_duration(text: &str) -> Result<u64, UnitError> {
    let not_a_duration = || UnitError::NotADuration(text.into());
    let mut total = None;
    for part in text.split_whitespace() {
        let unit = part.chars().next_back().ok_or_else(not_a_duration)?;
        let (_, length) =
            SECONDS.into_iter().find(|(name, _)| *name == unit).ok_or_else(not_a_duration)?;
        let count = part.strip_suffix(unit).unwrap_or_default();
        let is_count = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
        let count = count.parse::<u64>().ok().filter(|_| is_count).ok_or_else(not_a_duration)?;
        let seconds = count.checked_mul(length).ok_or_else(not_a_duration)?;
        total = Some(seconds.checked_add(total.unwrap_or(0)).ok_or_else(not_a_duration)?);
    }
    total.ok_or_else(not_a_duration)
}

/// Writes seconds as a duration.
pub fn format_duration(seconds: u64) -> String {
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (name, length) in SECONDS {
        let count = rest.checked_div(length).unwrap_or(0);
        rest = rest.checked_rem(length).unwrap_or(0);
        if count > 0 {
            parts.push(format!("{count}{name}"));
        }
    }
    if parts.is_empty() { "0s".into() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ether_has_no_needless_digits() {
        assert_eq!(ether(U256::ZERO), "0");
        assert_eq!(ether(U256::from(1)), "0.000000000000000001");
        assert_eq!(ether(U256::from(2_500_000_000_000_000_000_u64)), "2.5");
    }

    #[test]
    fn amounts_are_never_rounded() {
        assert_eq!(parse_units("1.5", 6), Ok(U256::from(1_500_000)));
        assert_eq!(parse_units("7", 0), Ok(U256::from(7)));
        assert!(matches!(parse_units("1.0000001", 6), Err(UnitError::TooFine { .. })));
        assert!(matches!(parse_units("1.0", 0), Err(UnitError::TooFine { .. })));
        let most = U256::MAX.to_string();
        assert_eq!(parse_units(&most, 0), Ok(U256::MAX));
        assert!(matches!(parse_units(&most, 1), Err(UnitError::TooLarge(_))));
        for text in ["", ".", "1.", ".5", "-1", "1e3", "1,5", "0x1", "١"] {
            assert!(matches!(parse_units(text, 18), Err(UnitError::NotANumber(_))), "{text}");
        }
    }

    #[test]
    fn ether_is_read_with_its_unit_only() {
        assert_eq!(parse_ether("0.01 ETH"), Ok(U256::from(10_000_000_000_000_000_u64)));
        assert_eq!(parse_ether("0.01eth"), Ok(U256::from(10_000_000_000_000_000_u64)));
        assert_eq!(parse_ether("5 gwei"), Ok(U256::from(5_000_000_000_u64)));
        assert_eq!(parse_ether("7 wei"), Ok(U256::from(7)));
        for text in ["0.01", "1 ether", "ETH", "1 ETH x", "-1 ETH", ""] {
            assert!(parse_ether(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_read_as_they_are_written() {
        for (text, seconds) in
            [("90s", 90), ("2h", 7_200), ("1d 12h", 129_600), ("4w", 2_419_200), ("1m 30s", 90)]
        {
            assert_eq!(parse_duration(text), Ok(seconds), "{text}");
        }
        assert_eq!(format_duration(90), "1m 30s");
        assert_eq!(format_duration(0), "0s");
        for text in ["", "2", "h", "2 h", "-2h", "2.5h", "+2h", "99999999999999999999w"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_read_in_any_offset_and_with_a_fraction() {
        for text in [
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00.000Z",
            "2026-01-01T00:00:00.999Z",
            "2026-01-01T01:00:00+01:00",
        ] {
            assert_eq!(parse_time(text), Some(1_767_225_600), "{text}");
        }
        for text in ["", "tomorrow", "2026-01-01", "2026-01-01T00:00:00", "1969-12-31T23:59:59Z"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn all_durations_of_a_day_roundtrip() {
        for seconds in 0..=86_400 {
            assert_eq!(parse_duration(&format_duration(seconds)), Ok(seconds));
        }
    }
}
