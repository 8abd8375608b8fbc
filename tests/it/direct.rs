//! The direct path under attack, and what it costs.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError};
use devchain::{Outcome, Transaction};
use harness::abi::{IEntryPoint, IRelay, IValidator, PackedUserOperation};
use harness::account::{ModuleType, packed};
use harness::stage::ether;
use harness::{Call, GameSession, SmartAccount, Stage};
use session_core::abi::ISmartSession::{self, ISmartSessionErrors as E};
use session_core::packed::DelegateKind;
use session_core::session::{Budget, Disclosure, Permission};

use crate::scene::{Scene, module_error};

/// Alice's account with the module as executor too, and a contract that calls whom it is told to.
fn scene() -> (Scene, Address) {
    let mut scene = Scene::new();
    let route = scene.alice.owner_route();
    let data = [&[2, u8::try_from(route.len()).unwrap()][..], &route, &[0]].concat();
    let call = scene.alice.install_module(ModuleType::Executor, scene.stage.module, data.into());
    let op = scene.stage.owner_op(&scene.alice, call).unwrap();
    assert_eq!(op.verdict.summary(), "executed");
    let relay = scene.stage.deploy("Relay").unwrap();
    (scene, relay)
}

fn direct_call(scene: &Scene, blob: Bytes, call: &Call) -> Vec<u8> {
    ISmartSession::executeCall {
        account: scene.alice.address(),
        session: blob,
        mode: [0; 32].into(),
        executionCalldata: packed(call).into(),
    }
    .abi_encode()
}

fn send(scene: &mut Scene, from: Address, data: Vec<u8>) -> Outcome {
    scene.stage.chain.set_balance(from, ether(10_000));
    scene.send_module(from, data)
}

/// Lets the session call the relay, with anything.
fn for_relay(scene: &mut Scene, relay: Address) {
    scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
        session.permissions = vec![Permission {
            target: relay,
            selector: IRelay::relayCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![],
        }];
    })
    .unwrap();
}

#[test]
fn no_session_is_used_while_a_direct_call_runs() {
    let (mut scene, relay) = scene();
    for_relay(&mut scene, relay);
    let delegate = scene.game.delegate.address();
    let blob = scene.game.using(1).unwrap().sealed(&[]);
    let again = direct_call(&scene, blob, &scene.stage.a_move(1, 0));
    let op = scene.move_op(&scene.game.using(1).unwrap());
    let validate =
        IValidator::validateUserOpCall { userOp: op, userOpHash: [1; 32].into() }.abi_encode();
    let drafts = [scene.game.enabling(1).unwrap(), scene.game.using(1).unwrap()];
    for (draft, data) in drafts.iter().zip([again, validate]) {
        let call = IRelay::relayCall { to: scene.stage.module, data: data.into() }.abi_encode();
        let data = direct_call(&scene, draft.sealed(&[]), &Call::new(relay, call));

        let outcome = send(&mut scene, delegate, data);

        assert!(outcome.is_success(), "{:?}", outcome.output);
        let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
        let told = IRelay::relayCall::abi_decode_returns(&answers[0]).unwrap();
        assert!(!told.success);
        assert_eq!(told.answer, ISmartSession::Reentered {}.abi_encode());
    }
    assert_eq!(scene.state(), (1, 2));
}

/// What a stranger does with somebody's pending operation: he brings it to the EntryPoint within
/// a direct call for an account of his own.
pub(crate) fn wrapped(stage: &mut Stage, op: PackedUserOperation) {
    let mallory = stage.oz_account("mallory").unwrap();
    stage.install(&mallory).unwrap();
    let route = mallory.owner_route();
    let data = [&[2, u8::try_from(route.len()).unwrap()][..], &route, &[0]].concat();
    let call = mallory.install_module(ModuleType::Executor, stage.module, data.into());
    assert_eq!(stage.owner_op(&mallory, call).unwrap().verdict.summary(), "executed");
    let relay = stage.deploy("Relay").unwrap();
    let attack = GameSession::with(stage, &mallory, |session| {
        session.permissions = vec![Permission {
            target: relay,
            selector: IRelay::relayCall::SELECTOR,
            value_limit: U256::ZERO,
            rules: vec![],
        }];
    })
    .unwrap();
    let (from, entry_point) = (attack.delegate.address(), stage.entry_point.address);
    let bundle = IEntryPoint::handleOpsCall { ops: vec![op], beneficiary: from }.abi_encode();
    let call = IRelay::relayCall { to: entry_point, data: bundle.into() }.abi_encode();
    let data = ISmartSession::executeCall {
        account: mallory.address(),
        session: attack.enabling(1).unwrap().sealed(&[]),
        mode: [0; 32].into(),
        executionCalldata: packed(&Call::new(relay, call)).into(),
    }
    .abi_encode();
    stage.chain.set_balance(from, ether(10_000));
    let call = Transaction::new(from, stage.module).with_data(data).with_gas_limit(9_000_000);
    let outcome = stage.chain.transact(call).unwrap();
    assert!(outcome.is_success(), "{:?}", outcome.output);
    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    assert!(IRelay::relayCall::abi_decode_returns(&answers[0]).unwrap().success, "it is bundled");
}

