//! Where operations are validated.

use alloy_primitives::Address;

/// Where an operation is validated.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The account whose operation it is.
    pub account: Address,
    /// The module itself.
    pub module: Address,
    /// The chain.
    pub chain_id: u64,
}
