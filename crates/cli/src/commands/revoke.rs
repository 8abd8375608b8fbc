//! `session revoke`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::{B256, Bytes, U256};
use clap::{Args, ValueEnum};
use serde_json::json;
use session_client::{
    Call, Delegate, Grant, Module, Node, OwnerClient, OwnerSigning, RevocationSalt, SessionClient,
    SoftwareKey, Status, check_delegate_key, revoke_digest,
};

use crate::commands::enable::{owner_signing, owner_validator, print_calls};
use crate::commands::use_session::report;
use crate::failure::Failure;
use crate::network::{self, EntryPointFlags, Rpc, Terms};
use crate::print::Printer;
use crate::secret::{self, Role};
use crate::source::Source;

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
  session revoke session.json --rpc URL --by delegate --delegate-key-file frontend.key --sender-key-file gas.key
  session revoke session.json --rpc URL --all --by print
--all ends every session of the account on this chain, also those that were signed and never
enabled. A revocation and an operation of the delegate in one bundle: the operation still runs.")]
pub(crate) struct Revoke {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    rpc: Rpc,
    /// End all sessions of the account on this chain.
    #[arg(long)]
    all: bool,
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
    terms: Terms,
    #[command(flatten)]
    entry_point: EntryPointFlags,
}

pub(crate) async fn run(revoke: Revoke, printer: &Printer) -> Result<ExitCode, Failure> {
    let grant = revoke.source.read()?;
    let node = revoke.terms.node(&revoke.rpc).await?;
    network::check_chain(&node, &grant).await?;
    network::tell_of_clocks(&node, printer).await?;
    let module = Module { node: &node, address: grant.module };
    let (account, id) = (grant.session.account, grant.id());
    let status = module.session_state(account, id).await?.status;
    if !revoke.all && status == Status::Revoked {
        let words = format!("session {id} was revoked already");
        printer.result(words, &json!({ "sessionId": id, "status": "revoked" }));
        return Ok(ExitCode::SUCCESS);
    }
    let call = match revoke.by {
        By::Print => {
            let call = own_call(&revoke, &module, id)?;
            print_calls(account, core::slice::from_ref(&call), printer);
            return Ok(ExitCode::SUCCESS);
        }
        By::Account => {
            let key = secret::secp256k1(Role::Owner, revoke.owner_key_file.as_deref())?;
            let sender = revoke.sender()?;
            let owner = revoke.owner(&grant, &node, &key).await?;
            let call = own_call(&revoke, &module, id)?;
            return report(&owner.act(&[call], &sender).await?, printer);
        }
        By::Relay => {
            let key = secret::secp256k1(Role::Owner, revoke.owner_key_file.as_deref())?;
            let owner = revoke.owner(&grant, &node, &key).await?;
            if revoke.all {
                let epoch = module.epoch(account).await?;
                let salt = RevocationSalt::random()?;
                let signature = owner.sign_revoke_all(grant.module, epoch, salt).await?;
                module.relayed_revoke_all_call(account, salt, signature)
            } else {
                let signature = owner.sign_revoke(grant.module, id).await?;
                module.relayed_revoke_call(account, id, signature)
            }
        }
        By::Delegate => delegate_call(&revoke, &grant, &module).await?,
    };
    send(&revoke, &grant, call, &node, printer).await
}

async fn send(
    revoke: &Revoke,
    grant: &Grant,
    call: Call,
    node: &Node,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let sender = revoke.sender()?;
    let receipt = node.transact(&sender, call.target, call.data, U256::ZERO).await?;
    printer.result(
        format!("revoked in transaction {}", receipt.transaction_hash),
        &json!({
            "sessionId": grant.id(),
            "all": revoke.all,
            "transaction": receipt.transaction_hash,
        }),
    );
    Ok(ExitCode::SUCCESS)
}

/// A delegate ends its own session with its signature: anybody may send that.
async fn delegate_call(
    revoke: &Revoke,
    grant: &Grant,
    module: &Module<'_>,
) -> Result<Call, Failure> {
    if revoke.all {
        return Err(Failure::new(
            "a delegate ends its own session only",
            "leave out --all, or have the owner revoke",
        ));
    }
    let key = secret::secp256k1(Role::Delegate, revoke.delegate_key_file.as_deref())?;
    check_delegate_key(&grant.session, &key)?;
    let digest = revoke_digest(grant.module, grant.session.account, grant.id());
    let signature: Bytes = key.sign_digest(digest).await?;
    Ok(module.delegate_revoke_call(&grant.session, signature)?)
}

fn own_call(revoke: &Revoke, module: &Module<'_>, id: B256) -> Result<Call, Failure> {
    if revoke.all {
        return Ok(module.revoke_all_call(RevocationSalt::random()?));
    }
    Ok(module.revoke_call(id))
}

impl Revoke {
    fn sender(&self) -> Result<SoftwareKey, Failure> {
        secret::secp256k1(Role::Sender, self.sender_key_file.as_deref())
    }

    async fn owner<'a>(
        &self,
        grant: &Grant,
        node: &'a Node,
        key: &'a SoftwareKey,
    ) -> Result<OwnerClient<'a>, Failure> {
        let kind = SessionClient::new(grant, node).kind().await?;
        let validator = owner_validator(grant)?;
        Ok(OwnerClient {
            entry_point: self.entry_point.on(node)?,
            account: grant.session.account,
            kind,
            validator,
            signing: self.owner_signs.unwrap_or_else(|| OwnerSigning::of(kind, validator)),
            key,
        })
    }
}
