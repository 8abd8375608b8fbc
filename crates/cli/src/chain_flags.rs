//! The chain that a command works on, and which contract is its module: flags that commands share.

use alloy_primitives::U256;
use clap::Args;
use smart_session_client::{Grant, Names, Node, check_chain_listed};

use crate::failure::Failure;
use crate::granted::Granted;
use crate::known_module::KnownModule;
use crate::network::{self, Rpc, Terms};
use crate::print::Printer;

/// Which chain, and which module on it.
#[derive(Args, Clone, Debug)]
pub(crate) struct ChainFlags {
    #[command(flatten)]
    pub(crate) known: KnownModule,
    #[command(flatten)]
    pub(crate) rpc: Rpc,
}

impl ChainFlags {
    /// Returns the node of a chain on which a session is only looked at.
    pub(crate) async fn look_at(&self, grant: &Grant, printer: &Printer) -> Result<Node, Failure> {
        let node = self.rpc.node()?;
        network::check_chain(&node, grant).await?;
        self.known.warn(Some(&node), grant.module, printer).await?;
        Ok(node)
    }

    /// Refuses what no owner should sign, here or in a wallet, and tells people what it grants.
    pub(crate) async fn check_to_sign<'a>(
        &self,
        grant: &'a Grant,
        names: &Names,
        node: Option<&Node>,
        printer: &Printer,
    ) -> Result<Granted<'a>, Failure> {
        if let Some(node) = node {
            let chain_id = node.chain_id().await?;
            check_chain_listed(&grant.session, U256::from(chain_id))?;
        }
        self.known.check(node, grant.module).await?;
        if let Some(node) = node {
            network::tell_of_clocks(node, printer).await?;
            network::tell_of_absence(node, grant, printer).await?;
            network::check_not_revoked(node, grant).await?;
        }
        let granted = Granted::look(grant, names, node).await?;
        granted.check()?;
        granted.check_epoch()?;
        granted.tell(printer);
        Ok(granted)
    }
}

/// The same for commands that send something, and what is agreed to with that.
#[derive(Args, Clone, Debug)]
pub(crate) struct SendingFlags {
    #[command(flatten)]
    pub(crate) chain: ChainFlags,
    #[command(flatten)]
    terms: Terms,
}

impl SendingFlags {
    /// Returns the node.
    pub(crate) async fn node(&self) -> Result<Node, Failure> {
        self.terms.node(&self.chain.rpc).await
    }

    /// Returns the node of a chain on which a session is used or enabled: it holds there, and its
    /// module is known.
    pub(crate) async fn node_for(&self, grant: &Grant, printer: &Printer) -> Result<Node, Failure> {
        let node = self.node().await?;
        network::check_chain(&node, grant).await?;
        self.chain.known.check(Some(&node), grant.module).await?;
        network::tell_of_clocks(&node, printer).await?;
        Ok(node)
    }
}
