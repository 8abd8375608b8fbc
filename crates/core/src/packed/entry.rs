//! An entry of one of a session's lists, field by field.

use super::list::List;
use crate::word::Word;

/// An entry that travels in full: its fields as the ABI has them, one word for each.
///
/// Which fields it has follows from the list that it is of. One type serves all lists: a type for
/// each would have each of them read by code of its own, 2 KB of WASM in all.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The type hash, the fields, the hash of the rules: room for the longest.
    pub(super) words: [Word; 5],
    /// Argument rules, none in a list of anything but grants.
    pub rules: List<'a>,
}

impl Entry<'_> {
    /// Of a chain: returns the word of its id.
    pub const fn chain_id(&self) -> &Word {
        self.field::<0>()
    }

    /// Of a chain: returns the word of the account's epoch there.
    pub const fn epoch(&self) -> &Word {
        self.field::<1>()
    }

    /// Of a permission: returns the word of the address that may be called.
    pub const fn target(&self) -> &Word {
        self.field::<0>()
    }

    /// Of a permission: returns the word that begins with the function that may be called.
    pub const fn selector(&self) -> &Word {
        self.field::<1>()
    }

    /// Of a permission: returns the word of the most wei in one call.
    pub const fn value_limit(&self) -> &Word {
        self.field::<2>()
    }

    /// Of a budget: returns the word of the token's address.
    pub const fn token(&self) -> &Word {
        self.field::<0>()
    }

    /// Of a budget: returns the word of the most that may be moved.
    pub const fn amount(&self) -> &Word {
        self.field::<1>()
    }

    /// Of a budget: returns the word of the seconds of a period, zero for the whole session.
    pub const fn period(&self) -> &Word {
        self.field::<2>()
    }

    /// Of a signing scope: returns the separator of the app's domain.
    pub const fn domain_separator(&self) -> &Word {
        self.field::<0>()
    }

    /// Of a signing scope: returns the hash of the message's type.
    pub const fn type_hash(&self) -> &Word {
        self.field::<1>()
    }

    /// Of a rule: returns the word of the index of the word that it bounds.
    pub const fn index(&self) -> &Word {
        self.field::<0>()
    }

    /// Of a rule: returns the least that the word may be.
    pub const fn min(&self) -> &Word {
        self.field::<1>()
    }

    /// Of a rule: returns the most that the word may be.
    pub const fn max(&self) -> &Word {
        self.field::<2>()
    }

    /// Returns a field, in the order of the struct.
    const fn field<const N: usize>(&self) -> &Word {
        const { assert!(N < 3, "an entry has at most three fields") };
        let [_, first, second, third, _] = &self.words;
        match N {
            0 => first,
            1 => second,
            _ => third,
        }
    }
}
