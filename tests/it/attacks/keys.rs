//! Case 56: delegates with P-256 keys and passkeys, and every known way around them.

use alloy_primitives::{Address, B256, keccak256};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use session_client::OperationDraft;
use session_core::packed::DelegateKind;
use sha2::{Digest, Sha256};

use super::{enabled_with, said};
use crate::scene::Scene;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

/// Returns x ‖ y.
fn point(key: &SigningKey) -> Vec<u8> {
    VerifyingKey::from(key).to_sec1_point(false).as_bytes()[1..].to_vec()
}

/// Returns r ‖ s, with a low s, over the SHA-256 of a message.
fn sign(key: &SigningKey, message: &[u8]) -> Vec<u8> {
    let signature: Signature = key.sign(message);
    signature.normalize_s().to_bytes().to_vec()
}

fn scene(kind: DelegateKind) -> Scene {
    enabled_with(|_, session| {
        session.delegate_kind = kind;
        session.delegate = Address::from_word(keccak256(point(&key(1))));
    })
}

/// Has the module asked about a move that is signed in some way.
fn ask(scene: &Scene, sign: impl FnOnce(B256) -> Vec<u8>) -> &'static str {
    let draft: OperationDraft = scene.game.using(1).unwrap();
    let mut op = scene.move_op(&draft);
    let hash = scene.stage.entry_point.user_op_hash(&scene.stage.chain, &op).unwrap();
    op.signature = draft.sealed(&sign(draft.digest(scene.stage.module, hash)));
    said(&scene.validate(op))
}

/// The other of the two signatures: n − s. Its sum with s is the order of the curve.
fn with_other_s(signature: &[u8]) -> Vec<u8> {
    let order = alloy_primitives::uint!(
        0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551_U256
    );
    let s = alloy_primitives::U256::from_be_slice(&signature[32..64]);
    [&signature[..32], &(order - s).to_be_bytes::<32>()].concat()
}

#[test]
fn a_p256_key_acts_and_no_other_point_s_or_hash_does() {
    let scene = scene(DelegateKind::P256);
    let [alice, mallory] = [key(1), key(2)];
    let full = |signature: Vec<u8>, key: &SigningKey| [signature, point(key)].concat();

    let good = |digest: B256| full(sign(&alice, digest.as_slice()), &alice);
    assert_eq!(ask(&scene, good), "valid");
    let high = |digest: B256| full(with_other_s(&sign(&alice, digest.as_slice())), &alice);
    assert_eq!(ask(&scene, high), "signature failed", "a high s");
    let hers = |digest: B256| full(sign(&mallory, digest.as_slice()), &mallory);
    assert_eq!(ask(&scene, hers), "signature failed", "her point and signature");
    let mixed = |digest: B256| full(sign(&mallory, digest.as_slice()), &alice);
    assert_eq!(ask(&scene, mixed), "signature failed", "her signature, the delegate's point");
    let bare = |digest: B256| {
        use p256::ecdsa::signature::hazmat::PrehashSigner;
        let signature: Signature = alice.sign_prehash(digest.as_slice()).unwrap();
        full(signature.normalize_s().to_bytes().to_vec(), &alice)
    };
    assert_eq!(ask(&scene, bare), "signature failed", "over the digest and not its SHA-256");
    assert_eq!(ask(&scene, |_| vec![0; 128]), "signature failed", "zeros");
    assert_eq!(ask(&scene, |_| vec![0xff; 128]), "signature failed");
    for length in [0, 64, 65, 127, 129] {
        assert_eq!(ask(&scene, |_| vec![0; length]), "MalformedDelegateSignature", "{length}");
    }
}

/// 43 characters of base64url, by hand.
fn base64url(bytes: B256) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let six = |bits: &[u8]| {
        let padded = bits.iter().chain([0; 6].iter()).take(6);
        padded.fold(0_usize, |sum, bit| sum << 1 | usize::from(*bit))
    };
    bits.chunks(6).map(|bits| char::from(alphabet[six(bits)])).collect()
}

/// What is wrong with an answer.
type Change<'a> = &'a dyn Fn(&mut Passkey);

/// What a passkey answers.
struct Passkey {
    authenticator_data: Vec<u8>,
    client_data: String,
}

