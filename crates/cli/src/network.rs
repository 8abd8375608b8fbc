//! Which node is asked, and what is agreed to with it.

use std::time::Duration;

use alloy_primitives::{Address, Bytes, U256};
use clap::{Args, ValueEnum};
use smart_session_client::{
    ClockSource, ENTRY_POINT_V07, EntryPoint, EntryPointVersion, FeeTerms, Grant, Module, Node,
    NodeError, Status, check_chain_listed, parse_address, unit,
};

use crate::failure::Failure;
use crate::print::Printer;

/// Variables that name the node, the first that is set. Others' tools know the second one.
const VARIABLES: [&str; 2] = ["SESSION_RPC", "ETH_RPC_URL"];

/// Where the chain is.
#[derive(Args, Clone, Debug)]
pub(crate) struct Rpc {
    /// The node's URL; SESSION_RPC or ETH_RPC_URL if left out.
    #[arg(long = "rpc", visible_alias = "rpc-url", value_name = "URL")]
    url: Option<String>,
    /// Whose time counts; SESSION_CLOCK if left out, else both.
    #[arg(long, value_enum)]
    clock: Option<Clock>,
}

/// Whose time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Clock {
    /// The newest block's and this system's: the later one judges, the earlier one begins.
    Both,
    /// The newest block's alone, for chains whose time is made up.
    Chain,
}

impl Rpc {
    /// Returns the node's URL, if one is named.
    pub(crate) fn url(&self) -> Option<String> {
        let set = |variable| std::env::var(variable).ok().filter(|url| !url.is_empty());
        self.url.clone().or_else(|| VARIABLES.into_iter().find_map(set))
    }

    fn clock(&self) -> Result<ClockSource, Failure> {
        let named = match (self.clock, std::env::var("SESSION_CLOCK")) {
            (Some(clock), _) => Some(clock),
            (None, Ok(name)) => Some(Clock::from_str(&name, false).map_err(|_| {
                Failure::new(format!("SESSION_CLOCK is {name:?}"), "set it to both or chain")
            })?),
            (None, Err(_)) => None,
        };
        Ok(match named {
            None | Some(Clock::Both) => ClockSource::Both,
            Some(Clock::Chain) => ClockSource::ChainOnly,
        })
    }

    /// Returns the node.
    pub(crate) fn node(&self) -> Result<Node, Failure> {
        self.node_if_named()?.ok_or_else(|| {
            Failure::new("no node is named", "give --rpc URL, or set SESSION_RPC or ETH_RPC_URL")
        })
    }

    /// Returns the node if one is named.
    pub(crate) fn node_if_named(&self) -> Result<Option<Node>, Failure> {
        let Some(url) = self.url() else { return Ok(None) };
        Ok(Some(Node::at(&url)?.with_clock(self.clock()?)))
    }
}

/// What who sends something agrees to.
#[derive(Args, Clone, Debug)]
pub(crate) struct Terms {
    /// The chain's id: a node of another chain is refused.
    #[arg(long = "chain", value_name = "ID")]
    chain_id: Option<u64>,
    /// Most ether that one operation or transaction may cost; 0.01 ETH if left out, and no more
    /// than five times the own estimate where a bundler asks for it.
    #[arg(long, value_name = "AMOUNT", value_parser = unit::parse_ether)]
    max_fee: Option<U256>,
    /// The tip for each gas, as 0.01 gwei; what the node or the bundler asks for if left out.
    #[arg(long, value_name = "AMOUNT", value_parser = tip)]
    priority_fee: Option<u128>,
    /// How long a transaction or operation is waited for; 2m if left out.
    #[arg(long, value_name = "DURATION", value_parser = unit::parse_duration)]
    wait: Option<u64>,
}

fn tip(text: &str) -> Result<u128, String> {
    let amount = unit::parse_ether(text).map_err(|error| error.to_string())?;
    amount.try_into().map_err(|_| "that is more than there is".into())
}

