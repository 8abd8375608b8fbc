//! The delegate's signature, for each kind of key, and the precompiles that check it.

use alloy_primitives::{Address, B256, address, keccak256};
use alloy_sol_types::SolStruct;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use session_model::signed::SessionOperation;
use session_model::{Session, packed};
use sha2::{Digest, Sha256};
use smart_session::host::off_chain::Hostio;
use smart_session_core::abi::ISmartSession as Abi;

use super::{ACCOUNT, OWNER, digest, enabled, id, module, operate};
use crate::module::{Module, error, validate_user_op, whole};
use crate::refused::{operation, session};
use crate::world::ECRECOVER;

const SHA256: Address = address!("0000000000000000000000000000000000000002");
const P256_VERIFY: Address = address!("0000000000000000000000000000000000000100");

pub(super) struct Key(SigningKey);

impl Key {
    pub(super) fn new(name: &str) -> Self {
        Self(SigningKey::from_slice(keccak256(name).as_slice()).unwrap())
    }

    fn point(&self) -> Vec<u8> {
        VerifyingKey::from(&self.0).to_encoded_point(false).as_bytes()[1..].to_vec()
    }

    /// A session of this key.
    pub(super) fn session(&self, kind: u8) -> Session {
        let delegate = Address::from_slice(&keccak256(self.point())[12..]);
        Session { delegate, delegate_kind: kind, ..session() }
    }

    /// r ‖ s ‖ x ‖ y over the SHA-256 of a message, with a low `s`.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.0.sign(message);
        [signature.normalize_s().unwrap_or(signature).to_bytes().to_vec(), self.point()].concat()
    }

    /// A passkey's assertion with so many bytes of each blob.
    pub(super) fn assert(&self, digest: B256, data: usize, client: usize) -> Vec<u8> {
        let mut authenticator_data = vec![0; 37.max(data)];
        authenticator_data[32] = 1;
        let challenge = URL_SAFE_NO_PAD.encode(digest);
        let mut client_data = format!(r#"{{"type":"webauthn.get","challenge":"{challenge}"}}"#);
        let filling = client.saturating_sub(client_data.len());
        client_data.extend(std::iter::repeat_n(' ', filling));
        let signed = [&authenticator_data[..], &Sha256::digest(&client_data)].concat();
        let length = |len: usize| u16::try_from(len).unwrap().to_be_bytes();
        [
            &length(authenticator_data.len())[..],
            &authenticator_data,
            &length(client_data.len()),
            client_data.as_bytes(),
            &self.sign(&signed),
        ]
        .concat()
    }
}

/// What the delegate signs for the operation.
fn meant(session: &Session) -> B256 {
    let meant = SessionOperation {
        userOpHash: B256::ZERO,
        sessionId: session_model::eip712::session_id(session),
        disclosure: keccak256(packed::disclosed(session, &operation())),
    };
    digest(meant.eip712_hash_struct())
}

/// Has the account validate with that signature of the delegate's; returns the authorizer.
fn validated(module: &Module, session: &Session, delegate: &[u8]) -> Result<u8, String> {
    let signature = packed::signature(session, &operation(), &[], delegate);
    let call_data = packed::call_data(&operation().executions);
    let call = validate_user_op(ACCOUNT, &operation(), call_data, signature);
    module.chain.send(ACCOUNT, &call).map(|answer| answer[31]).map_err(|data| error(&data))
}

fn in_force(session: &Session) -> Module {
    let module = module(1);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(session) }).unwrap();
    module.chain.take_hostios();
    module
}

