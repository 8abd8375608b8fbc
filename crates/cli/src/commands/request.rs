//! `session request`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::Address;
use clap::{Args, Subcommand};
use serde_json::json;
use smart_session_client::erc7715::{PermissionRequest, WalletTerms};
use smart_session_client::{Grant, Module, Names, account_kind, file, parse_address, unit};

use crate::commands::new::draw_salt;
use crate::failure::Failure;
use crate::granted::Granted;
use crate::known_module::KnownModule;
use crate::network::Rpc;
use crate::print::Printer;
use crate::source::{Source, read_file, write_file};

/// Which way.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session request read request.json --account 0x… --rpc URL -o session.json
  session request granted session.json --json
Redemption by ERC-7710 is not offered: the delegate acts with session use.")]
pub(crate) struct Request {
    #[command(subcommand)]
    way: Way,
}

#[derive(Debug, Subcommand)]
enum Way {
    /// Make a session of a request of `wallet_requestExecutionPermissions`.
    Read(Box<Read>),
    /// Print the response that grants a session.
    Granted {
        #[command(flatten)]
        source: Source,
    },
}

#[derive(Args, Debug)]
struct Read {
    /// The request: one object, the list of the call's parameters with one object, or the whole
    /// JSON-RPC call.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The account that is asked.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    account: Address,
    /// Who may receive ether; repeat it for the next.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    receiver: Vec<Address>,
    /// The most that gas may cost in total.
    #[arg(long, value_name = "AMOUNT", default_value = "0.01 ETH")]
    fees: String,
    #[command(flatten)]
    rpc: Rpc,
    #[command(flatten)]
    known: KnownModule,
    /// A number that makes the session differ from an equal one; drawn if left out.
    #[arg(long, value_name = "N")]
    salt: Option<u64>,
    /// Where the session goes; standard output if left out.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(request: Request, printer: &Printer) -> Result<ExitCode, Failure> {
    match request.way {
        Way::Read(request) => read(*request, printer).await,
        Way::Granted { source } => {
            let response = source.read()?.to_permission_response()?;
            let words = serde_json::to_string_pretty(&response).unwrap_or_default();
            printer.document(&words, &response);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn parse(request: &Read) -> Result<PermissionRequest, Failure> {
    let text = read_file(&request.file)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let document = serde_json::from_str(text).map_err(|error| {
        Failure::new(
            format!("{}: {error}", request.file.display()),
            "give one request of wallet_requestExecutionPermissions (ERC-7715)",
        )
    })?;
    PermissionRequest::read(&document).map_err(|refusal| {
        Failure::new(
            format!("{}: {}", request.file.display(), refusal.reason()),
            refusal.remedy().to_owned(),
        )
    })
}

async fn read(request: Read, printer: &Printer) -> Result<ExitCode, Failure> {
    let asked = parse(&request)?;
    let node = request.rpc.node()?;
    let here = node.chain_id().await?;
    let wanted = asked.chain_id();
    if wanted != here {
        return Err(Failure::new(
            format!("the request is for chain {wanted}, the node is of chain {here}"),
            "name a node of the request's chain",
        ));
    }
    let address = request.known.address(Some(here))?;
    let is_there = !node.code(address).await?.is_empty();
    let module = Module { node: &node, address };
    let clocks = node.clocks().await?;
    if let Some(difference) = clocks.difference(here) {
        printer.warn(&difference);
    }
    let wallet = WalletTerms {
        account: request.account,
        epoch: if is_there { module.epoch(request.account).await? } else { 0 },
        now: clocks.judged(),
        from: clocks.beginning(),
        fee_limit: unit::parse_ether(&request.fees)?,
        receivers: request.receiver,
        salt: request.salt.map_or_else(draw_salt, Ok)?,
    };
    let mut grant = Grant::unsigned(address, asked.to_session(&wallet)?);
    grant.account_kind = account_kind(&node, request.account).await.ok();
    let names = Names::default();
    request.known.warn(Some(&node), address, printer).await?;
    let granted = Granted::look(&grant, &names, Some(&node)).await?;
    granted.check()?;
    granted.tell(printer);
    let document = granted.document_with(json!({ "file": request.output }))?;
    let content = file::write(&grant);
    let Some(path) = &request.output else {
        printer.document(&content, &document);
        return Ok(ExitCode::SUCCESS);
    };
    write_file(path, &content)?;
    let words = format!("session {} is in {}: have its owner sign it", grant.id(), path.display());
    printer.result([words], &document);
    Ok(ExitCode::SUCCESS)
}
