//! Cases 8, 54, 77, 78 and 85: what a delegate gets signed through the account's ERC-1271.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolStruct, eip712_domain, sol};
use session_model::signed::SessionSignature;
use smart_session_core::session::{ArgumentRule, Disclosure, Session, SigningScope};
use smart_session_core::window::Timestamp;
use stylus_devchain::Transaction;
use testbed::SmartAccount;
use testbed::abi::IValidator;

use super::enabled_with;
use crate::setup::Setup;

sol! {
    struct Order { address maker; uint256 amount; }
    struct Permit { address maker; uint256 amount; }
    function isValidSignature(bytes32 hash, bytes signature) returns (bytes4);
}

/// The app that asks.
const APP: Address = Address::repeat_byte(0xa9);

fn domain() -> B256 {
    eip712_domain! { name: "App", version: "7", chain_id: 1, verifying_contract: APP, }.separator()
}

fn order(amount: u64) -> Order {
    Order { maker: Address::repeat_byte(0x11), amount: U256::from(amount) }
}

/// A session that may sign orders of at most 100.
fn setup() -> Setup {
    enabled_with(|_, session| may_sign_orders(session))
}

fn may_sign_orders(session: &mut Session) {
    let most = ArgumentRule { index: 1, min: U256::ZERO, max: U256::from(100) };
    session.signing = vec![
        SigningScope { domain_separator: B256::ZERO, type_hash: B256::ZERO, rules: vec![] },
        SigningScope {
            domain_separator: domain(),
            type_hash: keccak256(Order::eip712_encode_type().as_bytes()),
            rules: vec![most],
        },
    ];
}

/// What the app shows the account: EIP-712, by another implementation.
fn app_hash(domain: B256, data: &impl SolStruct) -> B256 {
    keccak256([&[0x19, 0x01], &domain[..], &data.eip712_hash_struct()[..]].concat())
}

/// A message as the delegate writes it out.
#[derive(Clone)]
struct Letter {
    hash: B256,
    disclosure: Disclosure<'static>,
    scope: u8,
    words: Vec<u8>,
}

impl Letter {
    fn of(amount: u64) -> Self {
        let order = order(amount);
        Self {
            hash: app_hash(domain(), &order),
            disclosure: Disclosure::WHOLE,
            scope: 1,
            words: order.eip712_encode_data(),
        }
    }

    /// Everything before the delegate's signature.
    fn disclosed(&self, session: &Session) -> Vec<u8> {
        let mut bytes = vec![2];
        bytes.extend(session.pack_disclosing(&self.disclosure).unwrap());
        bytes.push(self.scope);
        bytes.push(u8::try_from(self.words.len() / 32).unwrap());
        bytes.extend(&self.words);
        bytes
    }

    fn sealed(&self, setup: &Setup) -> Vec<u8> {
        let session = &setup.game.session;
        let disclosed = self.disclosed(session);
        let signed = SessionSignature {
            hash: self.hash,
            sessionId: session.id(),
            disclosure: keccak256(&disclosed),
        };
        let module = eip712_domain! {
            name: "Smart Session", version: "1", verifying_contract: setup.bed.module,
        };
        let digest = signed.eip712_signing_hash(&module);
        [disclosed, setup.game.delegate.sign(digest).unwrap().to_vec()].concat()
    }
}

/// Has Alice's account ask the module. Nothing that is wrong with a signature is a revert.
fn is_valid(setup: &Setup, sender: Address, hash: B256, signature: Vec<u8>) -> bool {
    let call =
        IValidator::isValidSignatureWithSenderCall { sender, hash, signature: signature.into() };
    let outcome = setup.call_module(setup.alice.address(), call.abi_encode());
    assert!(outcome.is_success(), "{:?}", outcome.output);
    assert_eq!(outcome.output.len(), 32);
    assert_eq!(outcome.output[4..], [0; 28]);
    match &outcome.output[..4] {
        [0x16, 0x26, 0xba, 0x7e] => true,
        [0xff, 0xff, 0xff, 0xff] => false,
        other => panic!("{other:?}"),
    }
}

