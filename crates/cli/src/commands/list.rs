//! `session list`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::{Address, B256};
use clap::Args;
use serde_json::{Value, json};
use smart_session_client::{EnabledSession, Grant, Module, parse_address, time};

use crate::chain_flags::ChainFlags;
use crate::failure::Failure;
use crate::network;
use crate::print::Printer;
use crate::source::{self, NAME_A_SESSION, read_file};

/// Of which account.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  session list --account 0x… --rpc URL session1.json session2.json
The id of a listed session can be given to session show and session revoke.
Enabled sessions come from the module's events. A session that was signed and never enabled is in
no event: name its file to have it listed. Revoking all ends those too that nobody remembers.")]
pub(crate) struct List {
    /// The account.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    account: Address,
    /// Session files of the owner, enabled or not.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    chain: ChainFlags,
    /// The block to begin at; that of the deployment if left out and written down, else the
    /// oldest that the node has.
    #[arg(long, value_name = "N")]
    from_block: Option<u64>,
    /// The block to end with; the newest if left out.
    #[arg(long, value_name = "N")]
    to_block: Option<u64>,
}

struct Row {
    id: B256,
    status: &'static str,
    delegate: Option<Address>,
    until: Option<u64>,
    is_from_event: bool,
}

pub(crate) async fn run(list: List, printer: &Printer) -> Result<ExitCode, Failure> {
    let node = list.chain.rpc.node()?;
    let chain_id = node.chain_id().await?;
    let address = list.chain.known.address_on(&node).await?;
    network::check_module(&node, address).await?;
    list.chain.known.warn(Some(&node), address, printer).await?;
    let module = Module { node: &node, address };
    let now = node.now().await?;
    let from = match list.from_block.or(list.chain.known.first_block(chain_id, address)?) {
        Some(block) => block,
        None => node.oldest_block().await?,
    };
    let to = match list.to_block {
        Some(block) => block,
        None => node.block_number().await?,
    };
    let progress = |next| printer.progress(&format!("blocks {from} to {next} of {to} are read"));
    let listed = module.sessions(list.account, from, to, progress).await?;
    let mut rows: Vec<Row> = listed.iter().map(|listed| row(listed, now)).collect();
    for path in &list.files {
        let content = read_file(path, NAME_A_SESSION)?;
        let (grant, _) = source::parse(&path.display().to_string(), &content)?;
        check_account(&grant, list.account, path)?;
        let id = grant.id();
        if rows.iter().all(|row| row.id != id) {
            let state = module.session_state(list.account, id).await?;
            rows.push(Row {
                id,
                status: if state.status.name() == "unknown" {
                    "signed, not enabled"
                } else {
                    state.status.name()
                },
                delegate: Some(grant.session.delegate),
                until: Some(grant.session.window.valid_until().seconds()),
                is_from_event: false,
            });
        }
    }
    let mut lines = Vec::new();
    if rows.is_empty() {
        lines.push("no session was ever enabled".into());
    }
    for row in &rows {
        let delegate = row.delegate.map_or_else(|| "?".into(), |delegate| delegate.to_string());
        let until = row.until.map_or_else(|| "?".into(), time);
        lines.push(format!("{}  {:<19}  {delegate}  until {until}", row.id, row.status));
    }
    let sessions: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "sessionId": row.id,
                "status": row.status,
                "delegate": row.delegate,
                "validUntil": row.until,
                "fromEvent": row.is_from_event,
            })
        })
        .collect();
    let document = json!({ "account": list.account, "chainId": chain_id, "sessions": sessions });
    printer.result(lines, &document);
    Ok(ExitCode::SUCCESS)
}

fn row(listed: &EnabledSession, now: u64) -> Row {
    let until = listed.session.as_ref().map(|session| session.window.valid_until().seconds());
    let status = match listed.status.name() {
        "enabled" if listed.is_void => "void (epoch moved)",
        "enabled" if until.is_some_and(|until| until < now) => "ended",
        name => name,
    };
    let delegate = listed.session.as_ref().map(|session| session.delegate);
    Row { id: listed.id, status, delegate, until, is_from_event: true }
}

fn check_account(grant: &Grant, account: Address, path: &std::path::Path) -> Result<(), Failure> {
    if grant.session.account == account {
        return Ok(());
    }
    Err(Failure::new(
        format!("{} is a session of {}, not of {account}", path.display(), grant.session.account),
        "leave it out",
    ))
}
