//! What could not be fetched, noted beside the results.
//!
//! The EVM reads a state that cannot fail. So a fork answers zero for what it cannot fetch and
//! leaves a note for the thread that reads; who runs something on a fork looks at the note before
//! it believes the result.

use std::cell::RefCell;

use super::ForkError;

thread_local! {
    static NOTE: RefCell<Option<ForkError>> = const { RefCell::new(None) };
}

/// Notes a failure; the first one stays.
pub(super) fn note(error: ForkError) {
    NOTE.with_borrow_mut(|note| {
        note.get_or_insert(error);
    });
}

/// Takes the note of this thread.
pub(crate) fn take() -> Option<ForkError> {
    NOTE.take()
}
