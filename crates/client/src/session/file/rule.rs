//! Argument rules in a session file: values of the argument's type, as words.

use alloy_primitives::U256;
use serde::{Deserialize, Serialize};
use smart_session_core::session::ArgumentRule;

use super::call::Bound;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::function::FunctionSignature;
use crate::session::word::{WordType, parse_unsigned};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RuleEntry {
    argument: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    equals: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<Bound>,
}

impl RuleEntry {
    /// Writes the values of an argument's type; `None` if the rule's words are no such values.
    pub(super) fn typed(rule: &ArgumentRule, word: WordType) -> Option<Self> {
        let ArgumentRule { index, min, max } = *rule;
        let bound = |value| word.write(value).map(|text| Some(Bound::Text(text)));
        let entry = if min == max {
            Self { argument: index, equals: bound(min)?, min: None, max: None }
        } else {
            Self { argument: index, equals: None, min: bound(min)?, max: bound(max)? }
        };
        (entry.read("", Some(word)).as_ref() == Ok(rule)).then_some(entry)
    }

    pub(super) fn of(rule: &ArgumentRule) -> Self {
        let mut entry = Self { argument: rule.index, equals: None, min: None, max: None };
        if rule.min == rule.max {
            entry.equals = Some(rule.min.into());
            return entry;
        }
        entry.min = (!rule.min.is_zero()).then(|| rule.min.into());
        entry.max = (rule.max != U256::MAX).then(|| rule.max.into());
        // A rule that only wants the word to be there.
        if entry.min.is_none() && entry.max.is_none() {
            entry.min = Some(rule.min.into());
        }
        entry
    }

    /// Returns the words that it lets through, by the type of the argument where that is known.
    fn read(&self, place: &str, word: Option<WordType>) -> Result<ArgumentRule, Refusal> {
        let value = |field: &str, bound: &Bound| {
            let text = bound.text();
            let read = match word {
                Some(word) => word.read(&text),
                None => parse_unsigned(&text).ok_or_else(|| {
                    format!("{text:?} is not a whole number (decimal or hex, up to 256 bits)")
                }),
            };
            read.map_err(|reason| {
                Refusal::new(
                    RefusalCode::NotOfItsType,
                    format!("{place}.{field}: {reason}"),
                    "give a value that the argument can have",
                )
            })
        };
        let (least, greatest) = word.map_or((U256::ZERO, U256::MAX), WordType::range);
        let (min, max) = match (&self.equals, &self.min, &self.max) {
            (Some(bound), None, None) => {
                let word = value("equals", bound)?;
                (word, word)
            }
            (None, None, None) => return Err(unbounded(place)),
            (None, min, max) => {
                check_sign(place, word, min.as_ref(), max.as_ref())?;
                let end = |field, bound: &Option<Bound>, open| match bound {
                    Some(bound) => value(field, bound),
                    None => Ok(open),
                };
                (end("min", min, least)?, end("max", max, greatest_of(word, greatest))?)
            }
            (Some(_), _, _) => {
                return Err(Refusal::new(
                    RefusalCode::EmptyRule,
                    format!("{place} has equals beside min or max"),
                    "keep equals, or min and max",
                ));
            }
        };
        let is_typed = word.is_some_and(|word| word != WordType::Offset);
        if is_typed && min == least && max == greatest {
            return Err(unbounded(place));
        }
        Ok(ArgumentRule { index: self.argument, min, max })
    }
}

/// The greatest value of a type: of a signed one, the word of the greatest, which is not negative.
fn greatest_of(word: Option<WordType>, greatest: U256) -> U256 {
    match word {
        Some(WordType::Int(bits)) => {
            U256::from(1).wrapping_shl(bits.saturating_sub(1)).wrapping_sub(U256::from(1))
        }
        _ => greatest,
    }
}

fn is_negative(bound: Option<&Bound>) -> bool {
    bound.is_some_and(|bound| bound.text().starts_with('-'))
}

/// Words are compared as unsigned numbers, where the negative ones lie above all others: a range
/// of a signed argument has both ends, on one side of zero.
fn check_sign(
    place: &str,
    word: Option<WordType>,
    min: Option<&Bound>,
    max: Option<&Bound>,
) -> Result<(), Refusal> {
    if !matches!(word, Some(WordType::Int(_))) {
        return Ok(());
    }
    let is_one_sided = match (min, max) {
        (Some(_), Some(_)) => is_negative(min) == is_negative(max),
        (Some(_), None) => !is_negative(min),
        (None, _) => false,
    };
    if is_one_sided {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::NotOfItsType,
        format!("{place} bounds a signed argument on both sides of zero"),
        "give min and max of one sign; a second permission takes the other values",
    ))
}

fn unbounded(place: &str) -> Refusal {
    Refusal::new(
        RefusalCode::EmptyRule,
        format!("{place} bounds nothing"),
        "give equals, min or max, or drop the rule",
    )
}

/// Reads the rules of a permission, whose function may be known, or of a scope.
pub(super) fn read_rules(
    place: &str,
    entries: &[RuleEntry],
    function: Option<&FunctionSignature>,
) -> Result<Vec<ArgumentRule>, Refusal> {
    entries
        .iter()
        .enumerate()
        .map(|(i, entry)| {
            let place = format!("{place}.rules[{i}]");
            let word = match function {
                Some(function) => function.word(entry.argument).map_err(|refusal| {
                    let reason = format!("{place}: {}", refusal.reason());
                    Refusal::new(refusal.code(), reason, refusal.remedy())
                })?,
                None => None,
            };
            entry.read(&place, word)
        })
        .collect()
}
