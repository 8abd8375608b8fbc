//! `session revoke`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::{Address, B256, Bytes, U256};
use clap::{Args, ValueEnum};
use serde_json::json;
use smart_session_client::{
    AccountKind, Call, Delegate, Grant, Module, Node, OwnerClient, OwnerSigning, RevocationSalt,
    SoftwareKey, Status, account_kind as ask_kind, check_delegate_key, parse_address,
    revoke_digest,
};

use crate::chain_flags::SendingFlags;
use crate::commands::enable::{owner_signing, print_calls};
use crate::commands::sign::account_kind;
use crate::commands::use_session::check_mined;
use crate::failure::Failure;
use crate::network::{self, EntryPointFlags};
use crate::owner_validator;
use crate::print::Printer;
use crate::secret::{self, Role};
use crate::source::EnabledSource;

/// Who ends a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// Anybody, with the signature of the owner, whose key is at hand.
    Relay,
    /// The account, in an operation that its owner signs.
    Account,
    /// The delegate gives its session back.
    Delegate,
    /// Nobody yet: print the account's call, for a wallet to send.
    Print,
}

/// Which session, and by whom.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session revoke session.json --rpc URL --owner-key-file owner.key --sender-key-file gas.key
  session revoke 0x… --account 0x… --owner-validator 0x… --rpc URL --owner-key-file owner.key
  session revoke session.json --rpc URL --by delegate --delegate-key-file frontend.key --sender-key-file gas.key
  session revoke --all --account 0x… --rpc URL --by print
  session revoke --all --uninstall --account 0x… --rpc URL --by account --owner-key-file owner.key
--all ends every session of the account on this chain, also those that were signed and never
enabled. A revocation and an operation of the delegate in one bundle: the operation still runs.")]
pub(crate) struct Revoke {
    #[command(flatten)]
    source: EnabledSource,
    /// The account, where no session file says it.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    account: Option<Address>,
    /// What the account is: openzeppelin, msa, safe7579, nexus or kernel; asked if left out.
    #[arg(long, value_name = "KIND", value_parser = account_kind)]
    account_kind: Option<AccountKind>,
    /// The account's validator that checks its owner's signatures.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    owner_validator: Option<Address>,
    #[command(flatten)]
    chain: SendingFlags,
    /// End all sessions of the account on this chain.
    #[arg(long)]
    all: bool,
    /// Uninstall the module in the same batch, with --all: by the account, or printed.
    #[arg(long, requires = "all")]
    uninstall: bool,
    /// Who ends it.
    #[arg(long, value_enum, default_value = "relay")]
    by: By,
    /// The file with the owner's key; SESSION_OWNER_KEY or a prompt if left out.
    #[arg(long, value_name = "FILE")]
    owner_key_file: Option<PathBuf>,
    /// The file with the delegate's key; SESSION_DELEGATE_KEY or a prompt if left out.
    #[arg(long, value_name = "FILE")]
    delegate_key_file: Option<PathBuf>,
    /// The file with the key that pays for gas; SESSION_SENDER_KEY or a prompt if left out.
    #[arg(long, value_name = "FILE")]
    sender_key_file: Option<PathBuf>,
    /// What the owner's key signs for operations: a digest or a message. It follows from the
    /// account's validator if left out.
    #[arg(long, value_name = "FORM", value_parser = owner_signing)]
    owner_signs: Option<OwnerSigning>,
    #[command(flatten)]
    entry_point: EntryPointFlags,
}

/// What is ended.
enum What {
    One(B256),
    All { epoch: u64, salt: RevocationSalt },
}

/// The account and the module at which it is ended.
struct Target {
    account: Address,
    module: Address,
    /// The session, where it is known and not only its id.
    grant: Option<Grant>,
    id: Option<B256>,
}

