//! `session sign`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::{Address, Bytes};
use clap::Args;
use serde_json::json;
use session_client::{AccountKind, check_session, session_warnings};

use crate::failure::Failure;
use crate::print::Printer;
use crate::secret::{self, Role};
use crate::source::{Source, write_file};

/// Which session, and how it is signed.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session sign session.json --owner-key-file owner.key
  session sign session.json --signature 0x… --account-kind nexus --owner-validator 0x…
  session sign session.json --signature 0x… --as-is    # a multisig's, with its route")]
pub(crate) struct Sign {
    #[command(flatten)]
    source: Source,
    /// The file with the owner's secret key; SESSION_OWNER_KEY or a prompt if left out.
    #[arg(long, value_name = "FILE", conflicts_with = "signature")]
    owner_key_file: Option<PathBuf>,
    /// What a wallet signed instead.
    #[arg(long, value_name = "HEX")]
    signature: Option<Bytes>,
    /// The signature is as the account's ERC-1271 takes it: put no route before it.
    #[arg(long, requires = "signature")]
    as_is: bool,
    /// What the account is: openzeppelin, msa, safe7579, nexus or kernel.
    #[arg(long, value_name = "KIND", value_parser = account_kind)]
    account_kind: Option<AccountKind>,
    /// The account's validator that checks its owner's signatures.
    #[arg(long, value_name = "ADDRESS")]
    owner_validator: Option<Address>,
    /// Where the signed session goes; the file itself if left out.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Reads a kind of account.
pub(crate) fn account_kind(text: &str) -> Result<AccountKind, String> {
    AccountKind::from_name(text)
        .ok_or_else(|| "the kinds are openzeppelin, msa, safe7579, nexus and kernel".into())
}

pub(crate) fn run(sign: Sign, printer: &Printer) -> Result<ExitCode, Failure> {
    let mut grant = sign.source.read()?;
    grant.account_kind = sign.account_kind.or(grant.account_kind);
    grant.owner_validator = sign.owner_validator.or(grant.owner_validator);
    check_session(&grant.session, grant.module)?;
    for warning in session_warnings(&grant.session) {
        printer.warn(&warning);
    }
    match sign.signature {
        Some(signature) if sign.as_is => grant.take_signature(signature)?,
        Some(signature) => grant.sign(&signature)?,
        None => {
            let digest = grant.owner_digest()?;
            let key = secret::secp256k1(Role::Owner, sign.owner_key_file.as_deref())?;
            grant.sign(&key.sign(digest)?)?;
        }
    }
    let content = sign.source.rewrite(&grant)?;
    let output = sign.output.or_else(|| sign.source.path());
    let text = grant.to_text()?;
    let words = match &output {
        Some(path) => {
            write_file(path, &content)?;
            format!("signed session {} in {}\nas one text: {text}", grant.id(), path.display())
        }
        None => content,
    };
    printer.result(
        words,
        &json!({
            "sessionId": grant.id(),
            "file": output,
            "text": text,
            "ownerSignature": grant.owner_signature,
        }),
    );
    Ok(ExitCode::SUCCESS)
}
