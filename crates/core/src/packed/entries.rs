//! Reading and hashing lists and their entries: a list has entries, and these have lists of rules.

use super::kind::Kind;
use super::{Entry, List, MAX_PERMISSIONS, MAX_RULES, Reader};
use crate::refusal::Refused;
use crate::word::{self, Word};
use crate::{Environment, eip712};

/// Memory for hashing lists, lent by the caller so that nothing is allocated or cleared here.
pub(super) type Hashes = [Word; MAX_PERMISSIONS + MAX_RULES];

impl<'a> Entry<'a> {
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

impl<'a> List<'a> {
    /// Reads a list and hashes it into `to`. Where each entry begins is kept in `offsets`, as
    /// far as there is room.
    #[inline]
    pub(super) fn read<E: Environment>(
        reader: &mut Reader<'a, E>,
        kind: Kind,
        type_hash: &Word,
        hashes: &mut [Word],
        offsets: &mut [[u8; 4]],
        to: &mut Word,
    ) -> Result<Self, Refused> {
        let at = reader.at();
        if kind.is_grant() && reader.list_hash(to)? {
            return Ok(Self { bytes: reader.since(at), ..Self::empty(kind) });
        }
        let count = reader.count(kind.cap())?;
        let start = reader.at();
        // There is room for a list of any kind at its cap, and for rules behind it.
        let (hashes, rest) = hashes.split_at_mut_checked(count).unwrap_or_default();
        let mut offsets = offsets.iter_mut();
        for hash in hashes.iter_mut() {
            if let Some(offset) = offsets.next() {
                *offset = to_offset(reader.at().saturating_sub(start));
            }
            if !kind.is_tagged() || reader.tag(hash)? {
                Entry::read_and_hash(reader, kind, type_hash, rest, hash)?;
            }
        }
        eip712::hash_into(reader.environment(), hashes, to);
        Ok(Self { kind, count, bytes: reader.since(start) })
    }

    /// Reads a list that is not hashed.
    #[inline]
    pub(super) fn skip<E: Environment>(
        reader: &mut Reader<'a, E>,
        kind: Kind,
    ) -> Result<Self, Refused> {
        let count = reader.count(kind.cap())?;
        let start = reader.at();
        for _ in 0..count {
            Entry::read(reader, kind)?;
        }
        Ok(Self { kind, count, bytes: reader.since(start) })
    }

    /// Returns the entries in order, `None` for one that travels as its hash.
    #[inline]
    pub fn entries<E: Environment>(
        &self,
        environment: E,
    ) -> impl Iterator<Item = Option<Entry<'a>>> + use<'a, E> {
        let kind = self.kind;
        let mut reader = Reader::new(environment, self.bytes);
        // These bytes were read before: no refusal comes back.
        (0..self.count).map_while(move |_| Entry::read_tagged(&mut reader, kind).ok())
    }

    /// Returns the entry that begins at byte `at`, `None` if it travels as its hash.
    #[inline]
    pub(super) fn at<E: Environment>(&self, environment: E, at: usize) -> Option<Entry<'a>> {
        let mut reader = Reader::at_offset(environment, self.bytes, at);
        Entry::read_tagged(&mut reader, self.kind).ok().flatten()
    }
}

fn to_offset(at: usize) -> [u8; 4] {
    u32::try_from(at).unwrap_or(u32::MAX).to_le_bytes()
}
