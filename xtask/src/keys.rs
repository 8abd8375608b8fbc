//! The delegates' keys, and their signatures as they travel.

use std::error::Error;

use alloy_primitives::{Address, B256, keccak256};
use p256::ecdsa::signature::Signer;
use sha2::{Digest, Sha256};
use smart_session_core::packed::DelegateKind;

/// The secret of every key here. Never use it for anything.
pub(crate) const SECRET: [u8; 32] = [7; 32];

/// The delegate's key of one kind.
#[derive(Clone, Copy)]
pub(crate) struct Key(pub(crate) DelegateKind);

impl Key {
    /// What stands for the key in a session.
    pub(crate) fn address(self) -> Result<Address, Box<dyn Error>> {
        let point = match self.0 {
            DelegateKind::Secp256k1 => {
                let key = k256::ecdsa::SigningKey::from_slice(&SECRET)?;
                k256::ecdsa::VerifyingKey::from(&key).to_encoded_point(false).as_bytes().to_vec()
            }
            DelegateKind::P256 | DelegateKind::WebAuthn => {
                let key = p256::ecdsa::SigningKey::from_slice(&SECRET)?;
                p256::ecdsa::VerifyingKey::from(&key).to_encoded_point(false).as_bytes().to_vec()
            }
        };
        let [_, x_y @ ..] = point.as_slice() else { return Err("a point has bytes".into()) };
        Ok(Address::from_word(keccak256(x_y)))
    }

    /// Signs a digest as this kind of key does.
    pub(crate) fn sign(self, digest: B256) -> Result<Vec<u8>, Box<dyn Error>> {
        match self.0 {
            DelegateKind::Secp256k1 => secp256k1(digest),
            DelegateKind::P256 => p256(digest.as_slice()),
            DelegateKind::WebAuthn => web_authn(digest),
        }
    }
}

/// r ‖ s ‖ v.
fn secp256k1(digest: B256) -> Result<Vec<u8>, Box<dyn Error>> {
    let key = k256::ecdsa::SigningKey::from_slice(&SECRET)?;
    let (signature, recovery) = key.sign_prehash_recoverable(digest.as_slice())?;
    let mut bytes = signature.to_bytes().to_vec();
    bytes.push(recovery.to_byte().saturating_add(27));
    Ok(bytes)
}

/// r ‖ s ‖ x ‖ y over the SHA-256 of a message.
fn p256(message: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let key = p256::ecdsa::SigningKey::from_slice(&SECRET)?;
    let signature: p256::ecdsa::Signature = key.sign(message);
    let mut bytes = signature.normalize_s().unwrap_or(signature).to_bytes().to_vec();
    let point = p256::ecdsa::VerifyingKey::from(&key).to_encoded_point(false);
    bytes.extend(point.as_bytes().iter().skip(1));
    Ok(bytes)
}

/// What a passkey answers that a browser of `game.example` asks for this digest.
fn web_authn(digest: B256) -> Result<Vec<u8>, Box<dyn Error>> {
    // The relying party, the flags UP and UV, a counter (WebAuthn 6.1).
    let mut authenticator_data = Sha256::digest(b"game.example").to_vec();
    authenticator_data.extend([5, 0, 0, 0, 9]);
    let client_data = format!(
        "{{\"type\":\"webauthn.get\",\"challenge\":\"{}\",\
         \"origin\":\"https://game.example\",\"crossOrigin\":false}}",
        base64url(digest.as_slice())
    );

    let mut signed = authenticator_data.clone();
    signed.extend(Sha256::digest(client_data.as_bytes()));
    let mut bytes = Vec::new();
    for blob in [authenticator_data.as_slice(), client_data.as_bytes()] {
        bytes.extend(u16::try_from(blob.len())?.to_be_bytes());
        bytes.extend(blob);
    }
    bytes.extend(p256(&signed)?);
    Ok(bytes)
}

/// RFC 4648, section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    bytes
        .chunks(3)
        .flat_map(|three| {
            let at = |index: usize| u32::from(three.get(index).copied().unwrap_or_default());
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            // One character more than there are bytes.
            [18, 12, 6, 0]
                .map(|shift| bits >> shift & 0x3f)
                .into_iter()
                .take(three.len().saturating_add(1))
        })
        .filter_map(|six| ALPHABET.get(usize::try_from(six).ok()?).copied().map(char::from))
        .collect()
}
