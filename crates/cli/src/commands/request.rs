//! `session request`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::Address;
use clap::{Args, Subcommand};
use serde_json::json;
use session_client::erc7715::{PermissionRequest, WalletTerms};
use session_client::{Grant, Module, check_session, file, unit};

use crate::deployment::Deployments;
use crate::failure::Failure;
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
    Read(Read),
    /// Print the response that grants a session.
    Granted {
        #[command(flatten)]
        source: Source,
    },
}

#[derive(Args, Debug)]
struct Read {
    /// The request: one object, or the list of the call's parameters with one object.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The account that is asked.
    #[arg(long, value_name = "ADDRESS")]
    account: Address,
    /// Who may receive ether; repeat it for the next.
    #[arg(long, value_name = "ADDRESS")]
    receiver: Vec<Address>,
    /// The most that gas may cost in total.
    #[arg(long, value_name = "AMOUNT", default_value = "0.01 ETH")]
    fees: String,
    #[command(flatten)]
    rpc: Rpc,
    /// The module; that of deployments/CHAIN-ID.json if left out.
    #[arg(long, value_name = "ADDRESS")]
    module: Option<Address>,
    #[command(flatten)]
    deployments: Deployments,
    /// A number that makes the session differ from an equal one.
    #[arg(long, value_name = "N", default_value_t = 0)]
    salt: u64,
    /// Where the session goes; standard output if left out.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(request: Request, printer: &Printer) -> Result<ExitCode, Failure> {
    match request.way {
        Way::Read(request) => read(request, printer).await,
        Way::Granted { source } => {
            let response = source.read()?.to_permission_response()?;
            let words = serde_json::to_string_pretty(&response).unwrap_or_default();
            printer.result(words, &response);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn parse(request: &Read) -> Result<PermissionRequest, Failure> {
    let text = read_file(&request.file)?;
    // The parameters of the call are a list; one session grants one of them.
    let parsed = if text.trim_start().starts_with('[') {
        serde_json::from_str::<[PermissionRequest; 1]>(&text).map(|[request]| request)
    } else {
        serde_json::from_str(&text)
    };
    parsed.map_err(|error| {
        Failure::new(
            format!("{}: {error}", request.file.display()),
            "give one request of wallet_requestExecutionPermissions (ERC-7715)",
        )
    })
}

async fn read(request: Read, printer: &Printer) -> Result<ExitCode, Failure> {
    let asked = parse(&request)?;
    let node = request.rpc.node()?;
    let here = node.chain_id().await?;
    let wanted = asked.chain_id()?;
    if wanted != here {
        return Err(Failure::new(
            format!("the request is for chain {wanted}, the node is of chain {here}"),
            "name a node of the request's chain",
        ));
    }
    let address = match request.module {
        Some(module) => module,
        None => request.deployments.module(here)?,
    };
    let is_there = !node.code(address).await?.is_empty();
    let module = Module { node: &node, address };
    let wallet = WalletTerms {
        account: request.account,
        epoch: if is_there { module.epoch(request.account).await? } else { 0 },
        now: node.now().await?,
        fee_limit: unit::parse_ether(&request.fees)?,
        receivers: request.receiver,
        salt: request.salt,
    };
    let session = asked.to_session(&wallet)?;
    check_session(&session, address)?;
    let grant = Grant::unsigned(address, session);
    let content = file::write(&grant);
    let words = match &request.output {
        Some(path) => {
            write_file(path, &content)?;
            format!("session {} is in {}: have its owner sign it", grant.id(), path.display())
        }
        None => content,
    };
    let document =
        json!({ "sessionId": grant.id(), "file": request.output, "text": grant.to_text()? });
    printer.result(words, &document);
    Ok(ExitCode::SUCCESS)
}
