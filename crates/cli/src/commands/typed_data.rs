//! `session typed-data`.

use std::process::ExitCode;

use clap::Args;
use smart_session_client::session_typed_data;

use crate::chain_flags::ChainFlags;
use crate::failure::Failure;
use crate::print::Printer;
use crate::source::Source;

/// Which session.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session typed-data session.json > typed-data.json
  cast wallet sign --data --from-file typed-data.json --ledger
  session sign session.json --signature 0x…
What is signed is told on standard error.")]
pub(crate) struct TypedData {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    chain: ChainFlags,
}

pub(crate) async fn run(typed_data: &TypedData, printer: &Printer) -> Result<ExitCode, Failure> {
    let (grant, names) = typed_data.source.read_with_names()?;
    let node = typed_data.chain.rpc.node_if_named()?;
    typed_data.chain.check_to_sign(&grant, &names, node.as_ref(), printer).await?;
    let document = session_typed_data(grant.module, &grant.session)?;
    let words = serde_json::to_string_pretty(&document).unwrap_or_default();
    printer.document(&words, &document);
    Ok(ExitCode::SUCCESS)
}
