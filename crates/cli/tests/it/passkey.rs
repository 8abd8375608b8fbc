//! A passkey, as a browser signs with it.

use alloy_primitives::{Address, B256, hex, keccak256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// A key that signs as WebAuthn has it.
pub(crate) struct Passkey {
    key: SigningKey,
}

impl Passkey {
    pub(crate) fn new(secret: B256) -> Self {
        Self { key: SigningKey::from_slice(secret.as_slice()).unwrap() }
    }

    fn point(&self) -> Vec<u8> {
        VerifyingKey::from(&self.key).to_encoded_point(false).as_bytes()[1..].to_vec()
    }

    /// What stands for it in a session.
    pub(crate) fn address(&self) -> Address {
        Address::from_word(keccak256(self.point()))
    }

    /// Signs a challenge, and returns what the module reads: authenticator data and client data,
    /// each behind its length, r ‖ s ‖ x ‖ y.
    pub(crate) fn sign(&self, challenge: B256) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(challenge);
        let client_data = format!(
            r#"{{"type":"webauthn.get","challenge":"{challenge}","origin":"https://game.example","crossOrigin":false}}"#
        );
        let authenticator_data =
            [&Sha256::digest("game.example")[..], &[0x05], &[0, 0, 0, 1]].concat();
        let message =
            [&authenticator_data[..], &Sha256::digest(client_data.as_bytes())[..]].concat();
        let signature: Signature = self.key.sign(&message);
        let signature = signature.normalize_s().unwrap_or(signature).to_bytes().to_vec();
        let blob =
            |bytes: &[u8]| [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
        let parts =
            [blob(&authenticator_data), blob(client_data.as_bytes()), signature, self.point()];
        hex::encode_prefixed(parts.concat())
    }
}
