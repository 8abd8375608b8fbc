//! The seam through which keccak-256 comes in.

use alloy_primitives::B256;

/// Hashes bytes with keccak-256.
///
/// On chain this is the host function `native_keccak256`: cheaper than hashing in WASM, and
/// tracers see the preimage, which is how a bundler recognises associated storage
/// (ERC-7562 STO-021). Off chain it is [`SoftwareKeccak`].
pub trait Keccak256 {
    /// Returns the keccak-256 hash of `bytes`.
    fn keccak256(&self, bytes: &[u8]) -> B256;
}

/// Keccak-256 computed by the `sha3` crate, for use off chain.
#[cfg(feature = "sha3")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SoftwareKeccak;

#[cfg(feature = "sha3")]
impl Keccak256 for SoftwareKeccak {
    fn keccak256(&self, bytes: &[u8]) -> B256 {
        use sha3::Digest;

        B256::from_slice(&sha3::Keccak256::digest(bytes))
    }
}
