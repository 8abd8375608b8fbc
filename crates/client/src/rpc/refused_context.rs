//! Which of several contexts stands in the way of a redemption.

use alloy_primitives::{Address, U256};

use crate::operation::redemption::{Redemption, redeem_call};
use crate::rpc::act_error::ActError;
use crate::rpc::error::NodeError;
use crate::rpc::node::Node;

/// A context that the module refuses after those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedContext {
    /// Which one, from 0.
    pub index: usize,
    /// Why.
    pub error: NodeError,
}

/// Finds the first of several contexts that the module refuses, as the chain is now; `None` where
/// all of them run.
///
/// Contexts run all or none, and the module's error names the call within its context, not the
/// context. So the node is asked what becomes of the first one, of the first two, and so on.
///
/// # Errors
/// [`ActError`] if there is nothing to redeem, no contract at the manager's address (a call of what
/// has no code succeeds and does nothing), or the node cannot be asked.
pub async fn refused_context(
    node: &Node,
    delegate: Address,
    manager: Address,
    redemptions: &[Redemption],
) -> Result<Option<RefusedContext>, ActError> {
    // Nothing to redeem is refused as it is where it is sent.
    redeem_call(manager, redemptions)?;
    if node.code(manager).await?.is_empty() {
        return Err(NodeError::NoContract { address: manager }.into());
    }
    for index in 0..redemptions.len() {
        let call = redeem_call(manager, redemptions.get(..=index).unwrap_or_default())?;
        match node.call(Some(delegate), manager, call.data, U256::ZERO).await {
            Ok(_) => {}
            Err(error @ NodeError::Reverted { .. }) => {
                return Ok(Some(RefusedContext { index, error }));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}
