//! ERC-1271 through a session.

use session_core::word;

use crate::host::Host;

/// The answer that means "not valid".
const NOT_VALID: [u8; 4] = [0xff; 4];

/// Answers `isValidSignatureWithSender`: no session can sign messages yet.
pub(crate) fn is_valid_signature(host: Host) {
    host.answer(&word::from_bytes4(NOT_VALID));
}
