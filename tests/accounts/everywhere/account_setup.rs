//! One account on one EntryPoint, with the module and the game session.

use std::fmt;
use std::sync::Arc;

use alloy_primitives::{Address, Bytes, U256, keccak256};
use alloy_sol_types::SolCall;
use smart_session_client::OperationDraft;
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::Session;
use stylus_devchain::DevChain;
use testbed::abi::IGame;
use testbed::{AccountKind, Backend, Call, GameSession, OpOutcome, SmartAccount, TestBed};

/// An account with the module installed, and a game session that its owner has signed.
#[derive(Clone, Debug)]
pub(crate) struct AccountSetup<B: Backend = DevChain> {
    pub(crate) kind: AccountKind,
    pub(crate) bed: TestBed<B>,
    pub(crate) account: Arc<dyn SmartAccount>,
    pub(crate) game: GameSession,
    /// What the game had before: behind a URL it is older than this account.
    game_balance: U256,
}

impl<B: Backend> AccountSetup<B> {
    /// Creates an account and installs the module; the session is signed but not enabled.
    pub(crate) fn new(kind: AccountKind, mut bed: TestBed<B>) -> Self {
        let account = bed.account(kind, "alice").unwrap_or_else(|error| panic!("{error}"));
        bed.install(&*account).unwrap_or_else(|error| panic!("{kind}: {error}"));
        Self::of(kind, bed, account)
    }

    /// Signs the session of an account that has the module.
    pub(crate) fn of(kind: AccountKind, bed: TestBed<B>, account: Arc<dyn SmartAccount>) -> Self {
        let game = GameSession::new(&bed, &*account, 1).unwrap();
        let game_balance = bed.chain.balance_of(bed.game).unwrap();
        let mut setup = Self { kind, bed, account, game, game_balance };
        setup.bed.chain.pass_a_second();
        setup
    }

    /// Signs another session, with something changed.
    pub(crate) fn with_session(&mut self, change: impl FnOnce(&mut Session)) {
        self.game = GameSession::with(&self.bed, &*self.account, change).unwrap();
        self.bed.chain.pass_a_second();
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

    /// Returns the account's epoch.
    pub(crate) fn epoch(&self) -> u64 {
        self.ask(&ISmartSession::epochCall { account: self.account.address() })
    }

    /// Returns whether the module is installed, as any type.
    pub(crate) fn is_initialized(&self) -> bool {
        self.ask(&ISmartSession::isInitializedCall { account: self.account.address() })
    }

    /// Returns how often the account has moved, as the game counts.
    pub(crate) fn moves(&self) -> U256 {
        let player = self.account.address();
        self.bed.ask(self.bed.game, &IGame::movesCall { player }).unwrap()
    }

    /// Returns the wei that the game has got meanwhile.
    pub(crate) fn received(&self) -> U256 {
        self.bed.chain.balance_of(self.bed.game).unwrap() - self.game_balance
    }

    /// Returns an address that had nothing before this account was made.
    pub(crate) fn receiver(&self) -> Address {
        Address::from_word(keccak256(self.account.address()))
    }

    /// Returns the time of the newest block.
    pub(crate) fn now(&self) -> u64 {
        self.bed.chain.now().unwrap()
    }

    /// Returns how an operation is refused by the module. A Safe keeps the module's error to
    /// itself: only the frames show it.
    pub(crate) fn refused(&self, error: &str) -> String {
        if self.kind == AccountKind::Safe7579 && !B::SEES_FRAMES {
            return "refused: AA23".into();
        }
        format!("refused: AA23 {error}")
    }
}

impl<B: Backend> fmt::Display for AccountSetup<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.kind, self.bed.entry_point.version)
    }
}
