//! The lists of a session: chains, permissions, budgets, signing scopes, and argument rules.
//!
//! They differ in the fields of their entries, their caps, and in what may travel as a hash; all
//! that is data here, and one loop reads and hashes them.

use super::layout::{Layout, first, fixed, number};
use super::{Entry, MAX_BUDGETS, MAX_CHAINS, MAX_PERMISSIONS, MAX_RULES, MAX_SCOPES, Reader};
use crate::refusal::Refused;
use crate::word::Word;
use crate::{Environment, eip712};

/// What the entries of a list are, as one number: up to three fields (see [`Layout`]), how many
/// they are, the list's cap, and what may travel as a hash.
///
/// A number and not an enum: what an enum stands for would be looked up in tables, which live in
/// the data segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind(u64);

impl Kind {
    /// chainId, epoch.
    pub(super) const CHAIN: Self = Self::new(CHAIN, 2, MAX_CHAINS, TAGGED);
    /// target, selector, valueLimit; rules.
    pub(super) const PERMISSION: Self = Self::new(PERMISSION, 3, MAX_PERMISSIONS, TAGGED | GRANT);
    /// token, amount, period.
    pub(super) const BUDGET: Self = Self::new(BUDGET, 3, MAX_BUDGETS, 0);
    /// domainSeparator, typeHash; rules.
    pub(super) const SCOPE: Self = Self::new(SCOPE, 2, MAX_SCOPES, TAGGED | GRANT);
    /// index, min, max.
    pub(super) const RULE: Self = Self::new(RULE, 3, MAX_RULES, 0);

    #[expect(clippy::as_conversions, reason = "caps fit a byte, and this runs at compile time")]
    const fn new(layout: Layout, fields: u64, cap: usize, flags: u64) -> Self {
        assert!(cap <= 255 && fields <= 3, "each part has its own byte");
        Self(layout.to_u64() | fields << 32 | (cap as u64) << 40 | flags)
    }

    pub(super) const fn layout(self) -> Layout {
        Layout::from_u64(self.0)
    }

    /// Returns how many fields an entry has, its rules not counted.
    pub(super) fn fields(self) -> usize {
        let [_, _, _, _, fields, ..] = self.0.to_le_bytes();
        fields.into()
    }

    fn cap(self) -> usize {
        let [_, _, _, _, _, cap, ..] = self.0.to_le_bytes();
        cap.into()
    }

    /// Returns whether an entry may travel as its hash. Budgets and rules restrict: hiding one
    /// would add power.
    pub(super) const fn is_tagged(self) -> bool {
        self.0 & TAGGED != 0
    }

    /// Returns whether entries are grants: these have argument rules, and may all be hidden at
    /// once.
    pub(super) const fn is_grant(self) -> bool {
        self.0 & GRANT != 0
    }
}

const CHAIN: Layout = Layout::of([number(32), number(8)]);
const PERMISSION: Layout = Layout::of([fixed(20), first(4), number(32)]);
const BUDGET: Layout = Layout::of([fixed(20), number(16), number(4)]);
const SCOPE: Layout = Layout::of([fixed(32), fixed(32)]);
const RULE: Layout = Layout::of([fixed(1), number(32), number(32)]);
const TAGGED: u64 = 1 << 48;
const GRANT: u64 = 1 << 49;

/// Memory for hashing lists, lent by the caller so that nothing is allocated or cleared here.
pub(super) type Hashes = [Word; MAX_PERMISSIONS + MAX_RULES];

/// A list as it travels.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    kind: Kind,
    count: usize,
    bytes: &'a [u8],
}

impl<'a> List<'a> {
    pub(super) const fn empty(kind: Kind) -> Self {
        Self { kind, count: 0, bytes: &[] }
    }

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
