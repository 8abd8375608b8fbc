//! How often a periodic budget pays: once for each period, and never more often.

use alloy_primitives::U256;
use proptest::prelude::*;
use session_model::Execution;
use session_model::session::NATIVE;
use session_model::strategy::{GAME, TOKEN};

use super::budget::{budgeted, list};
use crate::refused::{Case, MOVE, call};

#[test]
fn a_period_under_a_minute_is_refused_at_enable() {
    for period in [1, 2, 59] {
        assert_eq!(budgeted(&[(TOKEN, 1, period)]), "RefusedBudget", "{period}");
    }
    for period in [0, 60, 61, u32::MAX] {
        assert_eq!(budgeted(&[(TOKEN, 1, period)]), "ok", "{period}");
    }
}

/// The view of budgets: what was spent in a period is spent until the next one begins.
#[test]
fn what_is_spent_is_told_for_the_period_of_a_time() {
    let mut case = Case::new(|session, operation| {
        session.budgets = list(&[(NATIVE, 50, 0), (NATIVE, 20, 60), (TOKEN, 9, 0), (TOKEN, 9, 60)]);
        operation.claimed_time = Some(1_130);
    });
    let calls = vec![Execution { value: U256::from(7), ..call(GAME, MOVE, &[7]) }];
    assert_eq!(case.call(calls), "ok");
    let told = |budget: usize, time: u64| case.module.spent_at(&case.session, budget, time);
    // Period 2 of the second budget is 1120 to 1179.
    for time in [1_000, 1_119, 1_120, 1_179] {
        assert_eq!(told(1, time), Ok(7), "{time}: nothing older can be spent any more");
    }
    for time in [1_180, 10_000] {
        assert_eq!(told(1, time), Ok(0), "{time}");
    }
    for time in [1_000, 1_130, 10_000] {
        assert_eq!(told(0, time), Ok(7), "{time}: of the whole session");
        assert_eq!((told(2, time), told(3, time)), (Ok(0), Ok(0)), "{time}: of another token");
    }
}

/// A session of so many seconds with a budget for each period.
fn case(length: u64, period: u32) -> Case {
    Case::new(|session, operation| {
        session.valid_until = session.valid_after + length;
        session.max_calls = u32::MAX;
        session.fee_limit = 1 << 90;
        session.budgets = list(&[(NATIVE, 10, period)]);
        operation.claimed_time = Some(session.valid_after);
    })
}

/// Asks for all of a period's amount at each of these seconds of the session; returns how often it
/// was let through.
fn paid(case: &mut Case, seconds: impl IntoIterator<Item = u64>) -> u64 {
    let mut count = 0;
    for elapsed in seconds {
        case.operation.claimed_time = Some(case.session.valid_after + elapsed);
        let answer = case.call(vec![Execution { value: U256::from(10), ..call(GAME, MOVE, &[7]) }]);
        assert!(["ok", "BudgetExceeded"].contains(&answer.as_str()), "{elapsed}: {answer}");
        count += u64::from(answer == "ok");
    }
    count
}

#[test]
fn all_windows_around_a_multiple_of_the_period_pay_once_for_each_period() {
    for (length, periods) in [
        (1, 1),
        (59, 1),
        (60, 1),
        (61, 2),
        (119, 2),
        (120, 2),
        (121, 3),
        (179, 3),
        (180, 3),
        (181, 4),
    ] {
        assert_eq!(paid(&mut case(length, 60), 0..=length), periods, "{length} seconds");
    }
}

proptest! {
    #[test]
    fn prop_a_budget_pays_at_most_once_for_each_period_of_any_session(
        length in 1_u64..2_000,
        period in 60_u32..700,
        mut seconds in prop::collection::vec(0_u64..2_000, 0..40),
    ) {
        let each = u64::from(period);
        // Wherever a period could begin or end, and anywhere.
        let edges = (0..=length / each + 1).flat_map(|k| [k * each, k * each + 1, k * each + each - 1]);
        seconds.extend(edges);
        seconds.extend([length - 1, length]);
        seconds.retain(|second| *second <= length);
        seconds.sort_unstable();

        let paid = paid(&mut case(length, period), seconds);

        prop_assert_eq!(paid, length.div_ceil(each));
    }

    #[test]
    fn prop_the_window_of_an_operation_has_its_moment_and_no_other_period(
        length in 1_u64..2_000,
        period in 60_u32..700,
        elapsed in 0_u64..2_000,
    ) {
        let elapsed = elapsed.min(length);
        let mut case = case(length, period);
        let at = |seconds: u64| 1_000 + seconds;
        case.operation.claimed_time = Some(at(elapsed));

        let window = case.module.ask(&session_model::strategy::PLACE, &case.session, &case.operation);
        let (first, last) = window.unwrap().window;

        prop_assert!((first..=last).contains(&at(elapsed)));
        prop_assert!(first >= at(0) && last <= at(length));
        let index = |time: u64| ((time - 1_000) / u64::from(period)).min((length - 1) / u64::from(period));
        prop_assert_eq!(index(first), index(last));
        prop_assert!(first == at(0) || index(first - 1) < index(first));
        prop_assert!(last == at(length) || index(last + 1) > index(last));
    }
}

/// The view: what is before the window is told as its start, and what is after it as its end.
#[test]
fn a_time_outside_the_window_is_told_as_its_nearest_moment() {
    let mut case = case(120, 60);
    assert_eq!(paid(&mut case, [60]), 1);
    let told = |time: u64| case.module.spent_at(&case.session, 0, time);

    for time in [1_060, 1_119, 1_120, 1_121, 1_180, 9_999, (1 << 47) - 1] {
        assert_eq!(told(time), Ok(10), "{time}: the last period is used up");
    }
    let unused = super::period::case(120, 60);
    for time in [0, 999, 1_000, 1_120, 1_121, 9_999] {
        assert_eq!(unused.module.spent_at(&unused.session, 0, time), Ok(0), "{time}");
    }
}
