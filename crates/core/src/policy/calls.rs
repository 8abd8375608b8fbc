//! How many calls a session may make in all.

use super::Violation;

/// A `maxCalls` that means: do not count.
pub const UNCOUNTED: u32 = u32::MAX;

/// Counts the executions of an operation; a batch of five is five.
///
/// # Errors
/// [`Violation::Calls`] if that is more than `limit`.
pub fn count(before: u32, executions: usize, limit: u32) -> Result<u32, Violation> {
    if limit == UNCOUNTED {
        return Ok(before);
    }
    let executions = u32::try_from(executions).unwrap_or(u32::MAX);
    match before.checked_add(executions) {
        Some(after) if after <= limit => Ok(after),
        _ => Err(Violation::Calls {
            got: u64::from(before).saturating_add(executions.into()),
            allowed: limit,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_up_to_the_limit() {
        assert_eq!(count(95, 5, 100), Ok(100));
        assert_eq!(count(96, 5, 100), Err(Violation::Calls { got: 101, allowed: 100 }));
    }

    #[test]
    fn the_highest_limit_counts_nothing() {
        assert_eq!(count(7, 5, UNCOUNTED), Ok(7));
    }

    #[test]
    fn the_count_never_wraps() {
        let limit = u32::MAX - 1;

        assert_eq!(
            count(limit, 5, limit),
            Err(Violation::Calls { got: 4_294_967_299, allowed: limit })
        );
    }
}
