//! `isValidSignatureWithSender`: each part of a good answer altered in turn, and what it costs.

use alloy_primitives::{Address, B256, Bytes, FixedBytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolStruct};
use smart_session_client::domain;
use smart_session_core::abi::{ISmartSession, SessionSignature};
use smart_session_core::packed::DelegateKind;
use smart_session_core::session::{ArgumentRule, Disclosure, SigningScope};
use stylus_devchain::Outcome;
use testbed::GameSession;
use testbed::SmartAccount;
use testbed::abi::IValidator;

use crate::setup::Setup;

const VALID: FixedBytes<4> = FixedBytes([0x16, 0x26, 0xba, 0x7e]);
const NOT_VALID: FixedBytes<4> = FixedBytes([0xff; 4]);
const APP: Address = Address::repeat_byte(0xa9);
const DOMAIN: B256 = B256::repeat_byte(0xd0);
const TYPE: B256 = B256::repeat_byte(0x7e);

/// Three words: 7 (bounded by 5 and 9), anything, 40 (fixed).
fn words() -> Vec<[u8; 32]> {
    [7_u64, 123, 40].map(|number| U256::from(number).to_be_bytes()).to_vec()
}

fn rule(index: u8, min: u64, max: u64) -> ArgumentRule {
    ArgumentRule { index, min: U256::from(min), max: U256::from(max) }
}

fn scope(domain_separator: B256) -> SigningScope {
    SigningScope { domain_separator, type_hash: TYPE, rules: vec![rule(0, 5, 9), rule(2, 40, 40)] }
}

/// The digest that an app asks about.
fn app_hash(domain: B256, type_hash: B256, words: &[[u8; 32]]) -> B256 {
    let contents = keccak256([&type_hash[..], words.as_flattened()].concat());
    keccak256([&[0x19, 0x01], &domain[..], &contents[..]].concat())
}

/// Alice's session that may sign, enabled. Its second scope is for the module's own domain.
fn setup() -> Setup {
    let mut setup = Setup::new();
    let own = domain(setup.bed.module).hash_struct();
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        session.signing = vec![scope(DOMAIN), scope(own)];
    })
    .unwrap();
    enable(&mut setup);
    setup
}

fn enable(setup: &mut Setup) {
    let session = setup.game.session.pack().unwrap().into();
    let call = ISmartSession::enable_0Call { session }.abi_encode();
    assert!(setup.send_module(setup.alice.address(), call).is_success());
}

/// A question, with every part that can be altered.
#[derive(Clone)]
struct Question {
    account: Address,
    sender: Address,
    hash: B256,
    mode: u8,
    session: Vec<u8>,
    scope: u8,
    count: u8,
    words: Vec<u8>,
    /// What the delegate signed as hash, session id and disclosure, if not what is sent.
    signed: Option<SessionSignature>,
    after: Vec<u8>,
}

impl Question {
    fn good(setup: &Setup) -> Self {
        let words = words();
        Self {
            account: setup.alice.address(),
            sender: APP,
            hash: app_hash(DOMAIN, TYPE, &words),
            mode: 2,
            session: setup.game.session.pack().unwrap(),
            scope: 0,
            count: 3,
            words: words.concat(),
            signed: None,
            after: vec![],
        }
    }

    fn blob(&self) -> Vec<u8> {
        [&[self.mode][..], &self.session, &[self.scope, self.count], &self.words].concat()
    }

    fn signature(&self, setup: &Setup) -> Vec<u8> {
        let blob = self.blob();
        let signed = self.signed.clone().unwrap_or_else(|| SessionSignature {
            hash: self.hash,
            sessionId: setup.game.session.id(),
            disclosure: keccak256(&blob),
        });
        let digest = signed.eip712_signing_hash(&domain(setup.bed.module));
        [&blob[..], &setup.game.delegate.sign(digest).unwrap(), &self.after].concat()
    }

    fn ask(&self, setup: &Setup) -> FixedBytes<4> {
        answer(&self.outcome(setup, self.signature(setup)))
    }

    fn outcome(&self, setup: &Setup, signature: Vec<u8>) -> Outcome {
        let call = IValidator::isValidSignatureWithSenderCall {
            sender: self.sender,
            hash: self.hash,
            signature: signature.into(),
        };
        setup.call_module(self.account, call.abi_encode())
    }
}

fn answer(outcome: &Outcome) -> FixedBytes<4> {
    assert!(outcome.is_success(), "it never reverts: {}", outcome.output);
    IValidator::isValidSignatureWithSenderCall::abi_decode_returns_validate(&outcome.output)
        .unwrap()
}

