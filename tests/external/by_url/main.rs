//! The game session over JSON-RPC alone: on a node of this process, or, with `SMART_SESSION_RPC_URL` and
//! `SMART_SESSION_RPC_KEY` set (`scripts/test --rpc URL --key HEX`), on the node there.
//!
//! Time is real: a session that ends within the test lasts ten seconds.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

mod beyond;

use std::env;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use alloy_primitives::{Bytes, U256, address};
use alloy_sol_types::SolCall;
use smart_session_client::{OperationDraft, SoftwareKey};
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::Session;
use stylus_devchain::rpc::{Node, Server};
use stylus_devchain::{DETERMINISTIC_DEPLOYER, DEV_ACCOUNTS, DevChain};
use testbed::abi::IGame;
use testbed::account::{self, Call, SmartAccount};
use testbed::game::window;
use testbed::remote::{Remote, RemoteTestBed};
use testbed::{AccountKind, GameSession, test_bed};

/// A node of this process, if no other is named, and the bed on it.
fn set_stage() -> (Option<Server>, RemoteTestBed) {
    let (server, url, key) =
        match (env::var("SMART_SESSION_RPC_URL"), env::var("SMART_SESSION_RPC_KEY")) {
            (Ok(url), Ok(key)) => {
                (None, url, key.parse().expect("SMART_SESSION_RPC_KEY is 32 bytes of hex"))
            }
            (Ok(_), Err(_)) => {
                panic!("SMART_SESSION_RPC_URL is set: set SMART_SESSION_RPC_KEY, a funded key, too")
            }
            _ => {
                let node = Node::new(DevChain::new()).with_running_clock(true);
                let server = Server::start(node, 0).expect("a free port");
                let url = server.url();
                (Some(server), url, DEV_ACCOUNTS[1].private_key)
            }
        };
    let key = SoftwareKey::new(key).expect("a key");
    let remote = Remote::connect(&url, key).unwrap_or_else(|error| panic!("{error}"));
    (server, RemoteTestBed::set(remote).unwrap_or_else(|error| panic!("{error}")))
}

/// Past the capture of the test runner: what doesn't run must not look like what did.
fn skip(reason: &str) {
    writeln!(std::io::stderr(), "skipped 1: {reason}").expect("stderr");
}

struct Play<'s> {
    bed: &'s RemoteTestBed,
    alice: Arc<dyn SmartAccount>,
    game: GameSession,
}

impl Play<'_> {
    /// What the EntryPoint makes of an operation of the delegate, in few words.
    fn act(&self, draft: &OperationDraft, key: &SoftwareKey, call_data: Bytes) -> String {
        let op = self.bed.session_op(&*self.alice, draft, key, call_data).expect("it is signed");
        self.bed.send(op).expect("the node answers").summary()
    }

    fn play(&self, draft: &OperationDraft, call_data: Bytes) -> String {
        self.act(draft, &self.game.delegate, call_data)
    }

    /// The same account with another session.
    fn session(&self, change: impl FnOnce(&mut Session)) -> Self {
        let board = self.bed.board().expect("the node answers");
        let game = GameSession::on(board, &*self.alice, change).expect("the owner signs");
        Self { bed: self.bed, alice: Arc::clone(&self.alice), game }
    }

    /// The operation that enables the session and moves once, before it is signed.
    fn enabling(&self) -> OperationDraft {
        self.game.enabling(1).expect("it is packed")
    }

    fn is_installed(&self) -> bool {
        let call = ISmartSession::isInitializedCall { account: self.alice.address() };
        self.bed.ask(self.bed.module, &call).expect("the module answers")
    }

    fn moves(&self) -> U256 {
        let call = IGame::movesCall { player: self.alice.address() };
        self.bed.ask(self.bed.game, &call).expect("the game answers")
    }

    /// Status and number of calls of the session.
    fn state(&self) -> (u8, u32) {
        let (account, session_id) = (self.alice.address(), self.game.session.id());
        let call = ISmartSession::sessionStateCall { account, sessionId: session_id };
        let state = self.bed.ask(self.bed.module, &call).expect("the module answers");
        (state.status, state.calls)
    }
}

