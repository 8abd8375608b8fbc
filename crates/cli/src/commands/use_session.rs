//! `session use`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use smart_session_client::{
    ActError, Bundler, Call, Delegate, Mined, OrderChoice, Preflight, RefusalCode, SessionClient,
    check_delegate_key, key_kind, unit,
};
use smart_session_core::packed::DelegateKind;

use crate::calls::Calls;
use crate::chain_flags::SendingFlags;
use crate::direct;
use crate::failure::Failure;
use crate::network::{EntryPointFlags, Sponsor};
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
  session use session.json --rpc URL --delegate-key-file frontend.key --sponsor-key-file sponsor.key \\
    --calls batch.json
With --bundler the operation goes to a bundler. Without it, a sender of one's own carries it to
the EntryPoint and gets the fees back. Where the module is installed as an executor too, no
EntryPoint is needed: with --sponsor-key-file the delegate signs an order and the sponsor brings it,
with --direct the delegate itself calls the module, with --redeem it redeems by ERC-7710.")]
pub(crate) struct Use {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    calls: Calls,
    #[command(flatten)]
    chain: SendingFlags,
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
    /// Redeem the session's context at the module (ERC-7710), as the delegate, who pays for gas.
    #[arg(long, conflicts_with_all = ["bundler", "sender_key_file", "direct"])]
    redeem: bool,
    /// Sign an order, and have the key in this file bring it and pay for gas.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["bundler", "sender_key_file", "direct", "redeem"]
    )]
    sponsor_key_file: Option<PathBuf>,
    #[command(flatten)]
    sponsor: Sponsor,
    #[command(flatten)]
    entry_point: EntryPointFlags,
    /// Operations in different lanes do not wait for each other.
    #[arg(long, value_name = "N", default_value_t = 0)]
    lane: u32,
}

pub(crate) async fn run(arguments: Use, printer: &Printer) -> Result<ExitCode, Failure> {
    let grant = arguments.source.read()?;
    let calls = arguments.calls.read()?;
    let node = arguments.chain.node_for(&grant, printer).await?;
    let mut client = SessionClient::new(&grant, &node);
    client.entry_point = arguments.entry_point.on(&node)?;
    client.lane = arguments.lane;
    client.paymaster_and_data = arguments.sponsor.bytes();
    let file = arguments.delegate_key_file.as_deref();

    if arguments.direct || arguments.redeem {
        return by_delegate(&arguments, &client, &calls, printer).await;
    }
    let delegate = secret::delegate(grant.session.delegate_kind, file)?;
    if let Some(sponsor) = arguments.sponsor_key_file.as_deref() {
        let sponsor = secret::secp256k1(Role::Sponsor, Some(sponsor))?;
        let choice = OrderChoice { relayer: Some(sponsor.address()), ..OrderChoice::default() };
        let order = direct::sign(&client, &calls, choice, &delegate, printer).await?;
        return direct::bring(&node, &order, &sponsor, printer).await;
    }
    let mined = send(&arguments, &client, &calls, &delegate, printer).await?;
    report(&mined, &[], printer)
}

/// Acts by a transaction of the delegate.
async fn by_delegate(
    arguments: &Use,
    client: &SessionClient<'_>,
    calls: &[Call],
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let kind = client.grant.session.delegate_kind;
    if kind != DelegateKind::Secp256k1 {
        return Err(Failure::new(
            format!("the delegate has a {}, which has no address to call from", key_kind(kind)),
            "sign an order instead, which anyone may bring: --sponsor-key-file, or session order",
        ));
    }
    let delegate = secret::secp256k1(Role::Delegate, arguments.delegate_key_file.as_deref())?;
    let hash = if arguments.redeem {
        client.redeem(calls, &delegate).await?
    } else {
        client.act_directly(calls, &delegate).await?
    };
    printer.result(
        [format!("done in transaction {hash}")],
        &json!({ "transaction": hash, "success": true }),
    );
    Ok(ExitCode::SUCCESS)
}

async fn send(
    arguments: &Use,
    client: &SessionClient<'_>,
    calls: &[Call],
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
        let sender = secret::secp256k1(Role::Sender, arguments.sender_key_file.as_deref());
        let sender = sender.map_err(|Failure { reason, remedy }| {
            let others = "or go another way: --bundler, --sponsor-key-file, --direct or --redeem";
            Failure::new(reason, format!("{remedy}; {others}"))
        })?;
        client.bundle(op, &sender).await
    };
    match sent {
        Ok(mined) => Ok(mined),
        Err(error) => Err(explained(client, calls, error).await),
    }
}

async fn explained(client: &SessionClient<'_>, calls: &[Call], error: ActError) -> Failure {
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

/// Says what became of an operation, and what should be known about it.
pub(crate) fn report(
    mined: &Mined,
    notes: &[&str],
    printer: &Printer,
) -> Result<ExitCode, Failure> {
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
            "notes": notes,
        }),
    );
    Ok(ExitCode::SUCCESS)
}