#[test]
fn a_message_within_its_scope_is_valid_and_costs_what_its_budget_says() {
    let setup = setup();
    let question = Question::good(&setup);

    let outcome = question.outcome(&setup, question.signature(&setup));

    assert_eq!(answer(&outcome), VALID);
    let frame = outcome.frames[0].gas_used;
    assert!(frame <= 11_000, "{frame}");
    assert!(outcome.logs.is_empty());
}

#[test]
fn every_part_altered_in_turn_is_not_valid() {
    type Change = fn(&mut Question, &Setup);
    let changes: [(&str, Change); 18] = [
        ("hash", |it, _| it.hash[0] ^= 1),
        ("another struct's hash", |it, _| it.hash = app_hash(DOMAIN, B256::ZERO, &words())),
        ("another domain's hash", |it, _| it.hash = app_hash(B256::ZERO, TYPE, &words())),
        ("sender = account", |it, _| it.sender = it.account),
        ("sender = module", |it, setup| it.sender = setup.bed.module),
        ("account", |it, setup| it.account = setup.bob.address()),
        ("mode of a use", |it, _| it.mode = 0),
        ("mode of an enable", |it, _| it.mode = 1),
        ("scope 1: the module's own domain", |it, setup| {
            it.scope = 1;
            it.hash = app_hash(domain(setup.bed.module).hash_struct(), TYPE, &words());
        }),
        ("scope that is none", |it, _| it.scope = 2),
        ("a word less", |it, _| {
            it.count = 2;
            it.words.truncate(64);
            it.hash = app_hash(DOMAIN, TYPE, &words()[..2]);
        }),
        ("count without its word", |it, _| it.count = 4),
        ("no words", |it, _| {
            it.count = 0;
            it.words.clear();
            it.hash = app_hash(DOMAIN, TYPE, &[]);
        }),
        ("trailing byte", |it, _| it.after = vec![0]),
        ("a byte of the session", |it, _| *it.session.last_mut().unwrap() ^= 1),
        ("signed another hash", |it, setup| {
            it.signed = Some(signed(it, setup));
            it.signed.as_mut().unwrap().hash = B256::ZERO;
        }),
        ("signed another session", |it, setup| {
            it.signed = Some(signed(it, setup));
            it.signed.as_mut().unwrap().sessionId = B256::ZERO;
        }),
        ("signed another disclosure", |it, setup| {
            it.signed = Some(signed(it, setup));
            it.signed.as_mut().unwrap().disclosure = B256::ZERO;
        }),
    ];
    let setup = setup();
    for (name, change) in changes {
        let mut question = Question::good(&setup);
        assert_eq!(question.ask(&setup), VALID);
        change(&mut question, &setup);

        assert_eq!(question.ask(&setup), NOT_VALID, "{name}");
    }
}

fn signed(question: &Question, setup: &Setup) -> SessionSignature {
    SessionSignature {
        hash: question.hash,
        sessionId: setup.game.session.id(),
        disclosure: keccak256(question.blob()),
    }
}

#[test]
fn words_out_of_their_bounds_are_not_valid_though_the_hash_is_theirs() {
    let setup = setup();
    for (index, number, expected) in [
        (0, 4_u64, NOT_VALID),
        (0, 5, VALID),
        (0, 9, VALID),
        (0, 10, NOT_VALID),
        (1, u64::MAX, VALID),
        (2, 39, NOT_VALID),
        (2, 41, NOT_VALID),
    ] {
        let mut words = words();
        words[index] = U256::from(number).to_be_bytes();
        let question = Question {
            hash: app_hash(DOMAIN, TYPE, &words),
            words: words.concat(),
            ..Question::good(&setup)
        };
        assert_eq!(question.ask(&setup), expected, "word {index} = {number}");
    }
}

#[test]
fn no_truncated_or_flipped_signature_reverts_or_is_valid_for_another_hash() {
    let setup = setup();
    let question = Question::good(&setup);
    let good = question.signature(&setup);

    for len in 0..good.len() {
        let outcome = question.outcome(&setup, good[..len].to_vec());
        assert_eq!(answer(&outcome), NOT_VALID, "{len}");
    }
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert_eq!(answer(&question.outcome(&setup, bad)), NOT_VALID, "{at}");
    }
}