#[test]
fn the_game_session_is_played_over_json_rpc() {
    let (_server, mut bed) = set_stage();
    for kind in AccountKind::ALL {
        if kind.is_over_code_size_limit() {
            skip(&format!("{kind}: its code is over the 24,576 bytes that a stock node takes"));
            continue;
        }
        let alice = bed.account(kind, 100).unwrap_or_else(|error| panic!("{kind}: {error}"));
        play_with(&bed, kind, alice);
    }
}

/// A Safe keeps the module's error to itself: the code of the EntryPoint's is left.
fn refused(kind: AccountKind, error: &str) -> String {
    match kind {
        AccountKind::Safe7579 => "refused: AA23".to_owned(),
        _ => format!("refused: AA23 {error}"),
    }
}

fn play_with(bed: &RemoteTestBed, kind: AccountKind, alice: Arc<dyn SmartAccount>) {
    bed.install(&*alice).unwrap_or_else(|error| panic!("{kind}: {error}"));
    let board = bed.board().expect("the node answers");
    let game = GameSession::on(board, &*alice, |_| {}).expect("the owner signs");
    let play = Play { bed, alice, game };
    let refused = |error: &str| refused(kind, error);
    let enabling = play.game.enabling(1).expect("it is packed");
    let using = play.game.using(1).expect("it is packed");
    let five = play.game.using(5).expect("it is packed");
    let good = play.alice.execute(&board.a_move(1, 1));

    // Not enabled yet, then enabled by the first operation, used, used five times at once.
    assert_eq!(play.play(&using, good.clone()), refused("SessionNotEnabled"), "{kind}");
    assert_eq!(play.play(&enabling, good.clone()), "executed", "{kind}");
    assert_eq!(play.play(&using, good.clone()), "executed");
    let moves: Vec<Call> = (0..5).map(|step| board.a_move(step, 1)).collect();
    assert_eq!(play.play(&five, play.alice.execute_batch(&moves)), "executed");
    assert_eq!((play.moves(), play.state()), (U256::from(7), (1, 7)));

    // What the session does not allow.
    let elsewhere = Call { target: bed.owner_validator, ..board.a_move(1, 1) };
    let withdraw = IGame::withdrawCall { amount: U256::from(1) }.abi_encode();
    let mut bad_third = moves.clone();
    bad_third[2] = board.a_move(1, 20);
    for (name, draft, call, expected) in [
        ("another contract", &using, play.alice.execute(&elsewhere), "TargetNotPermitted"),
        (
            "another function",
            &using,
            play.alice.execute(&Call::new(bed.game, withdraw)),
            "SelectorNotPermitted",
        ),
        ("0.02 ETH", &using, play.alice.execute(&board.a_move(1, 20)), "ValueOverLimit"),
        ("a bad third call", &five, play.alice.execute_batch(&bad_third), "ValueOverLimit"),
        (
            "a delegatecall",
            &using,
            account::execute(account::mode(0xff, 0), bed.game.to_vec()),
            "UnsupportedExecutionMode",
        ),
    ] {
        assert_eq!(play.play(draft, call), refused(expected), "{kind}: {name}");
    }
    let mallory = test_bed::key("mallory").expect("a key");
    assert_eq!(play.act(&using, &mallory, good.clone()), "refused: AA24");
    assert_eq!(play.state(), (1, 7));

    // Revoked for ever.
    let revoke = ISmartSession::revoke_0Call { sessionId: play.game.session.id() }.abi_encode();
    let revoke = play.alice.execute(&Call::new(bed.module, revoke));
    let op = bed.owner_op(&*play.alice, revoke).expect("the owner signs");
    assert_eq!(bed.send(op).expect("the node answers").summary(), "executed");
    for draft in [&using, &enabling] {
        assert_eq!(play.play(draft, good.clone()), refused("SessionRevokedForEver"), "{kind}");
    }
    assert_eq!((play.moves(), play.state()), (U256::from(7), (2, 7)));
    reinstall(&play, kind, good);
}

