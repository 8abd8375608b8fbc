//! Sessions through the bundler alto, from `eth_estimateUserOperationGas` to the receipt.
//!
//! It comes from npm (`scripts/setup --full`), 700 MB: the tests are ignored unless `scripts/test
//! --full` runs them.
//!
//! In safe mode alto checks ERC-7562 with a tracer in JavaScript. On a Nitro node it sees two reads
//! that no contract makes, and refuses every Stylus validator of an account without a stake.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

mod alto;

use std::sync::Arc;

use alloy_primitives::{U256, aliases::U192};
use alloy_sol_types::{SolCall, sol};
use smart_session_client::{OperationDraft, SoftwareKey};
use smart_session_core::abi::ISmartSession;
use stylus_devchain::rpc::{Node, Server};
use stylus_devchain::{DEV_ACCOUNTS, DevChain};
use testbed::abi::IGame;
use testbed::game::Board;
use testbed::remote::Remote;
use testbed::{AccountKind, Backend, Call, GameSession, SmartAccount, TestBed, ether};

use alto::{Alto, Mode, with_gas};

sol! {
    interface IStakeManager {
        function addStake(uint32 unstakeDelaySec) external payable;
    }
}

/// What alto 0.0.18 says of Nitro's reads. It names one of the slots.
const PHANTOM_READ: &str =
    "unstaked account accessed 0x0000000000000000000000000000000000000000 slot ";
/// `ArbOS`'s version, and the number of the parent chain's block.
const PHANTOM_SLOTS: [&str; 2] = [
    "0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400",
    "0x3c79da47f96b0f39664f73c0a1f350580be90742947dddfa21ba64d578dfe600",
];

/// Alice's account on a node with a bundler, the module installed, a session signed.
struct AltoSetup {
    bed: TestBed<Remote>,
    alto: Alto,
    alice: Arc<dyn SmartAccount>,
    game: GameSession,
    board: Board,
    // The last to go.
    _server: Server,
}

impl AltoSetup {
    fn new(mode: Mode, chain: DevChain) -> Self {
        let node = Node::new(chain).with_running_clock(true);
        let server = Server::start(node, 0).expect("a free port");
        let key = SoftwareKey::new(DEV_ACCOUNTS[1].private_key).expect("a key");
        let remote = Remote::connect(&server.url(), key).expect("the node answers");
        let mut bed = TestBed::set_on(remote).unwrap_or_else(|error| panic!("{error}"));
        let alice = bed.account(AccountKind::OpenZeppelin, "alice");
        let alice = alice.expect("the account is created");
        bed.chain.endow(alice.address(), ether(3_000)).expect("the node takes it");
        bed.install(&*alice).expect("the module is installed");
        let board = bed.board().expect("the node answers");
        // Safe mode wants a window that has begun some seconds ago.
        let board = Board { now: board.now.saturating_sub(60), ..board };
        let game = GameSession::on(board, &*alice, |_| {}).expect("the owner signs");
        let alto = Alto::start(mode, &server.url(), bed.entry_point.address);
        Self { bed, alto, alice, game, board, _server: server }
    }

    /// Estimates with a dummy signature, signs, sends and waits; or what alto says instead.
    fn act(&self, draft: &OperationDraft, calls: &[Call]) -> Result<bool, String> {
        let call_data = match calls {
            [one] => self.alice.execute(one),
            several => self.alice.execute_batch(several),
        };
        let nonce_key: U192 = self.alice.nonce_key(self.bed.module);
        let mut op = self
            .bed
            .user_op(self.alice.address(), nonce_key, call_data)
            .expect("the EntryPoint answers");
        op.signature = draft.dummy();
        let gas = self.alto.estimate(&op).map_err(|error| error.to_string())?;
        with_gas(&mut op, gas);
        self.bed.seal(&mut op, draft, &self.game.delegate).expect("it is signed");
        let hash = self.alto.send(&op).map_err(|error| error.to_string())?;
        Ok(self.alto.succeeded(hash))
    }

