//! Delegates with P-256 keys and passkeys: what holds, and each trick that does not.

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{SolCall, SolStruct};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use smart_session_client::{OperationDraft, domain};
use smart_session_core::abi::{ISmartSession, RevokeSession};
use smart_session_core::packed::DelegateKind;
use testbed::abi::PackedUserOperation;
use testbed::{GameSession, SmartAccount};

use crate::setup::Setup;

/// The order of P-256, less `s`: the mirror image of a signature.
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/// A key on P-256, as a browser or an authenticator has it.
pub(crate) struct Key(SigningKey);

impl Key {
    pub(crate) fn new(name: &str) -> Self {
        Self(SigningKey::from_slice(keccak256(name).as_slice()).unwrap())
    }

    fn point(&self) -> Vec<u8> {
        VerifyingKey::from(&self.0).to_encoded_point(false).as_bytes()[1..].to_vec()
    }

    pub(crate) fn address(&self) -> Address {
        Address::from_slice(&keccak256(self.point())[12..])
    }

    /// r ‖ s ‖ x ‖ y over the SHA-256 of a message, with a low `s`.
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.0.sign(message);
        [signature.normalize_s().unwrap_or(signature).to_bytes().to_vec(), self.point()].concat()
    }
}

/// What an authenticator answers, each part to be tampered with.
#[derive(Clone)]
struct Assertion {
    authenticator_data: Vec<u8>,
    client_data: String,
}

impl Assertion {
    fn of(digest: B256) -> Self {
        let mut authenticator_data = Sha256::digest("game.example").to_vec();
        // User present; a counter of 7.
        authenticator_data.extend([0x01, 0, 0, 0, 7]);
        let challenge = base64url(&digest.0);
        let client_data = format!(
            r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"https://game.example"}}"#
        );
        Self { authenticator_data, client_data }
    }

    /// Packs it with the signature of a key over exactly this data.
    fn sealed(&self, key: &Key) -> Vec<u8> {
        let message = [&self.authenticator_data[..], &Sha256::digest(&self.client_data)].concat();
        let length = |len: usize| u16::try_from(len).unwrap().to_be_bytes();
        [
            &length(self.authenticator_data.len())[..],
            &self.authenticator_data,
            &length(self.client_data.len()),
            self.client_data.as_bytes(),
            &key.sign(&message),
        ]
        .concat()
    }
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn sign(kind: DelegateKind, key: &Key, digest: B256) -> Vec<u8> {
    match kind {
        DelegateKind::Secp256k1 => panic!("another kind"),
        DelegateKind::P256 => key.sign(digest.as_slice()),
        DelegateKind::WebAuthn => Assertion::of(digest).sealed(key),
    }
}

/// Alice's account and a session for a key of a kind.
fn setup(kind: DelegateKind, key: &Key) -> Setup {
    let mut setup = Setup::new();
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        session.delegate_kind = kind;
        session.delegate = key.address();
    })
    .unwrap();
    setup
}

/// An operation of one move, signed as `sign` wants.
pub(crate) fn op(
    setup: &Setup,
    draft: &OperationDraft,
    sign: impl FnOnce(B256) -> Vec<u8>,
) -> PackedUserOperation {
    let (bed, account) = (&setup.bed, &setup.alice);
    let call_data = account.execute(&bed.a_move(1, 10));
    let lane = account.nonce_key(bed.module);
    let mut op = bed.entry_point.user_op(&bed.chain, account.address(), lane, call_data).unwrap();
    let hash = bed.entry_point.user_op_hash(&bed.chain, &op).unwrap();
    op.signature = draft.sealed(&sign(draft.digest(bed.module, hash)));
    op
}

/// What the EntryPoint makes of a use with a signature.
fn verdict(setup: &Setup, sign: impl FnOnce(B256) -> Vec<u8>) -> String {
    let op = op(setup, &setup.game.using(1).unwrap(), sign);
    let bed = &setup.bed;
    bed.entry_point.try_op(&bed.chain, bed.module, op).unwrap().verdict.summary()
}

