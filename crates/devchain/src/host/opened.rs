//! Frames that a host function opens: what follows once they have ended.

use alloy_primitives::{Bytes, U256};

/// What must be done once the frame that was opened has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pending {
    /// A call.
    Call {
        /// Gas of the call itself.
        base: u64,
        /// Gas given to the callee, stipend included.
        given: u64,
        /// Where the length of the returned data goes.
        length_pointer: u32,
    },
    /// A creation.
    Create {
        /// Gas that was there at first.
        gas: u64,
        /// The 64th that is kept back.
        kept: u64,
        /// Where the address goes.
        address_pointer: u32,
        /// Where the length of revert data goes.
        length_pointer: u32,
    },
}

/// What became of the frame that was opened.
#[derive(Clone, Debug)]
pub(crate) struct Returned {
    /// What the EVM would push: 1 or the new address, 0 on failure.
    pub(crate) word: U256,
    /// Gas it gave back.
    pub(crate) gas: u64,
    /// The data it returned.
    pub(crate) data: Bytes,
}
