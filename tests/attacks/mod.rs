//! The attack cases of docs/security.md, on the compiled module with OpenZeppelin's account.

mod accounting;
mod composition;
mod decoding;
mod direct_path;
mod enabling;
mod escalation;
mod lifecycle;
mod platform;
pub(crate) mod reentry;
mod replay;
mod signing;

use alloy_primitives::{Bytes, keccak256};
use alloy_sol_types::SolValue;
use smart_session_client::OperationDraft;
use smart_session_core::session::{Disclosure, Session};
use stylus_devchain::Outcome;
use testbed::abi::PackedUserOperation;
use testbed::{Call, GameSession, SmartAccount};

use crate::setup::Setup;

/// Returns a setup with a session that the owner signed, something changed before.
fn signed_with(change: impl FnOnce(&Setup, &mut Session)) -> Setup {
    let mut setup = Setup::new();
    setup.game =
        GameSession::with(&setup.bed, &setup.alice, |session| change(&setup, session)).unwrap();
    setup
}

/// Returns a setup with such a session in force.
fn enabled_with(change: impl FnOnce(&Setup, &mut Session)) -> Setup {
    let mut setup = signed_with(change);
    enable(&mut setup);
    setup
}

/// Has Alice's account enable the session of the setup by its own call.
fn enable(setup: &mut Setup) {
    let packed = Bytes::from(setup.game.session.pack().unwrap());
    let data = module_call("enable(bytes)", &(packed,).abi_encode_params());
    let op = setup.owner_calls_module(data);
    assert_eq!(op.verdict.summary(), "executed");
}

/// Returns calldata for a function of the module.
fn module_call(function: &str, arguments: &[u8]) -> Vec<u8> {
    [&keccak256(function)[..4], arguments].concat()
}

/// Has the delegate make calls, each under the permission with its index.
fn act_under(setup: &mut Setup, calls: &[(u8, Call)]) -> String {
    let (indices, calls): (Vec<u8>, Vec<Call>) = calls.iter().cloned().unzip();
    let draft =
        OperationDraft::draft_use(&setup.game.session, &Disclosure::WHOLE, &indices).unwrap();
    act_drafted(setup, &draft, &calls)
}

/// Has the delegate make calls under the first permission.
fn act(setup: &mut Setup, calls: &[Call]) -> String {
    let draft = setup.game.using(calls.len()).unwrap();
    act_drafted(setup, &draft, calls)
}

fn act_drafted(setup: &mut Setup, draft: &OperationDraft, calls: &[Call]) -> String {
    let call_data = match calls {
        [one] => setup.alice.execute(one),
        many => setup.alice.execute_batch(many),
    };
    setup.act(draft, call_data).verdict.summary()
}

/// Returns an operation of one move that is signed for other bytes than it then carries.
fn altered(setup: &Setup, draft: &OperationDraft, alter: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut op = setup.move_op(draft);
    let mut signature = op.signature.to_vec();
    alter(&mut signature);
    op.signature = signature.into();
    let mut setup = setup.clone();
    setup.bed.send(op).unwrap().verdict.summary()
}

/// Has Alice's account ask about an operation that is changed before it is hashed and signed.
fn validate_with(
    setup: &Setup,
    draft: &OperationDraft,
    change: impl FnOnce(&mut PackedUserOperation),
) -> Outcome {
    let mut op = setup.move_op(draft);
    change(&mut op);
    let hash = setup.bed.entry_point.user_op_hash(&setup.bed.chain, &op).unwrap();
    let digest = draft.digest(setup.bed.module, hash);
    op.signature = draft.sealed(&setup.game.delegate.sign(digest).unwrap());
    setup.validate(op)
}

/// Returns the name of the module's error, or whether the signature held.
fn said(outcome: &Outcome) -> &'static str {
    match (outcome.is_success(), outcome.output.last()) {
        (true, Some(0)) => "valid",
        (true, _) => "signature failed",
        (false, _) => {
            smart_session_client::error_name(&outcome.output).unwrap_or("no module error")
        }
    }
}
