//! `session new`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::Address;
use clap::Args;
use serde_json::json;
use smart_session_client::{
    AccountKind, ClockSource, Clocks, Grant, Module, Node, SessionBuilder, account_kind, file,
    parse_address, unit,
};
use smart_session_core::packed::{DelegateKind, Paymaster};

use crate::chain_flags::ChainFlags;
use crate::commands::sign;
use crate::failure::Failure;
use crate::granted::Granted;
use crate::network;
use crate::output_file::write_file;
use crate::print::Printer;
use crate::secret::DrawnKey;
use crate::template::Terms;

/// Who grants what to whom.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session new --account 0x… --make-key frontend.key --target 0x… --call 'move(uint8)' \\
    --rpc http://127.0.0.1:8547 -o session.json
  session new --template allowance --account 0x… --delegate 0x… --target 0x… \\
    --amount 25 --decimals 6 --per 1d --chain 42161 --module 0x… -o session.json
  session new --template subscription --account 0x… --delegate 0x… --target 0x… --receiver 0x… \\
    --amount 9.99 --decimals 6 --per 30d --payments 12 --rpc URL -o session.json
Without --rpc, --chain ID:EPOCH says in which epoch the account is there (0 if left out).")]
pub(crate) struct New {
    /// The account that the session is for.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    account: Address,
    /// Who may act.
    #[arg(
        long,
        value_name = "ADDRESS",
        value_parser = parse_address,
        required_unless_present = "make_key"
    )]
    delegate: Option<Address>,
    /// What kind of key the delegate has.
    #[arg(long, value_name = "KIND", value_parser = delegate_kind, default_value = "secp256k1")]
    delegate_kind: DelegateKind,
    /// Make a key for the delegate, and put it into this new file.
    #[arg(long, value_name = "FILE", conflicts_with = "delegate")]
    make_key: Option<PathBuf>,
    #[command(flatten)]
    terms: Terms,
    /// Who else may pay for gas: "none", "any" or an address.
    #[arg(long, value_name = "WHO", value_parser = paymaster, default_value = "none")]
    paymaster: Paymaster,
    /// A chain that it holds on, with the account's epoch there; repeat it for the next.
    #[arg(long, value_name = "ID[:EPOCH]", value_parser = chain)]
    chain: Vec<(u64, u64)>,
    #[command(flatten)]
    on: ChainFlags,
    /// When it begins, as in "2026-01-01T00:00:00Z"; now if left out.
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<u64>,
    /// A number that makes it differ from an equal session; drawn if left out.
    #[arg(long, value_name = "N")]
    salt: Option<u64>,
    /// What the account is: openzeppelin, msa, safe7579, nexus or kernel; asked if left out.
    #[arg(long, value_name = "KIND", value_parser = sign::account_kind)]
    account_kind: Option<AccountKind>,
    /// The account's validator that checks its owner's signatures.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    owner_validator: Option<Address>,
    /// Where the session goes; standard output if left out.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn delegate_kind(text: &str) -> Result<DelegateKind, String> {
    match text {
        "secp256k1" => Ok(DelegateKind::Secp256k1),
        "p256" => Ok(DelegateKind::P256),
        "webauthn" => Ok(DelegateKind::WebAuthn),
        _ => Err("the kinds are secp256k1, p256 and webauthn".into()),
    }
}

pub(crate) fn paymaster(text: &str) -> Result<Paymaster, String> {
    match text {
        "none" => Ok(Paymaster::None),
        "any" => Ok(Paymaster::Any),
        _ => parse_address(text)
            .map(Paymaster::One)
            .map_err(|reason| format!("{reason}; it may be \"none\" or \"any\" too")),
    }
}

pub(crate) fn chain(text: &str) -> Result<(u64, u64), String> {
    let (id, epoch) = text.split_once(':').unwrap_or((text, "0"));
    id.parse()
        .ok()
        .zip(epoch.parse().ok())
        .ok_or_else(|| "write it as 42161, or 42161:0 with the account's epoch".into())
}

pub(crate) fn time(text: &str) -> Result<u64, String> {
    unit::parse_time(text).ok_or_else(|| "write it as 2026-01-01T00:00:00Z".into())
}

