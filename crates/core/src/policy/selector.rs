//! Which function a session may call.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::execution::selector_of;
use crate::refusal::{Refusal, Refused};
use crate::word::Word;

/// A permission's selector that means any calldata of any length.
pub const ANY: [u8; 4] = [0xff; 4];
/// A permission's selector that means a plain transfer: no calldata at all.
pub const PLAIN_TRANSFER: [u8; 4] = [0; 4];

/// Returns the selector that a permission's word begins with.
pub(crate) const fn of_word(word: &Word) -> [u8; 4] {
    let [a, b, c, d, ..] = *word;
    [a, b, c, d]
}

/// Returns whether a permission's selector is that of one function.
pub(crate) fn is_exact(selector: [u8; 4]) -> bool {
    ![ANY, PLAIN_TRANSFER].contains(&selector)
}

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

#[inline]
pub(super) fn check(
    environment: impl Environment,
    execution: usize,
    call_data: &[u8],
    allowed: &Word,
) -> Result<(), Refused> {
    if covers(of_word(allowed), call_data) {
        return Ok(());
    }
    let mut refusal = Refusal::of::<Abi::SelectorNotPermitted>();
    Err(refusal.size(execution).selector(selector_of(call_data)).word(allowed).tell(environment))
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