    fn enable(&self) -> Result<bool, String> {
        let draft = self.game.enabling(1).expect("it is packed");
        self.act(&draft, &[self.board.a_move(1, 1)])
    }

    fn use_it(&self, calls: usize) -> Result<bool, String> {
        let draft = self.game.using(calls).expect("it is packed");
        self.act(&draft, &vec![self.board.a_move(2, 1); calls])
    }

    /// Has the account put a stake into the EntryPoint, by its owner's operation.
    fn stake(&mut self) {
        let stake = IStakeManager::addStakeCall { unstakeDelaySec: 86_400 }.abi_encode();
        let stake = Call::new(self.bed.entry_point.address, stake).with_value(ether(1_000));
        let op = self.bed.owner_op(&*self.alice, self.alice.execute(&stake));
        assert_eq!(op.expect("the node answers").verdict.summary(), "executed");
    }

    /// Moves in the game, and the calls that the session has counted.
    fn counted(&self) -> (U256, u32) {
        let player = self.alice.address();
        let moves = self.bed.ask(self.bed.game, &IGame::movesCall { player });
        let session_id = self.game.session.id();
        let state = ISmartSession::sessionStateCall { account: player, sessionId: session_id };
        let state = self.bed.ask(self.bed.module, &state).expect("the module answers");
        (moves.expect("the game answers"), state.calls)
    }
}

#[test]
#[ignore = "takes the bundler alto: scripts/test --full"]
fn unsafe_mode_takes_a_session_from_enabling_to_a_batch() {
    let setup = AltoSetup::new(Mode::Unsafe, DevChain::new());

    assert_eq!(setup.enable(), Ok(true), "{}", setup.alto.said());
    assert_eq!(setup.use_it(1), Ok(true), "{}", setup.alto.said());
    assert_eq!(setup.use_it(5), Ok(true), "{}", setup.alto.said());

    assert_eq!(setup.counted(), (U256::from(7), 7));
}

#[test]
#[ignore = "takes the bundler alto: scripts/test --full"]
fn unsafe_mode_refuses_what_the_module_refuses() {
    let setup = AltoSetup::new(Mode::Unsafe, DevChain::new());
    assert_eq!(setup.enable(), Ok(true), "{}", setup.alto.said());

    let draft = setup.game.using(1).expect("it is packed");
    let error = setup.act(&draft, &[setup.board.a_move(3, 20)]).expect_err("0.02 ETH");

    assert!(error.contains("AA23"), "{error}");
    assert_eq!(setup.counted(), (U256::from(1), 1));
}

#[test]
#[ignore = "takes the bundler alto: scripts/test --full"]
fn safe_mode_takes_a_session_of_an_account_without_a_stake() {
    let setup = AltoSetup::new(Mode::Safe, DevChain::new());

    assert_eq!(setup.enable(), Ok(true), "{}", setup.alto.said());
    assert_eq!(setup.use_it(1), Ok(true), "{}", setup.alto.said());
    assert_eq!(setup.use_it(5), Ok(true), "{}", setup.alto.said());

    assert_eq!(setup.counted(), (U256::from(7), 7));
}

#[test]
#[ignore = "takes the bundler alto: scripts/test --full"]
fn with_nitros_phantom_reads_safe_mode_wants_a_stake_of_the_account() {
    let mut setup = AltoSetup::new(Mode::Safe, DevChain::new().with_phantom_reads(true));

    let error = setup.enable().expect_err("the account has no stake");
    let slot = error.split_once(PHANTOM_READ).map(|(_, slot)| slot);
    assert!(slot.is_some_and(|slot| PHANTOM_SLOTS.contains(&slot)), "{error}");
    assert_eq!(setup.counted(), (U256::ZERO, 0));

    setup.stake();
    assert_eq!(setup.enable(), Ok(true), "{}", setup.alto.said());
    assert_eq!(setup.use_it(1), Ok(true), "{}", setup.alto.said());
    assert_eq!(setup.counted(), (U256::from(2), 2));
}
