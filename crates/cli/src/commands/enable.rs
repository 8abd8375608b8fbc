//! `session enable`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::{Address, U256};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use smart_session_client::{
    AccountKind, Call, EXECUTOR_MEANING, EnableRoute, Grant, InstallAs, Module, OwnerClient,
    OwnerSigning, SessionClient, Status, install_data, install_executor, install_validator,
    parse_address, validator_hook,
};

use crate::chain_flags::SendingFlags;
use crate::commands::use_session::report;
use crate::failure::Failure;
use crate::granted::Granted;
use crate::network::EntryPointFlags;
use crate::owner_validator;
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
    chain: SendingFlags,
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
    /// The account's validator whose signatures may enable sessions, where the module is installed.
    /// Left out, it is the account's root validator, where it has one; otherwise the one that the
    /// session names is shown, and must be confirmed.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    owner_validator: Option<Address>,
    /// What the owner's key signs for operations: a digest or a message. It follows from the
    /// account's validator if left out.
    #[arg(long, value_name = "FORM", value_parser = owner_signing)]
    owner_signs: Option<OwnerSigning>,
    #[command(flatten)]
    entry_point: EntryPointFlags,
}

pub(crate) async fn run(enable: Enable, printer: &Printer) -> Result<ExitCode, Failure> {
    if enable.executor && enable.by == By::Relay {
        return Err(Failure::new(
            "only the account itself installs the module as an executor",
            "let its owner do it: --by account, or --by print for a wallet",
        ));
    }
    let (mut grant, names) = enable.source.read_with_names()?;
    let node = enable.chain.node_for(&grant, printer).await?;
    let granted = Granted::look(&grant, &names, Some(&node)).await?;
    granted.check()?;
    let module = Module { node: &node, address: grant.module };
    let account = grant.session.account;
    let status = module.session_state(account, grant.id()).await?.status;
    match status {
        Status::Revoked => return Err(Failure::revoked(grant.id())),
        Status::Enabled if !enable.executor => {
            let words = format!("session {} is enabled already", grant.id());
            printer.result([words], &json!({ "sessionId": grant.id(), "status": "enabled" }));
            return Ok(ExitCode::SUCCESS);
        }
        Status::Enabled | Status::Unknown => {}
    }
    granted.check_epoch()?;
    granted.tell(printer);
    if enable.executor {
        printer.warn(EXECUTOR_MEANING);
    }
    if enable.by == By::Relay {
        return relay(&enable, &grant, &module, printer).await;
    }
    let kind = SessionClient::new(&grant, &node).kind().await?;
    grant.account_kind = Some(kind);
    let key = match enable.by {
        By::Print => None,
        _ => Some(secret::secp256k1(Role::Owner, enable.owner_key_file.as_deref())?),
    };
    let validator = if module.is_installed(account).await? {
        // Nothing is said about the route: the validator only signs this one operation.
        enable.owner_validator.or(grant.owner_validator)
    } else {
        Some(owner_validator::to_install(enable.owner_validator, &grant, &node, printer).await?)
    };
    if let Some(validator) = validator {
        owner_validator::check(&grant, validator, key.as_ref(), &node).await?;
    }
    let route = Route { module: &module, account, kind, validator };
    let mut calls = own_calls(&enable, &grant, &route).await?;
    if status == Status::Enabled {
        // The first call enables it, and that is done.
        calls.remove(0);
    }
    let notes = if enable.executor { &[EXECUTOR_MEANING][..] } else { &[] };
    let Some(key) = key else {
        print_calls(account, &calls, notes, printer);
        return Ok(ExitCode::SUCCESS);
    };
    let sender = secret::secp256k1(Role::Sender, enable.sender_key_file.as_deref())?;
    let validator = validator.ok_or_else(owner_validator::unknown)?;
    let owner = OwnerClient {
        entry_point: enable.entry_point.on(&node)?,
        account,
        kind,
        validator,
        signing: enable.owner_signs.unwrap_or_else(|| OwnerSigning::of(kind, validator)),
        key: &key,
    };
    printer.progress("enabling it by the account's own operation");
    report(&owner.act(&calls, &sender).await?, notes, printer)
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
            "have the owner install it and enable: session enable --by account",
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
        [format!("enabled in transaction {}", receipt.transaction_hash)],
        &json!({ "sessionId": grant.id(), "transaction": receipt.transaction_hash }),
    );
    Ok(ExitCode::SUCCESS)
}

/// Who may enable sessions of an account by signature.
struct Route<'a> {
    module: &'a Module<'a>,
    account: Address,
    kind: AccountKind,
    validator: Option<Address>,
}

impl Route<'_> {
    /// Returns the route of a first install: the owner's validator and no other.
    fn pinned(&self) -> Result<EnableRoute, Failure> {
        let validator = self.validator.ok_or_else(owner_validator::unknown)?;
        Ok(EnableRoute::Only(self.kind.enable_route(validator)))
    }
}

/// The account's own calls: with the install where the module is not installed yet.
async fn own_calls(
    enable: &Enable,
    grant: &Grant,
    route: &Route<'_>,
) -> Result<Vec<Call>, Failure> {
    let Route { module, account, kind, .. } = *route;
    let is_installed = module.is_installed(account).await?;
    // The last install's route wins: an executor is installed with the route that there is.
    let (mut calls, route) = if is_installed {
        let kept = module.enable_route(account).await?;
        (vec![module.enable_call(&grant.session)?], kept)
    } else {
        let route = route.pinned()?;
        let sessions = core::slice::from_ref(&grant.session);
        let data = install_data(InstallAs::Validator, &route, sessions)?;
        (vec![install_validator(kind, account, grant.module, data)], route)
    };
    if enable.executor {
        let data = install_data(InstallAs::Executor, &route, &[])?;
        let hook = validator_hook(module.node, kind, account, grant.module).await?;
        calls.push(install_executor(kind, account, grant.module, data, hook));
    }
    Ok(calls)
}

/// Prints calls for a wallet to send, and what should be known about them.
pub(crate) fn print_calls(account: Address, calls: &[Call], notes: &[&str], printer: &Printer) {
    let mut lines = vec![format!("have account {account} call")];
    for call in calls {
        lines.extend([format!("  to    {}", call.target), format!("  data  {}", call.data)]);
    }
    let calls: Vec<Value> = calls
        .iter()
        .map(|call| json!({ "to": call.target, "data": call.data, "value": "0" }))
        .collect();
    printer.result(lines, &json!({ "account": account, "calls": calls, "notes": notes }));
}

/// Reads what an owner's key signs for operations.
pub(crate) fn owner_signing(text: &str) -> Result<OwnerSigning, String> {
    let named = OwnerSigning::ALL.into_iter().find(|signing| signing.name() == text);
    named.ok_or_else(|| "it is digest or message".into())
}
