//! A fork of another node: of `devchain serve`'s kind here, by `FORK_URL` of any.

#![cfg(all(feature = "fork", feature = "rpc"))]
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::fs;
use std::path::PathBuf;

use alloy_primitives::{Address, U256, address, hex};
use serde_json::Value;
use stylus_devchain::rpc::{Node, Server};
use stylus_devchain::{DEV_ACCOUNTS, DevChain, Fork, ForkError, Transaction, TransactionError};

const STRANGER: Address = address!("00000000000000000000000000000000000000aa");
/// `SLOAD(0) + 1`, stored, hashed, logged and returned.
const COUNTER: &str = "5f54600101805f555f5260205f205060aa60205fa160205ff3";

/// The module of a recorded program, the counter of stylus-sdk.
fn counter() -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");
    let file = fs::read(format!("{folder}/real-counter.json")).expect("the recording");
    let recording: Value = serde_json::from_slice(&file).expect("JSON");
    hex::decode(recording["wasm_hex"].as_str().expect("a module")).expect("hex")
}

/// `increment()` and `number()`
const INCREMENT: [u8; 4] = hex!("d09de08a");
const NUMBER: [u8; 4] = hex!("8381f58a");

fn alice() -> Address {
    DEV_ACCOUNTS[0].address
}

fn call(to: Address, data: &[u8]) -> Transaction {
    Transaction::new(alice(), to).with_data(data.to_vec())
}

/// A chain with a program that counted to 2, and bytecode.
fn original() -> (DevChain, Address) {
    let mut chain = DevChain::new().with_chain_id(4_242).with_timestamp(1_800_000_000);
    let program = chain.deploy_program(&counter()).expect("it is deployed");
    chain.activate(program).expect("it is activated");
    for _ in 0..2 {
        assert!(chain.transact(call(program, &INCREMENT)).expect("it runs").is_success());
    }
    chain.set_code(STRANGER, hex::decode(COUNTER).expect("hex"));
    chain.set_storage(STRANGER, U256::ZERO, U256::from(6));
    (chain, program)
}

fn serve(chain: DevChain) -> Server {
    Server::start(Node::new(chain), 0).expect("a free port")
}

#[test]
fn a_fork_runs_programs_and_bytecode_as_the_other_chain_does() {
    let (chain, program) = original();
    let server = serve(chain.clone());

    let forked = Fork::of(server.url()).open().expect("it opens");
    let fork = forked.chain;

    assert_eq!(forked.warnings, [""; 0]);
    assert_eq!((fork.chain_id(), fork.block_number()), (4_242, chain.block_number()));
    assert_eq!((fork.timestamp(), fork.base_fee()), (1_800_000_000, chain.base_fee()));
    assert_eq!(fork.parent_block_number(), chain.parent_block_number());
    assert_eq!(fork.arbos(), chain.arbos());
    assert_eq!(fork.nonce(alice()), chain.nonce(alice()));
    for (to, data) in [(program, &NUMBER[..]), (program, &INCREMENT), (STRANGER, &[])] {
        let here = fork.call(call(to, data)).expect("it runs");
        let there = chain.call(call(to, data)).expect("it runs");
        assert_eq!(here, there, "{to}: output, logs, gas, frames and ink");
        assert!(here.is_success());
    }
}

#[test]
fn what_a_fork_changes_stays_with_it() {
    let (chain, program) = original();
    let server = serve(chain);
    let mut fork = DevChain::fork(&server.url()).expect("it opens");
    let unchanged = fork.clone();
    let number = |chain: &DevChain| {
        U256::from_be_slice(&chain.call(call(program, &NUMBER)).expect("it runs").output)
    };

    fork.transact(call(program, &INCREMENT)).expect("it runs");
    fork.cache_program(program).expect("dev account 0 may");

    assert_eq!((number(&fork), number(&unchanged)), (U256::from(3), U256::from(2)));
    assert!(fork.is_cached(program) && !unchanged.is_cached(program));
    assert_eq!(number(&DevChain::fork(&server.url()).expect("it opens")), U256::from(2));
}

