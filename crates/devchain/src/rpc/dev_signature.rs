//! Signatures of the dev accounts, whose keys are known.

use alloy_primitives::{Address, B256, Signature};
use k256::ecdsa::SigningKey;

use crate::DEV_ACCOUNTS;

/// Signs a hash for a dev account; `None` if it is none.
pub(super) fn sign(account: Address, hash: B256) -> Option<Signature> {
    let key = DEV_ACCOUNTS.iter().find(|known| known.address == account)?.private_key;
    let key = SigningKey::from_slice(key.as_slice()).ok()?;
    let (signature, recovery) = key.sign_prehash_recoverable(hash.as_slice()).ok()?;
    Some(Signature::from_bytes_and_parity(&signature.to_bytes(), recovery.is_y_odd()))
}
