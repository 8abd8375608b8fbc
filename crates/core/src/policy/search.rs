//! Which permission covers a call whose delegate names none (ERC-7710).

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::execution::{Execution, selector_of};
use crate::packed::{Entry, PackedSession};
use crate::place::Place;
use crate::policy::{permission, selector};
use crate::refusal::{Refusal, Refused};
use crate::word;

/// Returns the index of the first shown permission that covers an execution.
///
/// Each is asked as one that is named is: so a search permits what some index permits, and nothing
/// else. What the others refuse is told and forgotten, because what is told last counts.
///
/// # Errors
/// What the first permission refuses that is for this target and function; `CallNotPermitted` if
/// there is none.
#[inline(never)]
pub(super) fn find<E: Environment>(
    environment: E,
    session: &PackedSession<'_>,
    index: usize,
    execution: &Execution<'_>,
    place: &Place,
) -> Result<u8, Refused> {
    let permitted =
        |entry: &Entry<'_>| permission::check(environment, index, execution, entry, place);
    for (at, permission) in (0_u8..).zip(session.permissions.entries(environment)) {
        if permission.is_some_and(|permission| permitted(&permission).is_ok()) {
            return Ok(at);
        }
    }
    let is_near = |permission: &Entry<'_>| {
        word::equal(&execution.target, permission.target())
            && selector::covers(selector::of_word(permission.selector()), execution.call_data)
    };
    if let Some(permission) = session.permissions.entries(environment).flatten().find(is_near) {
        permitted(&permission)?;
    }
    let mut refusal = Refusal::of::<Abi::CallNotPermitted>();
    let refusal = refusal.size(index).word(&execution.target);
    Err(refusal.selector(selector_of(execution.call_data)).tell(environment))
}
