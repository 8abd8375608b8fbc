//! One account on one EntryPoint, with the module and the game session.

use std::fmt;
use std::sync::{Arc, OnceLock};

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolCall;
use smart_session_client::OperationDraft;
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::Session;
use testbed::abi::IGame;
use testbed::fixtures::EntryPointVersion;
use testbed::{AccountKind, Call, GameSession, OpOutcome, SmartAccount, TestBed};

/// An account with the module installed, and a game session that its owner has signed.
#[derive(Clone, Debug)]
pub(crate) struct AccountCase {
    pub(crate) kind: AccountKind,
    pub(crate) bed: TestBed,
    pub(crate) account: Arc<dyn SmartAccount>,
    pub(crate) game: GameSession,
}

/// Where each bed and each case stands ready, set on first use; every test cases on its own
/// clone.
const RELEASES: usize = EntryPointVersion::ALL.len();
static BEDS: [OnceLock<TestBed>; RELEASES] = [const { OnceLock::new() }; RELEASES];
static CASES: [[OnceLock<AccountCase>; AccountKind::ALL.len()]; RELEASES] =
    [const { [const { OnceLock::new() }; AccountKind::ALL.len()] }; RELEASES];

impl AccountCase {
    /// Returns it with the session signed but not enabled.
    pub(crate) fn on(kind: AccountKind, version: EntryPointVersion) -> Self {
        let release = EntryPointVersion::ALL.iter().position(|it| *it == version).unwrap();
        let row = AccountKind::ALL.iter().position(|it| *it == kind).unwrap();
        let bed = BEDS[release].get_or_init(|| TestBed::set_for(version).unwrap());
        let case = CASES[release][row].get_or_init(|| {
            let mut bed = bed.clone();
            let account = bed.account(kind, "alice").unwrap_or_else(|error| panic!("{error}"));
            bed.install(&*account).unwrap_or_else(|error| panic!("{kind}: {error}"));
            let game = GameSession::new(&bed, &*account, 1).unwrap();
            let mut case = Self { kind, bed, account, game };
            case.begin();
            case
        });
        case.clone()
    }

    /// Signs another session, with something changed.
    pub(crate) fn with_session(&mut self, change: impl FnOnce(&mut Session)) {
        self.game = GameSession::with(&self.bed, &*self.account, change).unwrap();
        self.begin();
    }

    /// Lets the first second of the session pass: EntryPoint 0.8 leaves it out.
    fn begin(&mut self) {
        self.bed.chain.warp(1);
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
        self.bed.act(&*self.account, draft, &self.game.delegate, call_data).unwrap()
    }

    /// Has the delegate move once, enabling the session with it.
    pub(crate) fn enable_and_move(&mut self) -> OpOutcome {
        let draft = self.game.enabling(1).unwrap();
        self.act(&draft, &[self.bed.a_move(1, 10)])
    }

    /// Has the delegate move once.
    pub(crate) fn a_move(&mut self) -> OpOutcome {
        let draft = self.game.using(1).unwrap();
        self.act(&draft, &[self.bed.a_move(1, 10)])
    }

    /// Has the owner send an operation.
    pub(crate) fn owner(&mut self, call_data: Bytes) -> OpOutcome {
        self.bed.owner_op(&*self.account, call_data).unwrap()
    }

    /// Has the owner make the account call the module.
    pub(crate) fn owner_calls_module(&mut self, call: &impl SolCall) -> OpOutcome {
        let call = Call::new(self.bed.module, call.abi_encode());
        self.owner(self.account.execute(&call))
    }

    /// Asks the module something.
    pub(crate) fn ask<C: SolCall>(&self, call: &C) -> C::Return {
        self.bed.ask(self.bed.module, call).unwrap()
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
        self.bed.ask(self.bed.game, &IGame::movesCall { player }).unwrap()
    }
}

impl fmt::Display for AccountCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.kind, self.bed.entry_point.version)
    }
}
