//! `session sign`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::{Address, Bytes};
use clap::Args;
use serde_json::json;
use smart_session_client::{
    AccountKind, Grant, Node, account_kind as ask_kind, owner_accepts, parse_address,
};

use crate::chain_flags::ChainFlags;
use crate::failure::Failure;
use crate::output_file::write_file;
use crate::print::Printer;
use crate::secret::{self, Role};
use crate::source::Source;

/// Which session, and how it is signed.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session sign session.json --owner-key-file owner.key --rpc URL
  session sign session.json --signature 0x… --account-kind nexus --owner-validator 0x…
  session sign session.json --signature 0x… --as-is    # a multisig's, with its route
With --rpc the chain is asked about the account's epoch, and the account whether it accepts the
signature. What is signed is told on standard error.")]
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
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    owner_validator: Option<Address>,
    #[command(flatten)]
    chain: ChainFlags,
    /// Where the signed session goes; the file itself if left out.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Reads a kind of account.
pub(crate) fn account_kind(text: &str) -> Result<AccountKind, String> {
    AccountKind::from_name(text)
        .ok_or_else(|| "the kinds are openzeppelin, msa, safe7579, nexus and kernel".into())
}

pub(crate) async fn run(sign: Sign, printer: &Printer) -> Result<ExitCode, Failure> {
    let (mut grant, names) = sign.source.read_with_names()?;
    let node = sign.chain.rpc.node_if_named()?;
    grant.account_kind = sign.account_kind.or(grant.account_kind);
    grant.owner_validator = sign.owner_validator.or(grant.owner_validator);
    grant.owner_signature = None;
    if let Some(node) = node.as_ref().filter(|_| grant.account_kind.is_none()) {
        grant.account_kind = ask_kind(node, grant.session.account).await.ok();
    }
    let granted = sign.chain.check_to_sign(&grant, &names, node.as_ref(), printer).await?;
    let mut signed = grant.clone();

    match &sign.signature {
        Some(signature) if sign.as_is => signed.take_signature(signature.clone())?,
        Some(signature) => signed.sign(signature)?,
        None => {
            let digest = grant.owner_digest()?;
            let key = secret::secp256k1(Role::Owner, sign.owner_key_file.as_deref())?;
            if key.address() == grant.session.delegate {
                return Err(Failure::new(
                    "the key is the delegate's, not the owner's",
                    "give the key of the account's owner (--owner-key-file)",
                ));
            }
            signed.sign(&key.sign(digest)?)?;
        }
    }
    if let Some(node) = &node {
        check_accepted(&signed, node).await?;
    }
    let content = sign.source.rewrite(&signed)?;
    let output = sign.output.or_else(|| sign.source.path());
    let text = signed.to_text()?;
    let granted = granted.signed(&signed);
    let signature = signed.owner_signature.clone();
    let document = granted.document_with(json!({ "file": output, "ownerSignature": signature }))?;
    let Some(path) = &output else {
        printer.document(&content, &document);
        return Ok(ExitCode::SUCCESS);
    };
    write_file(path, &content)?;
    let told = format!("signed session {} in {}", grant.id(), path.display());
    printer.result([told, format!("as one text: {text}")], &document);
    Ok(ExitCode::SUCCESS)
}

/// Asks a deployed account whether the signature is its owner's.
async fn check_accepted(grant: &Grant, node: &Node) -> Result<(), Failure> {
    if node.code(grant.session.account).await?.is_empty() || owner_accepts(grant, node).await? {
        return Ok(());
    }
    Err(Failure::new(
        format!("account {} does not accept the signature as its owner's", grant.session.account),
        "sign with the owner's key, and name the validator that knows it (--owner-validator)",
    ))
}