#[test]
fn status_epoch_chain_window_and_installation_are_looked_at() {
    let fresh = setup();
    let question = Question::good(&fresh);
    let account = fresh.alice.address();

    let mut revoked = fresh.clone();
    let session_id = revoked.game.session.id();
    let call = ISmartSession::revoke_0Call { sessionId: session_id }.abi_encode();
    assert!(revoked.send_module(account, call).is_success());
    assert_eq!(question.ask(&revoked), NOT_VALID, "revoked");

    let mut moved = fresh.clone();
    let call = ISmartSession::revokeAll_0Call { salt: B256::repeat_byte(1) }.abi_encode();
    assert!(moved.send_module(account, call).is_success());
    assert_eq!(question.ask(&moved), NOT_VALID, "another epoch");

    let mut uninstalled = fresh.clone();
    let call = IValidator::onUninstallCall { data: Bytes::new() }.abi_encode();
    assert!(uninstalled.send_module(account, call).is_success());
    assert_eq!(question.ask(&uninstalled), NOT_VALID, "uninstalled");

    let mut timed = fresh.clone();
    let until = timed.game.session.window.valid_until().seconds();
    timed.bed.chain.warp(until - timed.bed.chain.timestamp() - 1);
    assert_eq!(question.ask(&timed), VALID, "the last second");
    timed.bed.chain.warp(2);
    assert_eq!(question.ask(&timed), NOT_VALID, "expired");

    let mut never = Setup::new();
    never.game = fresh.game.clone();
    assert_eq!(question.ask(&never), NOT_VALID, "never enabled");

    let mut early = Setup::new();
    let now = early.bed.chain.timestamp();
    early.game = GameSession::with(&early.bed, &early.alice, |session| {
        session.window = testbed::game::window(now + 100, now + 200).unwrap();
        session.signing = vec![scope(DOMAIN)];
    })
    .unwrap();
    enable(&mut early);
    let question = Question::good(&early);
    assert_eq!(question.ask(&early), NOT_VALID, "not yet");
    early.bed.chain.warp(101);
    assert_eq!(question.ask(&early), VALID);
}

#[test]
fn only_what_the_signature_shows_counts() {
    let setup = setup();
    let session = &setup.game.session;
    let show = |signing: Option<&[u8]>| {
        let disclosure = Disclosure { permissions: Some(&[]), signing, ..Disclosure::WHOLE };
        session.pack_disclosing(&disclosure).unwrap()
    };
    let good = Question::good(&setup);

    let shown = Question { session: show(Some(&[0])), ..good.clone() };
    assert_eq!(shown.ask(&setup), VALID, "everything else may be hidden");
    for hidden in [show(Some(&[])), show(Some(&[1]))] {
        let question = Question { session: hidden, ..good.clone() };
        assert_eq!(question.ask(&setup), NOT_VALID);
    }
    let nowhere = Disclosure { chain_id: Some(U256::from(1)), ..Disclosure::WHOLE };
    let question = Question { session: session.pack_disclosing(&nowhere).unwrap(), ..good };
    assert_eq!(question.ask(&setup), NOT_VALID, "this chain is hidden");
}

#[test]
fn a_session_for_another_chain_signs_nothing_here() {
    let mut setup = Setup::new();
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        session.signing = vec![scope(DOMAIN)];
    })
    .unwrap();
    enable(&mut setup);
    setup.game.session.chains[0].chain_id += U256::from(1);

    assert_eq!(Question::good(&setup).ask(&setup), NOT_VALID);
}

#[test]
fn another_kind_or_key_is_not_valid() {
    let mut setup = setup();
    let question = Question::good(&setup);
    setup.game.delegate = testbed::test_bed::key("mallory").unwrap();
    assert_eq!(question.ask(&setup), NOT_VALID, "another key");

    setup.game.session.delegate_kind = DelegateKind::P256;
    assert_eq!(Question::good(&setup).ask(&setup), NOT_VALID, "another kind");
}

#[test]
fn the_probe_of_erc_7739_gets_no_answer() {
    let setup = setup();
    let probe = Question { hash: B256::repeat_byte(0x77), ..Question::good(&setup) };

    assert_eq!(answer(&probe.outcome(&setup, vec![])), NOT_VALID);
}

#[test]
fn a_scope_for_kernels_own_wrapper_signs_nothing() {
    let wrapper = keccak256("Kernel(bytes32 hash)");
    let mut setup = Setup::new();
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        let scope = SigningScope { domain_separator: DOMAIN, type_hash: wrapper, rules: vec![] };
        session.signing = vec![scope];
    })
    .unwrap();
    enable(&mut setup);
    let anything = vec![[0x5a; 32]];
    let question = Question {
        hash: app_hash(DOMAIN, wrapper, &anything),
        count: 1,
        words: anything.concat(),
        ..Question::good(&setup)
    };

    assert_eq!(question.ask(&setup), NOT_VALID);
}

#[test]
fn an_erc_1271_question_is_answered_with_no() {
    let setup = Setup::enabled();
    let call = IValidator::isValidSignatureWithSenderCall {
        sender: Address::repeat_byte(0xca),
        hash: B256::repeat_byte(1),
        signature: Bytes::from(vec![2; 65]),
    };

    let outcome = setup.call_module(setup.alice.address(), call.abi_encode());

    assert!(outcome.is_success());
    assert_eq!(outcome.output[..4], [0xff; 4]);
}
