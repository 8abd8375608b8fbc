//! `session show`.

use std::fmt::Write;
use std::process::ExitCode;

use alloy_primitives::{U256, hex};
use clap::Args;
use serde_json::{Value, json};
use session_client::{Grant, Module, Node, SessionState, session_warnings, unit};
use session_core::packed::Paymaster;
use session_core::policy::budget::NATIVE;
use session_core::policy::selector::{ANY, PLAIN_TRANSFER};
use session_core::policy::{calls, fee};
use session_core::session::{ArgumentRule, Budget, Session};

use crate::failure::Failure;
use crate::network::{self, Rpc};
use crate::print::Printer;
use crate::source::Source;

/// Which session.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session show session.json
  session show session1.… --rpc URL      # with its status and what remains")]
pub(crate) struct Show {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    rpc: Rpc,
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
    let grant = show.source.read()?;
    let on_chain = match show.rpc.node_if_named()? {
        Some(node) => Some(ask(&grant, &node).await?),
        None => None,
    };
    for warning in session_warnings(&grant.session) {
        printer.warn(&warning);
    }
    let words = words(&grant, on_chain.as_ref());
    printer.result(words, &document(&grant, on_chain.as_ref())?);
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
    let packed = session.pack().map_err(session_client::Refusal::from)?;
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
}

/// Writes a moment as RFC 3339.
pub(crate) fn time(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(|| format!("{seconds} (unix seconds)"), |time| time.to_string())
}

fn words(grant: &Grant, on_chain: Option<&OnChain>) -> String {
    let session = &grant.session;
    let mut text = String::new();
    // Writing to a text does not fail.
    let mut line = |label: &str, value: String| {
        let _ = writeln!(text, "{label:<10} {value}");
    };
    line("session", grant.id().to_string());
    if let Some(on_chain) = on_chain {
        line("status", on_chain.status(session).into());
    }
    line("module", grant.module.to_string());
    line("account", session.account.to_string());
    for chain in &session.chains {
        line("chain", format!("{} in epoch {}", chain.chain_id, chain.epoch));
    }
    line("delegate", session.delegate.to_string());
    let window = session.window;
    line("from", time(window.valid_after().seconds()));
    line("expiry", time(window.valid_until().seconds()));
    line("signed", if grant.owner_signature.is_some() { "yes".into() } else { "no".into() });
    let state = on_chain.map(|on_chain| on_chain.state);
    line("calls", calls_words(session, state));
    line("fees", fees_words(session, state));
    line(
        "paymaster",
        match session.paymaster {
            Paymaster::None => "none: the account pays".into(),
            Paymaster::Any => "any, or none".into(),
            Paymaster::One(address) => address.to_string(),
        },
    );
    if session.permissions.is_empty() {
        line("may call", "nothing".into());
    }
    for permission in &session.permissions {
        let value = if permission.value_limit.is_zero() {
            String::new()
        } else {
            format!(" with up to {} ETH", unit::ether(permission.value_limit))
        };
        let what = match permission.selector {
            ANY => "anything of".into(),
            PLAIN_TRANSFER => "no function of".into(),
            selector => format!("{} of", hex::encode_prefixed(selector)),
        };
        let rules: Vec<String> = permission.rules.iter().map(rule_words).collect();
        let rules =
            if rules.is_empty() { String::new() } else { format!("; {}", rules.join(", ")) };
        line("may call", format!("{what} {}{value}{rules}", permission.target));
    }
    let left = on_chain.map(|on_chain| &on_chain.budgets);
    for (i, budget) in session.budgets.iter().enumerate() {
        let left = left.and_then(|left| left.get(i)).copied();
        line("budget", budget_words(budget, left));
    }
    for scope in &session.signing {
        line("may sign", format!("{} in domain {}", scope.type_hash, scope.domain_separator));
    }
    text
}

fn calls_words(session: &Session, state: Option<SessionState>) -> String {
    match (session.max_calls, state) {
        (calls::UNCOUNTED, _) => "uncounted".into(),
        (most, None) => format!("at most {most}"),
        (most, Some(state)) => {
            format!("{} of {most} left", most.saturating_sub(state.calls))
        }
    }
}

fn fees_words(session: &Session, state: Option<SessionState>) -> String {
    let most = session.fee_limit.to::<u128>();
    match (most, state) {
        (fee::UNCOUNTED, _) => "uncounted".into(),
        (most, None) => format!("at most {} ETH", unit::ether(U256::from(most))),
        (most, Some(state)) => {
            let left = U256::from(most).saturating_sub(state.fee);
            format!("{} of {} ETH left", unit::ether(left), unit::ether(U256::from(most)))
        }
    }
}

fn budget_words(budget: &Budget, left: Option<(u128, u128)>) -> String {
    let amount = |amount: u128| {
        if budget.token == NATIVE {
            format!("{} ETH", unit::ether(U256::from(amount)))
        } else {
            format!("{amount} of {}", budget.token)
        }
    };
    let per = if budget.period == 0 {
        String::new()
    } else {
        format!(" in each {}", unit::format_duration(budget.period.into()))
    };
    match left {
        Some((_, left)) => format!("{} left of {}{per}", amount(left), amount(budget.amount)),
        None => format!("at most {}{per}", amount(budget.amount)),
    }
}

fn rule_words(rule: &ArgumentRule) -> String {
    if rule.min == rule.max {
        format!("argument {} is {}", rule.index, rule.min)
    } else {
        format!("argument {} is {} to {}", rule.index, rule.min, rule.max)
    }
}

fn document(grant: &Grant, on_chain: Option<&OnChain>) -> Result<Value, Failure> {
    let session = &grant.session;
    let file: Value = serde_json::from_str(&session_client::file::write(grant)).unwrap_or_default();
    let chain = on_chain.map(|on_chain| {
        let most = U256::from(session.fee_limit);
        let one = |(spent, left): &(u128, u128)| {
            json!({ "spent": spent.to_string(), "remaining": left.to_string() })
        };
        let budgets: Vec<Value> = on_chain.budgets.iter().map(one).collect();
        let is_counted = session.max_calls != calls::UNCOUNTED;
        let calls_left = session.max_calls.saturating_sub(on_chain.state.calls);
        let is_fee_counted = session.fee_limit.to::<u128>() != fee::UNCOUNTED;
        let fee_left = most.saturating_sub(on_chain.state.fee).to_string();
        json!({
            "status": on_chain.status(session),
            "calls": on_chain.state.calls,
            "callsRemaining": is_counted.then_some(calls_left),
            "fee": on_chain.state.fee.to_string(),
            "feeRemaining": is_fee_counted.then_some(fee_left),
            "budgets": budgets,
        })
    });
    Ok(json!({
        "sessionId": grant.id(),
        "text": grant.to_text()?,
        "session": file,
        "onChain": chain,
    }))
}
