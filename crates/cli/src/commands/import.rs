//! `session import`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alloy_primitives::Address;
use clap::Args;
use serde_json::{Value, json};
use smart_session_client::erc7715::read_request;
use smart_session_client::import::{
    Comparison, ImportRefusal, ImportTerms, Imported, SourceSystem,
};
use smart_session_client::{
    ClockSource, Clocks, Grant, Module, Names, Node, account_kind, file, parse_address, unit,
};
use smart_session_core::packed::Paymaster;

use crate::chain_flags::ChainFlags;
use crate::commands::new::{chain, draw_salt, paymaster, time};
use crate::failure::Failure;
use crate::gas;
use crate::granted::Granted;
use crate::network;
use crate::output_file::write_file;
use crate::print::Printer;
use crate::source::read_file;

/// What is imported, and what it leaves open.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session import theirs.json --account 0x… --rpc URL --until 2026-12-31T00:00:00Z -o session.json
  session import theirs.json --account 0x… --chain 42161:0 --module 0x… --compare
The file holds one session as JSON: of SmartSession v1 (module-sdk 0.4), a permission of Kernel as
{\"enableData\": \"0x…\"}, a delegation of MetaMask, or a request of ERC-7715.")]
pub(crate) struct Import {
    /// The session of another system.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The account that the session is for.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub(crate) account: Address,
    /// When it begins; later than the source only.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) from: Option<u64>,
    /// When it ends; earlier than the source only.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) until: Option<u64>,
    /// The most calls; fewer than the source only.
    #[arg(long, value_name = "N")]
    pub(crate) max_calls: Option<u32>,
    /// The most that gas may cost in total, whoever pays.
    #[arg(long, value_name = "AMOUNT", default_value = "0.01 ETH")]
    pub(crate) fees: String,
    /// Who else may pay for gas, if the source allows it: "none", "any" or an address.
    #[arg(long, value_name = "WHO", value_parser = paymaster)]
    pub(crate) paymaster: Option<Paymaster>,
    /// Who may receive ether where the source lets it go to anybody; repeat it for the next.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub(crate) receiver: Vec<Address>,
    /// The chain, with the account's epoch there, instead of a node.
    #[arg(long, value_name = "ID[:EPOCH]", value_parser = chain)]
    pub(crate) chain: Option<(u64, u64)>,
    #[command(flatten)]
    pub(crate) on: ChainFlags,
    /// A number that makes it differ from an equal session; drawn if left out.
    #[arg(long, value_name = "N")]
    pub(crate) salt: Option<u64>,
    /// Say what enabling and using it costs, here and in SmartSession v1, and which of that was
    /// measured.
    #[arg(long)]
    pub(crate) compare: bool,
    /// Where the session goes; standard output if left out.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

pub(crate) async fn run(import: Import, printer: &Printer) -> Result<ExitCode, Failure> {
    let (system, document) = read(&import.file)?;
    let node = import.on.rpc.node_if_named()?;
    if let Some(node) = &node {
        network::tell_of_clocks(node, printer).await?;
    }
    let terms = terms(&import, begins_now(system, &document), node.as_ref()).await?;
    let Imported { comparisons, outcome } = system.import(&document, &terms);
    let session = match outcome {
        Ok(session) => session,
        Err(refusals) => {
            printer.document(
                &say_refusals(system, &refusals),
                &json!({
                    "system": system.name(),
                    "refusals": refusals.iter().map(refusal_document).collect::<Vec<_>>(),
                }),
            );
            return Ok(ExitCode::FAILURE);
        }
    };
    let costs = import.compare.then(|| gas::compare(&session, system)).flatten();
    let mut grant = Grant::unsigned(terms.module, session);
    if let Some(node) = &node {
        grant.account_kind = account_kind(node, import.account).await.ok();
    }
    let names = Names::default();
    let granted = Granted::look(&grant, &names, node.as_ref()).await?;
    granted.check()?;
    import.on.known.warn(node.as_ref(), grant.module, printer).await?;
    granted.tell(printer);
    let content = file::write(&grant);
    let mut words = String::new();
    for Comparison { path, source, session, is_narrower } in &comparisons {
        let relation = if *is_narrower { "narrower" } else { "same" };
        let _ = writeln!(words, "{relation}: {path}: {source} -> {session}");
    }
    if import.compare {
        let said = costs.as_ref().map_or_else(|| "no gas figures".into(), gas::Costs::say);
        let _ = writeln!(words, "{said}");
    }
    match &import.output {
        Some(path) => {
            write_file(path, &content)?;
            let (id, path) = (grant.id(), path.display());
            let _ = writeln!(words, "session {id} is in {path}: have its owner sign it");
        }
        None => words.push_str(&content),
    }
    printer.document(
        &words,
        &granted.document_with(json!({
            "system": system.name(),
            "comparisons": comparisons.iter().map(comparison_document).collect::<Vec<_>>(),
            "gas": costs.as_ref().map(gas::Costs::document),
            "file": import.output,
        }))?,
    );
    Ok(ExitCode::SUCCESS)
}

/// Reads a session of another system. Of a wallet's call, or its parameters, it is the one request.
pub(crate) fn read(file: &Path) -> Result<(SourceSystem, Value), Failure> {
    let remedy = "give one session as JSON, as session import --help shows";
    let text = read_file(file, remedy)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let failed = |why: String, remedy: &str| {
        Failure::new(format!("{}: {why}", file.display()), remedy.to_owned())
    };
    let document: Value =
        serde_json::from_str(text).map_err(|error| failed(error.to_string(), remedy))?;
    let document = read_request(&document)
        .map_err(|refusal| failed(refusal.reason().into(), refusal.remedy()))?;
    let system = SourceSystem::of(document)
        .ok_or_else(|| failed("no session of a system that is known".into(), remedy))?;
    Ok((system, document.clone()))
}

/// Whether a source begins when it is granted: a request that does not say when.
fn begins_now(system: SourceSystem, document: &Value) -> bool {
    let start = document.pointer("/permission/data/startTime");
    system == SourceSystem::PermissionRequest && start.is_none_or(Value::is_null)
}

async fn terms(
    import: &Import,
    begins_now: bool,
    node: Option<&Node>,
) -> Result<ImportTerms, Failure> {
    let clocks = match node {
        Some(node) => node.clocks().await?,
        None => Clocks::beside(u64::MAX, ClockSource::Both),
    };
    let valid_after = import.from.or_else(|| begins_now.then(|| clocks.beginning()));
    let (chain_id, epoch, module) = match (import.chain, node) {
        (Some((id, epoch)), _) => {
            let module = import.on.known.address(Some(id))?;
            (id, epoch, module)
        }
        (None, Some(node)) => {
            let id = node.chain_id().await?;
            let address = import.on.known.address_on(node).await?;
            let is_there = !node.code(address).await?.is_empty();
            let on_chain = Module { node, address };
            let epoch = if is_there { on_chain.epoch(import.account).await? } else { 0 };
            (id, epoch, address)
        }
        (None, None) => {
            return Err(Failure::new("no chain is named", "give --rpc URL, or --chain ID:EPOCH"));
        }
    };
    Ok(ImportTerms {
        account: import.account,
        chain_id,
        epoch,
        module,
        fee_limit: unit::parse_ether(&import.fees)?,
        salt: import.salt.map_or_else(draw_salt, Ok)?,
        valid_after,
        valid_until: import.until,
        max_calls: import.max_calls,
        paymaster: import.paymaster,
        receivers: import.receiver.clone(),
    })
}

fn say_refusals(system: SourceSystem, refusals: &[ImportRefusal]) -> String {
    let mut words = format!("{}: not imported, for {} reasons\n", system.name(), refusals.len());
    for ImportRefusal { path, meaning, remedy } in refusals {
        let place = if path.is_empty() { "the whole" } else { path };
        let _ = writeln!(words, "{place}: {meaning}\n  instead: {remedy}");
    }
    words
}

fn refusal_document(refusal: &ImportRefusal) -> Value {
    let ImportRefusal { path, meaning, remedy } = refusal;
    json!({ "path": path, "meaning": meaning, "remedy": remedy })
}

fn comparison_document(comparison: &Comparison) -> Value {
    let Comparison { path, source, session, is_narrower } = comparison;
    let relation = if *is_narrower { "narrower" } else { "same" };
    json!({ "path": path, "source": source, "session": session, "relation": relation })
}
