//! Addresses as people write them.

use core::str::FromStr;

use alloy_primitives::Address;

/// Reads an address: `0x` and 40 hex digits, all of one case, or with the right checksum
/// (EIP-55).
///
/// ```
/// use smart_session_client::parse_address;
///
/// assert!(parse_address("0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789").is_ok());
/// assert!(parse_address("0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2798").is_err());
/// ```
///
/// # Errors
/// The sentence that says what is wrong.
pub fn parse_address(text: &str) -> Result<Address, String> {
    let address = text
        .starts_with("0x")
        .then(|| Address::from_str(text).ok())
        .flatten()
        .ok_or_else(|| format!("{text:?} is no address (0x and 40 hex digits)"))?;
    let digits = text.get(2..).unwrap_or_default();
    let is_plain = digits == digits.to_ascii_lowercase() || digits == digits.to_ascii_uppercase();
    if is_plain || address.to_checksum(None) == text {
        Ok(address)
    } else {
        Err(format!("{text:?} has a wrong checksum: a digit is mistyped"))
    }
}