/// What is asked of the chain.
struct Answers {
    /// When that begins which begins now.
    beginning: u64,
    chains: Vec<(u64, u64)>,
    module: Address,
    kind: Option<AccountKind>,
}

pub(crate) async fn run(new: New, printer: &Printer) -> Result<ExitCode, Failure> {
    let node = new.on.rpc.node_if_named()?;
    let answers = match &node {
        Some(node) => ask(&new, node).await?,
        None => assume(&new)?,
    };
    let drawn = match &new.make_key {
        Some(path) => Some((DrawnKey::draw(new.delegate_kind)?, path)),
        None => None,
    };
    let delegate = drawn.as_ref().map(|(key, _)| key.address).or(new.delegate);
    let delegate =
        delegate.ok_or_else(|| Failure::new("no delegate is named", "give --delegate"))?;
    let salt = new.salt.map_or_else(draw_salt, Ok)?;
    let mut session = SessionBuilder::new(new.account, delegate)
        .delegate_kind(new.delegate_kind)
        .from(new.from.unwrap_or(answers.beginning))
        .salt(salt);
    for (id, epoch) in answers.chains {
        session = session.on_chain(id, epoch);
    }
    let filled = new.terms.fill(session)?;
    let session = filled.session.clone().paymaster(new.paymaster).build()?;
    let names = filled.names(session.budgets.iter().map(|budget| budget.token));
    let mut grant = Grant::unsigned(answers.module, session);
    grant.account_kind = answers.kind;
    grant.owner_validator = new.owner_validator;

    let granted = Granted::look(&grant, &names, node.as_ref()).await?;
    granted.check()?;
    new.on.known.warn(node.as_ref(), grant.module, printer).await?;
    granted.tell(printer);
    if let Some(node) = &node {
        network::tell_of_absence(node, &grant, printer).await?;
    }
    let document = granted.document_with(json!({ "delegate": delegate, "file": new.output }))?;
    let content = file::write_with_names(&grant, &names);
    // The key is written when everything else is right, and before a session that names it.
    if let Some((key, path)) = &drawn {
        key.write(path)?;
    }
    let Some(path) = &new.output else {
        printer.document(&content, &document);
        return Ok(ExitCode::SUCCESS);
    };
    if let Err(failure) = write_file(path, &content) {
        if let Some((_, key)) = &drawn {
            // No session names the key: it is of no use to anybody.
            let _ = std::fs::remove_file(key);
        }
        return Err(failure);
    }
    let words = format!("session {} is in {}: have its owner sign it", grant.id(), path.display());
    printer.result([words], &document);
    Ok(ExitCode::SUCCESS)
}

async fn ask(new: &New, node: &Node) -> Result<Answers, Failure> {
    let here = node.chain_id().await?;
    let module = new.on.known.address_on(node).await?;
    let chains = if new.chain.is_empty() {
        // Where the module is still to be deployed, no account has left epoch 0.
        let is_there = !node.code(module).await?.is_empty();
        let on_chain = Module { node, address: module };
        let epoch = if is_there { on_chain.epoch(new.account).await? } else { 0 };
        vec![(here, epoch)]
    } else {
        new.chain.clone()
    };
    let kind = match new.account_kind {
        Some(kind) => Some(kind),
        None => account_kind(node, new.account).await.ok(),
    };
    let clocks = node.clocks().await?;
    if let Some(difference) = clocks.difference(here)
        && new.from.is_none()
    {
        return Err(Failure::new(
            difference,
            "say when the session begins (--from), or that this chain's time is made up \
             (--clock chain)",
        ));
    }
    Ok(Answers { beginning: clocks.beginning(), chains, module, kind })
}

fn assume(new: &New) -> Result<Answers, Failure> {
    let Some((first, _)) = new.chain.first() else {
        return Err(Failure::new("no chain is named", "give --rpc URL, or --chain ID"));
    };
    let module = new.on.known.address(Some(*first))?;
    let beginning = Clocks::beside(u64::MAX, ClockSource::Both).beginning();
    Ok(Answers { beginning, chains: new.chain.clone(), module, kind: new.account_kind })
}

/// Draws a number that makes a session differ from an equal one.
pub(crate) fn draw_salt() -> Result<u64, Failure> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(format!("no randomness: {error}"), "give --salt"))?;
    Ok(u32::from_be_bytes(bytes).into())
}
