//! The environment off chain.

use alloc::vec::Vec;
use core::cell::RefCell;

use alloy_primitives::B256;
use alloy_sol_types::SolInterface;
use sha3::Digest;

use crate::abi::ISmartSession::ISmartSessionErrors as Error;
use crate::{Environment, Refused};

/// Off chain: keccak-256 by the `sha3` crate, and the last refusal kept.
#[derive(Debug, Default)]
pub struct OffChain {
    refusal: RefCell<Vec<u8>>,
}

impl OffChain {
    /// Returns the revert data of the last refusal, empty if nothing was refused.
    pub fn refusal(&self) -> Vec<u8> {
        self.refusal.borrow().clone()
    }

    /// Runs `ask` and returns its answer, or why it was refused.
    ///
    /// # Errors
    /// The module's error, as a call of the module would revert with.
    #[expect(clippy::expect_used, reason = "a refusal that the ABI does not declare is a bug")]
    #[expect(clippy::missing_panics_doc, reason = "likewise: the tests hold them against the ABI")]
    pub fn ask<T>(ask: impl FnOnce(&Self) -> Result<T, Refused>) -> Result<T, Error> {
        let environment = Self::default();
        ask(&environment).map_err(|_| {
            let data = environment.refusal();
            Error::abi_decode_validate(&data)
                .expect("a refusal is one of the errors that the ABI declares")
        })
    }
}

impl Environment for &OffChain {
    fn keccak256(self, bytes: &[u8]) -> B256 {
        B256::from_slice(&sha3::Keccak256::digest(bytes))
    }

    fn keccak256_joined(self, parts: [&[u8]; 2]) -> B256 {
        self.keccak256(&parts.concat())
    }

    fn refuse(self, revert_data: &[u8]) {
        *self.refusal.borrow_mut() = revert_data.to_vec();
    }
}
