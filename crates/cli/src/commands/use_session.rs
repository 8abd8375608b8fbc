//! `session use`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use smart_session_client::{
    ActError, Bundler, Delegate, Mined, Preflight, RefusalCode, SessionClient, check_delegate_key,
    unit,
};
use smart_session_core::packed::DelegateKind;

use crate::calls::Calls;
use crate::failure::Failure;
use crate::known_module::KnownModule;
use crate::network::{self, EntryPointFlags, Rpc, Sponsor, Terms};
use crate::print::Printer;
use crate::secret::{self, Role};
use crate::source::Source;

/// Which calls, within which session, and how they are sent.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session use session.json --rpc URL --bundler URL --delegate-key-file frontend.key \\
    --to 0x… --call 'move(uint8)' --arg 1 --value '0.01 ETH'
  session use session.json --rpc URL --sender-key-file gas.key --delegate-key-file frontend.key \\
    --calls batch.json
With --bundler the operation goes to a bundler. Without it, a sender of one's own carries it to
the EntryPoint and gets the fees back; with --direct the delegate itself calls the module.")]
pub(crate) struct Use {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    calls: Calls,
    #[command(flatten)]
    known: KnownModule,
    #[command(flatten)]
    rpc: Rpc,
    /// The file with the delegate's key; SESSION_DELEGATE_KEY or a prompt if left out.
    #[arg(long, value_name = "FILE")]
    delegate_key_file: Option<PathBuf>,
    /// The bundler's URL.
    #[arg(long, value_name = "URL")]
    bundler: Option<String>,
    /// The file with the key of who carries the operation; SESSION_SENDER_KEY or a prompt if left
    /// out.
    #[arg(long, value_name = "FILE", conflicts_with = "bundler")]
    sender_key_file: Option<PathBuf>,
    /// Call the module directly, as the delegate, who pays for gas.
    #[arg(long, conflicts_with_all = ["bundler", "sender_key_file"])]
    direct: bool,
    #[command(flatten)]
    sponsor: Sponsor,
    #[command(flatten)]
    terms: Terms,
    #[command(flatten)]
    entry_point: EntryPointFlags,
    /// Operations in different lanes do not wait for each other.
    #[arg(long, value_name = "N", default_value_t = 0)]
    lane: u32,
}

pub(crate) async fn run(arguments: Use, printer: &Printer) -> Result<ExitCode, Failure> {
    let grant = arguments.source.read()?;
    let calls = arguments.calls.read()?;
    let node = arguments.terms.node(&arguments.rpc).await?;
    network::check_chain(&node, &grant).await?;
    arguments.known.check(Some(&node), grant.module).await?;
    network::tell_of_clocks(&node, printer).await?;
    let mut client = SessionClient::new(&grant, &node);
    client.entry_point = arguments.entry_point.on(&node)?;
    client.lane = arguments.lane;
    client.paymaster_and_data = arguments.sponsor.bytes();
    let file = arguments.delegate_key_file.as_deref();

    if arguments.direct {
        let delegate = secret::secp256k1(Role::Delegate, file)?;
        let hash = client.act_directly(&calls, &delegate).await?;
        printer.result(
            [format!("done in transaction {hash}")],
            &json!({ "transaction": hash, "success": true }),
        );
        return Ok(ExitCode::SUCCESS);
    }
    let mined = match grant.session.delegate_kind {
        DelegateKind::Secp256k1 => {
            let delegate = secret::secp256k1(Role::Delegate, file)?;
            send(&arguments, &client, &calls, &delegate, printer).await?
        }
        DelegateKind::P256 => {
            let delegate = secret::p256(Role::Delegate, file)?;
            send(&arguments, &client, &calls, &delegate, printer).await?
        }
        DelegateKind::WebAuthn => {
            return Err(Failure::new(
                "passkeys sign in browsers, not here",
                "use the TypeScript package in the page that the passkey belongs to",
            ));
        }
    };
    report(&mined, printer)
}

async fn send(
    arguments: &Use,
    client: &SessionClient<'_>,
    calls: &[smart_session_client::Call],
    delegate: &impl Delegate,
    printer: &Printer,
) -> Result<Mined, Failure> {
    check_delegate_key(&client.grant.session, delegate)?;
    let bundler = arguments.bundler.as_deref().map(Bundler::at).transpose()?;
    printer.progress("preparing the operation");
    let prepared = match client.prepare(calls, bundler.as_ref()).await {
        Ok(prepared) => prepared,
        // The preflight knows better why: it asks rule by rule.
        Err(error) => return Err(explained(client, calls, error).await),
    };
    for note in &prepared.notes {
        printer.warn(note);
    }
    let op = client.sign(&prepared, delegate).await?;
    printer.progress("sending it");
    let sent = if let Some(bundler) = &bundler {
        client.send(&op, bundler).await
    } else {
        let sender = secret::secp256k1(Role::Sender, arguments.sender_key_file.as_deref())?;
        client.bundle(op, &sender).await
    };
    match sent {
        Ok(mined) => Ok(mined),
        Err(error) => Err(explained(client, calls, error).await),
    }
}

async fn explained(
    client: &SessionClient<'_>,
    calls: &[smart_session_client::Call],
    error: ActError,
) -> Failure {
    let is_too_dear = matches!(&error, ActError::Refused(refusal)
        if refusal.code() == RefusalCode::FeeOverLimit);
    if !is_too_dear && let Ok(Preflight::Breaks(violation)) = client.preflight(calls).await {
        return Failure::new(violation.sentence, violation.remedy);
    }
    error.into()
}

/// Refuses an operation that was mined and did nothing.
pub(crate) fn check_mined(mined: &Mined) -> Result<(), Failure> {
    match &mined.reason {
        None => Ok(()),
        Some(reason) => Err(Failure::new(
            format!("the operation was mined, but {reason} (its counters have moved)"),
            "ask the contract that is called what it wants",
        )),
    }
}

/// Says what became of an operation.
pub(crate) fn report(mined: &Mined, printer: &Printer) -> Result<ExitCode, Failure> {
    check_mined(mined)?;
    printer.result(
        [
            format!("done in transaction {}", mined.transaction),
            format!("  gas  {} for {} ETH", mined.gas_used, unit::ether(mined.cost)),
        ],
        &json!({
            "transaction": mined.transaction,
            "userOpHash": mined.user_op_hash,
            "success": mined.is_success,
            "gasUsed": mined.gas_used.to_string(),
            "cost": mined.cost.to_string(),
        }),
    );
    Ok(ExitCode::SUCCESS)
}
