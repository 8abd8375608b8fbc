//! What a deployed account says that it is.

use alloy_primitives::Address;
use alloy_sol_types::sol;

use crate::account::kind::AccountKind;
use crate::refusal::{Refusal, RefusalCode};
use crate::rpc::act_error::ActError;
use crate::rpc::error::NodeError;
use crate::rpc::node::Node;

sol! {
    /// What ERC-7579 accounts say about themselves.
    interface ISelfDescribing {
        function accountId() returns (string);
    }
}

/// Asks a deployed account what it is.
///
/// # Errors
/// [`ActError`] if it is not deployed, or unknown here.
pub async fn account_kind(node: &Node, account: Address) -> Result<AccountKind, ActError> {
    let remedy = "deploy it first, or name the kind of an account that works like it";
    let unknown = |reason: String| Refusal::new(RefusalCode::UnknownAccountKind, reason, remedy);
    match node.ask(account, &ISelfDescribing::accountIdCall {}).await {
        Ok(id) => AccountKind::from_account_id(&id)
            .ok_or_else(|| unknown(format!("{account} is {id}, unknown here")).into()),
        Err(
            error @ (NodeError::Unreachable { .. }
            | NodeError::Busy { .. }
            | NodeError::Refused { .. }),
        ) => Err(error.into()),
        Err(_) => Err(unknown(format!("{account} does not say what kind of account it is")).into()),
    }
}
