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
    /// (ERC-7562 STO-021). Off chain it is [`OffChain`].
    fn keccak256(self, bytes: &[u8]) -> B256;

    /// Returns the keccak-256 hash of parts, one after the other.
    fn keccak256_joined(self, parts: [&[u8]; 2]) -> B256;

    /// Takes the revert data of a refusal, see [`crate::refusal`]. What is told last counts.
    fn refuse(self, revert_data: &[u8]);
}

/// Off chain: keccak-256 by the `sha3` crate, and the last refusal kept.
#[cfg(feature = "std")]
#[derive(Debug, Default)]
pub struct OffChain {
    refusal: core::cell::RefCell<alloc::vec::Vec<u8>>,
}

#[cfg(feature = "std")]
impl OffChain {
    /// Returns the revert data of the last refusal, empty if nothing was refused.
    pub fn refusal(&self) -> alloc::vec::Vec<u8> {
        self.refusal.borrow().clone()
    }

    /// Runs `ask` and returns its answer, or why it was refused.
    ///
    /// # Errors
    /// The module's error, as a call of the module would revert with.
    #[expect(clippy::expect_used, reason = "a refusal that the ABI does not declare is a bug")]
    #[expect(clippy::missing_panics_doc, reason = "likewise: the tests hold them against the ABI")]
    pub fn ask<T>(
        ask: impl FnOnce(&Self) -> Result<T, crate::Refused>,
    ) -> Result<T, crate::abi::ISmartSession::ISmartSessionErrors> {
        use alloy_sol_types::SolInterface;

        let environment = Self::default();
        ask(&environment).map_err(|_| {
            let data = environment.refusal();
            crate::abi::ISmartSession::ISmartSessionErrors::abi_decode_validate(&data)
                .expect("a refusal is one of the errors that the ABI declares")
        })
    }
}

#[cfg(feature = "std")]
impl Environment for &OffChain {
    fn keccak256(self, bytes: &[u8]) -> B256 {
        use sha3::Digest;

        B256::from_slice(&sha3::Keccak256::digest(bytes))
    }

    fn keccak256_joined(self, parts: [&[u8]; 2]) -> B256 {
        self.keccak256(&parts.concat())
    }

    fn refuse(self, revert_data: &[u8]) {
        *self.refusal.borrow_mut() = revert_data.to_vec();
    }
}
