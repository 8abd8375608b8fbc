//! Revoking: how a session ends for good.

use alloy_primitives::keccak256;
use alloy_sol_types::{SolCall, SolEvent};
use smart_session_core::abi::ISmartSession;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use testbed::SmartAccount;

use super::{CAROL, revoke};
use crate::setup::{Setup, module_error};

#[test]
fn the_accounts_own_word_is_no_session() {
    let setup = Setup::new();
    let tag = keccak256("SmartSession.account");
    let account = setup.alice.address();

    let outcome = setup.call_module(account, revoke(tag));
    assert!(matches!(module_error(&outcome), E::MalformedCall(_)));
    let view = ISmartSession::sessionStateCall { account, sessionId: tag }.abi_encode();
    assert!(matches!(module_error(&setup.call_module(account, view)), E::MalformedCall(_)));
}

#[test]
fn a_revoked_session_is_refused_from_then_on() {
    let mut setup = Setup::enabled();
    let session_id = setup.game.session.id();

    let op = setup.owner_calls_module(revoke(session_id));

    assert_eq!(op.verdict.summary(), "executed");
    let log = op.outcome.logs.iter().find(|log| log.address == setup.bed.module).unwrap();
    let event = ISmartSession::SessionRevoked::decode_log(log).unwrap();
    assert_eq!(event.account, setup.alice.address());
    assert_eq!(event.revoker, setup.alice.address());
    assert_eq!((event.sessionId, event.formerStatus), (session_id, 1));
    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
    assert_eq!(setup.enable_and_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
    assert_eq!(setup.state(), (2, 1));
}

#[test]
fn a_session_can_be_revoked_before_it_was_ever_enabled() {
    let mut setup = Setup::new();

    setup.owner_calls_module(revoke(setup.game.session.id()));

    assert_eq!(setup.enable_and_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}

#[test]
fn revoking_twice_changes_nothing_and_says_nothing() {
    let mut setup = Setup::enabled();
    setup.owner_calls_module(revoke(setup.game.session.id()));

    let op = setup.owner_calls_module(revoke(setup.game.session.id()));

    assert_eq!(op.verdict.summary(), "executed");
    assert!(crate::setup::topics(&op.outcome, setup.bed.module).is_empty());
}

#[test]
fn a_stranger_revokes_only_a_session_of_its_own() {
    let mut setup = Setup::enabled();

    setup.send_module(CAROL, revoke(setup.game.session.id()));

    assert_eq!(setup.a_move().verdict.summary(), "executed");
}
