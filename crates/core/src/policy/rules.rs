//! Which arguments a session may call a function with.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::packed::List;
use crate::refusal::{Refusal, Refused};
use crate::word;

/// Checks all rules; each bounds one word of `arguments`, unsigned, all 256 bits.
///
/// # Errors
/// `ArgumentMissing` or `ArgumentOutOfBounds`.
#[inline(never)]
pub fn check<E: Environment>(
    environment: E,
    execution: usize,
    arguments: &[u8],
    rules: &List<'_>,
) -> Result<(), Refused> {
    let (words, _) = arguments.as_chunks::<32>();
    for rule in rules.entries(environment).flatten() {
        let index = rule.index();
        let [.., at] = *index;
        let Some(got) = words.get(usize::from(at)) else {
            let mut refusal = Refusal::of::<Abi::ArgumentMissing>();
            return Err(refusal.size(execution).word(index).tell(environment));
        };
        if !(word::is_at_most(rule.min(), got) && word::is_at_most(got, rule.max())) {
            let mut refusal = Refusal::of::<Abi::ArgumentOutOfBounds>();
            return Err(refusal.size(execution).word(index).word(got).tell(environment));
        }
    }
    Ok(())
}
