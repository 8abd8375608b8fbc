//! Where an operation is validated.

use alloy_primitives::Address;

use crate::word::{self, Word};

/// Where an operation is validated.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The word of the account's address: whose operation it is.
    pub account: Word,
    /// The word of the module's own address.
    pub module: Word,
    /// The chain.
    pub chain_id: Word,
}

impl Place {
    /// Returns the place of an account, a module and a chain.
    pub fn new(account: Address, module: Address, chain_id: u64) -> Self {
        let [account, module] = [account, module].map(word::from_address);
        Self { account, module, chain_id: word::from_u64(chain_id) }
    }
}
