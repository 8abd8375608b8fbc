//! A kind of call that a source permits.

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256, hex};
use smart_session_core::policy::selector::{ANY, PLAIN_TRANSFER};
use smart_session_core::session::{ArgumentRule, Permission};

use super::range::{Range, intersect, say_ranges, say_word};

/// What a word of the calldata may be.
#[derive(Clone, Debug)]
pub(super) struct WordBound {
    pub(super) index: u8,
    pub(super) ranges: Vec<Range>,
}

/// One target and function, and bounds on its words.
#[derive(Clone, Debug)]
pub(super) struct CallGrant {
    /// Where it stands in the input.
    pub(super) path: String,
    pub(super) target: Address,
    pub(super) selector: [u8; 4],
    pub(super) value_limit: U256,
    pub(super) words: Vec<WordBound>,
}

impl CallGrant {
    /// Leaves one bound for each word, which says what all bounds on it say.
    pub(super) fn join_bounds(mut self) -> Self {
        let mut joined: BTreeMap<u8, Vec<Range>> = BTreeMap::new();
        for WordBound { index, ranges } in self.words {
            let both = match joined.get(&index) {
                Some(before) => intersect(before, &ranges),
                None => ranges,
            };
            joined.insert(index, both);
        }
        self.words =
            joined.into_iter().map(|(index, ranges)| WordBound { index, ranges }).collect();
        self
    }

    /// Returns how many permissions say the same.
    pub(super) fn count(&self) -> usize {
        self.words.iter().fold(1, |count, word| count.saturating_mul(word.ranges.len()))
    }

    /// Returns the permissions that together say the same.
    ///
    /// A permission bounds each word once; a word of several ranges takes a permission for each.
    pub(super) fn to_permissions(&self) -> Vec<Permission> {
        let mut all: Vec<Vec<ArgumentRule>> = vec![Vec::new()];
        for WordBound { index, ranges } in &self.words {
            all = all
                .iter()
                .flat_map(|before| {
                    ranges.iter().map(|&Range { min, max }| {
                        let rule = ArgumentRule { index: *index, min, max };
                        before.iter().copied().chain([rule]).collect()
                    })
                })
                .collect();
        }
        let (target, selector, value_limit) = (self.target, self.selector, self.value_limit);
        let permission = |rules| Permission { target, selector, value_limit, rules };
        all.into_iter().map(permission).collect()
    }

    /// Returns the grant in words.
    pub(super) fn say(&self) -> String {
        let function = match self.selector {
            ANY => "any call of".into(),
            PLAIN_TRANSFER => "transfers without calldata to".into(),
            selector => format!("function {} of", hex::encode_prefixed(selector)),
        };
        let value = match self.value_limit {
            U256::ZERO => "without value".into(),
            U256::MAX => "with any value".into(),
            most => format!("with at most {} wei", say_word(most)),
        };
        let mut words = vec![format!("{function} {}", self.target), value];
        words.extend(
            self.words
                .iter()
                .map(|word| format!("word {} is {}", word.index, say_ranges(&word.ranges))),
        );
        words.join(", ")
    }
}
