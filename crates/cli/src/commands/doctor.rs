//! `session doctor`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::{Address, B256};
use clap::Args;
use serde_json::json;
use smart_session_client::{Activation, Node, Program, parse_address};

use crate::failure::Failure;
use crate::known_module::{Known, released};
use crate::network;
use crate::print::Printer;
use crate::program_code::ProgramCode;
use crate::program_flags::ProgramFlags;

/// Which module is looked at.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session doctor --rpc URL
  session doctor --rpc URL --fix --sender-key-file keeper.key
Programs must be activated again a year after the last time, and when the chain's Stylus version
changes. Any key can pay for that. The exit status is 0 only if the module works and its code was compared
with a known one: that of --wasm, of the record in --deployments, or of this program's release.")]
pub(crate) struct Doctor {
    #[command(flatten)]
    flags: ProgramFlags,
    /// The module. Left out, it is the one of --wasm, of the record in --deployments, or whichever
    /// build of this program's release is there.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    module: Option<Address>,
    /// Compare the code with this file.
    #[arg(long, value_name = "FILE")]
    wasm: Option<PathBuf>,
    /// Activate the module if it is not.
    #[arg(long)]
    fix: bool,
}

const DAY: u64 = 86_400;
/// Days before the end when it is time to plan the next activation.
const SOON: u64 = 30;

pub(crate) async fn run(doctor: Doctor, printer: &Printer) -> Result<ExitCode, Failure> {
    let node = doctor.flags.node().await?;
    let chain_id = node.chain_id().await?;
    let expected = Expected::find(&doctor, chain_id)?;
    let address = expected.find_on(&node, doctor.module, chain_id).await?;
    let program = Program { node: &node, address };
    let code_hash = program.code_hash().await?;
    let mut activation = program.activation().await?;
    let is_active = |activation| matches!(activation, Activation::Active { .. });
    let mut is_fixed = false;
    if doctor.fix && !is_active(activation) && activation != Activation::NotWasm {
        printer.progress("activating");
        program.activate(&doctor.flags.sender()?).await?;
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
    let is_right = expected.is_met_by(address, code_hash);
    if days_left.is_some_and(|days| days < SOON) {
        printer.warn("activate it again on the day when it ends: session doctor --fix");
    }
    let hash_words =
        format!("{} that of {}", if is_right { "is" } else { "is NOT" }, expected.source);
    let is_well = is_active(activation) && is_right;
    let fixed = if is_fixed { " (activated now)" } else { "" };
    let caching = if is_cached { "cached" } else { "not cached: calls cost more" };
    printer.result(
        [
            format!("module {address} on chain {chain_id}"),
            format!("  code       {hash_words} ({code_hash})"),
            format!("  activation {activation_words}{fixed}"),
            format!("  cache      {caching}"),
            format!("  Stylus     version {stylus}"),
        ],
        &json!({
            "chainId": chain_id,
            "address": address,
            "codeHash": code_hash,
            "codeHashIsRight": is_right,
            "comparedWith": expected.source,
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
            format!("the contract at {address} is not the module of {}", expected.source),
            "do not use it; check the node, and name the module's file with --wasm",
        )
    } else {
        Failure::new(
            format!("the module is {activation_words}: no session can be used"),
            "activate it: session doctor --fix",
        )
    })
}

/// What the contract is compared with.
struct Expected {
    /// Where it is looked for if the user does not say. A release has a build for each toolchain,
    /// itself first.
    addresses: Vec<Address>,
    /// The code that it may have.
    code_hashes: Vec<B256>,
    source: &'static str,
    /// Whether the address counts too: a record is of one address.
    is_of_address: bool,
}

impl Expected {
    fn find(doctor: &Doctor, chain_id: u64) -> Result<Self, Failure> {
        if let Some(wasm) = &doctor.wasm {
            let code = ProgramCode::read(wasm)?;
            return Ok(Self {
                addresses: vec![code.address()],
                code_hashes: vec![code.hash()],
                source: "the file (--wasm)",
                is_of_address: false,
            });
        }
        if doctor.flags.deployments.are_named() {
            let record = doctor.flags.deployments.read(chain_id)?.ok_or_else(|| {
                Failure::new(
                    format!("the folder of --deployments has no record of chain {chain_id}"),
                    "name the folder that session deploy wrote to, or compare with --wasm",
                )
            })?;
            return Ok(Self {
                addresses: vec![record.address],
                code_hashes: vec![record.code_hash],
                source: "the record (--deployments)",
                is_of_address: true,
            });
        }
        let released: Vec<Known> = released().collect();
        let first = released.first().ok_or_else(|| {
            Failure::new("this program was released without a module", "compare with --wasm")
        })?;
        Ok(Self {
            addresses: released.iter().map(|known| known.address).collect(),
            code_hashes: released.iter().map(|known| known.code_hash).collect(),
            source: first.source,
            is_of_address: false,
        })
    }

    /// Returns where the module is: where the user says, or at the first address that has a contract.
    async fn find_on(
        &self,
        node: &Node,
        named: Option<Address>,
        chain_id: u64,
    ) -> Result<Address, Failure> {
        let places = named.map_or_else(|| self.addresses.clone(), |named| vec![named]);
        if let Some(address) = network::first_with_code(node, places.iter().copied()).await? {
            return Ok(address);
        }
        let words: Vec<String> = places.iter().map(Address::to_string).collect();
        Err(Failure::new(
            format!("there is no contract at {} on chain {chain_id}", words.join(" or ")),
            "deploy it (session deploy), or say where it is: --module, --wasm or --deployments",
        ))
    }

    fn is_met_by(&self, address: Address, code_hash: B256) -> bool {
        let is_there = !self.is_of_address || self.addresses.contains(&address);
        is_there && self.code_hashes.contains(&code_hash)
    }
}