pub(crate) async fn run(revoke: Revoke, printer: &Printer) -> Result<ExitCode, Failure> {
    let node = revoke.chain.node().await?;
    let target = revoke.target(&node).await?;
    revoke.chain.chain.known.check(Some(&node), target.module).await?;
    network::tell_of_clocks(&node, printer).await?;
    let module = Module { node: &node, address: target.module };
    let account = target.account;
    let what = match target.id {
        _ if revoke.all => {
            What::All { epoch: module.epoch(account).await?, salt: RevocationSalt::random()? }
        }
        Some(id) => What::One(id),
        None => return Err(Failure::new("no session is named", "name it, or say --all")),
    };
    if let What::One(id) = what {
        match module.session_state(account, id).await?.status {
            Status::Revoked => {
                let words = format!("session {id} was revoked already");
                printer.result([words], &json!({ "sessionId": id, "status": "revoked" }));
                return Ok(ExitCode::SUCCESS);
            }
            Status::Unknown => printer.warn(&format!(
                "module {} has never enabled session {id} for {account}: revoking only keeps it \
                 from being enabled there",
                module.address
            )),
            Status::Enabled => {}
        }
    }
    if revoke.by == By::Print {
        print_calls(account, &revoke.own_calls(&what, &target, &module).await?, &[], printer);
        return Ok(ExitCode::SUCCESS);
    }
    let transaction = send(&revoke, &target, &what, &module).await?;
    check_ended(&what, &module, account, transaction).await?;
    if revoke.uninstall && module.is_installed(account).await? {
        return Err(Failure::new(
            format!("all sessions of {account} are revoked, but the module is still installed"),
            "look at the transaction in a block explorer, and uninstall it with the account's \
             wallet",
        ));
    }
    let words = match what {
        What::One(id) => format!("session {id} is revoked, in transaction {transaction}"),
        What::All { .. } => {
            let also = if revoke.uninstall { ", the module is uninstalled" } else { "" };
            format!("all sessions of {account} are revoked{also}, in transaction {transaction}")
        }
    };
    printer.result(
        [words],
        &json!({
            "sessionId": target.id,
            "account": account,
            "all": revoke.all,
            "uninstalled": revoke.uninstall,
            "status": "revoked",
            "transaction": transaction,
        }),
    );
    Ok(ExitCode::SUCCESS)
}

/// Has it ended, and returns the transaction.
async fn send(
    revoke: &Revoke,
    target: &Target,
    what: &What,
    module: &Module<'_>,
) -> Result<B256, Failure> {
    let node = module.node;
    if revoke.uninstall && revoke.by != By::Account {
        return Err(Failure::new(
            "only the account itself uninstalls the module",
            "add --by account, or --by print",
        ));
    }
    let call = match revoke.by {
        By::Delegate => delegate_call(revoke, target, module).await?,
        By::Account | By::Relay | By::Print => {
            let key = secret::secp256k1(Role::Owner, revoke.owner_key_file.as_deref())?;
            let owner = revoke.owner(target, node, &key).await?;
            if revoke.by == By::Account {
                let sender = revoke.sender()?;
                let calls = revoke.own_calls(what, target, module).await?;
                let mined = owner.act(&calls, &sender).await?;
                check_mined(&mined)?;
                return Ok(mined.transaction);
            }
            match *what {
                What::All { epoch, salt } => {
                    let signature = owner.sign_revoke_all(module.address, epoch, salt).await?;
                    module.relayed_revoke_all_call(target.account, salt, signature)
                }
                What::One(id) => {
                    let signature = owner.sign_revoke(module.address, id).await?;
                    module.relayed_revoke_call(target.account, id, signature)
                }
            }
        }
    };
    let sender = revoke.sender()?;
    let receipt = node.transact(&sender, call.target, call.data, U256::ZERO).await?;
    Ok(receipt.transaction_hash)
}

/// Reads back from the module that it has ended: a transaction that was mined proves nothing.
async fn check_ended(
    what: &What,
    module: &Module<'_>,
    account: Address,
    transaction: B256,
) -> Result<(), Failure> {
    let has_ended = match *what {
        What::One(id) => module.session_state(account, id).await?.status == Status::Revoked,
        What::All { epoch, .. } => module.epoch(account).await? != epoch,
    };
    if has_ended {
        return Ok(());
    }
    Err(Failure::new(
        format!(
            "transaction {transaction} was mined, but module {} has revoked nothing",
            module.address
        ),
        "look at the transaction in a block explorer, and revoke by the account's own call \
         (--by account)",
    ))
}

