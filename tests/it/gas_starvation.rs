//! Too little gas: it is told as such, or breaks the call off, and never looks like a signature
//! that does not hold. Whoever estimates or bundles chooses the gas.

use std::collections::BTreeMap;

use alloy_primitives::{Address, Bytes};
use alloy_sol_types::{SolCall, SolStruct};
use devchain::{Status, Transaction};
use harness::abi::{IValidator, PackedUserOperation};
use harness::{GameSession, SmartAccount};
use session_client::{OperationDraft, domain, error_name};
use session_core::abi::{ISmartSession, RevokeSession};
use session_core::packed::DelegateKind;

use crate::keys::{Key, sign};
use crate::scene::Scene;

/// How calls of the module ended, and how often.
type Tally = BTreeMap<&'static str, u32>;

/// Calls the module as Alice's account with every gas limit from 40,000 below the least that
/// suffices, in steps.
fn starve(scene: &Scene, from: Address, data: &Bytes) -> Tally {
    let call = |gas: u64| {
        let call = Transaction::new(from, scene.stage.module).with_data(data.clone());
        scene.stage.chain.call(call.with_gas_limit(gas)).unwrap()
    };
    let said = |gas: u64| {
        let outcome = call(gas);
        match outcome.status {
            Status::Success if outcome.output.last().is_some_and(|byte| *byte == 1) => {
                "signature failed"
            }
            Status::Success => "valid",
            Status::Revert => error_name(&outcome.output).unwrap_or("no error of the module"),
            Status::Halt(_) => "out of gas",
        }
    };
    let (mut too_little, mut enough) = (call(5_000_000).intrinsic_gas, 5_000_000);
    while enough - too_little > 1 {
        let middle = too_little.midpoint(enough);
        if said(middle) == "valid" { enough = middle } else { too_little = middle }
    }
    let least = enough.saturating_sub(40_000).max(call(5_000_000).intrinsic_gas);
    let mut tally = Tally::new();
    for gas in (least..enough + 500).step_by(97) {
        *tally.entry(said(gas)).or_default() += 1;
    }
    tally
}

fn validation(scene: &Scene, op: PackedUserOperation) -> Bytes {
    let hash = scene.stage.entry_point.user_op_hash(&scene.stage.chain, &op).unwrap();
    IValidator::validateUserOpCall { userOp: op, userOpHash: hash }.abi_encode().into()
}

/// Returns a scene with a session of a kind of key in force.
fn enabled(kind: DelegateKind, key: &Key) -> Scene {
    let mut scene = Scene::new();
    scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
        if kind != DelegateKind::Secp256k1 {
            session.delegate_kind = kind;
            session.delegate = key.address();
        }
    })
    .unwrap();
    let session = scene.game.session.pack().unwrap().into();
    let enable = ISmartSession::enable_0Call { session }.abi_encode();
    assert!(scene.send_module(scene.alice.address(), enable).is_success());
    scene
}

/// Returns an operation of one move, signed by the delegate of a kind.
fn signed(
    scene: &Scene,
    draft: &OperationDraft,
    kind: DelegateKind,
    key: &Key,
) -> PackedUserOperation {
    if kind == DelegateKind::Secp256k1 {
        return scene.move_op(draft);
    }
    crate::keys::op(scene, draft, |digest| sign(kind, key, digest))
}

const KINDS: [DelegateKind; 3] =
    [DelegateKind::Secp256k1, DelegateKind::P256, DelegateKind::WebAuthn];

#[test]
fn a_delegates_signature_that_cannot_be_checked_for_want_of_gas_is_told() {
    let key = Key::new("device");
    for kind in KINDS {
        let scene = enabled(kind, &key);
        let op = signed(&scene, &scene.game.using(1).unwrap(), kind, &key);

        let tally = starve(&scene, scene.alice.address(), &validation(&scene, op));

        let ends: Vec<&str> = tally.keys().copied().collect();
        assert_eq!(ends, ["SignatureCheckFailed", "out of gas", "valid"], "{kind:?}: {tally:?}");
    }
}

#[test]
fn an_owners_signature_that_cannot_be_checked_for_want_of_gas_is_told() {
    let scene = Scene::new();
    let op = scene.move_op(&scene.game.enabling(1).unwrap());

    let tally = starve(&scene, scene.alice.address(), &validation(&scene, op));

    assert!(tally.contains_key("OwnerCheckFailed"), "{tally:?}");
    assert!(!tally.contains_key("signature failed"), "{tally:?}");
}

#[test]
fn a_delegate_that_gives_its_session_up_with_too_little_gas_is_told_so() {
    let key = Key::new("device");
    let scene = enabled(DelegateKind::P256, &key);
    let (account, session_id) = (scene.alice.address(), scene.game.session.id());
    let revocation = RevokeSession { account, sessionId: session_id };
    let digest = revocation.eip712_signing_hash(&domain(scene.stage.module));
    let revoke = ISmartSession::revoke_1Call {
        account,
        session: scene.game.session.pack().unwrap().into(),
        signature: sign(DelegateKind::P256, &key, digest).into(),
    };

    let tally = starve(&scene, Address::repeat_byte(9), &revoke.abi_encode().into());

    assert!(tally.contains_key("SignatureCheckFailed"), "{tally:?}");
    assert!(!tally.contains_key("NotDelegate"), "{tally:?}");
}

/// The EntryPoint gives validation what the operation's signed limit says, no more.
#[test]
fn an_operation_with_too_low_a_limit_is_never_told_to_be_badly_signed() {
    let scene = Scene::enabled();
    let draft = scene.game.using(1).unwrap();
    let mut ends = Tally::new();
    for limit in (20_000_u128..60_000).step_by(397) {
        let op = scene.op_with_verification_gas(&draft, limit);
        let stage = &scene.stage;
        let outcome = stage.entry_point.try_op(&stage.chain, stage.module, op).unwrap();
        let summary = outcome.verdict.summary();
        assert_ne!(summary, "refused: AA24", "{limit}");
        let end = match summary.as_str() {
            "executed" => "executed",
            summary if summary.starts_with("refused: AA23") => "AA23",
            summary if summary.starts_with("refused: AA26") => "AA26",
            other => panic!("{limit}: {other}"),
        };
        *ends.entry(end).or_default() += 1;
    }
    assert!(ends.contains_key("executed") && ends.contains_key("AA23"), "{ends:?}");
}
