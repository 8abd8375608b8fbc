//! Which calldata a selector covers.

use session_model::operation::selector;
use session_model::session::{ANY_CALLDATA, PLAIN_TRANSFER};

use crate::refused::{MOVE, ask};

/// Asks with a permission's selector and calldata.
fn selected(allowed: [u8; 4], data: &[u8]) -> String {
    ask(|session, operation| {
        session.permissions[0].selector = allowed;
        operation.executions[0].data = data.to_vec().into();
    })
}

#[test]
fn a_selector_covers_calldata_that_begins_with_it_and_no_other() {
    let [a, b, c, d] = selector(MOVE);
    assert_eq!(selected([a, b, c, d], &[a, b, c, d]), "ok");
    assert_eq!(selected([a, b, c, d], &[a, b, c, d, 1, 2, 3]), "ok");
    for other in [&[a, b, c, d ^ 1][..], &[a ^ 1, b, c, d], &[a, b, c], &[]] {
        assert_eq!(selected([a, b, c, d], other), "SelectorNotPermitted", "{other:?}");
    }
}

#[test]
fn the_plain_transfer_covers_empty_calldata_and_no_other() {
    assert_eq!(selected(PLAIN_TRANSFER, &[]), "ok");
    for other in [&[0][..], &[0, 0, 0], &[0; 4], &[0; 36], &[1, 2, 3, 4]] {
        assert_eq!(selected(PLAIN_TRANSFER, other), "SelectorNotPermitted", "{other:?}");
    }
}

#[test]
fn short_calldata_and_the_two_special_values_are_covered_by_any_alone() {
    let exact = selector(MOVE);
    for data in [&[][..], &[1], &[1, 2], &[1, 2, 3], &[0; 4], &[0xff; 4], &[0xff; 36]] {
        assert_eq!(selected(ANY_CALLDATA, data), "ok", "{data:?}");
        assert_eq!(selected(exact, data), "SelectorNotPermitted", "{data:?}");
    }
    assert_eq!(selected(ANY_CALLDATA, &exact), "ok");
}
