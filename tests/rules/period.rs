//! Periods: budgets that fill up again.

use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use smart_session_core::session::Budget;
use testbed::test_bed::ether;
use testbed::{Call, GameSession};

use super::{NATIVE, act_drafted, direct_call, moves, send_as, setup_with, with_relay};
use crate::setup::{Setup, module_error};

const HOUR: u64 = 3600;

/// The same with a claimed time.
fn act_at(setup: &mut Setup, seconds: u64, calls: &[Call]) -> String {
    let draft = setup.game.enabling(calls.len()).unwrap().at_time(seconds);
    act_drafted(setup, &draft, calls)
}

#[test]
fn a_periodic_budget_fills_up_again_with_the_next_period() {
    let mut setup = setup_with(|_, session| {
        let amount = 10_000_000_000_000_000;
        session.budgets = vec![Budget { token: NATIVE, amount, period: 3600 }];
    });
    let start = setup.game.session.window.valid_after().seconds();
    let ten = moves(&setup, &[10]);

    assert_eq!(act_at(&mut setup, start, &ten), "executed");
    assert_eq!(act_at(&mut setup, start + HOUR - 1, &ten), "refused: AA23 BudgetExceeded");
    assert_eq!(
        act_at(&mut setup, start + HOUR, &ten),
        "refused: AA22",
        "the next period has not begun: the EntryPoint proves the claim"
    );
    setup.bed.chain.set_timestamp(start + HOUR);
    assert_eq!(act_at(&mut setup, start + HOUR + 7, &ten), "executed");
    assert_eq!(
        act_at(&mut setup, start, &ten),
        "refused: AA23 PeriodPassed",
        "what was not spent is gone"
    );
}

#[test]
fn a_claimed_time_outside_the_session_is_refused() {
    let setup = setup_with(|_, session| {
        session.budgets = vec![Budget { token: NATIVE, amount: 1, period: 60 }];
    });
    let window = setup.game.session.window;
    for time in [window.valid_after().seconds() - 1, window.valid_until().seconds() + 1] {
        let mut setup = setup.clone();
        let free = moves(&setup, &[0]);
        assert_eq!(
            act_at(&mut setup, time, &free),
            "refused: AA23 ClaimedTimeOutsideWindow",
            "{time}"
        );
    }
}

#[test]
fn periods_are_counted_by_the_clock_and_a_claimed_time_is_trailing_bytes() {
    let (mut setup, _) = with_relay();
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        let token = smart_session_core::policy::budget::NATIVE;
        session.budgets = vec![Budget { token, amount: ether(10).to(), period: 60 }];
    })
    .unwrap();
    let delegate = setup.game.delegate.address();
    let a_move = setup.bed.a_move(1, 10);
    let blob = setup.game.enabling(1).unwrap().sealed(&[]);
    let data = direct_call(&setup, blob, &a_move);
    assert!(send_as(&mut setup, delegate, data).is_success());

    let blob = setup.game.using(1).unwrap().sealed(&[]);
    let again = direct_call(&setup, blob.clone(), &a_move);
    let outcome = send_as(&mut setup, delegate, again.clone());
    assert!(matches!(module_error(&outcome), E::BudgetExceeded(_)));

    let start = setup.game.session.window.valid_after().seconds();
    setup.bed.chain.warp(start + 60 - setup.bed.chain.timestamp());
    assert!(send_as(&mut setup, delegate, again).is_success());

    let mut claiming = blob.to_vec();
    claiming.extend([0; 6]);
    let data = direct_call(&setup, claiming.into(), &a_move);
    assert!(matches!(module_error(&send_as(&mut setup, delegate, data)), E::TrailingBytes(_)));
}