/// SHA-256 takes 60 gas and 12 for each word: more than 10,000 from 26 KB on.
#[test]
fn a_passkeys_signature_of_any_length_holds() {
    let key = Key::new("device");
    let setup = enabled(DelegateKind::WebAuthn, &key);
    let longest = usize::from(u16::MAX);
    for (data, client) in [(37, 30_000), (30_000, 200), (37, longest), (longest, longest)] {
        let verdict = verdict(&setup, |digest| {
            let mut assertion = Assertion::of(digest);
            assertion.authenticator_data.resize(data, 7);
            let filling = client - assertion.client_data.len();
            assertion.client_data.extend(std::iter::repeat_n(' ', filling));
            assertion.sealed(&key)
        });
        assert_eq!(verdict, "executed", "{data} {client}");
    }
}

const KINDS: [DelegateKind; 2] = [DelegateKind::P256, DelegateKind::WebAuthn];

#[test]
fn other_keys_enable_use_and_end_their_sessions() {
    for kind in KINDS {
        let key = Key::new("device");
        let mut setup = setup(kind, &key);

        let draft = setup.game.enabling(1).unwrap();
        let first = op(&setup, &draft, |digest| sign(kind, &key, digest));
        assert_eq!(setup.bed.send(first).unwrap().verdict.summary(), "executed", "{kind:?}");
        let draft = setup.game.using(1).unwrap();
        let second = op(&setup, &draft, |digest| sign(kind, &key, digest));
        assert_eq!(setup.bed.send(second).unwrap().verdict.summary(), "executed", "{kind:?}");
        assert_eq!(setup.state(), (1, 2));

        let (account, session_id) = (setup.alice.address(), setup.game.session.id());
        let digest = RevokeSession { account, sessionId: session_id }
            .eip712_signing_hash(&domain(setup.bed.module));
        let revoke = ISmartSession::revoke_1Call {
            account,
            session: setup.game.session.pack().unwrap().into(),
            signature: sign(kind, &key, digest).into(),
        };
        assert!(setup.send_module(Address::repeat_byte(9), revoke.abi_encode()).is_success());
        assert_eq!(setup.state().0, 2, "{kind:?}");
    }
}

/// A session of a kind, enabled by the account.
fn enabled(kind: DelegateKind, key: &Key) -> Setup {
    let mut setup = setup(kind, key);
    let session = setup.game.session.pack().unwrap().into();
    let enable = ISmartSession::enable_0Call { session }.abi_encode();
    assert!(setup.send_module(setup.alice.address(), enable).is_success());
    setup
}

#[test]
fn another_key_or_another_message_is_a_failed_signature() {
    let (key, other) = (Key::new("device"), Key::new("mallory"));
    for kind in KINDS {
        let setup = enabled(kind, &key);

        assert_eq!(verdict(&setup, |digest| sign(kind, &key, digest)), "executed");
        assert_eq!(verdict(&setup, |digest| sign(kind, &other, digest)), "refused: AA24");
        assert_eq!(verdict(&setup, |_| sign(kind, &key, B256::ZERO)), "refused: AA24");
        // The point of one key with the signature of the other.
        let swapped = |digest| {
            let mut signature = sign(kind, &other, digest);
            let at = signature.len() - 64;
            signature[at..].copy_from_slice(&key.point());
            signature
        };
        assert_eq!(verdict(&setup, swapped), "refused: AA24");
        let zero = |digest| vec![0; sign(kind, &key, digest).len()];
        let expected = if kind == DelegateKind::P256 {
            "refused: AA24"
        } else {
            // Both blobs of a zero length: another shape.
            "refused: AA23 MalformedDelegateSignature"
        };
        assert_eq!(verdict(&setup, zero), expected);
    }
}

#[test]
fn the_mirror_image_of_a_signature_is_refused() {
    let key = Key::new("device");
    let order = U256::from_str_radix(ORDER, 16).unwrap();
    for kind in KINDS {
        let setup = enabled(kind, &key);
        let mirrored = |digest| {
            let mut signature = sign(kind, &key, digest);
            let at = signature.len() - 96;
            let s = U256::from_be_slice(&signature[at..at + 32]);
            signature[at..at + 32].copy_from_slice(&(order - s).to_be_bytes::<32>());
            signature
        };
        assert_eq!(verdict(&setup, mirrored), "refused: AA24", "{kind:?}");
    }
}

#[test]
fn a_wrong_length_is_told() {
    let key = Key::new("device");
    for kind in KINDS {
        let setup = enabled(kind, &key);
        for change in [-1_i32, 1] {
            let resized = |digest| {
                let mut signature = sign(kind, &key, digest);
                let len = i32::try_from(signature.len()).unwrap() + change;
                signature.resize(usize::try_from(len).unwrap(), 0);
                signature
            };
            let expected = "refused: AA23 MalformedDelegateSignature";
            assert_eq!(verdict(&setup, resized), expected, "{kind:?} {change}");
        }
    }
}

