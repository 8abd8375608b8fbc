//! What anybody may bring to the module: the owner's signature, or a delegate's.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolStruct};
use smart_session_client::domain;
use smart_session_core::abi::{
    ISmartSession, ISmartSession::ISmartSessionErrors as E, RevokeAllSessions, RevokeSession,
};
use testbed::SmartAccount;
use testbed::abi::IValidator;
use testbed::test_bed::key;

use crate::setup::{Setup, module_error, topics};

const ANYONE: Address = Address::repeat_byte(0x99);

fn enable(setup: &Setup, account: Address, signature: &Bytes) -> Vec<u8> {
    let session = setup.game.session.pack().unwrap().into();
    ISmartSession::enable_1Call { account, session, signature: signature.clone() }.abi_encode()
}

/// The owner's signature of a struct, by the account's own rules.
fn owners(setup: &Setup, data: &impl SolStruct) -> Bytes {
    let digest = data.eip712_signing_hash(&domain(setup.bed.module));
    setup.alice.owner_signature(digest).unwrap()
}

fn revocation(setup: &Setup) -> RevokeSession {
    RevokeSession { account: setup.alice.address(), sessionId: setup.game.session.id() }
}

fn revoke_for(setup: &Setup, signature: Bytes) -> Vec<u8> {
    let RevokeSession { account, sessionId } = revocation(setup);
    ISmartSession::revokeForCall { account, sessionId, signature }.abi_encode()
}

fn renounce(setup: &Setup, signature: impl Into<Bytes>) -> Vec<u8> {
    ISmartSession::revoke_1Call {
        account: setup.alice.address(),
        session: setup.game.session.pack().unwrap().into(),
        signature: signature.into(),
    }
    .abi_encode()
}

const SALT: B256 = B256::repeat_byte(0x5a);

fn revoke_all(setup: &Setup, epoch: u64, chain_id: u64) -> ISmartSession::revokeAll_1Call {
    let (account, salt) = (setup.alice.address(), SALT);
    let all = RevokeAllSessions { account, chainId: U256::from(chain_id), epoch, salt };
    ISmartSession::revokeAll_1Call { account, salt, signature: owners(setup, &all) }
}

#[test]
fn anyone_enables_with_the_owners_signature() {
    let mut setup = Setup::new();
    let account = setup.alice.address();

    let outcome = setup.send_module(ANYONE, enable(&setup, account, &setup.game.owner_signature));

    assert!(outcome.is_success(), "{:?}", outcome.output);
    assert_eq!(topics(&outcome, setup.bed.module).len(), 1, "the event");
    assert_eq!(setup.state(), (1, 0));
    assert_eq!(setup.a_move().verdict.summary(), "executed");

    // Once more changes nothing and says nothing, whatever the signature.
    let again = setup.send_module(ANYONE, enable(&setup, account, &Bytes::new()));
    assert!(again.is_success() && again.logs.is_empty());
}

#[test]
fn a_relayed_signature_must_be_the_owners_for_this_account_and_take_the_route() {
    let mut setup = Setup::new();
    let account = setup.alice.address();
    let good = setup.game.owner_signature.clone();

    let mut wrong = good.to_vec();
    wrong[30] ^= 1;
    let outcome = setup.send_module(ANYONE, enable(&setup, account, &wrong.into()));
    assert!(matches!(module_error(&outcome), E::NotOwnersSignature(_)));

    let mut off_route = good.to_vec();
    off_route[0] ^= 1;
    let outcome = setup.send_module(ANYONE, enable(&setup, account, &off_route.into()));
    assert!(matches!(module_error(&outcome), E::WrongRoute(_)));

    let other = setup.bob.address();
    let outcome = setup.send_module(ANYONE, enable(&setup, other, &good));
    assert!(matches!(module_error(&outcome), E::NotOwnersSignature(_)), "another account");
    assert_eq!(setup.state(), (0, 0));
}

#[test]
fn an_account_that_closed_its_route_takes_no_signature() {
    let mut setup = Setup::new();
    let account = setup.alice.address();
    for data in [vec![], vec![1, 0xff, 0]] {
        let call = if data.is_empty() {
            IValidator::onUninstallCall { data: data.into() }.abi_encode()
        } else {
            IValidator::onInstallCall { data: data.into() }.abi_encode()
        };
        assert!(setup.send_module(account, call).is_success());
    }
    let epoch = setup.ask(&ISmartSession::epochCall { account });
    setup.game = testbed::GameSession::with(&setup.bed, &setup.alice, |session| {
        session.chains[0].epoch = epoch;
    })
    .unwrap();

    let outcome = setup.send_module(ANYONE, enable(&setup, account, &setup.game.owner_signature));
    assert!(matches!(module_error(&outcome), E::RouteClosed(_)));
    assert_eq!(setup.enable_and_move().verdict.summary(), "refused: AA23 RouteClosed");

    let own = ISmartSession::enable_0Call { session: setup.game.session.pack().unwrap().into() };
    assert!(setup.send_module(account, own.abi_encode()).is_success(), "the account itself may");
    assert_eq!(setup.a_move().verdict.summary(), "executed");
}

#[test]
fn anyone_revokes_with_the_owners_signature() {
    let mut setup = Setup::enabled();
    let signature = owners(&setup, &revocation(&setup));

    let outcome = setup.send_module(ANYONE, revoke_for(&setup, signature));

    assert!(outcome.is_success(), "{:?}", outcome.output);
    assert_eq!(topics(&outcome, setup.bed.module).len(), 1, "the event");
    assert_eq!(setup.state().0, 2);
    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}

