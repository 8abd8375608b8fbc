//! Cases 62 to 64, 73 and 89: what is left over, and what comes twice.

use alloy_primitives::{Address, Bytes};
use alloy_sol_types::{SolInterface, SolValue};
use harness::abi::IEntryPoint;
use harness::{GameSession, SmartAccount};
use session_core::abi::ISmartSession;

use super::{enabled_with, module_call};
use crate::scene::Scene;

#[test]
fn counters_of_a_session_survive_nothing_because_the_session_does_not() {
    let mut scene = enabled_with(|_, session| session.max_calls = 1);
    let call = scene.stage.a_move(1, 0);
    assert_eq!(super::act(&mut scene, std::slice::from_ref(&call)), "executed");
    let uninstall = scene.alice.uninstall_validator(scene.stage.module, Bytes::new());
    scene.stage.expect_executed("uninstalling", &scene.alice.clone(), uninstall).unwrap();
    scene.stage.install(&scene.alice.clone()).unwrap();

    assert_eq!(super::act(&mut scene, std::slice::from_ref(&call)), "refused: AA23 WrongEpoch");
    // The same session for the epoch of now is another session.
    let account = scene.alice.address();
    let epoch = scene.ask(&ISmartSession::epochCall { account });
    let before = scene.game.session.clone();
    scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
        *session = before.clone();
        session.chains[0].epoch = epoch;
    })
    .unwrap();
    assert_ne!(scene.game.session.id(), before.id());
    super::enable(&mut scene);
    assert_eq!(super::act(&mut scene, &[call]), "executed");
}

/// Uninstalling loops over nothing.
#[test]
fn uninstalling_costs_the_same_however_many_sessions_there_are() {
    let gas = |sessions: u64| {
        let mut scene = Scene::new();
        for salt in 0..sessions {
            scene.game = GameSession::new(&scene.stage, &scene.alice, 100 + salt).unwrap();
            super::enable(&mut scene);
        }
        let data = module_call("onUninstall(bytes)", &(Bytes::new(),).abi_encode_params());
        let outcome = scene.send_module(scene.alice.address(), data);
        assert!(outcome.is_success());
        outcome.gas_used
    };
    assert_eq!(gas(0), gas(12));
}

/// The EntryPoint validates all operations of a bundle before it runs the first.
#[test]
fn operations_of_one_bundle_are_counted_one_after_the_other() {
    let mut scene = enabled_with(|_, session| session.max_calls = 2);
    let op = |scene: &Scene, lane: u8, calls: usize| {
        let call_data = scene.alice.execute_batch(&vec![scene.stage.a_move(1, 0); calls]);
        let draft = scene.game.using(calls).unwrap();
        let key =
            scene.alice.nonce_key(scene.stage.module) + alloy_primitives::aliases::U192::from(lane);
        let mut op = scene
            .stage
            .entry_point
            .user_op(&scene.stage.chain, scene.alice.address(), key, call_data)
            .unwrap();
        let hash = scene.stage.entry_point.user_op_hash(&scene.stage.chain, &op).unwrap();
        let digest = draft.digest(scene.stage.module, hash);
        op.signature = draft.sealed(&scene.game.delegate.sign(digest).unwrap());
        op
    };
    let (one, two) = (op(&scene, 1, 1), op(&scene, 2, 2));
    let mut clone = scene.clone();
    let outcome =
        clone.stage.entry_point.handle_ops(&mut clone.stage.chain, vec![one.clone(), two]).unwrap();
    let error = IEntryPoint::IEntryPointErrors::abi_decode(&outcome.output).unwrap();
    let IEntryPoint::IEntryPointErrors::FailedOpWithRevert(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.opIndex, alloy_primitives::U256::from(1));
    assert_eq!(session_client::error_name(&error.inner), Some("CallsOverLimit"));

    let other = op(&scene, 3, 1);
    let entry_point = scene.stage.entry_point;
    let outcome = entry_point.handle_ops(&mut scene.stage.chain, vec![one, other]).unwrap();
    assert!(outcome.is_success());
    assert_eq!(scene.state(), (1, 2));
}

/// A session that is revoked in a bundle before the delegate's operation still has it run: the
/// revocation is an execution, and all validation comes first.
#[test]
fn a_revocation_counts_from_the_next_bundle_on() {
    let mut scene = Scene::enabled();
    let data = module_call("revoke(bytes32)", scene.game.session.id().as_slice());
    assert_eq!(scene.owner_calls_module(data).verdict.summary(), "executed");
    let call = scene.stage.a_move(1, 0);

    assert_eq!(super::act(&mut scene, &[call]), "refused: AA23 SessionRevokedForEver");
}

#[test]
fn a_call_through_a_fallback_that_appends_its_sender_is_refused_for_every_function() {
    let scene = Scene::enabled();
    let packed = Bytes::from(scene.game.session.pack().unwrap());
    let stranger = Address::repeat_byte(0x57);
    for data in [
        module_call("enable(bytes)", &(packed,).abi_encode_params()),
        module_call("revoke(bytes32)", scene.game.session.id().as_slice()),
        module_call("revokeAll(bytes32)", &[1; 32]),
        module_call("onInstall(bytes)", &(Bytes::new(),).abi_encode_params()),
        module_call("onUninstall(bytes)", &(Bytes::new(),).abi_encode_params()),
    ] {
        let suffixed = [data.as_slice(), stranger.as_slice()].concat();
        let outcome = scene.call_module(scene.alice.address(), suffixed);
        assert_eq!(super::said(&outcome), "MalformedCall");
    }
}
