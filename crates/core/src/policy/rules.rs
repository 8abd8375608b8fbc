//! Which arguments a session may call a function with.

use super::Violation;
use crate::packed::PackedRules;
use crate::word::{self, Word};

/// Returns the calldata word at 4 + 32 · index, `None` past the end.
fn word_at(call_data: &[u8], index: u8) -> Option<&Word> {
    let (words, _) = call_data.get(4..)?.as_chunks::<32>();
    words.get(usize::from(index))
}

/// Checks all rules; each bounds one word of the calldata, unsigned, all 256 bits.
pub(super) fn check(
    execution: usize,
    call_data: &[u8],
    rules: &PackedRules<'_>,
) -> Result<(), Violation> {
    for rule in rules.iter() {
        let Some(got) = word_at(call_data, rule.index) else {
            return Err(Violation::ArgumentMissing { execution, index: rule.index });
        };
        if !(word::is_at_most(&rule.min, got) && word::is_at_most(got, &rule.max)) {
            return Err(Violation::Argument { execution, index: rule.index, got: *got });
        }
    }
    Ok(())
}
