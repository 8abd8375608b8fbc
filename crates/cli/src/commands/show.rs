//! `session show`.

use std::process::ExitCode;

use alloy_primitives::U256;
use clap::Args;
use serde_json::{Value, json};
use smart_session_client::{Grant, Module, Names, Node, SessionState, amount_words, unit};
use smart_session_core::policy::{calls, fee};
use smart_session_core::session::Session;

use crate::chain_flags::ChainFlags;
use crate::failure::Failure;
use crate::granted::{Granted, line};
use crate::network;
use crate::print::Printer;
use crate::source::EnabledSource;

/// Which session.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session show session.json
  session show session1.… --rpc URL      # with its status and what remains
  session show 0x… --rpc URL             # by its id, as session list tells it")]
pub(crate) struct Show {
    #[command(flatten)]
    source: EnabledSource,
    #[command(flatten)]
    chain: ChainFlags,
}

/// What the chain says about it.
struct OnChain {
    state: SessionState,
    is_void: bool,
    now: u64,
    /// Spent and left of each budget.
    budgets: Vec<(u128, u128)>,
}

pub(crate) async fn run(show: Show, printer: &Printer) -> Result<ExitCode, Failure> {
    let node = show.chain.rpc.node_if_named()?;
    let (grant, names) = show.source.read(&show.chain.known, node.as_ref()).await?;
    let on_chain = match &node {
        Some(node) => Some(ask(&grant, node).await?),
        None => None,
    };
    show.chain.known.warn(node.as_ref(), grant.module, printer).await?;
    let granted = Granted::look(&grant, &names, node.as_ref()).await?;
    granted.warn(printer);
    let mut lines = granted.lines();
    let mut document = json!({ "onChain": null });
    if let Some(on_chain) = &on_chain {
        lines.extend(on_chain.lines(&grant.session, granted.names()));
        document = json!({ "onChain": on_chain.document(&grant.session) });
    }
    printer.result(lines, &granted.document_with(document)?);
    Ok(ExitCode::SUCCESS)
}

async fn ask(grant: &Grant, node: &Node) -> Result<OnChain, Failure> {
    let chain_id = network::check_chain(node, grant).await?;
    let session = &grant.session;
    let module = Module { node, address: grant.module };
    let state = module.session_state(session.account, grant.id()).await?;
    let epoch = module.epoch(session.account).await?;
    let is_void = session
        .chains
        .iter()
        .any(|chain| chain.chain_id == U256::from(chain_id) && chain.epoch != epoch);
    let now = node.now().await?;
    let window = session.window;
    let at = now.clamp(window.valid_after().seconds(), window.valid_until().seconds());
    let packed = session.pack().map_err(smart_session_client::Refusal::from)?;
    let budgets = module.budgets(session.account, packed.into(), at).await?;
    Ok(OnChain { state, is_void, now, budgets })
}

impl OnChain {
    fn status(&self, session: &Session) -> &'static str {
        let (now, window) = (self.now, session.window);
        match self.state.status.name() {
            "revoked" => "revoked",
            _ if self.is_void => "void: all sessions of its epoch were revoked",
            _ if now > window.valid_until().seconds() => "ended",
            "enabled" if now < window.valid_after().seconds() => "enabled, not begun",
            "enabled" => "enabled",
            _ => "not enabled",
        }
    }

    /// Returns what is left of the calls; `None` where they are not counted.
    fn calls_left(&self, session: &Session) -> Option<u32> {
        let is_counted = session.max_calls != calls::UNCOUNTED;
        is_counted.then(|| session.max_calls.saturating_sub(self.state.calls))
    }

    /// Returns what is left of the fees; `None` where they are not counted.
    fn fee_left(&self, session: &Session) -> Option<U256> {
        let most = session.fee_limit.to::<u128>();
        let left = U256::from(most).saturating_sub(self.state.fee);
        (most != fee::UNCOUNTED).then_some(left)
    }

    fn lines(&self, session: &Session, names: &Names) -> Vec<String> {
        let mut lines = vec![line("status", self.status(session))];
        if let Some(left) = self.calls_left(session) {
            lines.push(line("left", &format!("{left} of {} calls", session.max_calls)));
        }
        if let Some(left) = self.fee_left(session) {
            let most = unit::ether(U256::from(session.fee_limit));
            lines.push(line("left", &format!("{} of {most} ETH of fees", unit::ether(left))));
        }
        for (i, (budget, (_, left))) in session.budgets.iter().zip(&self.budgets).enumerate() {
            let amount = |amount| amount_words(budget.token, U256::from(amount), names.decimals(i));
            let when = if budget.period == 0 { "in all" } else { "in this period" };
            let words = format!("{} of {} {when}", amount(*left), amount(budget.amount));
            lines.push(line("left", &words));
        }
        if self.state.order_nonce > 0 {
            let next = self.state.order_nonce;
            lines.push(line("orders", &format!("{next} have run, the next one has nonce {next}")));
        }
        lines
    }

    fn document(&self, session: &Session) -> Value {
        let one = |(spent, left): &(u128, u128)| json!({ "spent": spent.to_string(), "remaining": left.to_string() });
        json!({
            "status": self.status(session),
            "calls": self.state.calls,
            "callsRemaining": self.calls_left(session),
            "fee": self.state.fee.to_string(),
            "feeRemaining": self.fee_left(session).map(|left| left.to_string()),
            "nextOrder": self.state.order_nonce,
            "budgets": self.budgets.iter().map(one).collect::<Vec<Value>>(),
        })
    }
}
