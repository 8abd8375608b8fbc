//! Periods of a budget.

use crate::session::{Budget, Session};

/// The seconds in which an operation may run: from the first to the last, both inclusive.
pub type Window = (u64, u64);

/// Returns which period of a budget a moment of the window is in, and its first and last second.
///
/// A window has as many periods as it takes to cover its length, the last of them perhaps cut short;
/// its very last second belongs to the last period.
pub fn period_of(session: &Session, budget: &Budget, time: u64) -> (u64, Window) {
    let (start, length) = (session.valid_after, u64::from(budget.period));
    let count = (session.valid_until - start).div_ceil(length);
    let index = ((time - start) / length).min(count - 1);
    let first = start + index * length;
    let last = if index == count - 1 { session.valid_until } else { first + length - 1 };
    (index, (first, last))
}
