//! A P-256 key in memory.

use alloy_primitives::{Address, B256, Bytes, keccak256};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use smart_session_core::packed::DelegateKind;

use crate::keys::delegate::Delegate;
use crate::keys::software_key::KeyError;
use crate::refusal::Refusal;

/// A P-256 key in memory, named by the last 20 bytes of `keccak256(x ‖ y)`.
#[derive(Clone)]
pub struct P256Key {
    key: SigningKey,
}

impl core::fmt::Debug for P256Key {
    /// Shows what stands for the key; the secret is never printed.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("P256Key").field(&self.address()).finish()
    }
}

impl P256Key {
    /// Takes a secret key.
    ///
    /// # Errors
    /// [`KeyError::OutOfRange`] if it is none.
    pub fn new(secret: B256) -> Result<Self, KeyError> {
        let key = SigningKey::from_slice(secret.as_slice()).map_err(|_| KeyError::OutOfRange)?;
        Ok(Self { key })
    }

    /// Returns x ‖ y.
    fn point(&self) -> Vec<u8> {
        let point = VerifyingKey::from(&self.key).to_encoded_point(false);
        point.as_bytes().get(1..).unwrap_or_default().to_vec()
    }
}

impl Delegate for P256Key {
    fn kind(&self) -> DelegateKind {
        DelegateKind::P256
    }

    fn address(&self) -> Address {
        Address::from_word(keccak256(self.point()))
    }

    /// r ‖ s ‖ x ‖ y with a low `s`, over the SHA-256 of the digest, as `WebCrypto` signs.
    async fn sign_digest(&self, digest: B256) -> Result<Bytes, Refusal> {
        let signature: Signature =
            self.key.try_sign(digest.as_slice()).map_err(|_| KeyError::Unsignable)?;
        let low = signature.normalize_s().unwrap_or(signature);
        Ok([low.to_bytes().to_vec(), self.point()].concat().into())
    }
}
