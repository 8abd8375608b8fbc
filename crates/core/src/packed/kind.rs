//! The kinds of lists that a session has: chains, permissions, budgets, signing scopes, and argument
//! rules.
//!
//! They differ in the fields of their entries, their caps, and in what may travel as a hash: all
//! that is data here, so that one loop reads and hashes them.

use super::layout::{Layout, first, fixed, number};
use super::{MAX_BUDGETS, MAX_CHAINS, MAX_PERMISSIONS, MAX_RULES, MAX_SCOPES};

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

    pub(super) fn cap(self) -> usize {
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
