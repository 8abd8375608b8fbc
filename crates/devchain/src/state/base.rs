//! What a chain's state stands on: nothing, or another chain.

use alloy_primitives::{Address, U256};
use revm::state::AccountInfo;

#[cfg(feature = "fork")]
use std::sync::Arc;

#[cfg(feature = "fork")]
use crate::remote::Source;

/// What accounts and slots hold that were never written here.
#[derive(Clone, Debug, Default)]
pub(crate) enum Base {
    /// Nothing.
    #[default]
    Empty,
    /// What another chain has at a block.
    #[cfg(feature = "fork")]
    Fork(Arc<Source>),
}

impl Base {
    /// An account; `None` if there is none.
    #[cfg_attr(not(feature = "fork"), expect(unused_variables, reason = "there is nothing to ask"))]
    pub(super) fn account(&self, address: Address) -> Option<AccountInfo> {
        match self {
            Self::Empty => None,
            #[cfg(feature = "fork")]
            Self::Fork(source) => source.account(address),
        }
    }

    /// A slot of an account.
    #[cfg_attr(not(feature = "fork"), expect(unused_variables, reason = "there is nothing to ask"))]
    pub(super) fn slot(&self, address: Address, slot: U256) -> U256 {
        match self {
            Self::Empty => U256::ZERO,
            #[cfg(feature = "fork")]
            Self::Fork(source) => source.slot(address, slot),
        }
    }
}
