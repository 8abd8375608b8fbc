//! Disclosure: a grant that is hidden permits nothing.

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use smart_session_client::OperationDraft;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use smart_session_core::session::{Disclosure, Permission};
use testbed::Call;
use testbed::abi::IGame;

use super::{act, act_drafted, direct_call, send_as, setup_with, with_relay};
use crate::setup::{Setup, module_error};

#[test]
fn a_hidden_permission_permits_nothing_and_the_shown_one_its_own() {
    let mut setup = setup_with(|setup, session| {
        session.permissions.push(Permission {
            target: setup.bed.game,
            selector: IGame::withdrawCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![],
        });
    });
    let call = setup.bed.a_move(1, 0);
    assert_eq!(act(&mut setup, std::slice::from_ref(&call)), "executed");
    let shown = Disclosure { permissions: Some(&[1]), ..Disclosure::WHOLE };

    let hidden = OperationDraft::draft_use(&setup.game.session, &shown, &[0]).unwrap();
    assert_eq!(
        act_drafted(&mut setup, &hidden, std::slice::from_ref(&call)),
        "refused: AA23 HiddenPermission"
    );
    let other = OperationDraft::draft_use(&setup.game.session, &shown, &[1]).unwrap();
    assert_eq!(
        act_drafted(&mut setup, &other, &[call]),
        "refused: AA23 TargetNotPermitted".replace("Target", "Selector")
    );
    let withdraw =
        Call::new(setup.bed.game, IGame::withdrawCall { amount: U256::ZERO }.abi_encode());
    assert_eq!(act_drafted(&mut setup, &other, &[withdraw]), "executed");
}

#[test]
fn a_hidden_list_permits_nothing() {
    let mut setup = Setup::enabled();
    let nothing = Disclosure { permissions: Some(&[]), ..Disclosure::WHOLE };
    let draft = OperationDraft::draft_use(&setup.game.session, &nothing, &[0]).unwrap();
    let call = setup.bed.a_move(1, 0);

    assert_eq!(act_drafted(&mut setup, &draft, &[call]), "refused: AA23 HiddenPermission");
}

#[test]
fn what_is_enabled_must_be_shown_whole() {
    let setup = Setup::new();
    let mut op = setup.move_op(&setup.game.enabling(1).unwrap());
    let nothing = Disclosure { permissions: Some(&[]), ..Disclosure::WHOLE };
    let mut signature = vec![1];
    signature.extend(setup.game.session.pack_disclosing(&nothing).unwrap());
    signature.push(0);
    signature.extend([0, 0]);
    signature.extend([0; 65]);
    op.signature = signature.into();

    let outcome = setup.validate(op);

    assert_eq!(smart_session_client::error_name(&outcome.output), Some("HiddenPart"));
}

#[test]
fn hidden_permissions_stay_hidden_on_the_direct_path() {
    let mut setup = with_relay().0;
    setup.enable_and_move();
    let hidden = Disclosure { permissions: Some(&[]), ..Disclosure::WHOLE };
    let draft = OperationDraft::draft_use(&setup.game.session, &hidden, &[0]).unwrap();
    let data = direct_call(&setup, draft.sealed(&[]), &setup.bed.a_move(1, 10));
    let delegate = setup.game.delegate.address();

    assert!(matches!(module_error(&send_as(&mut setup, delegate, data)), E::HiddenPermission(_)));
}
