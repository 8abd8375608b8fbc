//! How many calls a session may make in all.

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refusal, Refused};

/// A `maxCalls` that means: do not count.
pub const UNCOUNTED: u32 = u32::MAX;

/// Counts the executions of an operation; a batch of five is five.
///
/// # Errors
/// `CallsOverLimit` if that is more than `limit`.
#[inline]
pub fn count(
    environment: impl Environment,
    before: u32,
    executions: usize,
    limit: u32,
) -> Result<u32, Refused> {
    if limit == UNCOUNTED {
        return Ok(before);
    }
    let executions = u32::try_from(executions).unwrap_or(u32::MAX);
    let after = u64::from(before).saturating_add(executions.into());
    match u32::try_from(after) {
        Ok(after) if after <= limit => Ok(after),
        _ => {
            let mut refusal = Refusal::of::<Abi::CallsOverLimit>();
            Err(refusal.number(after).number(limit.into()).tell(environment))
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::U256;

    use super::*;
    use crate::OffChain;
    use crate::abi::ISmartSession::ISmartSessionErrors as Error;

    fn ask(before: u32, executions: usize, limit: u32) -> Result<u32, Error> {
        OffChain::ask(|environment| count(environment, before, executions, limit))
    }

    fn over(got: u64, allowed: u32) -> Result<u32, Error> {
        let (got, allowed) = (U256::from(got), U256::from(allowed));
        Err(Error::CallsOverLimit(Abi::CallsOverLimit { got, allowed }))
    }

    #[test]
    fn calls_are_counted_up_to_the_limit() {
        assert_eq!(ask(95, 5, 100), Ok(100));
        assert_eq!(ask(96, 5, 100), over(101, 100));
    }

    #[test]
    fn the_highest_limit_counts_nothing() {
        assert_eq!(ask(7, 5, UNCOUNTED), Ok(7));
    }

    #[test]
    fn the_count_never_wraps() {
        let limit = u32::MAX - 1;

        assert_eq!(ask(limit, 5, limit), over(4_294_967_299, limit));
    }
}