/// The precompiles that were asked, with their gas.
fn asked(module: &Module) -> Vec<(Address, u64)> {
    let hostios = module.chain.take_hostios().into_iter();
    hostios
        .filter_map(|hostio| match hostio {
            Hostio::StaticCall(to, gas) => Some((to, gas)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_p256_key_signs_the_digest() {
    let (key, other) = (Key::new("device"), Key::new("mallory"));
    let session = key.session(1);
    let module = in_force(&session);
    let digest = meant(&session);

    assert_eq!(validated(&module, &session, &key.sign(digest.as_slice())), Ok(0));
    assert_eq!(asked(&module), [(SHA256, 10_032), (P256_VERIFY, 30_000)]);
    assert_eq!(validated(&module, &session, &other.sign(digest.as_slice())), Ok(1), "another key");
    assert_eq!(validated(&module, &session, &key.sign(&[1; 32])), Ok(1), "another message");
    let mut swapped = other.sign(digest.as_slice());
    swapped[64..].copy_from_slice(&key.point());
    assert_eq!(validated(&module, &session, &swapped), Ok(1), "the point of another");
    assert_eq!(validated(&module, &session, &[0; 128]), Ok(1));
    let malformed = Err("MalformedDelegateSignature".into());
    assert_eq!(validated(&module, &session, &[0; 127]), malformed);
}

#[test]
fn a_passkey_signs_a_challenge_of_the_digest_whatever_its_length() {
    let key = Key::new("device");
    let session = key.session(2);
    let module = in_force(&session);
    let digest = meant(&session);
    let longest = usize::from(u16::MAX);
    for (data, client) in [(37, 0), (37, 30_000), (40_000, 0), (longest, longest)] {
        let assertion = key.assert(digest, data, client);
        asked(&module);
        assert_eq!(validated(&module, &session, &assertion), Ok(0), "{data} {client}");
        // SHA-256 takes 60 gas and 12 for each word; it is given one for each byte.
        let gas = |bytes: usize| 10_000 + u64::try_from(bytes).unwrap();
        let expected =
            [(SHA256, gas(client.max(81))), (SHA256, gas(data + 32)), (P256_VERIFY, 30_000)];
        assert_eq!(asked(&module), expected, "{data} {client}");
    }
    let other = key.assert(B256::repeat_byte(1), 37, 0);
    assert_eq!(validated(&module, &session, &other), Ok(1), "another challenge");
}

#[test]
fn a_dummy_signature_asks_what_a_real_one_does() {
    let key = Key::new("device");
    for (kind, dummy) in [(1, vec![0; 128]), (2, [&[0, 0, 0, 0][..], &[0; 128]].concat())] {
        let session = key.session(kind);
        let module = in_force(&session);
        let real = if kind == 1 {
            key.sign(meant(&session).as_slice())
        } else {
            key.assert(meant(&session), 37, 0)
        };
        let asks = |signature: &[u8]| {
            validated(&module, &session, signature).unwrap();
            asked(&module).into_iter().map(|(to, _)| to).collect::<Vec<_>>()
        };
        assert_eq!(asks(&dummy), asks(&real), "{kind}");
    }
    let module = enabled(1);
    module.chain.take_hostios();
    let call = operate(&session(), &operation(), OWNER, OWNER);
    module.chain.send(ACCOUNT, &call).unwrap();
    assert_eq!(asked(&module), [(ECRECOVER, 10_000)]);
    assert_eq!(validated(&module, &session(), &[0; 65]), Ok(1));
    assert_eq!(asked(&module), [(ECRECOVER, 10_000)]);
}

#[test]
fn a_precompile_that_fails_is_no_bad_signature() {
    let key = Key::new("device");
    for (kind, failing) in [(0, ECRECOVER), (1, SHA256), (1, P256_VERIFY), (2, SHA256)] {
        let session = if kind == 0 { session() } else { key.session(kind) };
        let mut module = in_force(&session);
        module.chain.world.failing.push(failing);
        let signature = match kind {
            0 => vec![0; 65],
            1 => vec![0; 128],
            _ => key.assert(meant(&session), 37, 0),
        };
        let refused = validated(&module, &session, &signature);
        assert_eq!(refused, Err("SignatureCheckFailed".into()), "{kind} {failing}");
    }
}

/// The session is under the signature, not only the hash of the operation.
#[test]
fn a_signature_names_its_session() {
    let module = enabled(1);
    let other = Session { salt: 9, ..session() };
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&other) }).unwrap();
    let signature = crate::world::sign(session().delegate, meant(&session()));
    assert_ne!(session_model::eip712::session_id(&other), id());

    assert_eq!(validated(&module, &session(), &signature), Ok(0));
    assert_eq!(validated(&module, &other, &signature), Ok(1), "the same key's other session");
}
