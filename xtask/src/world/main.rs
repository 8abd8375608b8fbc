//! A chain with a small world on it, served on 127.0.0.1: `world --allow-origin http://localhost:5173`
//! for the pages of one origin, `world --commands` for the command line.
//!
//! Alice has an account of each kind with the module as validator and executor. Her Nexus has some
//! coins and two sessions from before: a subscription, and a game session that she has revoked; what brings them to the
//! module is still to be sent. One line of JSON tells this and the addresses, or the commands to type are
//! told; then the chain is served until the process is interrupted.

#![warn(clippy::print_stdout)]

mod commands;

use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use alloy_primitives::{Address, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolStruct, sol};
use serde_json::{Map, json};
use smart_session_client::{PermissionBuilder, SessionBuilder, domain, session_digest};
use smart_session_core::abi::{ISmartSession, RevokeSession};
use smart_session_core::session::Session;
use stylus_devchain::rpc::{Access, Node, Server};
use stylus_devchain::{DevChain, Transaction};
use testbed::account::{AccountKind, ModuleType, SmartAccount};
use testbed::entry_point::Verdict;
use testbed::test_bed::{self, TestBed, ether, install_data};

/// Whose account it is: the name that stands for the owner's key.
const OWNER: &str = "Alice";
/// What a payment of the subscription is, in the coin's smallest unit.
const PRICE: u128 = 10_000_000_000_000_000_000;
/// Seconds of a day, of the subscription's period of 30 days, and of its 12 periods.
const DAY: u64 = 86_400;
const PERIOD: u32 = 2_592_000;
const SUBSCRIPTION: u64 = 31_104_000;
const USAGE: &str = "usage: world --allow-origin ORIGIN | --commands";

sol! {
    interface ICoin { function mint(address to, uint256 amount); }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (access, is_for_commands) = match arguments[..] {
        ["--allow-origin", origin] => (Access::local().allow_origin(origin)?, false),
        ["--commands"] => (Access::local(), true),
        _ => return Err(USAGE.into()),
    };

    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut bed = TestBed::set_on(DevChain::new().with_timestamp(now))?;
    // One that takes what browsers' wallets sign: typed data, and personal messages.
    bed.owner_validator = bed.deploy("WalletOwnerValidator")?;
    let mut accounts = Map::new();
    for kind in AccountKind::CONTRACTS.into_iter().filter(|kind| *kind != AccountKind::Nexus) {
        let account = account_with_module(&mut bed, kind)?;
        accounts.insert(kind.to_string(), json!(account.address()));
    }
    let alice = account_with_module(&mut bed, AccountKind::Nexus)?;
    bed.chain.set_balance(alice.owner().address(), ether(10_000));
    let token = bed.deploy("PermitToken")?;
    let coins = U256::from(PRICE).saturating_mul(U256::from(100));
    let mint = ICoin::mintCall { to: alice.address(), amount: coins };
    let sender = bed.entry_point.bundler;
    bed.chain.transact(Transaction::new(sender, token).with_data(mint.abi_encode()))?;
    let before = earlier_grants(&bed, &*alice, token)?;

    let sponsor = *bed.chain.dev_accounts().get(1).ok_or("no dev account is left")?;
    let (chain_id, code) = (bed.chain.chain_id(), bed.chain.code(bed.module));
    let server = Server::start_for(access, Node::new(bed.chain).with_running_clock(true), 0)?;
    let told = if is_for_commands {
        let place = commands::Place {
            rpc: server.url(),
            account: alice.address(),
            owner_validator: bed.owner_validator,
            module: bed.module,
            game: bed.game,
            owner_key: keccak256(OWNER),
            paying_key: sponsor.private_key,
        };
        place.words()
    } else {
        let told = json!({
            "rpc": server.url(),
            "chainId": chain_id,
            "entryPoint": bed.entry_point.address,
            "module": bed.module,
            "codeHash": keccak256(code),
            "game": bed.game,
            "token": token,
            "account": alice.address(),
            "otherAccounts": accounts,
            "owner": { "name": OWNER, "key": keccak256(OWNER) },
            "sponsor": sponsor.address,
            "before": before,
        });
        told.to_string()
    };
    writeln!(stdout(), "{told}")?;
    server.wait_for_signal()?;
    Ok(())
}

/// Returns what brings Alice's earlier grants to the chain: anyone may send it, she has signed. Only
/// what a node has run itself has events there.
fn earlier_grants(
    bed: &TestBed,
    alice: &dyn SmartAccount,
    token: Address,
) -> Result<Vec<Bytes>, Box<dyn Error>> {
    let (chain_id, now) = (bed.chain.chain_id(), bed.chain.timestamp());
    let shop = test_bed::key("shop")?.address();
    let pay = PermissionBuilder::function(token, "transfer(address,uint256)")?
        .argument_is(0, U256::from_be_slice(shop.as_slice()))
        .argument_is(1, U256::from(PRICE));
    let start = |name| -> Result<SessionBuilder, Box<dyn Error>> {
        let delegate = test_bed::key(name)?.address();
        let builder = SessionBuilder::new(alice.address(), delegate).on_chain(chain_id, 0);
        Ok(builder.from(now.saturating_sub(60)).most_fees(ether(20)))
    };
    let subscription = start("subscription")?
        .lasting(SUBSCRIPTION)
        .most_calls(12)
        .permit(pay)
        .budget_per_period(token, PRICE, PERIOD)
        .build()?;
    let older_game = start("older game")?
        .lasting(DAY)
        .most_calls(50)
        .permit(PermissionBuilder::function(bed.game, "move(uint8)")?.with_value(ether(5)))
        .build()?;
    let enable = |session: &Session| -> Result<Bytes, Box<dyn Error>> {
        let call = ISmartSession::enable_1Call {
            account: alice.address(),
            session: session.pack()?.into(),
            signature: alice.owner_signature(session_digest(bed.module, session))?,
        };
        Ok(call.abi_encode().into())
    };
    let revocation = RevokeSession { account: alice.address(), sessionId: older_game.id() };
    let digest = revocation.eip712_signing_hash(&domain(bed.module));
    let revoke = ISmartSession::revokeForCall {
        account: alice.address(),
        sessionId: older_game.id(),
        signature: alice.owner_signature(digest)?,
    };
    Ok(vec![enable(&older_game)?, revoke.abi_encode().into(), enable(&subscription)?])
}

/// Creates an account of Alice's with the module on it.
fn account_with_module(
    bed: &mut TestBed,
    kind: AccountKind,
) -> Result<Arc<dyn SmartAccount>, Box<dyn Error>> {
    let account = bed.account(kind, OWNER)?;
    for module_type in [ModuleType::Validator, ModuleType::Executor] {
        let data = install_data(&*account, module_type);
        let install = account.install_module(module_type, bed.module, data);
        expect_executed(bed, &*account, install)?;
    }
    Ok(account)
}

/// Lets Alice's account act by her own operation.
fn expect_executed(
    bed: &mut TestBed,
    alice: &dyn SmartAccount,
    call_data: Bytes,
) -> Result<(), Box<dyn Error>> {
    let outcome = bed.owner_op(alice, call_data)?;
    if outcome.verdict == Verdict::Executed {
        return Ok(());
    }
    Err(format!("an operation of Alice's is {}", outcome.verdict.summary()).into())
}
