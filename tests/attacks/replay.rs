//! Cases 51 to 61: signatures where they were not meant.

use alloy_primitives::{Bytes, U256};
use smart_session_client::OperationDraft;
use smart_session_core::session::{Budget, Disclosure, Permission};
use testbed::SmartAccount;

use super::{altered, enabled_with, said, validate_with};
use crate::setup::Setup;

const NATIVE: alloy_primitives::Address = alloy_primitives::Address::repeat_byte(0xee);

#[test]
fn a_signature_for_another_deployment_of_the_module_enables_nothing() {
    let mut setup = Setup::new();
    let other = alloy_primitives::Address::repeat_byte(0x66);
    let digest = smart_session_client::session_digest(other, &setup.game.session);
    setup.game.owner_signature = setup.alice.owner_signature(digest).unwrap();

    assert_eq!(setup.enable_and_move().verdict.summary(), "refused: AA24");
}

#[test]
fn a_bundler_that_swaps_in_another_session_of_the_same_key_fails() {
    let narrow = Setup::enabled();
    let mut both = narrow.clone();
    both.game = testbed::GameSession::with(&both.bed, &both.alice, |session| {
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
    let setup = enabled_with(|_, session| {
        session.budgets = vec![Budget { token: NATIVE, amount: u128::MAX, period: 60 }];
        session.permissions = vec![session.permissions[0].clone(); 2];
        session.permissions[1].value_limit = U256::MAX;
    });
    let now = setup.bed.chain.timestamp();
    let draft = setup.game.using(1).unwrap().at_time(now);
    assert_eq!(altered(&setup, &draft, |_| {}), "executed");

    let index = |signature: &mut Vec<u8>| {
        let at = signature.len() - 65 - 6 - 1;
        signature[at] = 1;
    };
    assert_eq!(altered(&setup, &draft, index), "refused: AA24");
    let claim = |signature: &mut Vec<u8>| {
        let at = signature.len() - 65 - 1;
        signature[at] = signature[at].wrapping_add(1);
    };
    assert_eq!(altered(&setup, &draft, claim), "refused: AA24");
    let mode = |signature: &mut Vec<u8>| {
        signature[0] = 1;
        let at = signature.len() - 65;
        signature.splice(at..at, [0, 0]);
    };
    assert_eq!(altered(&setup, &draft, mode), "refused: AA24");
    let shown = Disclosure { permissions: Some(&[0]), ..Disclosure::WHOLE };
    let hidden = OperationDraft::draft_use(&setup.game.session, &shown, &[0]).unwrap().at_time(now);
    let sealed = hidden.sealed(&[]);
    let disclosure = |signature: &mut Vec<u8>| {
        let delegate_signature = signature.split_off(signature.len() - 65);
        *signature = [sealed.to_vec(), delegate_signature].concat();
    };
    assert_eq!(altered(&setup, &draft, disclosure), "refused: AA24");
}

#[test]
fn every_part_of_what_enables_is_under_a_signature() {
    let setup = Setup::new();
    let draft = setup.game.enabling(1).unwrap();
    let length = setup.move_op(&draft).signature.len();
    // Session and indices; the delegate's 65 bytes and the owner's 85 are signatures themselves.
    for at in 0..length - 65 - 85 {
        let got = altered(&setup, &draft, |signature| signature[at] ^= 1);
        assert!(got.starts_with("refused: "), "{at}: {got}");
    }
}

/// ERC-4337: what is wrong with a signature is an answer and not a revert.
#[test]
fn every_delegate_signature_of_the_right_length_is_answered() {
    let setup = Setup::enabled();
    let draft = setup.game.using(1).unwrap();
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
        let mut op = setup.move_op(&draft);
        op.signature = draft.sealed(&signature);
        assert_eq!(said(&setup.validate(op)), "signature failed", "{signature:?}");
    }
}

#[test]
fn the_hash_alone_is_not_what_a_delegate_signs() {
    let setup = Setup::enabled();
    let draft = setup.game.using(1).unwrap();
    let mut op = setup.move_op(&draft);
    let hash = setup.bed.entry_point.user_op_hash(&setup.bed.chain, &op).unwrap();
    let prefixed = alloy_primitives::eip191_hash_message(hash);
    for digest in [hash, prefixed] {
        op.signature = draft.sealed(&setup.game.delegate.sign(digest).unwrap());
        assert_eq!(said(&setup.validate(op.clone())), "signature failed");
    }
}

#[test]
fn an_operation_is_bound_to_its_hash_and_so_to_its_entry_point() {
    let setup = Setup::enabled();
    let draft = setup.game.using(1).unwrap();
    let mut hash = None;
    let outcome = validate_with(&setup, &draft, |op| {
        hash = Some(setup.bed.entry_point.user_op_hash(&setup.bed.chain, op).unwrap());
    });
    assert_eq!(said(&outcome), "valid");
    // Another EntryPoint, chain or nonce gives another hash for the same operation.
    let op = setup.move_op(&draft);
    let call = testbed::abi::IValidator::validateUserOpCall {
        userOp: op,
        userOpHash: alloy_primitives::keccak256(hash.unwrap()),
    };
    let outcome =
        setup.call_module(setup.alice.address(), alloy_sol_types::SolCall::abi_encode(&call));
    assert_eq!(said(&outcome), "signature failed");
}

/// A wrapped signature (ERC-6492) would call a factory first: the module calls nobody but the
/// account, and that by a staticcall.
#[test]
fn a_wrapped_owner_signature_deploys_nothing() {
    let mut setup = Setup::new();
    let magic = [0x64, 0x92].repeat(16);
    let wrapped = [setup.game.owner_signature.to_vec(), magic].concat();
    setup.game.owner_signature = Bytes::from(wrapped);
    let op = setup.enable_and_move();

    assert_eq!(op.verdict.summary(), "refused: AA24");
    let (module, account) = (setup.bed.module, setup.alice.address());
    let called = op.outcome.frames.iter().filter(|frame| frame.from == module);
    for frame in called {
        let is_precompile = frame.to.as_slice().starts_with(&[0; 18]);
        assert!(frame.to == account || is_precompile, "{frame:?}");
    }
}

#[test]
fn two_sessions_of_one_key_count_apart() {
    let mut setup = enabled_with(|_, session| session.max_calls = 1);
    let call = setup.bed.a_move(1, 0);
    assert_eq!(super::act(&mut setup, std::slice::from_ref(&call)), "executed");
    assert_eq!(super::act(&mut setup, std::slice::from_ref(&call)), "refused: AA23 CallsOverLimit");
    let first = setup.game.clone();
    // The ids differ, if only by the salt.
    setup.game = testbed::GameSession::with(&setup.bed, &setup.alice, |session| {
        *session = first.session.clone();
        session.salt += 1;
    })
    .unwrap();
    super::enable(&mut setup);
    assert_eq!(super::act(&mut setup, std::slice::from_ref(&call)), "executed");
    assert_eq!(super::act(&mut setup, std::slice::from_ref(&call)), "refused: AA23 CallsOverLimit");
    setup.game = first;
    assert_eq!(super::act(&mut setup, &[call]), "refused: AA23 CallsOverLimit");
}

#[test]
fn a_hidden_permission_is_bound_by_its_hash() {
    let mut setup = enabled_with(|_, session| {
        session
            .permissions
            .push(Permission { value_limit: U256::ZERO, ..session.permissions[0].clone() });
    });
    let honest = setup.game.session.clone();
    // Another session, of which the second permission is swapped for a wider one and hidden.
    setup.game.session.permissions[1].value_limit = U256::MAX;
    let shown = Disclosure { permissions: Some(&[0]), ..Disclosure::WHOLE };
    let draft = OperationDraft::draft_use(&setup.game.session, &shown, &[0]).unwrap();
    let call = setup.bed.a_move(1, 0);
    let got = super::act_drafted(&mut setup, &draft, std::slice::from_ref(&call));
    assert_eq!(got, "refused: AA23 SessionNotEnabled");

    let draft = OperationDraft::draft_use(&honest, &shown, &[0]).unwrap();
    assert_eq!(super::act_drafted(&mut setup, &draft, &[call]), "executed");
}
