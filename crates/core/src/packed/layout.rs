//! How the fields of a struct travel: described as data, read by one loop.

/// How one field travels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// Its bytes; for a number, the most of them.
    pub(super) width: usize,
    /// A number comes behind its length (u8), and its first byte is not zero.
    pub(super) is_number: bool,
    /// Whether its bytes begin the word, as a `bytes4` does, and do not end it.
    pub(super) is_first: bool,
}

/// So many bytes, which end the word: an address, a moment, a whole word.
pub(super) const fn fixed(width: u8) -> u8 {
    width
}

/// So many bytes, which begin the word: a `bytes4`.
pub(super) const fn first(width: u8) -> u8 {
    width | FIRST
}

/// A number of at most so many bytes.
pub(super) const fn number(width: u8) -> u8 {
    width | NUMBER
}

/// The fields of a struct, in order: at most eight, each as a byte of a number, so that they
/// live in the code and not in the data segment (see [`crate::word::Constant`]).
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout(u64);

const FIRST: u8 = 0x40;
const NUMBER: u8 = 0x80;

impl Layout {
    /// Describes fields.
    pub(super) const fn of<const N: usize>(fields: [u8; N]) -> Self {
        const { assert!(N <= 8, "a layout has room for eight fields") };
        let mut bytes = [0; 8];
        let (to, _) = bytes.split_at_mut(N);
        to.copy_from_slice(&fields);
        Self(u64::from_le_bytes(bytes))
    }

    /// Returns the number that it is.
    pub(super) const fn to_u64(self) -> u64 {
        self.0
    }

    /// Takes the fields from such a number; what stands behind them is never taken off.
    pub(super) const fn from_u64(number: u64) -> Self {
        Self(number)
    }

    /// Takes the first field off.
    #[inline]
    pub(super) fn next(&mut self) -> Field {
        let [field, ..] = self.0.to_le_bytes();
        self.0 >>= 8;
        Field {
            width: usize::from(field & !(FIRST | NUMBER)),
            is_number: field & NUMBER != 0,
            is_first: field & FIRST != 0,
        }
    }
}
