//! `session doctor`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::Address;
use clap::Args;
use serde_json::json;
use session_client::{Activation, Program};

use crate::deployment::Deployments;
use crate::failure::Failure;
use crate::network::{Rpc, Terms};
use crate::print::Printer;
use crate::program_code::ProgramCode;
use crate::secret::{self, Role};

/// Which module is looked at.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session doctor --rpc URL
  session doctor --rpc URL --fix --sender-key-file keeper.key
Programs must be activated again a year after the last time, and when the chain's Stylus version
changes. Anybody may do that. The exit status is 0 only if all is well.")]
pub(crate) struct Doctor {
    #[command(flatten)]
    rpc: Rpc,
    /// The module; that of deployments/CHAIN-ID.json if left out.
    #[arg(long, value_name = "ADDRESS")]
    module: Option<Address>,
    /// Compare the code with this module instead of the record's hash.
    #[arg(long, value_name = "FILE")]
    wasm: Option<PathBuf>,
    #[command(flatten)]
    deployments: Deployments,
    #[command(flatten)]
    terms: Terms,
    /// Activate the module if it is not.
    #[arg(long)]
    fix: bool,
    /// The file with the secret key that pays; SESSION_SENDER_KEY or a prompt if left out.
    #[arg(long, value_name = "FILE")]
    sender_key_file: Option<PathBuf>,
}

const DAY: u64 = 86_400;
/// Days before the end when it is time to plan the next activation.
const SOON: u64 = 30;

pub(crate) async fn run(doctor: Doctor, printer: &Printer) -> Result<ExitCode, Failure> {
    let node = doctor.terms.node(&doctor.rpc).await?;
    let chain_id = node.chain_id().await?;
    let record = doctor.deployments.read(chain_id)?;
    let address = match (doctor.module, &doctor.wasm) {
        (Some(module), _) => module,
        (None, Some(wasm)) => ProgramCode::read(wasm)?.address(),
        (None, None) => doctor.deployments.module(chain_id)?,
    };
    let expected = match &doctor.wasm {
        Some(wasm) => Some(ProgramCode::read(wasm)?.hash()),
        None => record.filter(|it| it.address == address).map(|it| it.code_hash),
    };
    if node.code(address).await?.is_empty() {
        return Err(Failure::new(
            format!("there is no contract at {address} on chain {chain_id}"),
            "deploy it: session deploy",
        ));
    }
    let program = Program { node: &node, address };
    let code_hash = program.code_hash().await?;
    let mut activation = program.activation().await?;
    let is_active = |activation| matches!(activation, Activation::Active { .. });
    let mut is_fixed = false;
    if doctor.fix && !is_active(activation) && activation != Activation::NotWasm {
        printer.progress("activating");
        let sender = secret::secp256k1(Role::Sender, doctor.sender_key_file.as_deref())?;
        program.activate(&sender).await?;
        activation = program.activation().await?;
        is_fixed = true;
    }
    let is_cached = program.is_cached().await?;
    let stylus = program.stylus_version().await?;
    let days_left = match activation {
        Activation::Active { seconds_left } => seconds_left.checked_div(DAY),
        _ => None,
    };
    let activation_words = match activation {
        Activation::Active { .. } => {
            format!("active for {} days still", days_left.unwrap_or_default())
        }
        Activation::NotActivated => "never activated".into(),
        Activation::NeedsUpgrade { version } => {
            format!("activated for Stylus {version}, the chain has {stylus}")
        }
        Activation::Expired => "activated more than a year ago".into(),
        Activation::NotWasm => "no Stylus program".into(),
    };
    let is_right = expected.map(|hash| hash == code_hash);
    if days_left.is_some_and(|days| days < SOON) {
        printer.warn("activate it again on the day when it ends: session doctor --fix");
    }
    let hash_words = match is_right {
        Some(true) => "as recorded",
        Some(false) => "NOT as recorded",
        None => "not compared: no record, no --wasm",
    };
    let is_well = is_active(activation) && is_right != Some(false);
    printer.result(
        format!(
            "module {address} on chain {chain_id}\n  code       {hash_words} ({code_hash})\n  \
             activation {activation_words}{}\n  cache      {}\n  Stylus     version {stylus}",
            if is_fixed { " (activated now)" } else { "" },
            if is_cached { "cached" } else { "not cached: calls cost more" },
        ),
        &json!({
            "chainId": chain_id,
            "address": address,
            "codeHash": code_hash,
            "codeHashIsRight": is_right,
            "active": is_active(activation),
            "activation": activation_words,
            "daysLeft": days_left,
            "cached": is_cached,
            "stylusVersion": stylus,
            "fixed": is_fixed,
        }),
    );
    if is_well {
        return Ok(ExitCode::SUCCESS);
    }
    Err(if is_active(activation) {
        Failure::new(
            format!("the code at {address} is not the module that was deployed"),
            "do not use it; check the node and the record",
        )
    } else {
        Failure::new(
            format!("the module is {activation_words}: no session can be used"),
            "activate it: session doctor --fix",
        )
    })
}
