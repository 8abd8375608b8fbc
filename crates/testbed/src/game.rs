//! The session that everything begins with: a game's frontend key may move for Alice.

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;
use smart_session_client::{OperationDraft, SoftwareKey, session_digest};
use smart_session_core::packed::{DelegateKind, Paymaster};
use smart_session_core::session::{Chain, Disclosure, Permission, Session};
use smart_session_core::window::{Timestamp, ValidityWindow};

use crate::abi::IGame;
use crate::account::{Call, SmartAccount};
use crate::backend::Backend;
use crate::error::TestBedError;
use crate::test_bed::{self, TestBed};
use crate::units::ether;

/// How long the session is valid, in seconds.
pub const TWO_HOURS: u64 = 2 * 60 * 60;

/// A session with its owner's signature and its delegate's key.
///
/// Two hours, `move(uint8)` of the game and nothing else, at most 0.01 ETH for each call, at most
/// 100 calls, at most 0.01 ETH for gas.
#[derive(Clone, Debug)]
pub struct GameSession {
    /// What the owner signed.
    pub session: Session,
    /// The owner's signature, as the account's ERC-1271 takes it.
    pub owner_signature: Bytes,
    /// The delegate's key.
    pub delegate: SoftwareKey,
}

/// Where and when a game session begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// The session module.
    pub module: Address,
    /// The game.
    pub game: Address,
    /// The chain's id.
    pub chain_id: u64,
    /// The time, in seconds since 1970.
    pub now: u64,
}

impl Board {
    /// Returns a move in the game with thousandths of an ether.
    pub fn a_move(&self, step: u8, thousandths: u64) -> Call {
        a_move(self.game, step, thousandths)
    }
}

impl GameSession {
    /// Returns the session of an account from now on.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed.
    pub fn new(
        bed: &TestBed<impl Backend>,
        account: &(impl SmartAccount + ?Sized),
        salt: u64,
    ) -> Result<Self, TestBedError> {
        Self::with(bed, account, |session| session.salt = salt)
    }

    /// Returns the session with something changed before the owner signs it.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed.
    pub fn with(
        bed: &TestBed<impl Backend>,
        account: &(impl SmartAccount + ?Sized),
        change: impl FnOnce(&mut Session),
    ) -> Result<Self, TestBedError> {
        Self::on(bed.board()?, account, change)
    }

    /// Returns the session on a chain of any kind.
    ///
    /// # Errors
    /// [`TestBedError`] if it cannot be signed.
    pub fn on(
        board: Board,
        account: &(impl SmartAccount + ?Sized),
        change: impl FnOnce(&mut Session),
    ) -> Result<Self, TestBedError> {
        let Board { module, game, chain_id, now } = board;
        let delegate = test_bed::key("GameFrontendWallet")?;
        let mut session = Session {
            account: account.address(),
            chains: vec![Chain { chain_id: U256::from(chain_id), epoch: 0 }],
            delegate: delegate.address(),
            delegate_kind: DelegateKind::Secp256k1,
            window: window(now, now.saturating_add(TWO_HOURS))?,
            max_calls: 100,
            fee_limit: U96::from(10_000_000_000_000_000_u64),
            paymaster: Paymaster::None,
            permissions: vec![Permission {
                target: game,
                selector: IGame::moveCall::SELECTOR,
                value_limit: ether(10),
                rules: Vec::new(),
            }],
            budgets: Vec::new(),
            signing: Vec::new(),
            salt: 1,
        };
        change(&mut session);
        let owner_signature = account.owner_signature(session_digest(module, &session))?;
        Ok(Self { session, owner_signature, delegate })
    }

    /// Drafts an operation that enables the session and makes so many calls, all of them under
    /// its first permission.
    ///
    /// # Errors
    /// [`TestBedError`] if the session has no packed form.
    pub fn enabling(&self, calls: usize) -> Result<OperationDraft, TestBedError> {
        let signature = self.owner_signature.clone();
        Ok(OperationDraft::enable(&self.session, &vec![0; calls], signature)?)
    }

    /// Drafts an operation that makes so many calls under the session's first permission.
    ///
    /// # Errors
    /// [`TestBedError`] if the session has no packed form.
    pub fn using(&self, calls: usize) -> Result<OperationDraft, TestBedError> {
        Ok(OperationDraft::draft_use(&self.session, &Disclosure::WHOLE, &vec![0; calls])?)
    }
}

/// Returns a window of seconds since 1970.
///
/// # Errors
/// [`TestBedError`] if it has no second moment.
pub fn window(after: u64, until: u64) -> Result<ValidityWindow, TestBedError> {
    Timestamp::new(after)
        .zip(Timestamp::new(until))
        .and_then(|(after, until)| ValidityWindow::new(after, until))
        .ok_or_else(|| TestBedError::Failed {
            step: "choosing the window",
            why: format!("{after}..{until} is none"),
        })
}

impl<B: Backend> TestBed<B> {
    /// Returns a move in the game with thousandths of an ether.
    pub fn a_move(&self, step: u8, thousandths: u64) -> Call {
        a_move(self.game, step, thousandths)
    }

    /// Returns where and when a game session begins here.
    ///
    /// # Errors
    /// [`TestBedError`] if the chain does not answer.
    pub fn board(&self) -> Result<Board, TestBedError> {
        let (chain_id, now) = (self.chain.chain_id(), self.chain.now()?);
        Ok(Board { module: self.module, game: self.game, chain_id, now })
    }
}

fn a_move(game: Address, step: u8, thousandths: u64) -> Call {
    Call::new(game, IGame::moveCall { step }.abi_encode()).with_value(ether(thousandths))
}
