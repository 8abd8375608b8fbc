//! The attack cases of docs/security.md, on the compiled module with OpenZeppelin's account.

mod accounting;
mod composition;
mod decoding;
mod enabling;
mod escalation;
mod lifecycle;
mod platform;
pub(crate) mod reentry;
mod replay;
mod signing;

use alloy_primitives::{Bytes, keccak256};
use alloy_sol_types::SolValue;
use devchain::Outcome;
use harness::abi::PackedUserOperation;
use harness::{Call, GameSession, SmartAccount};
use session_client::OperationDraft;
use session_core::session::{Disclosure, Session};

use crate::scene::Scene;

/// Returns a scene with a session that the owner signed, something changed before.
fn signed_with(change: impl FnOnce(&Scene, &mut Session)) -> Scene {
    let mut scene = Scene::new();
    scene.game =
        GameSession::with(&scene.stage, &scene.alice, |session| change(&scene, session)).unwrap();
    scene
}

/// Returns a scene with such a session in force.
fn enabled_with(change: impl FnOnce(&Scene, &mut Session)) -> Scene {
    let mut scene = signed_with(change);
    enable(&mut scene);
    scene
}

/// Has Alice's account enable the session of the scene by its own call.
fn enable(scene: &mut Scene) {
    let packed = Bytes::from(scene.game.session.pack().unwrap());
    let data = module_call("enable(bytes)", &(packed,).abi_encode_params());
    let op = scene.owner_calls_module(data);
    assert_eq!(op.verdict.summary(), "executed");
}

/// Returns calldata for a function of the module.
fn module_call(function: &str, arguments: &[u8]) -> Vec<u8> {
    [&keccak256(function)[..4], arguments].concat()
}

/// Has the delegate make calls, each under the permission with its index.
fn act_under(scene: &mut Scene, calls: &[(u8, Call)]) -> String {
    let (indices, calls): (Vec<u8>, Vec<Call>) = calls.iter().cloned().unzip();
    let draft =
        OperationDraft::draft_use(&scene.game.session, &Disclosure::WHOLE, &indices).unwrap();
    act_drafted(scene, &draft, &calls)
}

/// Has the delegate make calls under the first permission.
fn act(scene: &mut Scene, calls: &[Call]) -> String {
    let draft = scene.game.using(calls.len()).unwrap();
    act_drafted(scene, &draft, calls)
}

fn act_drafted(scene: &mut Scene, draft: &OperationDraft, calls: &[Call]) -> String {
    let call_data = match calls {
        [one] => scene.alice.execute(one),
        many => scene.alice.execute_batch(many),
    };
    scene.act(draft, call_data).verdict.summary()
}

/// Returns an operation of one move that is signed for other bytes than it then carries.
fn altered(scene: &Scene, draft: &OperationDraft, alter: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut op = scene.move_op(draft);
    let mut signature = op.signature.to_vec();
    alter(&mut signature);
    op.signature = signature.into();
    let mut scene = scene.clone();
    scene.stage.send(op).unwrap().verdict.summary()
}

/// Has Alice's account ask about an operation that is changed before it is hashed and signed.
fn validate_with(
    scene: &Scene,
    draft: &OperationDraft,
    change: impl FnOnce(&mut PackedUserOperation),
) -> Outcome {
    let mut op = scene.move_op(draft);
    change(&mut op);
    let hash = scene.stage.entry_point.user_op_hash(&scene.stage.chain, &op).unwrap();
    let digest = draft.digest(scene.stage.module, hash);
    op.signature = draft.sealed(&scene.game.delegate.sign(digest).unwrap());
    scene.validate(op)
}

/// Returns the name of the module's error, or whether the signature held.
fn said(outcome: &Outcome) -> &'static str {
    match (outcome.is_success(), outcome.output.last()) {
        (true, Some(0)) => "valid",
        (true, _) => "signature failed",
        (false, _) => session_client::error_name(&outcome.output).unwrap_or("no module error"),
    }
}