#[test]
fn an_owners_revocation_within_a_strangers_direct_call_holds() {
    let mut scene = Scene::enabled();
    let revoke = ISmartSession::revoke_0Call { sessionId: scene.game.session.id() }.abi_encode();
    let call_data = scene.alice.execute(&Call::new(scene.stage.module, revoke));
    let op = scene.stage.signed_owner_op(&scene.alice, call_data).unwrap();

    wrapped(&mut scene.stage, op);

    assert_eq!(scene.state().0, 2);
    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}

#[test]
fn a_contract_may_be_the_delegate() {
    let (mut scene, relay) = scene();
    scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
        session.delegate = relay;
    })
    .unwrap();
    let blob = scene.game.enabling(1).unwrap().sealed(&[]);
    let data = direct_call(&scene, blob, &scene.stage.a_move(1, 10));
    let call = IRelay::relayCall { to: scene.stage.module, data: data.into() }.abi_encode();
    let anyone = Address::repeat_byte(0x77);

    let transaction = Transaction::new(anyone, relay).with_data(call).with_gas_limit(5_000_000);
    let outcome = scene.stage.chain.transact(transaction).unwrap();

    assert!(IRelay::relayCall::abi_decode_returns(&outcome.output).unwrap().success);
    assert_eq!(scene.state(), (1, 1));
}

#[test]
fn only_an_ordinary_key_can_call() {
    let (mut scene, _) = scene();
    for kind in [DelegateKind::P256, DelegateKind::WebAuthn] {
        scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
            session.delegate_kind = kind;
        })
        .unwrap();
        let delegate = scene.game.delegate.address();
        let blob = scene.game.enabling(1).unwrap().sealed(&[]);
        let data = direct_call(&scene, blob, &scene.stage.a_move(1, 10));

        let outcome = send(&mut scene, delegate, data);

        assert!(matches!(module_error(&outcome), E::NotDelegate(_)), "{kind:?}");
    }
}

#[test]
fn periods_are_counted_by_the_clock_and_a_claimed_time_is_trailing_bytes() {
    let (mut scene, _) = scene();
    scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
        let token = session_core::policy::budget::NATIVE;
        session.budgets = vec![Budget { token, amount: ether(10).to(), period: 60 }];
    })
    .unwrap();
    let delegate = scene.game.delegate.address();
    let a_move = scene.stage.a_move(1, 10);
    let blob = scene.game.enabling(1).unwrap().sealed(&[]);
    let data = direct_call(&scene, blob, &a_move);
    assert!(send(&mut scene, delegate, data).is_success());

    let blob = scene.game.using(1).unwrap().sealed(&[]);
    let again = direct_call(&scene, blob.clone(), &a_move);
    let outcome = send(&mut scene, delegate, again.clone());
    assert!(matches!(module_error(&outcome), E::BudgetExceeded(_)));

    let start = scene.game.session.window.valid_after().seconds();
    scene.stage.chain.warp(start + 60 - scene.stage.chain.timestamp());
    assert!(send(&mut scene, delegate, again).is_success());

    let mut claiming = blob.to_vec();
    claiming.extend([0; 6]);
    let data = direct_call(&scene, claiming.into(), &a_move);
    assert!(matches!(module_error(&send(&mut scene, delegate, data)), E::TrailingBytes(_)));
}

#[test]
fn value_cannot_be_sent_along() {
    let (mut scene, _) = scene();
    let delegate = scene.game.delegate.address();
    scene.stage.chain.set_balance(delegate, ether(10_000));
    let blob = scene.game.enabling(1).unwrap().sealed(&[]);
    let data = direct_call(&scene, blob, &scene.stage.a_move(1, 10));

    let call = Transaction::new(delegate, scene.stage.module).with_data(data);
    let outcome = scene.stage.chain.transact(call.with_value(U256::from(1))).unwrap();

    assert!(matches!(module_error(&outcome), E::NotPayable(_)));
}

#[test]
fn hidden_permissions_stay_hidden_on_the_direct_path() {
    let mut scene = scene().0;
    scene.enable_and_move();
    let hidden = Disclosure { permissions: Some(&[]), ..Disclosure::WHOLE };
    let draft =
        session_client::OperationDraft::draft_use(&scene.game.session, &hidden, &[0]).unwrap();
    let data = direct_call(&scene, draft.sealed(&[]), &scene.stage.a_move(1, 10));
    let delegate = scene.game.delegate.address();

    assert!(matches!(module_error(&send(&mut scene, delegate, data)), E::UnknownPermission(_)));
}
