//! When a session may act, at a time that a clock shows.

use smart_session_core::session::Session;

use crate::refusal::{Refusal, RefusalCode};
use crate::session::grant::Grant;

impl Grant {
    /// Checks that a time is within the session's window; both ends belong to it.
    ///
    /// # Errors
    /// [`RefusalCode::Expired`] or [`RefusalCode::NotYetValid`].
    pub fn check_window(&self, now: u64) -> Result<(), Refusal> {
        let window = self.session.window;
        let (from, until) = (window.valid_after().seconds(), window.valid_until().seconds());
        if now > until {
            return Err(Refusal::new(
                RefusalCode::Expired,
                format!("the session ended at {until} (unix seconds), it is {now}"),
                "ask the owner for a new session",
            ));
        }
        if now < from {
            return Err(Refusal::new(
                RefusalCode::NotYetValid,
                format!("the session begins at {from} (unix seconds), it is {now}"),
                "wait until it begins",
            ));
        }
        Ok(())
    }

    /// Returns whether a time is the first second of the session's window, or of a period of one
    /// of its budgets: EntryPoints since 0.8 find that too early.
    pub fn begins_at(&self, now: u64) -> bool {
        newest_start(&self.session, now) == now
    }

    /// Says, in one sentence, that the newest block is older than the window or the period that
    /// an operation is for, if it is: who simulates the operation on that block refuses it.
    pub fn ahead_of_chain(&self, newest_block: u64, now: u64) -> Option<String> {
        let start = newest_start(&self.session, now);
        (newest_block < start).then(|| {
            format!(
                "the newest block is of time {newest_block}, and the operation is good from \
                 {start} on: until there is a newer block, a bundler may refuse it (AA22)"
            )
        })
    }
}

/// Returns when the newest of these began: the window, and the present period of each budget.
///
/// The last period of a window lasts to the window's end: a session of n periods has n of them,
/// and not n + 1 for its last second.
fn newest_start(session: &Session, now: u64) -> u64 {
    let from = session.window.valid_after().seconds();
    let until = session.window.valid_until().seconds();
    let periods = session.budgets.iter().map(|budget| u64::from(budget.period));
    let starts = periods.filter_map(|period| {
        let index = now.checked_sub(from)?.checked_div(period)?;
        let last = until.checked_sub(from)?.checked_sub(1)?.checked_div(period)?;
        from.checked_add(index.min(last).checked_mul(period)?)
    });
    starts.fold(from, u64::max)
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, U256};

    use super::*;
    use crate::session::builder::SessionBuilder;

    const TOKEN: Address = Address::repeat_byte(0x70);

    /// A session of three periods of 100 seconds, from 1,000 to 1,300.
    fn periodic() -> Grant {
        let session = SessionBuilder::new(Address::repeat_byte(1), Address::repeat_byte(2))
            .on_chain(1, 0)
            .from(1_000)
            .until(1_300)
            .most_calls(1)
            .most_fees(U256::from(1))
            .budget_per_period(TOKEN, 5, 100)
            .salt(0)
            .build();
        Grant::unsigned(Address::repeat_byte(3), session.unwrap())
    }

    #[test]
    fn both_ends_belong_to_the_window() {
        let grant = periodic();
        let code = |now| grant.check_window(now).map_err(|refusal| refusal.code());

        assert_eq!(code(999), Err(RefusalCode::NotYetValid));
        assert_eq!(code(1_000), Ok(()));
        assert_eq!(code(1_300), Ok(()));
        assert_eq!(code(1_301), Err(RefusalCode::Expired));
    }

    #[test]
    fn all_first_seconds_are_known() {
        let first: Vec<u64> = (1_000..=1_300).filter(|now| periodic().begins_at(*now)).collect();

        assert_eq!(first, [1_000, 1_100, 1_200], "the last second belongs to the last period");
    }

    #[test]
    fn a_block_before_the_present_period_is_told_of() {
        let grant = periodic();

        assert!(grant.ahead_of_chain(1_199, 1_250).unwrap().contains("good from 1200 on"));
        assert_eq!(grant.ahead_of_chain(1_200, 1_250), None);
        assert!(grant.ahead_of_chain(990, 1_010).is_some(), "before the window");
    }
}
