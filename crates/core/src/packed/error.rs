//! Why bytes are not a packed session.

/// Why bytes are not canonical packed data. `at` counts bytes from their start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The bytes end within an element.
    Truncated {
        /// Where the element begins.
        at: usize,
    },
    /// Bytes are left over.
    TrailingBytes {
        /// Where they begin.
        at: usize,
        /// How many they are.
        got: usize,
    },
    /// A number begins with a zero byte.
    NonCanonicalNumber {
        /// Where its bytes begin.
        at: usize,
    },
    /// A number has more bytes than its field.
    NumberTooWide {
        /// Where its length stands.
        at: usize,
        /// Its bytes.
        got: usize,
        /// The field's bytes.
        allowed: usize,
    },
    /// A tag is none of those defined here.
    UnknownTag {
        /// Where it stands.
        at: usize,
        /// The tag.
        got: u8,
    },
    /// A list is longer than its cap.
    TooMany {
        /// Where its count stands.
        at: usize,
        /// The count.
        got: usize,
        /// The cap.
        allowed: usize,
    },
    /// One paymaster is named, but by an address that stands for "none" or "any".
    ReservedPaymaster {
        /// Where the tag stands.
        at: usize,
    },
    /// An empty list travels as a hash.
    EmptyListHashed {
        /// Where its count stands.
        at: usize,
    },
    /// Something travels as a hash where the session must be shown whole.
    Hidden,
    /// The mode is neither use (0) nor enable (1).
    UnknownMode {
        /// The mode.
        got: u8,
    },
    /// The delegate's kind of key is unknown.
    UnknownDelegateKind {
        /// The kind.
        got: u8,
    },
    /// The window has no end, ends before it starts, or is past 2^47.
    RefusedWindow {
        /// Its start, unix seconds.
        valid_after: u64,
        /// Its end, unix seconds.
        valid_until: u64,
    },
    /// The claimed time is outside the session's window.
    ClaimedTime {
        /// Unix seconds.
        got: u64,
    },
    /// The delegate's signature has not the length of its kind.
    DelegateSignatureLength {
        /// Its bytes.
        got: usize,
        /// The bytes of its kind.
        allowed: usize,
    },
    /// The owner's signature is longer than the cap.
    OwnerSignatureTooLong {
        /// Its bytes.
        got: usize,
        /// The cap.
        allowed: usize,
    },
}

/// A part of the product that this version does not have yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Signing scopes.
    Signing,
    /// Delegates with keys other than secp256k1.
    DelegateKind,
    /// Installing as executor.
    Executor,
}

impl Part {
    /// Returns the number that stands for it in the error.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Signing => 3,
            Self::DelegateKind => 4,
            Self::Executor => 5,
        }
    }
}