#[test]
fn a_session_is_revoked_before_it_was_ever_enabled() {
    let mut setup = Setup::new();
    let signature = owners(&setup, &revocation(&setup));

    assert!(setup.send_module(ANYONE, revoke_for(&setup, signature)).is_success());

    assert_eq!(setup.enable_and_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}

#[test]
fn a_relayed_revocation_needs_the_owner() {
    let mut setup = Setup::enabled();
    let mallory = key("mallory").unwrap();
    let digest = revocation(&setup).eip712_signing_hash(&domain(setup.bed.module));
    let forged = [&setup.alice.owner_route()[..], &mallory.sign(digest).unwrap()].concat();

    for signature in [forged.into(), Bytes::new(), setup.game.owner_signature.clone()] {
        let outcome = setup.send_module(ANYONE, revoke_for(&setup, signature));
        assert!(matches!(
            module_error(&outcome),
            E::NotOwnersSignature(_) | E::OwnerCheckFailed(_)
        ));
    }
    assert_eq!(setup.state().0, 1);
}

#[test]
fn a_delegate_ends_its_own_session_by_calling() {
    let mut setup = Setup::enabled();
    let delegate = setup.game.delegate.address();

    let outcome = setup.send_module(delegate, renounce(&setup, Bytes::new()));

    assert!(outcome.is_success(), "{:?}", outcome.output);
    let [event] = &topics(&outcome, setup.bed.module)[..] else { panic!("one event") };
    assert_eq!(event[3], delegate.into_word(), "the revoker");
    assert_eq!(setup.state().0, 2);
}

#[test]
fn anyone_ends_a_session_with_its_delegates_signature() {
    let mut setup = Setup::enabled();
    let digest = revocation(&setup).eip712_signing_hash(&domain(setup.bed.module));
    let signature = setup.game.delegate.sign(digest).unwrap();

    let outcome = setup.send_module(ANYONE, renounce(&setup, Bytes::copy_from_slice(&signature)));

    assert!(outcome.is_success(), "{:?}", outcome.output);
    assert_eq!(setup.state().0, 2);
}

#[test]
fn nobody_else_ends_a_session_in_the_delegates_name() {
    let mut setup = Setup::enabled();
    let digest = revocation(&setup).eip712_signing_hash(&domain(setup.bed.module));
    let forged = key("mallory").unwrap().sign(digest).unwrap();

    let outcome = setup.send_module(ANYONE, renounce(&setup, Bytes::copy_from_slice(&forged)));
    assert!(matches!(module_error(&outcome), E::NotDelegate(e) if e.got == ANYONE));
    let outcome = setup.send_module(ANYONE, renounce(&setup, Bytes::new()));
    assert!(matches!(module_error(&outcome), E::NotDelegate(e) if e.got == ANYONE));
    let outcome = setup.send_module(ANYONE, renounce(&setup, vec![0; 64]));
    assert!(matches!(module_error(&outcome), E::MalformedDelegateSignature(_)));
    assert_eq!(setup.state().0, 1);
}

#[test]
fn anyone_revokes_all_with_the_owners_signature_once() {
    let mut setup = Setup::enabled();
    let chain_id = setup.bed.chain.chain_id();
    let data = revoke_all(&setup, 0, chain_id).abi_encode();

    let outcome = setup.send_module(ANYONE, data.clone());

    assert!(outcome.is_success(), "{:?}", outcome.output);
    let epoch = setup.ask(&ISmartSession::epochCall { account: setup.alice.address() });
    assert_ne!(epoch, 0);
    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 WrongEpoch");

    let replayed = setup.send_module(ANYONE, data);
    assert!(matches!(module_error(&replayed), E::NotOwnersSignature(_)), "it names epoch 0");
}

#[test]
fn revoking_all_is_signed_for_one_chain() {
    let mut setup = Setup::enabled();
    let other_chain = setup.bed.chain.chain_id() + 1;

    let outcome = setup.send_module(ANYONE, revoke_all(&setup, 0, other_chain).abi_encode());

    assert!(matches!(module_error(&outcome), E::NotOwnersSignature(_)));
    assert_eq!(setup.a_move().verdict.summary(), "executed");
}

#[test]
fn a_relayer_chooses_no_salt() {
    let mut setup = Setup::enabled();
    let signed = revoke_all(&setup, 0, setup.bed.chain.chain_id());
    let chosen = ISmartSession::revokeAll_1Call { salt: B256::repeat_byte(0x5b), ..signed };

    let outcome = setup.send_module(ANYONE, chosen.abi_encode());

    assert!(matches!(module_error(&outcome), E::NotOwnersSignature(_)));
}

#[test]
fn relayed_calls_are_read_in_one_encoding() {
    let mut setup = Setup::new();
    let account = setup.alice.address();
    let good = enable(&setup, account, &setup.game.owner_signature);
    for extra in [1, 20, 32] {
        let longer = [&good[..], &vec![0; extra]].concat();
        let outcome = setup.send_module(ANYONE, longer);
        assert!(matches!(module_error(&outcome), E::MalformedCall(_)), "{extra}");
    }
    let outcome = setup.send_module(ANYONE, good[..good.len() - 1].to_vec());
    assert!(matches!(module_error(&outcome), E::MalformedCall(_)));
}
