//! The window: when a session may act.

use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use testbed::GameSession;
use testbed::game::window;

use super::ran;
use crate::setup::{Setup, module_error};

#[test]
fn a_move_before_the_window_or_after_it_is_refused_by_the_entry_point() {
    let setup = Setup::enabled();
    let until = setup.game.session.window.valid_until().seconds();

    let mut last = setup.clone();
    last.bed.chain.set_timestamp(until);
    assert_eq!(last.a_move().verdict.summary(), "executed", "EntryPoint 0.7 includes the end");

    let mut late = setup.clone();
    late.bed.chain.set_timestamp(until + 1);
    assert_eq!(late.a_move().verdict.summary(), "refused: AA22");

    let mut early = Setup::new();
    let now = early.bed.chain.timestamp();
    early.game = GameSession::with(&early.bed, &early.alice, |session| {
        session.window = testbed::game::window(now + 1000, now + 2000).unwrap();
    })
    .unwrap();
    let mut first = early.clone();
    assert_eq!(early.enable_and_move().verdict.summary(), "refused: AA22");
    first.bed.chain.set_timestamp(now + 1000);
    assert_eq!(
        first.enable_and_move().verdict.summary(),
        "executed",
        "EntryPoint 0.7 includes the start"
    );
}

#[test]
fn both_ends_of_the_window_are_within_it() {
    let mut setup = Setup::with_executor();
    let now = setup.bed.chain.timestamp();
    setup.with_session(|session| session.window = window(now + 1000, now + 2000).unwrap());
    for (second, is_within) in
        [(999, false), (1000, true), (1500, true), (2000, true), (2001, false)]
    {
        let mut setup = setup.clone();
        setup.bed.chain.set_timestamp(now + second);

        let outcome = setup.execute(&[setup.bed.a_move(1, 10)]);

        if is_within {
            ran(&outcome);
            continue;
        }
        let E::OutsideWindow(error) = module_error(&outcome) else { panic!("{second}") };
        let told: [u64; 3] = [error.got.to(), error.validAfter.to(), error.validUntil.to()];
        assert_eq!(told, [now + second, now + 1000, now + 2000]);
    }
}
