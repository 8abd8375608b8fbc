//! The word that the module keeps of an account: who enables its sessions by signature.

use alloy_primitives::{Address, B256, U256, keccak256};
use serde_json::json;

use crate::account::install::EnableRoute;
use crate::rpc::error::NodeError;
use crate::rpc::module::Module;

/// Where the word keeps the route: behind the flags (1 byte) and the epoch (8).
const ROUTE_AT: usize = 9;
/// The length that says: no signature enables sessions.
const CLOSED: u8 = 0xff;

/// Returns the slot of an account's word: `keccak256(account ‖ keccak256("SmartSession.account"))`.
fn account_slot(account: Address) -> B256 {
    let tag = keccak256("SmartSession.account");
    keccak256([account.into_word().0, tag.0].concat())
}

impl Module<'_> {
    /// Returns the account's enable route as the chain keeps it.
    ///
    /// # Errors
    /// [`NodeError`] if the node cannot be asked.
    pub async fn enable_route(&self, account: Address) -> Result<EnableRoute, NodeError> {
        let garbled = || NodeError::Garbled { what: "what the module keeps of the account" };
        let params = json!([self.address, account_slot(account), "latest"]);
        let word = self.node.request("eth_getStorageAt", params).await?;
        let word: U256 = serde_json::from_value(word).map_err(|_| garbled())?;
        let word = word.to_be_bytes::<32>();
        let (length, rest) =
            word.get(ROUTE_AT..).and_then(<[u8]>::split_first).ok_or_else(garbled)?;
        match *length {
            0 => Ok(EnableRoute::Any),
            CLOSED => Ok(EnableRoute::Closed),
            length => {
                let bytes = rest.get(..usize::from(length)).ok_or_else(garbled)?;
                Ok(EnableRoute::Only(bytes.to_vec().into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{address, b256};

    use super::*;

    /// Computed with viem: `keccak256(concat([pad(account), keccak256(toBytes('SmartSession.account'))]))`.
    #[test]
    fn the_slot_is_that_of_the_documents() {
        let account = address!("00000000000000000000000000000000000a11ce");
        let slot = b256!("a0aa8624a05f29edfb9badb12265f4dfaf03e6025330bd9729629afa58851ba8");

        assert_eq!(account_slot(account), slot);
    }
}
