//! What a token says of itself.

use alloy_primitives::Address;
use alloy_sol_types::sol;

use crate::rpc::error::{NodeError, if_told};
use crate::rpc::node::Node;

sol! {
    interface IToken {
        // ERC-20.
        function decimals() returns (uint8);
    }
}

/// Asks a token for its decimals (ERC-20); `None` if it does not tell them.
///
/// # Errors
/// [`NodeError`] if the node cannot be asked.
pub async fn token_decimals(node: &Node, token: Address) -> Result<Option<u8>, NodeError> {
    if_told(node.ask(token, &IToken::decimalsCall {}).await)
}
