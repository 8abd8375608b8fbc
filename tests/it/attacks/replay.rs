//! Cases 51 to 61: signatures where they were not meant.

use alloy_primitives::{Bytes, U256};
use harness::SmartAccount;
use session_client::OperationDraft;
use session_core::session::{Budget, Disclosure, Permission};

use super::{altered, enabled_with, said, validate_with};
use crate::scene::Scene;

const NATIVE: alloy_primitives::Address = alloy_primitives::Address::repeat_byte(0xee);

#[test]
fn a_signature_for_another_deployment_of_the_module_enables_nothing() {
    let mut scene = Scene::new();
    let other = alloy_primitives::Address::repeat_byte(0x66);
    let digest = session_client::session_digest(other, &scene.game.session);
    scene.game.owner_signature = scene.alice.owner_signature(digest).unwrap();

    assert_eq!(scene.enable_and_move().verdict.summary(), "refused: AA24");
}

#[test]
fn a_bundler_that_swaps_in_another_session_of_the_same_key_fails() {
    let narrow = Scene::enabled();
    let mut both = narrow.clone();
    both.game = harness::GameSession::with(&both.stage, &both.alice, |session| {
        session.salt = 2;
        session.permissions[0].value_limit = U256::MAX;
    })
    .unwrap();
    super::enable(&mut both);
    let (narrow, wide) = (narrow.game.using(1).unwrap(), both.game.using(1).unwrap());

    assert_eq!(altered(&both, &wide, |_| {}), "executed");
    // The delegate signed for the narrow session; the field is that of the wide one.
    let sealed = wide.sealed(&[]);
    let got = altered(&both, &narrow, |signature| {
        let delegate_signature = signature.split_off(signature.len() - 65);
        *signature = [sealed.to_vec(), delegate_signature].concat();
    });
    assert_eq!(got, "refused: AA24");
}

#[test]
fn a_bundler_that_changes_index_claim_mode_or_disclosure_fails() {
    let scene = enabled_with(|_, session| {
        session.budgets = vec![Budget { token: NATIVE, amount: u128::MAX, period: 60 }];
        session.permissions = vec![session.permissions[0].clone(); 2];
        session.permissions[1].value_limit = U256::MAX;
    });
    let now = scene.stage.chain.timestamp();
    let draft = scene.game.using(1).unwrap().at_time(now);
    assert_eq!(altered(&scene, &draft, |_| {}), "executed");

    let index = |signature: &mut Vec<u8>| {
        let at = signature.len() - 65 - 6 - 1;
        signature[at] = 1;
    };
    assert_eq!(altered(&scene, &draft, index), "refused: AA24");
    let claim = |signature: &mut Vec<u8>| {
        let at = signature.len() - 65 - 1;
        signature[at] = signature[at].wrapping_add(1);
    };
    assert_eq!(altered(&scene, &draft, claim), "refused: AA24");
    let mode = |signature: &mut Vec<u8>| {
        signature[0] = 1;
        let at = signature.len() - 65;
        signature.splice(at..at, [0, 0]);
    };
    assert_eq!(altered(&scene, &draft, mode), "refused: AA24");
    let shown = Disclosure { permissions: Some(&[0]), ..Disclosure::WHOLE };
    let hidden = OperationDraft::draft_use(&scene.game.session, &shown, &[0]).unwrap().at_time(now);
    let sealed = hidden.sealed(&[]);
    let disclosure = |signature: &mut Vec<u8>| {
        let delegate_signature = signature.split_off(signature.len() - 65);
        *signature = [sealed.to_vec(), delegate_signature].concat();
    };
    assert_eq!(altered(&scene, &draft, disclosure), "refused: AA24");
}

#[test]
fn every_part_of_what_enables_is_under_a_signature() {
    let scene = Scene::new();
    let draft = scene.game.enabling(1).unwrap();
    let length = scene.move_op(&draft).signature.len();
    // Session and indices; the delegate's 65 bytes and the owner's 85 are signatures themselves.
    for at in 0..length - 65 - 85 {
        let got = altered(&scene, &draft, |signature| signature[at] ^= 1);
        assert!(got.starts_with("refused: "), "{at}: {got}");
    }
}

/// ERC-4337: what is wrong with a signature is an answer and not a revert.
#[test]
fn every_delegate_signature_of_the_right_length_is_answered() {
    let scene = Scene::enabled();
    let draft = scene.game.using(1).unwrap();
    let [zeros, ones] = [[0; 65], [0xff; 65]];
    let mut signatures = vec![zeros, ones];
    for v in [0, 1, 26, 27, 28, 29, 255] {
        let mut signature = [7; 65];
        signature[64] = v;
        signatures.push(signature);
        let mut r_is_zero = zeros;
        r_is_zero[63] = 1;
        r_is_zero[64] = v;
        signatures.push(r_is_zero);
    }
    for signature in signatures {
        let mut op = scene.move_op(&draft);
        op.signature = draft.sealed(&signature);
        assert_eq!(said(&scene.validate(op)), "signature failed", "{signature:?}");
    }
}