fn ask(setup: &Setup, letter: &Letter) -> bool {
    is_valid(setup, APP, letter.hash, letter.sealed(setup))
}

#[test]
fn a_session_signs_what_its_scope_says_and_the_account_answers_so() {
    let setup = setup();
    assert!(ask(&setup, &Letter::of(100)));

    // As an app asks the account: OpenZeppelin's wants the validator in front.
    let letter = Letter::of(7);
    let signature = [setup.bed.module.to_vec(), letter.sealed(&setup)].concat();
    let call = isValidSignatureCall { hash: letter.hash, signature: signature.into() };
    let question = Transaction::new(APP, setup.alice.address()).with_data(call.abi_encode());
    let outcome = setup.bed.chain.call(question.with_gas_limit(1_000_000)).unwrap();
    assert_eq!(outcome.output[..4], [0x16, 0x26, 0xba, 0x7e]);
}

#[test]
fn words_out_of_their_bounds_or_missing_are_not_signed() {
    let setup = setup();
    assert!(!ask(&setup, &Letter::of(101)));
    // One word alone, with a hash to match: the rule's word is missing.
    let mut letter = Letter::of(1);
    letter.words.truncate(32);
    let type_hash = keccak256(Order::eip712_encode_type().as_bytes());
    let contents = keccak256([&type_hash[..], &letter.words].concat());
    letter.hash = keccak256([&[0x19, 0x01], &domain()[..], &contents[..]].concat());
    assert!(!ask(&setup, &letter));
}

#[test]
fn another_type_or_domain_with_the_same_words_is_not_signed() {
    let setup = setup();
    let order = order(1);
    let permit = Permit { maker: order.maker, amount: order.amount };
    assert_eq!(permit.eip712_encode_data(), order.eip712_encode_data());
    for hash in [app_hash(domain(), &permit), app_hash(B256::repeat_byte(3), &order)] {
        assert!(!ask(&setup, &Letter { hash, ..Letter::of(1) }));
    }
}

#[test]
fn no_digest_is_signed_that_the_module_has_not_computed() {
    let setup = setup();
    let letter = Letter::of(1);
    let opaque = B256::repeat_byte(0x77);
    // A bare digest, a personal message, another operation's hash, the probe of ERC-7739.
    let personal = alloy_primitives::eip191_hash_message(letter.hash);
    for hash in
        [opaque, personal, order(1).eip712_hash_struct(), B256::from(U256::from(0x7739) << 240)]
    {
        assert!(!ask(&setup, &Letter { hash, ..letter.clone() }));
        assert!(!is_valid(&setup, APP, hash, vec![]), "{hash}");
    }
    let probe: B256 =
        "0x7739773977397739773977397739773977397739773977397739773977397739".parse().unwrap();
    assert!(!is_valid(&setup, APP, probe, vec![]));
}

#[test]
fn a_session_never_signs_a_session() {
    let module = |setup: &Setup| {
        eip712_domain! {
            name: "Smart Session", version: "1", verifying_contract: setup.bed.module,
        }
    };
    let end = smart_session_core::abi::SessionOperation {
        userOpHash: B256::ZERO,
        sessionId: B256::ZERO,
        disclosure: B256::ZERO,
    };
    let setup = enabled_with(|setup, session| {
        may_sign_orders(session);
        session.signing[1] = SigningScope {
            domain_separator: module(setup).separator(),
            type_hash: end.eip712_type_hash(),
            rules: vec![],
        };
    });
    let letter = Letter {
        hash: end.eip712_signing_hash(&module(&setup)),
        words: end.eip712_encode_data(),
        ..Letter::of(1)
    };
    assert!(!ask(&setup, &letter));
}

