//! Which node is asked.

use alloy_primitives::{Address, Bytes};
use clap::Args;
use session_client::Node;

use crate::failure::Failure;

/// Where the chain is.
#[derive(Args, Clone, Debug)]
pub(crate) struct Rpc {
    /// The node's URL; SESSION_RPC if left out.
    #[arg(long = "rpc", value_name = "URL")]
    url: Option<String>,
}

impl Rpc {
    fn url(&self) -> Option<String> {
        self.url.clone().or_else(|| std::env::var("SESSION_RPC").ok())
    }

    /// Returns the node.
    pub(crate) fn node(&self) -> Result<Node, Failure> {
        match self.url() {
            Some(url) => Ok(Node::at(&url)?),
            None => Err(Failure::new("no node is named", "give --rpc URL, or set SESSION_RPC")),
        }
    }

    /// Returns the node if one is named.
    pub(crate) fn node_if_named(&self) -> Result<Option<Node>, Failure> {
        self.url().map(|url| Node::at(&url).map_err(Failure::from)).transpose()
    }
}

/// Who pays for gas, if not the account.
#[derive(Args, Clone, Debug)]
pub(crate) struct Sponsor {
    /// The operation's paymasterAndData: paymaster, two gas limits of 16 bytes, its data.
    #[arg(long, value_name = "HEX")]
    paymaster_data: Option<Bytes>,
}

impl Sponsor {
    /// Returns `paymasterAndData`.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.paymaster_data.as_ref().map_or(&[], |data| data.as_ref())
    }
}

/// Refuses a chain on which there is no module, with the chain's number.
pub(crate) async fn check_module(node: &Node, module: Address) -> Result<u64, Failure> {
    let chain_id = node.chain_id().await?;
    if node.code(module).await?.is_empty() {
        return Err(Failure::new(
            format!("there is no session module at {module} on chain {chain_id}"),
            "name a node of the session's chain, or deploy the module: session deploy",
        ));
    }
    Ok(chain_id)
}

/// Refuses a session on a chain that it does not hold on.
pub(crate) async fn check_chain(
    node: &Node,
    grant: &session_client::Grant,
) -> Result<u64, Failure> {
    let chain_id = node.chain_id().await?;
    session_client::check_chain_listed(&grant.session, chain_id)?;
    check_module(node, grant.module).await
}
