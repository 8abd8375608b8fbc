//! `session typed-data`.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use session_client::{session_typed_data, session_warnings};

use crate::failure::Failure;
use crate::print::Printer;
use crate::source::Source;

/// Which session.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session typed-data session.json > typed-data.json
  cast wallet sign --data --from-file typed-data.json --ledger
  session sign session.json --signature 0x…")]
pub(crate) struct TypedData {
    #[command(flatten)]
    source: Source,
}

pub(crate) fn run(typed_data: &TypedData, printer: &Printer) -> Result<ExitCode, Failure> {
    let grant = typed_data.source.read()?;
    let document = session_typed_data(grant.module, &grant.session)?;
    for warning in session_warnings(&grant.session) {
        printer.warn(&warning);
    }
    let words = serde_json::to_string_pretty(&document).unwrap_or_default();
    printer.result(words, &json!(document));
    Ok(ExitCode::SUCCESS)
}
