//! `session request`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alloy_primitives::Address;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use smart_session_client::import::SourceSystem;
use smart_session_client::{Grant, Names, file, parse_address};

use crate::chain_flags::ChainFlags;
use crate::commands::import::{self, Import};
use crate::failure::Failure;
use crate::granted::Granted;
use crate::output_file::write_file;
use crate::print::Printer;
use crate::source::{Source, read_file};

/// Which way.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session request read request.json --account 0x… --rpc URL -o session.json
  session request grant session.json --request request.json --json
  session request accept response.json --rpc URL -o session.json
The response's context is redeemed at its delegationManager, the module (ERC-7710): by any client
that calls the manager which it is given, or by session use --redeem. The module must be installed
as an executor.")]
pub(crate) struct Request {
    #[command(subcommand)]
    way: Way,
}

#[derive(Debug, Subcommand)]
enum Way {
    /// Make a session of a request of `wallet_requestExecutionPermissions`, as session import does.
    Read(Box<Read>),
    /// Print the response that grants a session: with its context, and the module as
    /// delegationManager.
    #[command(visible_alias = "granted")]
    Grant {
        #[command(flatten)]
        source: Source,
        /// The request that is answered: a session for another one who asks is refused, and what
        /// no session holds; and each difference, if the request allows no adjustment.
        #[arg(long, value_name = "FILE")]
        request: Option<PathBuf>,
    },
    /// Make a session of a response that a wallet gave.
    Accept(Box<Accept>),
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
    chain: ChainFlags,
    /// A number that makes the session differ from an equal one; drawn if left out.
    #[arg(long, value_name = "N")]
    salt: Option<u64>,
    /// Where the session goes; standard output if left out.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Args, Debug)]
struct Accept {
    /// The response: one object, or the list of the call's results with one object.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    chain: ChainFlags,
    /// Where the session goes; standard output if left out.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(request: Request, printer: &Printer) -> Result<ExitCode, Failure> {
    match request.way {
        Way::Read(request) => read(*request, printer).await,
        Way::Grant { source, request } => grant(&source, request.as_deref(), printer),
        Way::Accept(accept) => self::accept(*accept, printer).await,
    }
}

/// A request is imported like everything that has another shape: each term has one meaning.
async fn read(request: Read, printer: &Printer) -> Result<ExitCode, Failure> {
    let Read { file, account, receiver, fees, chain: on, salt, output } = request;
    read_request(&file)?;
    // What begins now begins by the chain's clock.
    on.rpc.node()?;
    let import = Import {
        file,
        account,
        from: None,
        until: None,
        max_calls: None,
        fees,
        paymaster: None,
        receiver,
        chain: None,
        on,
        salt,
        compare: false,
        output,
    };
    import::run(import, printer).await
}

/// Reads the one request in a file.
fn read_request(file: &Path) -> Result<Value, Failure> {
    let (system, document) = import::read(file)?;
    if system == SourceSystem::PermissionRequest {
        return Ok(document);
    }
    Err(Failure::new(
        format!("{}: it is a session of {}, no request", file.display(), system.name()),
        "give a request of wallet_requestExecutionPermissions (ERC-7715), or use session import",
    ))
}

fn grant(source: &Source, request: Option<&Path>, printer: &Printer) -> Result<ExitCode, Failure> {
    let grant = source.read()?;
    let request = request.map(read_request).transpose()?;
    let response = grant.to_permission_response(request.as_ref())?;
    if grant.owner_signature.is_none() {
        printer.warn(
            "the session is not signed by its owner: its context is good once the account has \
             enabled it",
        );
    }
    printer.warn(
        "the context is redeemed by a call of the delegate: that takes the module installed as an \
         executor too",
    );
    let words = serde_json::to_string_pretty(&response).unwrap_or_default();
    printer.document(&words, &response);
    Ok(ExitCode::SUCCESS)
}

async fn accept(accept: Accept, printer: &Printer) -> Result<ExitCode, Failure> {
    let place = accept.file.display();
    let failed = |why: &str, remedy: &str| Failure::new(format!("{place}: {why}"), remedy);
    let remedy = "give one response of wallet_requestExecutionPermissions (ERC-7715)";
    let text = read_file(&accept.file, remedy)?;
    let document: Value = serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(&text))
        .map_err(|error| failed(&error.to_string(), remedy))?;
    let result = document.get("result").unwrap_or(&document);
    let response = match result.as_array().map(Vec::as_slice) {
        None => result,
        Some([one]) => one,
        Some(several) => {
            let why = format!("there are {} responses, and one is one session", several.len());
            return Err(failed(&why, "give them one at a time"));
        }
    };
    let grant = Grant::from_permission_response(response)
        .map_err(|refusal| failed(refusal.reason(), refusal.remedy()))?;
    let node = accept.chain.rpc.node_if_named()?;
    // The response says which contract is called: it must be a session module.
    accept.chain.known.check(node.as_ref(), grant.module).await?;
    let names = Names::default();
    let granted = Granted::look(&grant, &names, node.as_ref()).await?;
    granted.tell(printer);
    let document = granted.document_with(json!({ "file": accept.output }))?;
    let content = file::write(&grant);
    let Some(path) = &accept.output else {
        printer.document(&content, &document);
        return Ok(ExitCode::SUCCESS);
    };
    write_file(path, &content)?;
    printer.result([format!("session {} is in {}", grant.id(), path.display())], &document);
    Ok(ExitCode::SUCCESS)
}