/// Uninstalled and installed again: nothing revives, a session that names the new epoch holds.
fn reinstall(play: &Play<'_>, kind: AccountKind, good: Bytes) {
    let bed = play.bed;
    let uninstall = play.alice.uninstall_validator(bed.module, Bytes::new());
    let op = bed.owner_op(&*play.alice, uninstall).expect("the owner signs");
    assert_eq!(bed.send(op).expect("the node answers").summary(), "executed", "{kind}");
    assert!(!play.is_installed());
    bed.install(&*play.alice).unwrap_or_else(|error| panic!("{kind}: {error}"));
    assert!(play.is_installed());
    let former = play.session(|session| session.salt = 2);
    let verdict = former.play(&former.enabling(), good.clone());
    assert_eq!(verdict, refused(kind, "WrongEpoch"), "{kind}");
    let account = play.alice.address();
    let epoch = bed.ask(bed.module, &ISmartSession::epochCall { account });
    let epoch = epoch.expect("the module answers");
    let fresh = play.session(|session| session.chains[0].epoch = epoch);
    assert_eq!(fresh.play(&fresh.enabling(), good), "executed", "{kind}");
    assert_eq!((play.moves(), fresh.state()), (U256::from(8), (1, 1)));
    beyond::play(play, kind, epoch);
}

#[test]
fn a_session_ends_by_itself() {
    let (_server, mut bed) = set_stage();
    let alice = bed.account(AccountKind::OpenZeppelin, 100).expect("the account is created");
    bed.install(&*alice).expect("the module is installed");
    let board = bed.board().expect("the node answers");
    let end = board.now.saturating_add(10);
    let game = GameSession::on(board, &*alice, |session| {
        session.window = window(board.now, end).expect("a window");
    });
    let play = Play { bed: &bed, alice, game: game.expect("the owner signs") };
    let a_move = play.alice.execute(&board.a_move(1, 1));
    assert_eq!(play.play(&play.enabling(), a_move.clone()), "executed");

    // The node's blocks say what time it is there; some nodes make one only if there is something
    // to mine.
    let using = play.game.using(1).expect("it is packed");
    while bed.board().expect("the node answers").now <= end {
        std::thread::sleep(Duration::from_secs(1));
        bed.remote.send(bed.remote.sender(), U256::ZERO, Bytes::new()).expect("it is mined");
    }

    assert_eq!(play.play(&using, a_move), "refused: AA22");
    assert_eq!(play.state(), (1, 1));
}

#[test]
fn a_second_run_finds_what_the_first_deployed() {
    let (_server, first) = set_stage();
    let key = match env::var("SMART_SESSION_RPC_KEY") {
        Ok(key) => key.parse().expect("SMART_SESSION_RPC_KEY is 32 bytes of hex"),
        Err(_) => DEV_ACCOUNTS[1].private_key,
    };
    let key = SoftwareKey::new(key).expect("a key");
    let nonce = |bed: &RemoteTestBed| -> U256 {
        let params = serde_json::json!([bed.remote.sender(), "latest"]);
        bed.remote.ask("eth_getTransactionCount", params).expect("the node answers")
    };
    let before = nonce(&first);

    let remote = Remote::connect(first.remote.url(), key).expect("it answers");
    let second = RemoteTestBed::set(remote).expect("it is set");

    assert_eq!((second.module, second.game), (first.module, first.game));
    assert_eq!(nonce(&second), before);
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

    let bed = RemoteTestBed::set(remote).unwrap_or_else(|error| panic!("{error}"));

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
