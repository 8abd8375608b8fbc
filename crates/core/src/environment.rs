//! The seam to the outside: hashing comes in, refusals go out.

use alloy_primitives::B256;

/// What the core needs of the place where it runs.
///
/// It is passed by value: on chain it has no size and costs nothing.
pub trait Environment: Copy {
    /// Returns the keccak-256 hash of `bytes`.
    ///
    /// On chain this is the host function `native_keccak256`: cheaper than hashing in WASM, and
    /// tracers see the preimage, which is how a bundler recognises associated storage
    /// (ERC-7562 STO-021). Off chain it is [`crate::OffChain`].
    fn keccak256(self, bytes: &[u8]) -> B256;

    /// Returns the keccak-256 hash of parts, one after the other.
    fn keccak256_joined(self, parts: [&[u8]; 2]) -> B256;

    /// Takes the revert data of a refusal, see [`crate::refusal`]. What is told last counts.
    fn refuse(self, revert_data: &[u8]);
}
