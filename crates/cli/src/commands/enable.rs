//! `session enable`.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::{Address, U256};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use session_client::{
    Call, EnableRoute, Grant, InstallAs, Module, Node, OwnerClient, OwnerSigning, SessionClient,
    Status, check_session, install_data, install_executor, install_validator, validator_hook,
};

use crate::commands::use_session::report;
use crate::failure::Failure;
use crate::network::{self, EntryPointFlags, Rpc, Terms};
use crate::print::Printer;
use crate::secret::{self, Role};
use crate::source::Source;

/// Who enables a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// Anybody, with the owner's signature that the session carries.
    Relay,
    /// The account, in an operation that its owner signs. It installs the module too where that
    /// is missing.
    Account,
    /// Nobody yet: print the account's call, for a wallet to send.
    Print,
}

/// Which session, and by whom.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session enable session.json --rpc URL --sender-key-file gas.key
  session enable session.json --rpc URL --by account --owner-key-file owner.key --sender-key-file gas.key
  session enable session.json --rpc URL --by print
Nothing of this is needed where the delegate has the owner's signature: its first use enables.")]
pub(crate) struct Enable {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    rpc: Rpc,
    /// Who enables it.
    #[arg(long, value_enum, default_value = "relay")]
    by: By,
    /// Install the module as an executor too, for use --direct.
    #[arg(long)]
    executor: bool,
    /// The file with the owner's key, for --by account; SESSION_OWNER_KEY or a prompt if left out.
    #[arg(long, value_name = "FILE")]
    owner_key_file: Option<PathBuf>,
    /// The file with the key that pays for gas; SESSION_SENDER_KEY or a prompt if left out.
    #[arg(long, value_name = "FILE")]
    sender_key_file: Option<PathBuf>,
    /// What the owner's key signs for operations: a digest or a message. It follows from the
    /// account's validator if left out.
    #[arg(long, value_name = "FORM", value_parser = owner_signing)]
    owner_signs: Option<OwnerSigning>,
    #[command(flatten)]
    terms: Terms,
    #[command(flatten)]
    entry_point: EntryPointFlags,
}

pub(crate) async fn run(enable: Enable, printer: &Printer) -> Result<ExitCode, Failure> {
    let grant = enable.source.read()?;
    let node = enable.terms.node(&enable.rpc).await?;
    network::check_chain(&node, &grant).await?;
    network::tell_of_clocks(&node, printer).await?;
    check_session(&grant.session, grant.module)?;
    let module = Module { node: &node, address: grant.module };
    let account = grant.session.account;
    match module.session_state(account, grant.id()).await?.status {
        Status::Revoked => {
            return Err(Failure::new(
                format!("session {} was revoked", grant.id()),
                "make a new session: a revoked one never comes back",
            ));
        }
        Status::Enabled => {
            let words = format!("session {} is enabled already", grant.id());
            printer.result(words, &json!({ "sessionId": grant.id(), "status": "enabled" }));
            return Ok(ExitCode::SUCCESS);
        }
        Status::Unknown => {}
    }
    check_epoch(&grant, &module).await?;
    if enable.by == By::Relay {
        return relay(&enable, &grant, &module, printer).await;
    }
    let calls = own_calls(&enable, &grant, &node, &module).await?;
    if enable.by == By::Print {
        print_calls(account, &calls, printer);
        return Ok(ExitCode::SUCCESS);
    }
    let key = secret::secp256k1(Role::Owner, enable.owner_key_file.as_deref())?;
    let sender = secret::secp256k1(Role::Sender, enable.sender_key_file.as_deref())?;
    let kind = SessionClient::new(&grant, &node).kind().await?;
    let validator = owner_validator(&grant)?;
    let owner = OwnerClient {
        entry_point: enable.entry_point.on(&node)?,
        account,
        kind,
        validator,
        signing: enable.owner_signs.unwrap_or_else(|| OwnerSigning::of(kind, validator)),
        key: &key,
    };
    printer.progress("enabling it by the account's own operation");
    report(&owner.act(&calls, &sender).await?, printer)
}

