//! The values that a calldata word may have.

use alloy_primitives::U256;

/// The values from `min` to `max`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) min: U256,
    pub(super) max: U256,
}

/// How a word is compared with a reference.
#[derive(Clone, Copy, Debug)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Over,
    Under,
    AtLeast,
    AtMost,
}

impl Relation {
    /// The order in which SmartSession and Kernel number their conditions.
    const NUMBERED: [Self; 6] =
        [Self::Equal, Self::Over, Self::Under, Self::AtLeast, Self::AtMost, Self::NotEqual];

    /// Returns the relation that a condition's number stands for.
    pub(super) fn numbered(condition: u8) -> Option<Self> {
        Self::NUMBERED.get(usize::from(condition)).copied()
    }

    /// Returns the values that stand in the relation to a reference.
    pub(super) fn ranges(self, reference: U256) -> Vec<Range> {
        match self {
            Self::Equal => span(reference, reference),
            Self::NotEqual => [under(reference), over(reference)].concat(),
            Self::Over => over(reference),
            Self::Under => under(reference),
            Self::AtLeast => span(reference, U256::MAX),
            Self::AtMost => span(U256::ZERO, reference),
        }
    }
}

fn over(reference: U256) -> Vec<Range> {
    reference.checked_add(U256::ONE).map_or_else(Vec::new, |min| span(min, U256::MAX))
}

fn under(reference: U256) -> Vec<Range> {
    reference.checked_sub(U256::ONE).map_or_else(Vec::new, |max| span(U256::ZERO, max))
}

/// Returns the values from `min` to `max`: none if these are the wrong way round.
pub(super) fn span(min: U256, max: U256) -> Vec<Range> {
    if min <= max { vec![Range { min, max }] } else { Vec::new() }
}

/// Returns every value.
pub(super) fn every() -> Vec<Range> {
    span(U256::ZERO, U256::MAX)
}

/// Returns the values of a list, neighbours as one range.
pub(super) fn one_of(values: impl IntoIterator<Item = U256>) -> Vec<Range> {
    let mut values: Vec<U256> = values.into_iter().collect();
    values.sort_unstable();
    values.dedup();
    let mut ranges: Vec<Range> = Vec::new();
    for value in values {
        match ranges.last_mut() {
            Some(last) if last.max.checked_add(U256::ONE) == Some(value) => last.max = value,
            _ => ranges.push(Range { min: value, max: value }),
        }
    }
    ranges
}

/// Returns the values that are in both.
pub(super) fn intersect(some: &[Range], others: &[Range]) -> Vec<Range> {
    some.iter()
        .flat_map(|one| {
            others.iter().flat_map(|other| span(one.min.max(other.min), one.max.min(other.max)))
        })
        .collect()
}

/// Returns the ranges in words.
pub(super) fn say_ranges(ranges: &[Range]) -> String {
    let words: Vec<String> = ranges.iter().map(say_range).collect();
    if words.is_empty() { "nothing".into() } else { words.join(" or ") }
}

fn say_range(Range { min, max }: &Range) -> String {
    if min == max {
        return say_word(*min);
    }
    match (min.is_zero(), *max == U256::MAX) {
        (true, true) => "anything".into(),
        (false, true) => format!("at least {}", say_word(*min)),
        (true, false) => format!("at most {}", say_word(*max)),
        (false, false) => format!("{} to {}", say_word(*min), say_word(*max)),
    }
}

/// A word in words: small ones in decimal.
pub(super) fn say_word(word: U256) -> String {
    if word.bit_len() <= 64 { word.to_string() } else { format!("{word:#x}") }
}
