//! What only shows when the clock moves.

use alloy_primitives::{Address, U256};
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as Error;
use smart_session_core::session::Budget;
use testbed::game::window;

use super::everywhere::account_setup::AccountSetup;
use super::everywhere::{direct, signing};

const NATIVE: Address = Address::repeat_byte(0xee);

pub(crate) fn the_windows_edges_are_those_of_the_entry_point(mut setup: AccountSetup) {
    let now = setup.bed.chain.timestamp();
    setup.with_session(|session| session.window = window(now + 1000, now + 2000).unwrap());
    let version = setup.bed.entry_point.version;
    let first_second = if version.includes_first_second() { "executed" } else { "refused: AA22" };
    for (second, expected) in [
        (now + 999, "refused: AA22"),
        (now + 1000, first_second),
        (now + 1001, "executed"),
        (now + 2000, "executed"),
        (now + 2001, "refused: AA22"),
    ] {
        let mut setup = setup.clone();
        setup.bed.chain.set_timestamp(second);
        assert_eq!(setup.enable_and_move().verdict.summary(), expected, "{}", second - now);
    }
}

pub(crate) fn a_periodic_budget_fills_up_again(mut setup: AccountSetup) {
    setup.with_session(|session| {
        let amount = 10_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 3600 }];
    });
    let start = setup.game.session.window.valid_after().seconds();
    let ten = [setup.bed.a_move(1, 10)];
    let at = |setup: &AccountSetup, seconds: u64| setup.game.enabling(1).unwrap().at_time(seconds);

    let draft = at(&setup, start + 1);
    assert_eq!(setup.act(&draft, &ten).verdict.summary(), "executed");
    let draft = at(&setup, start + 2);
    assert_eq!(setup.act(&draft, &ten).verdict.summary(), "refused: AA23 BudgetExceeded");
    let draft = at(&setup, start + 3600);
    assert_eq!(setup.act(&draft, &ten).verdict.summary(), "refused: AA22", "it is not yet time");
    setup.bed.chain.warp(3600);
    assert_eq!(setup.act(&draft, &ten).verdict.summary(), "executed");
}

pub(crate) fn the_direct_path_ends_with_the_window(mut setup: AccountSetup) {
    direct::install(&mut setup);
    setup.enable_and_move();
    let using = setup.game.using(1).unwrap();
    let one = [setup.bed.a_move(1, 10)];
    let end = setup.game.session.window.valid_until().seconds();

    setup.bed.chain.set_timestamp(end);
    assert!(direct::send(&mut setup, &using, &one).is_success(), "{setup}: the last second");
    setup.bed.chain.set_timestamp(end + 1);
    let late = direct::error(&direct::send(&mut setup, &using, &one));

    assert!(matches!(late, Error::OutsideWindow(e) if e.got == U256::from(end + 1)), "{setup}");
    assert_eq!(setup.moves(), U256::from(2));
}

pub(crate) fn an_expired_session_signs_nothing(mut setup: AccountSetup) {
    let signed = signing::set_up(&mut setup);
    setup.bed.chain.set_timestamp(signed.session.window.valid_until().seconds() + 1);

    let late = signing::permit(&setup, 5);

    assert!(!signing::bring(&mut setup, &signed, &late).is_success(), "{setup}");
}