#[test]
fn every_known_trick_with_a_passkeys_data_is_refused() {
    type Trick = fn(&mut Assertion, B256);
    let tricks: [(&str, Trick); 9] = [
        ("the user was absent", |it, _| it.authenticator_data[32] = 0),
        ("verified but absent", |it, _| it.authenticator_data[32] = 0x04),
        ("too short", |it, _| it.authenticator_data.truncate(36)),
        ("another type", |it, _| it.client_data = it.client_data.replace(".get", ".create")),
        ("type and challenge exchanged", |it, digest| {
            let challenge = base64url(&digest.0);
            it.client_data =
                format!(r#"{{"challenge":"{challenge}","type":"webauthn.get","origin":"x"}}"#);
        }),
        ("the challenge within the origin", |it, digest| {
            let challenge = base64url(&digest.0);
            it.client_data = format!(
                r#"{{"type":"webauthn.get","challenge":"{}","origin":"\"challenge\":\"{challenge}\""}}"#,
                base64url(&[0; 32])
            );
        }),
        ("a longer challenge", |it, digest| {
            let challenge = base64url(&digest.0);
            it.client_data = it.client_data.replace(&challenge, &format!("{challenge}A"));
        }),
        ("padding", |it, digest| {
            let challenge = base64url(&digest.0);
            it.client_data = it.client_data.replace(&challenge, &format!("{challenge}="));
        }),
        ("a space before the challenge", |it, _| {
            it.client_data = it.client_data.replace("\"challenge\":\"", "\"challenge\": \"");
        }),
    ];
    let key = Key::new("device");
    let setup = enabled(DelegateKind::WebAuthn, &key);
    for (name, trick) in tricks {
        let tricked = |digest| {
            let mut assertion = Assertion::of(digest);
            trick(&mut assertion, digest);
            assertion.sealed(&key)
        };
        assert_eq!(verdict(&setup, tricked), "refused: AA24", "{name}");
    }
    // What may differ: more flags, extensions, and whatever stands behind the challenge.
    let more = |digest| {
        let mut assertion = Assertion::of(digest);
        assertion.authenticator_data[32] = 0x85;
        assertion.authenticator_data.extend([0xa0; 30]);
        assertion.client_data =
            assertion.client_data.replace('}', r#","crossOrigin":false,"other":"{}"}"#);
        assertion.sealed(&key)
    };
    assert_eq!(verdict(&setup, more), "executed");
}

#[test]
fn a_signature_of_one_kind_is_none_of_another() {
    let key = Key::new("device");
    let setup = enabled(DelegateKind::P256, &key);
    let passkey = |digest| sign(DelegateKind::WebAuthn, &key, digest);
    assert_eq!(verdict(&setup, passkey), "refused: AA23 MalformedDelegateSignature");

    let setup = enabled(DelegateKind::WebAuthn, &key);
    let plain = |digest| sign(DelegateKind::P256, &key, digest);
    assert_eq!(verdict(&setup, plain), "refused: AA23 MalformedDelegateSignature");
}

#[test]
fn dummies_of_other_keys_cost_what_real_signatures_do() {
    let key = Key::new("device");
    for kind in KINDS {
        let setup = enabled(kind, &key);
        let draft = setup.game.using(1).unwrap();
        let real = op(&setup, &draft, |digest| sign(kind, &key, digest));
        let mut dummy = real.clone();
        dummy.signature = draft.dummy();

        let [real, dummy] = [real, dummy].map(|op| setup.validate(op).gas_used);

        // The real client data is as long as the dummy's at most, in this example.
        assert!(real <= dummy + 100, "{kind:?}: {real} {dummy}");
    }
}

#[test]
fn the_key_of_a_session_is_bound_to_its_kind() {
    // The same 20 bytes as another kind of key are another session.
    let key = Key::new("device");
    let mut setup = enabled(DelegateKind::P256, &key);
    setup.game.session.delegate_kind = DelegateKind::WebAuthn;
    let other = |digest| sign(DelegateKind::WebAuthn, &key, digest);

    assert_eq!(verdict(&setup, other), "refused: AA23 SessionNotEnabled");
}
