//! Packed sessions back as owned values.

use alloy_primitives::Address;
use smart_session_core::session::{Session, UnpackError};

use crate::refusal::{Refusal, RefusalCode};

/// Reads a packed session of an account that is shown whole, as `SessionEnabled` has it.
///
/// # Errors
/// [`RefusalCode::HiddenPart`] if a part travels as its hash, [`RefusalCode::Malformed`] if the
/// bytes are not those that packing the session gives.
pub fn unpack_session(account: Address, packed: &[u8]) -> Result<Session, Refusal> {
    Session::unpack(account, packed).map_err(refusal)
}

pub(crate) fn refusal(error: UnpackError) -> Refusal {
    let (code, remedy) = match error {
        UnpackError::HiddenPart => (
            RefusalCode::HiddenPart,
            "take the session from the event that enabled it, or from its owner",
        ),
        UnpackError::Malformed => {
            (RefusalCode::Malformed, "take them unchanged from where the session was packed")
        }
    };
    Refusal::new(code, error.to_string(), remedy)
}