impl Passkey {
    fn answers(digest: B256) -> Self {
        let challenge = base64url(digest);
        let mut authenticator_data = vec![0x49; 37];
        authenticator_data[32] = 0x01;
        Self {
            authenticator_data,
            client_data: format!(
                r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"https://a.example"}}"#
            ),
        }
    }

    fn sealed(&self, key: &SigningKey) -> Vec<u8> {
        let client_hash = Sha256::digest(self.client_data.as_bytes());
        let signature = sign(key, &[&self.authenticator_data[..], &client_hash].concat());
        self.with(signature, key)
    }

    fn with(&self, signature: Vec<u8>, key: &SigningKey) -> Vec<u8> {
        let blob = |bytes: &[u8]| {
            let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
            [&length[..], bytes].concat()
        };
        let client_data = blob(self.client_data.as_bytes());
        [blob(&self.authenticator_data), client_data, signature, point(key)].concat()
    }
}

#[test]
fn a_passkey_acts_with_its_challenge_type_and_presence_and_not_without() {
    let scene = scene(DelegateKind::WebAuthn);
    let passkey = key(1);
    let changed = |change: &dyn Fn(&mut Passkey)| {
        ask(&scene, |digest| {
            let mut answer = Passkey::answers(digest);
            change(&mut answer);
            answer.sealed(&passkey)
        })
    };
    assert_eq!(changed(&|_| {}), "valid");
    let other_flags = |answer: &mut Passkey| answer.authenticator_data[32] = 0x1d;
    assert_eq!(changed(&other_flags), "valid", "more flags than presence");
    let longer = |answer: &mut Passkey| answer.authenticator_data.extend([7; 20]);
    assert_eq!(changed(&longer), "valid", "extensions");

    let failing: [(&str, Change<'_>); 8] = [
        ("nobody was present", &|answer| answer.authenticator_data[32] = 0xfe),
        ("authenticator data cut off", &|answer| answer.authenticator_data.truncate(36)),
        ("another type", &|answer| {
            answer.client_data = answer.client_data.replace("webauthn.get", "webauthn.new");
        }),
        ("a type that only begins so", &|answer| {
            answer.client_data = answer.client_data.replace("webauthn.get", "webauthn.get2");
        }),
        ("the challenge elsewhere", &|answer| {
            let challenge = answer.client_data.clone();
            answer.client_data = challenge.replace(r#"{"type""#, r#"{"x":"y","type""#);
        }),
        ("a challenge with something behind it", &|answer| {
            answer.client_data = answer.client_data.replace(r#"","origin"#, r#"A","origin"#);
        }),
        ("a challenge with padding", &|answer| {
            answer.client_data = answer.client_data.replace(r#"","origin"#, r#"=","origin"#);
        }),
        ("no client data", &|answer| answer.client_data.clear()),
    ];
    for (what, change) in failing {
        assert_eq!(changed(change), "signature failed", "{what}");
    }
}

#[test]
fn a_passkey_signs_one_operation_and_with_one_of_two_signatures() {
    let scene = scene(DelegateKind::WebAuthn);
    let [alice, mallory] = [key(1), key(2)];
    let another = |digest: B256| Passkey::answers(keccak256(digest)).sealed(&alice);
    assert_eq!(ask(&scene, another), "signature failed", "another challenge");
    let high = |digest: B256| {
        let answer = Passkey::answers(digest);
        let sealed = answer.sealed(&alice);
        let r_s = &sealed[sealed.len() - 128..sealed.len() - 64];
        answer.with(with_other_s(r_s), &alice)
    };
    assert_eq!(ask(&scene, high), "signature failed", "a high s");
    let hers = |digest: B256| Passkey::answers(digest).sealed(&mallory);
    assert_eq!(ask(&scene, hers), "signature failed", "another passkey");
    let dummy = |_| [&[0, 37][..], &[0; 37], &[0, 134], &[0; 134], &[0; 128]].concat();
    assert_eq!(ask(&scene, dummy), "signature failed", "a dummy of the usual lengths");
    for cut in [1, 64, 128] {
        let got = ask(&scene, |digest| {
            let sealed = Passkey::answers(digest).sealed(&alice);
            sealed[..sealed.len() - cut].to_vec()
        });
        assert_eq!(got, "MalformedDelegateSignature", "{cut}");
    }
}

/// A key of one kind is no key of another, though its name is the same.
#[test]
fn the_kind_of_key_is_the_sessions_and_not_the_signatures() {
    let alice = key(1);
    let p256 = |digest: B256| [sign(&alice, digest.as_slice()), point(&alice)].concat();
    assert_eq!(ask(&scene(DelegateKind::P256), p256), "valid");
    assert_eq!(ask(&scene(DelegateKind::Secp256k1), p256), "MalformedDelegateSignature");
    assert_eq!(ask(&scene(DelegateKind::WebAuthn), p256), "MalformedDelegateSignature");
}
