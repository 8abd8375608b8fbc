//! The scenarios of every account over JSON-RPC alone: on a node of this process, or, with
//! `SMART_SESSION_RPC_URL` and `SMART_SESSION_RPC_KEY` set (`scripts/test --rpc URL --key HEX`), on
//! the node there.
//!
//! What a URL does not allow is ignored, with its reason. Time is real.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that fails may panic")]
#![allow(clippy::arithmetic_side_effects, reason = "a test that overflows may panic")]

#[path = "../accounts/everywhere/mod.rs"]
mod everywhere;

use std::env;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use alloy_primitives::{B256, Bytes, U256, address};
use smart_session_client::SoftwareKey;
use stylus_devchain::rpc::{Node, Server};
use stylus_devchain::{DETERMINISTIC_DEPLOYER, DEV_ACCOUNTS, DevChain};
use testbed::game::window;
use testbed::remote::Remote;
use testbed::{AccountKind, Backend, TestBed};

use everywhere::account_setup::AccountSetup;
use everywhere::table::with_scenarios;

/// The URL of the node that the tests run on, and a key that is funded there.
fn node() -> (String, B256) {
    /// A node of this process, if no other is named.
    static OWN: OnceLock<Server> = OnceLock::new();
    match (env::var("SMART_SESSION_RPC_URL"), env::var("SMART_SESSION_RPC_KEY")) {
        (Ok(url), Ok(key)) => (url, key.parse().expect("SMART_SESSION_RPC_KEY is 32 bytes of hex")),
        (Ok(_), Err(_)) => {
            panic!("SMART_SESSION_RPC_URL is set: set SMART_SESSION_RPC_KEY, a funded key, too")
        }
        _ => {
            let server = OWN.get_or_init(|| {
                let node = Node::new(DevChain::new()).with_running_clock(true);
                Server::start(node, 0).expect("a free port")
            });
            (server.url(), DEV_ACCOUNTS[1].private_key)
        }
    }
}

fn connect() -> Remote {
    let (url, key) = node();
    let key = SoftwareKey::new(key).expect("a key");
    Remote::connect(&url, key).unwrap_or_else(|error| panic!("{error}"))
}

/// The test bed there, set up once: tests share the chain, and each makes its own account.
fn bed() -> TestBed<Remote> {
    static BED: OnceLock<TestBed<Remote>> = OnceLock::new();
    let bed =
        BED.get_or_init(|| TestBed::set_on(connect()).unwrap_or_else(|error| panic!("{error}")));
    bed.clone()
}

/// Lets tests run one after another: they share the funded key, and the game's balance.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A row of tests for an account.
macro_rules! scenarios {
    (($kind:ident)
        everywhere { $($file:ident::$scenario:ident,)* }
        embedded { $($own_file:ident::$own_scenario:ident: $why:literal,)* }
    ) => {
        $(
            #[test]
            fn $scenario() {
                let _alone = alone();
                everywhere::$file::$scenario(AccountSetup::new(AccountKind::$kind, bed()));
            }
        )*
        $(
            #[test]
            #[ignore = $why]
            fn $own_scenario() {}
        )*
    };
}

macro_rules! row {
    ($row:ident: $kind:ident) => {
        mod $row {
            use super::*;

            with_scenarios! { scenarios! ($kind) }
        }
    };
    ($row:ident: $kind:ident is ignored) => {
        mod $row {
            #[test]
            #[ignore = "its code is over the 24,576 bytes that a stock node takes"]
            fn all_scenarios() {}
        }
    };
}

row! { openzeppelin: OpenZeppelin }
row! { nexus: Nexus }
row! { safe7579: Safe7579 }
row! { kernel: Kernel is ignored }
row! { msa: Msa is ignored }
row! { eoa_as_openzeppelin: OpenZeppelin7702 }
row! { eoa_as_nexus: Nexus7702 }

#[test]
fn only_accounts_over_the_size_limit_are_ignored() {
    let over = AccountKind::ALL.into_iter().filter(|kind| kind.is_over_code_size_limit());

    assert_eq!(over.collect::<Vec<_>>(), [AccountKind::Kernel, AccountKind::Msa]);
}

#[test]
fn a_session_ends_by_itself() {
    let mut turn = alone();
    let mut setup = AccountSetup::new(AccountKind::OpenZeppelin, bed());
    let now = setup.now();
    let end = now + 10;
    setup.with_session(|session| session.window = window(now, end).unwrap());
    assert_eq!(setup.enable_and_move().verdict.summary(), "executed");

    // The node's blocks say what time it is there; some nodes make one only if there is something
    // to mine.
    let sender = setup.bed.chain.sender();
    while setup.now() <= end {
        // Others run meanwhile.
        drop(turn);
        std::thread::sleep(Duration::from_secs(1));
        turn = alone();
        setup.bed.chain.bring(sender, U256::ZERO, Bytes::new()).unwrap();
    }

    assert_eq!(setup.a_move().verdict.summary(), "refused: AA22");
    assert_eq!(setup.state(), (1, 1));
    drop(turn);
}

#[test]
fn a_second_run_finds_what_the_first_deployed() {
    let first = bed();

    let second = TestBed::set_on(connect()).unwrap();

    assert_eq!((second.module, second.game), (first.module, first.game));
}

#[test]
fn nothing_is_deployed_or_activated_twice() {
    let node = Node::new(DevChain::new());
    let server = Server::start(node, 0).unwrap();
    let key = || SoftwareKey::new(DEV_ACCOUNTS[1].private_key).unwrap();
    let first = TestBed::set_on(Remote::connect(&server.url(), key()).unwrap()).unwrap();
    let sender = first.chain.sender();
    let before = first.chain.nonce(sender).unwrap();

    let second = TestBed::set_on(Remote::connect(&server.url(), key()).unwrap()).unwrap();

    assert!(before > 0);
    assert_eq!(second.chain.nonce(sender).unwrap(), before);
}

#[test]
fn a_node_without_the_deterministic_deployer_gets_it() {
    let mut chain = DevChain::new();
    chain.set_code(DETERMINISTIC_DEPLOYER, Bytes::new());
    chain.set_nonce(DETERMINISTIC_DEPLOYER, 0);
    let server = Server::start(Node::new(chain), 0).expect("a free port");
    let key = SoftwareKey::new(DEV_ACCOUNTS[1].private_key).expect("a key");
    let remote = Remote::connect(&server.url(), key).expect("the node answers");
    assert!(remote.code(DETERMINISTIC_DEPLOYER).expect("the node answers").is_empty());

    let bed = TestBed::set_on(remote).unwrap_or_else(|error| panic!("{error}"));

    // The EntryPoint stands at its canonical address only if it is the very deployer.
    assert_eq!(bed.entry_point.address, address!("0000000071727De22E5E9d8BAf0edAc6f37da032"));
}

#[test]
fn a_node_that_is_not_there_is_told() {
    let key = SoftwareKey::new(DEV_ACCOUNTS[1].private_key).expect("a key");

    let error = Remote::connect("http://127.0.0.1:9", key).expect_err("nobody is there");

    let text = error.to_string();
    assert!(text.starts_with("http://127.0.0.1:9 does not answer ("), "{text}");
}
