//! The account: a session is for one, and for no other.

use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession;
use testbed::SmartAccount;

use crate::setup::Setup;

#[test]
fn another_account_that_presents_the_session_has_not_enabled_it() {
    let mut setup = Setup::enabled();
    let call_data = setup.bob.execute(&setup.bed.a_move(1, 10));
    let draft = setup.game.using(1).unwrap();

    let op = setup.bed.act(&setup.bob, &draft, &setup.game.delegate, call_data).unwrap();

    assert_eq!(op.verdict.summary(), "refused: AA23 SessionNotEnabled");
}

#[test]
fn another_accounts_session_is_a_failed_owner_signature() {
    let mut setup = Setup::new();
    let draft = setup.game.enabling(1).unwrap();
    let call_data = setup.bob.execute(&setup.bed.a_move(1, 10));

    let op = setup.bed.act(&setup.bob, &draft, &setup.game.delegate, call_data).unwrap();

    assert_eq!(op.verdict.summary(), "refused: AA24");
}

#[test]
fn a_strangers_call_enables_only_a_session_of_its_own() {
    let mut setup = Setup::new();
    let session = setup.game.session.pack().unwrap();
    let enable = ISmartSession::enable_0Call { session: session.into() }.abi_encode();

    let outcome = setup.send_module(setup.bob.address(), enable);

    assert!(outcome.is_success(), "the same words are another session, of Bob's");
    assert_eq!(setup.state(), (0, 0));
    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 SessionNotEnabled");
}