impl Terms {
    /// Returns the node, bound to these terms.
    pub(crate) async fn node(&self, rpc: &Rpc) -> Result<Node, Failure> {
        let terms = FeeTerms { max_fee: self.max_fee, priority_fee: self.priority_fee };
        let mut node = rpc.node()?.with_fee_terms(terms);
        if let Some(seconds) = self.wait {
            node = node.with_patience(Duration::from_secs(seconds));
        }
        if let Some(chain_id) = self.chain_id {
            node.expect_chain(chain_id).await?;
        }
        Ok(node)
    }
}

/// Through which EntryPoint operations go.
#[derive(Args, Clone, Debug)]
pub(crate) struct EntryPointFlags {
    /// The EntryPoint.
    #[arg(
        long,
        value_name = "ADDRESS",
        value_parser = parse_address,
        default_value_t = ENTRY_POINT_V07
    )]
    entry_point: Address,
    /// The release of an EntryPoint that is not at its usual address: 0.7, 0.8 or 0.9.
    #[arg(long, value_name = "RELEASE", value_parser = release)]
    entry_point_release: Option<EntryPointVersion>,
}

fn release(text: &str) -> Result<EntryPointVersion, String> {
    let named = EntryPointVersion::ALL.into_iter().find(|version| version.name() == text);
    named.ok_or_else(|| "it is 0.7, 0.8 or 0.9".into())
}

impl EntryPointFlags {
    /// Returns the EntryPoint on a node's chain.
    pub(crate) fn on<'a>(&self, node: &'a Node) -> Result<EntryPoint<'a>, Failure> {
        let address = self.entry_point;
        match self.entry_point_release {
            Some(version) => Ok(EntryPoint { node, address, version }),
            None => EntryPoint::at(node, address).map_err(|refusal| {
                Failure::new(refusal.reason(), "name its release (--entry-point-release)")
            }),
        }
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
            "name a node of the session's chain, name the module that is there (--module), or deploy \
             it: session deploy",
        ));
    }
    Ok(chain_id)
}

/// Refuses a session on a chain that it does not hold on.
pub(crate) async fn check_chain(node: &Node, grant: &Grant) -> Result<u64, Failure> {
    let chain_id = node.chain_id().await?;
    check_chain_listed(&grant.session, U256::from(chain_id))?;
    check_module(node, grant.module).await
}

/// Returns the first of some addresses at which there is a contract.
pub(crate) async fn first_with_code(
    node: &Node,
    addresses: impl Iterator<Item = Address>,
) -> Result<Option<Address>, Failure> {
    for address in addresses {
        if !node.code(address).await?.is_empty() {
            return Ok(Some(address));
        }
    }
    Ok(None)
}

/// Tells that an account or its module is not on the chain, which a session that is made or signed in
/// advance does not need yet.
pub(crate) async fn tell_of_absence(
    node: &Node,
    grant: &Grant,
    printer: &Printer,
) -> Result<(), Failure> {
    let (chain_id, account) = (node.chain_id().await?, grant.session.account);
    if node.code(account).await?.is_empty() {
        printer.warn(&format!(
            "there is no contract at account {account} on chain {chain_id}: a session is for a \
             smart account (ERC-7579), not for a key's own address, and acts when that is deployed"
        ));
    }
    if node.code(grant.module).await?.is_empty() {
        printer.warn(&format!(
            "there is no module at {} on chain {chain_id} yet: session deploy puts it there, \
             --module names another",
            grant.module
        ));
    }
    Ok(())
}

/// Refuses a session that was revoked.
pub(crate) async fn check_not_revoked(node: &Node, grant: &Grant) -> Result<(), Failure> {
    let module = Module { node, address: grant.module };
    match module.session_state(grant.session.account, grant.id()).await {
        Ok(state) if state.status == Status::Revoked => Err(Failure::revoked(grant.id())),
        Ok(_) | Err(NodeError::NoContract { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Tells that the chain's clock and this system's differ, before anything is signed.
pub(crate) async fn tell_of_clocks(node: &Node, printer: &Printer) -> Result<(), Failure> {
    if let Some(difference) = node.clocks().await?.difference(node.chain_id().await?) {
        printer.warn(&difference);
    }
    Ok(())
}
