//! A list of a session as it travels: how many entries there are, and their bytes.

use super::kind::Kind;

/// A list as it travels.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    pub(super) kind: Kind,
    pub(super) count: usize,
    pub(super) bytes: &'a [u8],
}

impl List<'_> {
    pub(super) const fn empty(kind: Kind) -> Self {
        Self { kind, count: 0, bytes: &[] }
    }

    /// Returns how many entries there are, 0 where the whole list is hidden.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Returns whether there is none, or the whole list is hidden.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns whether the whole list travels as its hash.
    pub const fn is_hidden(&self) -> bool {
        // The bytes are that hash: a list of no entries has none.
        self.count == 0 && !self.bytes.is_empty()
    }
}
