//! A secp256k1 key in memory.

use alloy_primitives::{Address, B256, keccak256};
use k256::ecdsa::{SigningKey, VerifyingKey};

use crate::refusal::{Refusal, RefusalCode};

/// A secp256k1 key in memory, named by its Ethereum address.
///
/// It signs digests as they are: EIP-712 has done its work before.
#[derive(Clone)]
pub struct SoftwareKey {
    key: SigningKey,
}

/// Why there is no such key, or no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The secret is zero, or not below the order of the curve.
    #[error("a secret key is a number from 1 to the order of its curve")]
    OutOfRange,
    /// The digest cannot be signed with this key.
    #[error("the digest cannot be signed")]
    Unsignable,
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        Self::new(RefusalCode::WrongKey, error.to_string(), "use another key")
    }
}

impl core::fmt::Debug for SoftwareKey {
    /// Shows the address; the secret is never printed.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("SoftwareKey").field(&self.address()).finish()
    }
}

impl SoftwareKey {
    /// Takes a secret key.
    ///
    /// # Errors
    /// [`KeyError::OutOfRange`] if it is none.
    pub fn new(secret: B256) -> Result<Self, KeyError> {
        let key = SigningKey::from_slice(secret.as_slice()).map_err(|_| KeyError::OutOfRange)?;
        Ok(Self { key })
    }

    /// Returns the address that stands for the key: the last 20 bytes of `keccak256(x ‖ y)`.
    pub fn address(&self) -> Address {
        let point = VerifyingKey::from(&self.key).to_encoded_point(false);
        let hash = keccak256(point.as_bytes().get(1..).unwrap_or_default());
        Address::from_word(hash)
    }

    /// Signs a digest as r ‖ s ‖ v, with a low `s` and `v` 27 or 28.
    ///
    /// # Errors
    /// [`KeyError::Unsignable`], which no digest is known to cause.
    pub fn sign(&self, digest: B256) -> Result<[u8; 65], KeyError> {
        let signed = self.key.sign_prehash_recoverable(digest.as_slice());
        let (signature, recovery) = signed.map_err(|_| KeyError::Unsignable)?;
        let mut bytes = [27; 65];
        let (r_s, v) = bytes.split_at_mut(64);
        r_s.copy_from_slice(&signature.to_bytes());
        for v in v {
            *v = v.saturating_add(recovery.to_byte());
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{address, b256};

    use super::*;

    #[test]
    fn the_address_is_that_of_the_well_known_first_key() {
        let key = SoftwareKey::new(B256::with_last_byte(1)).unwrap();

        assert_eq!(key.address(), address!("7E5F4552091A69125d5DfCb7b8C2659029395Bdf"));
    }

    #[test]
    fn the_signature_is_recovered_by_another_implementation() {
        let key = SoftwareKey::new(B256::repeat_byte(7)).unwrap();
        let digest = b256!("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");

        let signature = key.sign(digest).unwrap();

        let parsed = alloy_primitives::Signature::try_from(&signature[..]).unwrap();
        assert_eq!(parsed.normalize_s(), None, "s is low");
        assert!(signature[64] == 27 || signature[64] == 28);
    }

    #[test]
    fn a_zero_secret_is_refused() {
        assert_eq!(SoftwareKey::new(B256::ZERO).unwrap_err(), KeyError::OutOfRange);
    }

    #[test]
    fn debug_never_shows_the_secret() {
        let key = SoftwareKey::new(B256::with_last_byte(1)).unwrap();

        assert_eq!(format!("{key:?}"), "SoftwareKey(0x7e5f4552091a69125d5dfcb7b8c2659029395bdf)");
    }
}
