//! What the caveats of a delegation together leave of calls.

use alloy_primitives::{Address, U256};
use smart_session_core::policy::selector::{ANY, PLAIN_TRANSFER};

use super::call_grant::{CallGrant, WordBound};
use super::draft::Draft;
use super::range::span;

/// What is left. Nothing named means everything.
#[derive(Debug)]
pub(super) struct Calls {
    pub(super) targets: Option<Vec<Address>>,
    pub(super) selectors: Option<Vec<[u8; 4]>>,
    pub(super) value_limit: U256,
    words: Vec<WordBound>,
    /// Where rules about arguments stand, for refusals.
    word_paths: Vec<String>,
}

impl Calls {
    /// Returns calls that nothing limits yet.
    pub(super) const fn every() -> Self {
        Self {
            targets: None,
            selectors: None,
            value_limit: U256::MAX,
            words: Vec::new(),
            word_paths: Vec::new(),
        }
    }

    /// Leaves only these targets.
    pub(super) fn allow_targets(&mut self, targets: &[Address]) {
        keep(&mut self.targets, targets);
    }

    /// Leaves only these functions.
    pub(super) fn allow_selectors(&mut self, selectors: &[[u8; 4]]) {
        keep(&mut self.selectors, selectors);
    }

    /// Lets at most so many wei go with a call.
    pub(super) fn limit_value(&mut self, wei: U256) {
        self.value_limit = self.value_limit.min(wei);
    }

    /// Leaves only calldata with these bytes at this place, or says that rules cannot say it.
    pub(super) fn fix_bytes(&mut self, path: &str, start: U256, bytes: &[u8]) -> bool {
        if start.is_zero() {
            let Some((selector, rest)) = bytes.split_first_chunk::<4>() else { return false };
            self.allow_selectors(&[*selector]);
            return rest.is_empty() || self.fix_bytes(path, U256::from(4), rest);
        }
        let offset = start.checked_sub(U256::from(4)).and_then(|it| usize::try_from(it).ok());
        let Some(offset) = offset.filter(|it| it.is_multiple_of(32)) else { return false };
        let count = bytes.len().div_ceil(32);
        if offset > 255 * 32 || (offset >> 5).saturating_add(count) > 256 {
            return false;
        }
        for (i, part) in bytes.chunks(32).enumerate() {
            let Ok(index) = u8::try_from((offset >> 5).saturating_add(i)) else { return false };
            // A word whose first bytes are fixed lies between those bytes with zeros and with ones.
            let (mut min, mut max) = ([0_u8; 32], [0xff_u8; 32]);
            for ((low, high), byte) in min.iter_mut().zip(&mut max).zip(part) {
                *low = *byte;
                *high = *byte;
            }
            let ranges = span(U256::from_be_bytes(min), U256::from_be_bytes(max));
            self.words.push(WordBound { index, ranges });
        }
        self.word_paths.push(path.into());
        true
    }

    /// Turns what is left into grants, or refuses what no permission says.
    pub(super) fn grant(self, draft: &mut Draft<'_>) {
        let findings = &mut draft.findings;
        if self.targets.is_none() {
            findings.refuse(
                "caveats",
                "calls of any target: no caveat names the targets",
                "add allowedTargets; for native transfers, name the receivers (terms.receivers)",
            );
        }
        let no_target = self.targets.as_ref().is_some_and(Vec::is_empty);
        if no_target || self.selectors.as_ref().is_some_and(Vec::is_empty) {
            let meaning = "no call agrees with all caveats";
            findings.refuse("caveats", meaning, "drop those that contradict");
        }
        if !self.words.is_empty() && self.selectors.is_none() {
            for path in self.word_paths {
                let meaning = "arguments of any function";
                findings.refuse(path, meaning, "name the function: allowedMethods");
            }
            return;
        }
        let selectors = self.selectors.unwrap_or_else(|| vec![ANY]);
        for target in self.targets.unwrap_or_default() {
            for &selector in &selectors {
                draft.grants.push(CallGrant {
                    path: "caveats".into(),
                    target,
                    selector,
                    value_limit: self.value_limit,
                    words: self.words.clone(),
                });
            }
        }
    }
}

/// Whether a function's selector stands for something else in a session.
pub(super) fn is_reserved(selector: [u8; 4]) -> bool {
    [ANY, PLAIN_TRANSFER].contains(&selector)
}

fn keep<T: Clone + PartialEq>(kept: &mut Option<Vec<T>>, allowed: &[T]) {
    let before = kept.take().unwrap_or_else(|| allowed.to_vec());
    *kept = Some(before.into_iter().filter(|each| allowed.contains(each)).collect());
}
