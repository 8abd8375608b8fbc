//! ERC-1271 through a session.

use alloc::vec::Vec;

use session_core::word;

/// The answer that means "not valid".
const NOT_VALID: [u8; 4] = [0xff; 4];

/// Answers `isValidSignatureWithSender`: no session can sign messages yet.
pub(crate) fn is_valid_signature() -> Vec<u8> {
    word::from_bytes4(NOT_VALID).to_vec()
}
