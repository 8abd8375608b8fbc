//! One account on one EntryPoint, with the module and the game session.

use std::fmt;
use std::sync::{Arc, OnceLock};

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolCall;
use harness::abi::IGame;
use harness::fixtures::EntryPointVersion;
use harness::{AccountKind, Call, GameSession, OpOutcome, SmartAccount, Stage};
use session_client::OperationDraft;
use session_core::abi::ISmartSession;
use session_core::session::Session;

/// An account with the module installed, and a game session that its owner has signed.
#[derive(Clone, Debug)]
pub(crate) struct Play {
    pub(crate) kind: AccountKind,
    pub(crate) stage: Stage,
    pub(crate) account: Arc<dyn SmartAccount>,
    pub(crate) game: GameSession,
}

/// Where each stage and each play stands ready, set on first use; every test plays on its own
/// clone.
const RELEASES: usize = EntryPointVersion::ALL.len();
static STAGES: [OnceLock<Stage>; RELEASES] = [const { OnceLock::new() }; RELEASES];
static PLAYS: [[OnceLock<Play>; AccountKind::ALL.len()]; RELEASES] =
    [const { [const { OnceLock::new() }; AccountKind::ALL.len()] }; RELEASES];

impl Play {
    /// Returns the play with the session signed but not enabled.
    pub(crate) fn on(kind: AccountKind, version: EntryPointVersion) -> Self {
        let release = EntryPointVersion::ALL.iter().position(|it| *it == version).unwrap();
        let row = AccountKind::ALL.iter().position(|it| *it == kind).unwrap();
        let stage = STAGES[release].get_or_init(|| Stage::set_for(version).unwrap());
        let play = PLAYS[release][row].get_or_init(|| {
            let mut stage = stage.clone();
            let account = stage.account(kind, "alice").unwrap_or_else(|error| panic!("{error}"));
            stage.install(&*account).unwrap_or_else(|error| panic!("{kind}: {error}"));
            let game = GameSession::new(&stage, &*account, 1).unwrap();
            let mut play = Self { kind, stage, account, game };
            play.begin();
            play
        });
        play.clone()
    }

    /// Signs another session, with something changed.
    pub(crate) fn with_session(&mut self, change: impl FnOnce(&mut Session)) {
        self.game = GameSession::with(&self.stage, &*self.account, change).unwrap();
        self.begin();
    }

    /// Lets the first second of the session pass: EntryPoint 0.8 leaves it out.
    fn begin(&mut self) {
        self.stage.chain.warp(1);
    }

    /// Has the delegate send calls, one alone or several as a batch.
    pub(crate) fn act(&mut self, draft: &OperationDraft, calls: &[Call]) -> OpOutcome {
        let call_data = match calls {
            [call] => self.account.execute(call),
            calls => self.account.execute_batch(calls),
        };
        self.act_data(draft, call_data)
    }

    /// Has the delegate send calldata for the account.
    pub(crate) fn act_data(&mut self, draft: &OperationDraft, call_data: Bytes) -> OpOutcome {
        self.stage.act(&*self.account, draft, &self.game.delegate, call_data).unwrap()
    }

    /// Has the delegate move once, enabling the session with it.
    pub(crate) fn enable_and_move(&mut self) -> OpOutcome {
        let draft = self.game.enabling(1).unwrap();
        self.act(&draft, &[self.stage.a_move(1, 10)])
    }

    /// Has the delegate move once.
    pub(crate) fn a_move(&mut self) -> OpOutcome {
        let draft = self.game.using(1).unwrap();
        self.act(&draft, &[self.stage.a_move(1, 10)])
    }

    /// Has the owner send an operation.
    pub(crate) fn owner(&mut self, call_data: Bytes) -> OpOutcome {
        self.stage.owner_op(&*self.account, call_data).unwrap()
    }

    /// Has the owner make the account call the module.
    pub(crate) fn owner_calls_module(&mut self, call: &impl SolCall) -> OpOutcome {
        let call = Call::new(self.stage.module, call.abi_encode());
        self.owner(self.account.execute(&call))
    }

    /// Asks the module something.
    pub(crate) fn ask<C: SolCall>(&self, call: &C) -> C::Return {
        self.stage.ask(self.stage.module, call).unwrap()
    }

    /// Returns status and calls of the session.
    pub(crate) fn state(&self) -> (u8, u32) {
        let (account, session_id) = (self.account.address(), self.game.session.id());
        let state = self.ask(&ISmartSession::sessionStateCall { account, sessionId: session_id });
        (state.status, state.calls)
    }

    /// Returns how often the account has moved, as the game counts.
    pub(crate) fn moves(&self) -> U256 {
        let player = self.account.address();
        self.stage.ask(self.stage.game, &IGame::movesCall { player }).unwrap()
    }
}

impl fmt::Display for Play {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.kind, self.stage.entry_point.version)
    }
}