#[test]
fn the_hash_alone_is_not_what_a_delegate_signs() {
    let scene = Scene::enabled();
    let draft = scene.game.using(1).unwrap();
    let mut op = scene.move_op(&draft);
    let hash = scene.stage.entry_point.user_op_hash(&scene.stage.chain, &op).unwrap();
    let prefixed = alloy_primitives::eip191_hash_message(hash);
    for digest in [hash, prefixed] {
        op.signature = draft.sealed(&scene.game.delegate.sign(digest).unwrap());
        assert_eq!(said(&scene.validate(op.clone())), "signature failed");
    }
}

#[test]
fn an_operation_is_bound_to_its_hash_and_so_to_its_entry_point() {
    let scene = Scene::enabled();
    let draft = scene.game.using(1).unwrap();
    let mut hash = None;
    let outcome = validate_with(&scene, &draft, |op| {
        hash = Some(scene.stage.entry_point.user_op_hash(&scene.stage.chain, op).unwrap());
    });
    assert_eq!(said(&outcome), "valid");
    // Another EntryPoint, chain or nonce gives another hash for the same operation.
    let op = scene.move_op(&draft);
    let call = harness::abi::IValidator::validateUserOpCall {
        userOp: op,
        userOpHash: alloy_primitives::keccak256(hash.unwrap()),
    };
    let outcome =
        scene.call_module(scene.alice.address(), alloy_sol_types::SolCall::abi_encode(&call));
    assert_eq!(said(&outcome), "signature failed");
}

/// A wrapped signature (ERC-6492) would call a factory first: the module calls nobody but the
/// account, and that by a staticcall.
#[test]
fn a_wrapped_owner_signature_deploys_nothing() {
    let mut scene = Scene::new();
    let magic = [0x64, 0x92].repeat(16);
    let wrapped = [scene.game.owner_signature.to_vec(), magic].concat();
    scene.game.owner_signature = Bytes::from(wrapped);
    let op = scene.enable_and_move();

    assert_eq!(op.verdict.summary(), "refused: AA24");
    let (module, account) = (scene.stage.module, scene.alice.address());
    let called = op.outcome.frames.iter().filter(|frame| frame.from == module);
    for frame in called {
        let is_precompile = frame.to.as_slice().starts_with(&[0; 18]);
        assert!(frame.to == account || is_precompile, "{frame:?}");
    }
}

#[test]
fn two_sessions_of_one_key_count_apart() {
    let mut scene = enabled_with(|_, session| session.max_calls = 1);
    let call = scene.stage.a_move(1, 0);
    assert_eq!(super::act(&mut scene, std::slice::from_ref(&call)), "executed");
    assert_eq!(super::act(&mut scene, std::slice::from_ref(&call)), "refused: AA23 CallsOverLimit");
    let first = scene.game.clone();
    // The ids differ, if only by the salt.
    scene.game = harness::GameSession::with(&scene.stage, &scene.alice, |session| {
        *session = first.session.clone();
        session.salt += 1;
    })
    .unwrap();
    super::enable(&mut scene);
    assert_eq!(super::act(&mut scene, std::slice::from_ref(&call)), "executed");
    assert_eq!(super::act(&mut scene, std::slice::from_ref(&call)), "refused: AA23 CallsOverLimit");
    scene.game = first;
    assert_eq!(super::act(&mut scene, &[call]), "refused: AA23 CallsOverLimit");
}

#[test]
fn a_hidden_permission_is_bound_by_its_hash() {
    let mut scene = enabled_with(|_, session| {
        session
            .permissions
            .push(Permission { value_limit: U256::ZERO, ..session.permissions[0].clone() });
    });
    let honest = scene.game.session.clone();
    // Another session, of which the second permission is swapped for a wider one and hidden.
    scene.game.session.permissions[1].value_limit = U256::MAX;
    let shown = Disclosure { permissions: Some(&[0]), ..Disclosure::WHOLE };
    let draft = OperationDraft::draft_use(&scene.game.session, &shown, &[0]).unwrap();
    let call = scene.stage.a_move(1, 0);
    let got = super::act_drafted(&mut scene, &draft, std::slice::from_ref(&call));
    assert_eq!(got, "refused: AA23 SessionNotEnabled");

    let draft = OperationDraft::draft_use(&honest, &shown, &[0]).unwrap();
    assert_eq!(super::act_drafted(&mut scene, &draft, &[call]), "executed");
}