async fn relay(
    enable: &Enable,
    grant: &Grant,
    module: &Module<'_>,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let account = grant.session.account;
    if !module.is_installed(account).await? {
        return Err(Failure::new(
            format!("account {account} has not installed the module"),
            "install it and enable with one operation: session enable --by account",
        ));
    }
    let signature = grant.owner_signature.clone().ok_or_else(|| {
        Failure::new("the session is not signed by its owner", "sign it first: session sign")
    })?;
    let call = module.relayed_enable_call(&grant.session, signature)?;
    let sender = secret::secp256k1(Role::Sender, enable.sender_key_file.as_deref())?;
    printer.progress("enabling it with the owner's signature");
    let sent = module.node.transact(&sender, call.target, call.data, U256::ZERO);
    let receipt = sent.await?;
    printer.result(
        format!("enabled in transaction {}", receipt.transaction_hash),
        &json!({ "sessionId": grant.id(), "transaction": receipt.transaction_hash }),
    );
    Ok(ExitCode::SUCCESS)
}

/// The account's own calls: with the install where the module is not installed yet.
async fn own_calls(
    enable: &Enable,
    grant: &Grant,
    node: &Node,
    module: &Module<'_>,
) -> Result<Vec<Call>, Failure> {
    let account = grant.session.account;
    let is_installed = module.is_installed(account).await?;
    if is_installed && !enable.executor {
        return Ok(vec![module.enable_call(&grant.session)?]);
    }
    let kind = SessionClient::new(grant, node).kind().await?;
    let route = EnableRoute::Only(kind.enable_route(owner_validator(grant)?));
    let mut calls = Vec::new();
    if is_installed {
        calls.push(module.enable_call(&grant.session)?);
    } else {
        let sessions = core::slice::from_ref(&grant.session);
        let data = install_data(InstallAs::Validator, &route, sessions)?;
        calls.push(install_validator(kind, account, grant.module, data));
    }
    if enable.executor {
        let data = install_data(InstallAs::Executor, &route, &[])?;
        let hook = validator_hook(node, kind, account, grant.module).await?;
        calls.push(install_executor(kind, account, grant.module, data, hook));
    }
    Ok(calls)
}

/// Prints calls for a wallet to send.
pub(crate) fn print_calls(account: Address, calls: &[Call], printer: &Printer) {
    let mut words = format!("have account {account} call");
    for call in calls {
        let _ = write!(words, "\n  to    {}\n  data  {}", call.target, call.data);
    }
    let calls: Vec<Value> = calls
        .iter()
        .map(|call| json!({ "to": call.target, "data": call.data, "value": "0" }))
        .collect();
    printer.result(words, &json!({ "account": account, "calls": calls }));
}

async fn check_epoch(grant: &Grant, module: &Module<'_>) -> Result<(), Failure> {
    let (account, here) = (grant.session.account, module.node.chain_id().await?);
    let epoch = module.epoch(account).await?;
    let named = grant.session.chains.iter().find(|chain| chain.chain_id == U256::from(here));
    match named {
        Some(chain) if chain.epoch != epoch => Err(Failure::new(
            format!("the session is of epoch {}, the account is in epoch {epoch}", chain.epoch),
            "make a new session: all of the former epoch were revoked",
        )),
        _ => Ok(()),
    }
}

/// Reads what an owner's key signs for operations.
pub(crate) fn owner_signing(text: &str) -> Result<OwnerSigning, String> {
    let named = OwnerSigning::ALL.into_iter().find(|signing| signing.name() == text);
    named.ok_or_else(|| "it is digest or message".into())
}

/// Returns the validator that the grant names.
pub(crate) fn owner_validator(grant: &Grant) -> Result<Address, Failure> {
    grant.owner_validator.ok_or_else(|| {
        Failure::new(
            "the account's validator for its owner's signatures is not known",
            "put it into the session file (ownerValidator)",
        )
    })
}