#[test]
fn a_program_is_as_activated_and_cached_as_there() {
    let (mut chain, program) = original();
    let later = chain.deploy_program(&hex::decode(LOOPING).expect("hex")).expect("deployed");
    chain.cache_program(program).expect("it is cached");
    let server = serve(chain);

    let mut fork = DevChain::fork(&server.url()).expect("it opens");

    assert!(fork.is_cached(program));
    let outcome = fork.call(call(later, &[])).expect("it runs");
    assert!(!outcome.is_success(), "not activated there, so not here");
    fork.activate(later).expect("it can be activated here");
}

/// A program that loops for ever.
const LOOPING: &str = "0061736d0100000001060160017f017f0302010005040101010107\
    1c02066d656d6f727902000f757365725f656e747279706f696e7400000a0b01090003400c000b41000b";

#[test]
fn a_fork_stays_at_its_block() {
    let mut chain = original().0;
    chain.set_balance(STRANGER, U256::from(5));
    let server = serve(chain);
    let fork = Fork::of(server.url()).at_block(4).open().expect("it opens").chain;

    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"eth_sendTransaction","params":[{{"from":"{}","to":"{STRANGER}","value":"0x1"}}]}}"#,
        alice()
    );
    let sent = ureq::post(server.url()).header("content-type", "application/json").send(body);
    assert_eq!(sent.expect("it answers").status(), 200);

    assert_eq!(fork.balance(STRANGER), U256::from(5));
    let late = Fork::of(server.url()).at_block(99).open();
    assert!(matches!(late, Err(ForkError::NoBlock { .. })), "{late:?}");
}

#[test]
fn what_was_fetched_is_kept_on_disk_where_it_is_asked_for() {
    let (chain, program) = original();
    let server = serve(chain);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fork-cache");
    drop(fs::remove_dir_all(&folder));

    let fork = Fork::of(server.url()).with_cache(&folder).open().expect("it opens").chain;
    let before = fork.call(call(program, &NUMBER)).expect("it runs");
    let file = fs::read_dir(&folder).expect("the folder").next().expect("a file").expect("it");
    // A line that was cut off, as by a full disk.
    let mut text = fs::read_to_string(file.path()).expect("text");
    text.push_str("{\"account\":\"0x00\n");
    fs::write(file.path(), text).expect("it is written");

    let again = Fork::of(server.url()).with_cache(&folder).open().expect("it opens").chain;
    drop(server);
    assert_eq!(again.call(call(program, &NUMBER)).expect("it runs"), before);
}

#[test]
fn a_node_that_goes_away_is_told_and_nothing_is_made_up() {
    let (chain, program) = original();
    let server = serve(chain);
    let mut fork = DevChain::fork(&server.url()).expect("it opens");
    drop(server);

    let refused = fork.transact(call(program, &NUMBER));

    let Err(TransactionError::Fork(ForkError::Unreachable { node, .. })) = &refused else {
        panic!("{refused:?}");
    };
    assert!(node.starts_with("http://127.0.0.1:"), "{node}");
    assert_eq!(fork.block_number(), 4, "no block was made");
    fork.balance(STRANGER);
    assert!(DevChain::take_fork_failure().is_some());
    assert!(DevChain::take_fork_failure().is_none());
}

#[test]
fn an_address_without_a_node_is_told() {
    let nowhere = Fork::of("http://127.0.0.1:1").open();
    assert!(matches!(nowhere, Err(ForkError::Unreachable { .. })), "{nowhere:?}");
    let no_address = Fork::of("nonsense").open();
    assert!(no_address.is_err());
}

/// Any node, such as a Nitro node: `FORK_URL=… cargo test -p stylus-devchain --test fork -- --ignored`
#[test]
#[ignore = "FORK_URL names no node to fork"]
fn the_node_at_fork_url_can_be_forked() {
    let url = std::env::var("FORK_URL").expect("FORK_URL");
    let forked = Fork::of(url).open().expect("it opens");
    let mut chain = forked.chain;
    assert_eq!(chain.block_number(), forked.block);
    let program = chain.deploy_stylus(&counter()).expect("a new program runs on the fork");
    for count in 1..=2 {
        let outcome = chain.transact(call(program, &INCREMENT)).expect("it runs");
        assert!(outcome.is_success());
        let outcome = chain.call(call(program, &NUMBER)).expect("it runs");
        assert_eq!(U256::from_be_slice(&outcome.output), U256::from(count));
    }
}
