//! Whether a permission covers an execution.

use super::{rules, selector, target, value};
use crate::Environment;
use crate::execution::Execution;
use crate::packed::Entry;
use crate::place::Place;
use crate::refusal::Refused;

/// Checks that a permission covers an execution.
#[inline]
pub(super) fn check(
    environment: impl Environment,
    index: usize,
    execution: &Execution<'_>,
    permission: &Entry<'_>,
    place: &Place,
) -> Result<(), Refused> {
    let Execution { target, value, call_data } = execution;
    target::check(environment, index, target, permission.target(), place)?;
    selector::check(environment, index, call_data, permission.selector())?;
    value::check(environment, index, value, permission.value_limit())?;
    let arguments = call_data.get(4..).unwrap_or_default();
    rules::check(environment, index, arguments, &permission.rules)
}