/// A delegate ends its own session with its signature: anybody may send that.
async fn delegate_call(
    revoke: &Revoke,
    target: &Target,
    module: &Module<'_>,
) -> Result<Call, Failure> {
    let grant = match (&target.grant, revoke.all) {
        (Some(grant), false) => grant,
        (_, true) => {
            return Err(Failure::new(
                "a delegate ends its own session only",
                "leave out --all, or have the owner revoke",
            ));
        }
        (None, false) => {
            return Err(Failure::new(
                "a delegate shows its session to end it, and only its id is known",
                "leave out --account, or name the session's file",
            ));
        }
    };
    let key = secret::secp256k1(Role::Delegate, revoke.delegate_key_file.as_deref())?;
    check_delegate_key(&grant.session, &key)?;
    let digest = revoke_digest(module.address, target.account, grant.id());
    let signature: Bytes = key.sign_digest(digest).await?;
    Ok(module.delegate_revoke_call(&grant.session, signature)?)
}

impl Revoke {
    /// Finds out what is meant: by a session, by its id, or by the account alone.
    async fn target(&self, node: &Node) -> Result<Target, Failure> {
        if let Some(account) = self.account
            && (self.source.id().is_some() || !self.source.is_given())
        {
            let module = self.chain.chain.known.address_on(node).await?;
            network::check_module(node, module).await?;
            return Ok(Target { account, module, grant: None, id: self.source.id() });
        }
        let (grant, _) = self.source.read(&self.chain.chain.known, Some(node)).await?;
        network::check_chain(node, &grant).await?;
        let (account, id) = (grant.session.account, grant.id());
        if let Some(other) = self.account.filter(|other| *other != account) {
            return Err(Failure::new(
                format!("the session is of account {account}, not of {other}"),
                "leave out --account",
            ));
        }
        Ok(Target { account, module: grant.module, id: Some(id), grant: Some(grant) })
    }

    /// Returns the account's own calls: with --uninstall they make it leave the module.
    async fn own_calls(
        &self,
        what: &What,
        target: &Target,
        module: &Module<'_>,
    ) -> Result<Vec<Call>, Failure> {
        match *what {
            What::One(id) => Ok(vec![module.revoke_call(id)]),
            What::All { salt, .. } if !self.uninstall => Ok(vec![module.revoke_all_call(salt)]),
            What::All { .. } => {
                let kind = self.kind(target, module.node).await?;
                Ok(module.leave_calls(kind, target.account).await?)
            }
        }
    }

    /// Returns what the account is: as is said, or as it says itself.
    async fn kind(&self, target: &Target, node: &Node) -> Result<AccountKind, Failure> {
        let said = target.grant.as_ref().and_then(|grant| grant.account_kind);
        match self.account_kind.or(said) {
            Some(kind) => Ok(kind),
            None => Ok(ask_kind(node, target.account).await?),
        }
    }

    fn sender(&self) -> Result<SoftwareKey, Failure> {
        secret::secp256k1(Role::Sender, self.sender_key_file.as_deref())
    }

    async fn owner<'a>(
        &self,
        target: &Target,
        node: &'a Node,
        key: &'a SoftwareKey,
    ) -> Result<OwnerClient<'a>, Failure> {
        let account = target.account;
        let said = target.grant.as_ref();
        let kind = self.kind(target, node).await?;
        let named = self.owner_validator.or(said.and_then(|grant| grant.owner_validator));
        let validator = if let Some(validator) = named {
            validator
        } else {
            let root = owner_validator::root_of(kind, account, node).await?;
            root.ok_or_else(owner_validator::unknown)?
        };
        Ok(OwnerClient {
            entry_point: self.entry_point.on(node)?,
            account,
            kind,
            validator,
            signing: self.owner_signs.unwrap_or_else(|| OwnerSigning::of(kind, validator)),
            key,
        })
    }
}
