//! A chain with a small world on it, served on 127.0.0.1 for the pages of one origin.
//!
//! `world --allow-origin http://localhost:5173` prints one line of JSON that tells the addresses,
//! and serves until its standard input is closed or it is interrupted.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use alloy_primitives::{Address, U256, keccak256};
use alloy_sol_types::{SolCall, sol};
use serde_json::json;
use stylus_devchain::rpc::{Access, Node, Server};
use stylus_devchain::{DevChain, Transaction};
use testbed::account::{AccountKind, ModuleType};
use testbed::entry_point::Verdict;
use testbed::test_bed::{TestBed, ether, install_data};

/// Whose account it is: the name that stands for the owner's key.
const OWNER: &str = "Alice";
/// Coins that the account begins with, in the smallest unit.
const COINS: u64 = 1_000_000_000_000_000_000;

sol! {
    interface ICoin { function mint(address to, uint256 amount); }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [flag, origin] = arguments.as_slice() else { return Err(USAGE.into()) };
    if flag != "--allow-origin" {
        return Err(USAGE.into());
    }
    let access = Access::local().allow_origin(origin)?;

    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut bed = TestBed::set_on(DevChain::new().with_timestamp(now))?;
    // One that takes what browsers' wallets sign: typed data, and personal messages.
    bed.owner_validator = bed.deploy("WalletOwnerValidator")?;
    let alice = bed.account(AccountKind::Nexus, OWNER)?;
    for module_type in [ModuleType::Validator, ModuleType::Executor] {
        let data = install_data(&*alice, module_type);
        let install = alice.install_module(module_type, bed.module, data);
        let outcome = bed.owner_op(&*alice, install)?;
        if outcome.verdict != Verdict::Executed {
            return Err(format!("installing the module: {}", outcome.verdict.summary()).into());
        }
    }
    bed.chain.set_balance(alice.owner().address(), ether(10_000));
    let token = bed.deploy("PermitToken")?;
    let mint = ICoin::mintCall { to: alice.address(), amount: U256::from(COINS) };
    let sender = bed.entry_point.bundler;
    bed.chain.transact(Transaction::new(sender, token).with_data(mint.abi_encode()))?;

    let sponsor = bed.chain.dev_accounts().get(1).ok_or("no dev account is left")?.address;
    let world = json!({
        "chainId": bed.chain.chain_id(),
        "entryPoint": bed.entry_point.address,
        "module": bed.module,
        "codeHash": keccak256(bed.chain.code(bed.module)),
        "game": bed.game,
        "token": token,
        "account": alice.address(),
        "owner": { "name": OWNER, "key": keccak256(OWNER) },
        "sponsor": sponsor,
    });
    let node = Node::new(bed.chain).with_running_clock(true);
    let server = Server::start_for(access, node, 0)?;
    let mut told = world;
    told["rpc"] = json!(server.url().replace("127.0.0.1", "localhost"));
    println!("{told}");
    server.wait_for_signal()?;
    Ok(())
}

const USAGE: &str = "usage: world --allow-origin ORIGIN";
