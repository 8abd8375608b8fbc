//! Which function a session may call.

use super::Violation;
use crate::execution::selector_of;

/// A permission's selector that means any calldata of any length.
pub const ANY: [u8; 4] = [0xff; 4];
/// A permission's selector that means a plain transfer: no calldata at all.
pub const PLAIN_TRANSFER: [u8; 4] = [0; 4];

/// Returns whether a permission's selector covers calldata.
///
/// Calldata that begins with one of the two special values, or has 1 to 3 bytes, is covered by
/// [`ANY`] alone.
pub fn covers(selector: [u8; 4], call_data: &[u8]) -> bool {
    match selector {
        ANY => true,
        PLAIN_TRANSFER => call_data.is_empty(),
        exact => call_data.first_chunk() == Some(&exact),
    }
}

pub(super) fn check(execution: usize, call_data: &[u8], allowed: [u8; 4]) -> Result<(), Violation> {
    if covers(allowed, call_data) {
        Ok(())
    } else {
        Err(Violation::Selector { execution, got: selector_of(call_data), allowed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVE: [u8; 4] = [0x1a, 0x2b, 0x3c, 0x4d];

    #[test]
    fn a_permission_covers_its_selector_and_no_other() {
        assert!(covers(MOVE, &MOVE));
        assert!(covers(MOVE, &[0x1a, 0x2b, 0x3c, 0x4d, 5]));
        assert!(!covers(MOVE, &[0x1a, 0x2b, 0x3c, 0x4e]));
        assert!(!covers(MOVE, &[0x1a, 0x2b, 0x3c]));
        assert!(!covers(MOVE, &[]));
    }

    #[test]
    fn a_plain_transfer_has_no_calldata() {
        assert!(covers(PLAIN_TRANSFER, &[]));
        assert!(!covers(PLAIN_TRANSFER, &[0]));
        assert!(!covers(PLAIN_TRANSFER, &[0, 0, 0, 0]));
    }

    #[test]
    fn short_calldata_and_special_selectors_match_only_any() {
        for call_data in [&[][..], &[1], &[1, 2, 3], &[0; 4], &[0xff; 4], &[0xff; 40]] {
            assert!(covers(ANY, call_data));
            assert!(!covers(MOVE, call_data));
        }
    }
}
