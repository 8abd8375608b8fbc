//! Both ends of a period, as each EntryPoint reads the window that the module returns.

use smart_session_core::policy::budget::NATIVE;
use smart_session_core::session::Budget;

use super::everywhere::account_setup::AccountSetup;
use testbed::game::window;

/// One hour.
const PERIOD: u32 = 3_600;

/// Signs a session of three hours, with 0.01 ETH for each.
fn with_three_periods(setup: &mut AccountSetup) -> u64 {
    let start = setup.bed.chain.timestamp();
    setup.with_session(|session| {
        session.window = window(start, start + 3 * u64::from(PERIOD)).unwrap();
        let amount = 10_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: PERIOD }];
    });
    start
}

/// What the EntryPoint makes of a move with 0.01 ETH at a second, in which the delegate claims a
/// time.
fn moved_at(setup: &AccountSetup, second: u64, claimed: u64) -> String {
    let mut setup = setup.clone();
    setup.bed.chain.set_timestamp(second);
    let draft = setup.game.enabling(1).unwrap().at_time(claimed);
    setup.act(&draft, &[setup.bed.a_move(1, 10)]).verdict.summary()
}

pub(crate) fn a_periods_edges_are_those_of_the_entry_point(mut setup: AccountSetup) {
    let start = with_three_periods(&mut setup);
    let second = start + u64::from(PERIOD);
    let third = second + u64::from(PERIOD);
    let version = setup.bed.entry_point.version;
    let first_second = if version.includes_first_second() { "executed" } else { "refused: AA22" };

    for claimed in [second, second + 1, third - 1] {
        for (at, expected) in [
            (second - 1, "refused: AA22"),
            (second, first_second),
            (second + 1, "executed"),
            (third - 1, "executed"),
            (third, "refused: AA22"),
        ] {
            let offset = at - start;
            assert_eq!(moved_at(&setup, at, claimed), expected, "{setup}: {offset}");
        }
    }
}

/// Whatever is claimed, at no second may two periods be drawn on.
pub(crate) fn at_no_second_are_there_two_periods(mut setup: AccountSetup) {
    let start = with_three_periods(&mut setup);
    let period = u64::from(PERIOD);
    let claims: Vec<u64> = (0..3).map(|number| start + number * period + 5).collect();

    for at in [1, 2].into_iter().flat_map(|number| {
        let edge = start + number * period;
        [edge - 1, edge, edge + 1]
    }) {
        let taken =
            claims.iter().filter(|claimed| moved_at(&setup, at, **claimed) == "executed").count();
        let is_left_out = (at - start).is_multiple_of(period)
            && !setup.bed.entry_point.version.includes_first_second();
        assert_eq!(taken, usize::from(!is_left_out), "{setup}: {}", at - start);
    }
}
