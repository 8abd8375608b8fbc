//! `session deploy`.

use std::path::PathBuf;
use std::process::ExitCode;

use alloy_primitives::U256;
use clap::Args;
use serde_json::json;
use smart_session_client::{Activation, Node, Program, SoftwareKey};

use crate::deployer::{self, DEPLOYER};
use crate::deployment::Deployment;
use crate::failure::Failure;
use crate::print::Printer;
use crate::program_code::{ProgramCode, SALT};
use crate::program_flags::ProgramFlags;

/// What is deployed, where, and who pays.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session deploy --dry-run                      # tells the address, the same on every chain
  session deploy --rpc URL --sender-key-file deployer.key --deployments deployments
Doing it twice changes nothing. A chain without the deterministic deployer gets it first.")]
pub(crate) struct Deploy {
    /// The module.
    #[arg(long, value_name = "FILE", default_value = "target/wasm/smart_session.wasm")]
    wasm: PathBuf,
    #[command(flatten)]
    flags: ProgramFlags,
    /// Cache the program too, which makes every call cheaper: for cache managers of the chain.
    #[arg(long)]
    cache: bool,
    /// The commit that the module was built from, for the record.
    #[arg(long, value_name = "HASH")]
    commit: Option<String>,
    /// Only tell where the module will be.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) async fn run(deploy: Deploy, printer: &Printer) -> Result<ExitCode, Failure> {
    let code = ProgramCode::read(&deploy.wasm)?;
    let (address, code_hash) = (code.address(), code.hash());
    if deploy.dry_run {
        let document =
            json!({ "address": address, "codeHash": code_hash, "wasmSha256": code.wasm_sha256 });
        printer.result([format!("{address}")], &document);
        return Ok(ExitCode::SUCCESS);
    }
    let node = deploy.flags.node().await?;
    let chain_id = node.chain_id().await?;
    let program = Program { node: &node, address };

    // No event of the module is older than this block, if it is deployed now.
    let block = node.block_number().await?;
    let was_there = !node.code(address).await?.is_empty();
    if !was_there {
        printer.progress(&format!("deploying to {address} on chain {chain_id}"));
        create(&node, &code, &deploy.flags.sender()?, printer).await?;
    }
    let found = program.code_hash().await?;
    if found != code_hash {
        return Err(Failure::new(
            format!("the code at {address} has hash {found}, not {code_hash}"),
            "check that the node is honest and of the right chain",
        ));
    }
    let was_active = matches!(program.activation().await?, Activation::Active { .. });
    if !was_active {
        printer.progress("activating");
        program.activate(&deploy.flags.sender()?).await?;
    }
    let mut is_cached = program.is_cached().await?;
    if deploy.cache && !is_cached {
        printer.progress("caching");
        program.cache(&deploy.flags.sender()?).await.map_err(|error| {
            Failure::new(
                format!("the program cannot be cached: {error}"),
                "have a cache manager of the chain do it, or leave out --cache",
            )
        })?;
        is_cached = program.is_cached().await?;
    }
    let before =
        deploy.flags.deployments.read(chain_id)?.filter(|before| before.address == address);
    let deployment = Deployment {
        address,
        code_hash,
        wasm_sha256: code.wasm_sha256,
        block: if was_there { before.as_ref().and_then(|it| it.block) } else { Some(block) },
        // What the record knows is not forgotten by a deployment that does not say it again.
        commit: deploy.commit.or_else(|| before.as_ref().and_then(|it| it.commit.clone())),
        toolchain: code.toolchain.or_else(|| before.and_then(|it| it.toolchain)),
    };
    let is_written = deploy.flags.deployments.write(chain_id, &deployment)?;
    let start = if is_cached { 0 } else { program.start_gas().await? };
    let caching = if is_cached {
        "cached".into()
    } else {
        format!("not cached: each call costs {start} gas more until a cache manager caches it")
    };
    let was = |was: bool| if was { "was there" } else { "done" };
    let record = match (deploy.flags.deployments.are_named(), is_written) {
        (false, _) => "none: give --deployments FOLDER to keep one",
        (true, true) => "written",
        (true, false) => "unchanged",
    };
    printer.result(
        [
            format!("module {address} on chain {chain_id}"),
            format!("  code       {} ({code_hash})", was(was_there)),
            format!("  activation {}", was(was_active)),
            format!("  cache      {caching}"),
            format!("  record     {record}"),
        ],
        &json!({
            "chainId": chain_id,
            "address": address,
            "codeHash": code_hash,
            "deployed": !was_there,
            "activated": !was_active,
            "cached": is_cached,
            "startGas": start,
            "recordWritten": is_written,
        }),
    );
    Ok(ExitCode::SUCCESS)
}

async fn create(
    node: &Node,
    code: &ProgramCode,
    sender: &SoftwareKey,
    printer: &Printer,
) -> Result<(), Failure> {
    deployer::provide(node, sender, printer).await?;
    let data = [SALT.as_slice(), &code.init_code()].concat();
    node.transact(sender, DEPLOYER, data.into(), U256::ZERO).await?;
    Ok(())
}