#[test]
fn neither_the_module_nor_the_account_is_answered() {
    let setup = setup();
    let letter = Letter::of(1);
    for sender in [setup.bed.module, setup.alice.address()] {
        assert!(!is_valid(&setup, sender, letter.hash, letter.sealed(&setup)), "{sender}");
    }
    assert!(is_valid(&setup, setup.bob.address(), letter.hash, letter.sealed(&setup)));
}

#[test]
fn the_window_holds_for_signatures_too() {
    let setup = setup();
    let window = setup.game.session.window;
    let [start, end] = [window.valid_after(), window.valid_until()].map(Timestamp::seconds);
    for (now, expected) in [(start - 1, false), (start, true), (end, true), (end + 1, false)] {
        let mut setup = setup.clone();
        setup.bed.chain.set_timestamp(now);
        assert_eq!(ask(&setup, &Letter::of(1)), expected, "{now}");
    }
}

#[test]
fn a_session_that_is_not_in_force_signs_nothing() {
    let mut unknown = Setup::new();
    unknown.game =
        testbed::GameSession::with(&unknown.bed, &unknown.alice, may_sign_orders).unwrap();
    assert!(!ask(&unknown, &Letter::of(1)), "never enabled");

    let mut revoked = setup();
    let data = super::module_call("revoke(bytes32)", revoked.game.session.id().as_slice());
    revoked.owner_calls_module(data);
    assert!(!ask(&revoked, &Letter::of(1)), "revoked");

    let mut void = setup();
    void.owner_calls_module(super::module_call("revokeAll(bytes32)", &[1; 32]));
    assert!(!ask(&void, &Letter::of(1)), "of a former epoch");

    let mut gone = setup();
    let uninstall = gone.alice.uninstall_validator(gone.bed.module, Bytes::new());
    gone.bed.expect_executed("uninstalling", &gone.alice.clone(), uninstall).unwrap();
    assert!(!ask(&gone, &Letter::of(1)), "the module is not installed");
}

#[test]
fn a_signature_is_bound_to_session_scope_and_words() {
    let setup = setup();
    let letter = Letter::of(1);
    let sealed = letter.sealed(&setup);
    let delegate_signature = &sealed[sealed.len() - 65..];
    // Another disclosure of the same session, with the signature of the first.
    let hidden = Letter {
        disclosure: Disclosure { permissions: Some(&[]), ..Disclosure::WHOLE },
        ..letter.clone()
    };
    let swapped = [hidden.disclosed(&setup.game.session), delegate_signature.to_vec()].concat();
    assert!(!is_valid(&setup, APP, letter.hash, swapped));
    assert!(ask(&setup, &hidden), "signed anew it holds");
    // The other scope, and a scope that is not there.
    for scope in [0, 2, 255] {
        assert!(!ask(&setup, &Letter { scope, ..letter.clone() }), "{scope}");
    }
    let nothing = Disclosure { signing: Some(&[]), ..Disclosure::WHOLE };
    assert!(!ask(&setup, &Letter { disclosure: nothing, ..letter.clone() }), "hidden");
    let other = Disclosure { signing: Some(&[0]), ..Disclosure::WHOLE };
    assert!(!ask(&setup, &Letter { disclosure: other, ..letter }), "hidden by its hash");
}

#[test]
fn nothing_wrong_with_a_signature_is_a_revert() {
    let setup = setup();
    let letter = Letter::of(1);
    let sealed = letter.sealed(&setup);
    for length in 0..sealed.len() {
        assert!(!is_valid(&setup, APP, letter.hash, sealed[..length].to_vec()), "{length}");
    }
    for at in 0..sealed.len() {
        let mut bad = sealed.clone();
        bad[at] ^= 0x81;
        assert!(!is_valid(&setup, APP, letter.hash, bad), "{at}");
    }
    assert!(!is_valid(&setup, APP, letter.hash, [sealed.clone(), vec![0]].concat()));
    assert!(is_valid(&setup, APP, letter.hash, sealed));
}
