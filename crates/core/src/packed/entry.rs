//! An entry of one of a session's lists, field by field.

use super::Reader;
use super::list::{Kind, List};
use crate::refusal::Refused;
use crate::word::{self, Word};
use crate::{Environment, eip712};

/// An entry that travels in full: its fields as the ABI has them, one word for each.
///
/// Which fields it has follows from the list that it is of. One type serves all lists: a type for
/// each would have each of them read by code of its own, 2 KB of WASM in all.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The type hash, the fields, the hash of the rules: room for the longest.
    words: [Word; 5],
    /// Argument rules, none in a list of anything but grants.
    pub rules: List<'a>,
}

impl<'a> Entry<'a> {
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

    const fn new() -> Self {
        Self { words: [word::ZERO; 5], rules: List::empty(Kind::RULE) }
    }

    #[inline]
    fn read_fields<E: Environment>(
        &mut self,
        reader: &mut Reader<'a, E>,
        kind: Kind,
    ) -> Result<(), Refused> {
        let [_, fields @ ..] = &mut self.words;
        reader.fields(kind.layout(), fields.get_mut(..kind.fields()).unwrap_or_default())
    }

    #[inline(never)]
    pub(super) fn read<E: Environment>(
        reader: &mut Reader<'a, E>,
        kind: Kind,
    ) -> Result<Self, Refused> {
        let mut entry = Self::new();
        entry.read_fields(reader, kind)?;
        if kind.is_grant() {
            entry.rules = List::skip(reader, Kind::RULE)?;
        }
        Ok(entry)
    }

    #[inline(never)]
    pub(super) fn read_tagged<E: Environment>(
        reader: &mut Reader<'a, E>,
        kind: Kind,
    ) -> Result<Option<Self>, Refused> {
        let mut hash = word::ZERO;
        if kind.is_tagged() && !reader.tag(&mut hash)? {
            return Ok(None);
        }
        Self::read(reader, kind).map(Some)
    }

    #[inline(never)]
    pub(super) fn read_and_hash<E: Environment>(
        reader: &mut Reader<'a, E>,
        kind: Kind,
        type_hash: &Word,
        hashes: &mut [Word],
        to: &mut Word,
    ) -> Result<(), Refused> {
        let mut entry = Self::new();
        entry.words[0] = *type_hash;
        entry.read_fields(reader, kind)?;
        let mut count = kind.fields().saturating_add(1);
        if kind.is_grant()
            && let Some(rules) = entry.words.get_mut(count)
        {
            let type_hash = eip712::ARGUMENT_RULE.word();
            List::read(reader, Kind::RULE, &type_hash, hashes, &mut [], rules)?;
            count = count.saturating_add(1);
        }
        let words = entry.words.get(..count).unwrap_or_default();
        eip712::hash_into(reader.environment(), words, to);
        Ok(())
    }
}
