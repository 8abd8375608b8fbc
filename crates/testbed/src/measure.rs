//! What operations cost on each account.

use std::sync::Arc;

use alloy_primitives::{Address, Bytes};
use alloy_sol_types::SolCall;
use smart_session_client::OperationDraft;

use crate::abi::{IGame, PackedUserOperation};
use crate::account::{AccountKind, Call, SmartAccount};
use crate::entry_point::{OpOutcome, Verdict, two_u128};
use crate::error::TestBedError;
use crate::fixtures::EntryPointVersion;
use crate::game::GameSession;
use crate::test_bed::TestBed;
use crate::units::ether;

/// Gas of whole transactions that carry one operation, in steady state: the nonce lane is in use
/// and every counter was written before. Only `enable` is the first operation of its lane.
///
/// Each call is one move with 0.01 ETH, of which nothing is kept but an event. The account pays
/// the EntryPoint in each operation and gets back what was too much: after two operations that
/// cost the same its deposit is what it was, for which 2,800 gas are refunded. So it is with the
/// single calls here, and not with the batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountGas {
    /// The owner's own operation, one call.
    pub owner: u64,
    /// The owner's own operation, five calls.
    pub owner_batch: u64,
    /// A session with a call counter and a fee limit, one call.
    pub session: u64,
    /// The same, five calls.
    pub session_batch: u64,
    /// The first operation of a session, which enables it, one call.
    pub enable: u64,
}

/// The least `verificationGasLimit` with which an operation is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerificationGas {
    /// The first operation of a session, with the program cached.
    pub enable: u64,
    /// The same with the program not cached.
    pub enable_uncached: u64,
    /// Each later operation, with the program cached.
    pub session: u64,
    /// The same with the program not cached.
    pub session_uncached: u64,
}

/// An account and a session to measure with.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The bed.
    pub bed: TestBed,
    /// The account.
    pub account: Arc<dyn SmartAccount>,
    /// The session.
    pub game: GameSession,
    target: Address,
}

impl Bench {
    /// Sets it up; the session is signed and not enabled.
    ///
    /// # Errors
    /// [`TestBedError`] if that fails.
    pub fn new(kind: AccountKind, version: EntryPointVersion) -> Result<Self, TestBedError> {
        let mut bed = TestBed::set_for(version)?;
        let account = bed.account(kind, "alice")?;
        bed.install(&*account)?;
        let target = bed.deploy("MoveLog")?;
        let game = GameSession::with(&bed, &*account, |session| {
            for permission in &mut session.permissions {
                permission.target = target;
            }
        })?;
        // EntryPoint 0.8 leaves out a window's first second.
        bed.chain.warp(1);
        Ok(Self { bed, account, game, target })
    }

    /// Enables the session with its first operation.
    ///
    /// # Errors
    /// [`TestBedError`] if the operation is not run.
    pub fn enabled(mut self) -> Result<Self, TestBedError> {
        self.enable()?;
        Ok(self)
    }

    /// Measures transactions.
    ///
    /// # Errors
    /// [`TestBedError`] if an operation is not run.
    pub fn account_gas(mut self) -> Result<AccountGas, TestBedError> {
        let enable = self.enable()?;
        self.owner(1)?;
        let (owner, owner_batch) = (self.owner(1)?, self.owner(5)?);
        self.session(1)?;
        let (session, session_batch) = (self.session(1)?, self.session(5)?);
        Ok(AccountGas { owner, owner_batch, session, session_batch, enable })
    }

    /// Searches the least limits.
    ///
    /// # Errors
    /// [`TestBedError`] if an operation is refused with the most gas.
    pub fn verification_gas(self) -> Result<VerificationGas, TestBedError> {
        let mut enabled = self.clone().enabled()?;
        enabled.session(1)?;
        let enable = self.game.enabling(1)?;
        let using = self.game.using(1)?;
        let [first, later] = [self.uncached()?, enabled.uncached()?];
        Ok(VerificationGas {
            enable: self.least(&enable)?,
            enable_uncached: first.least(&enable)?,
            session: enabled.least(&using)?,
            session_uncached: later.least(&using)?,
        })
    }

    /// Returns the same with the program not cached.
    ///
    /// # Errors
    /// [`TestBedError`] if it was not cached before.
    pub fn uncached(&self) -> Result<Self, TestBedError> {
        let mut uncached = self.clone();
        uncached.bed.chain.evict_program(self.bed.module)?;
        Ok(uncached)
    }

    /// Searches the least limit with which an operation under the session is accepted.
    ///
    /// # Errors
    /// [`TestBedError`] if it is refused with the most gas.
    pub fn least(&self, draft: &OperationDraft) -> Result<u64, TestBedError> {
        self.search(|limit| {
            let op = self.op_with(draft, limit)?;
            Ok(matches!(self.outcome(op)?.verdict, Verdict::Executed))
        })
    }

    /// Searches the least limit with which an operation with a dummy signature of the delegate's
    /// is found to be badly signed, and nothing else: what an estimation comes to.
    ///
    /// # Errors
    /// [`TestBedError`] if something else is wrong with it.
    pub fn estimate(&self, draft: &OperationDraft) -> Result<u64, TestBedError> {
        self.search(|limit| {
            let mut op = self.op_with(draft, limit)?;
            op.signature = draft.dummy();
            Ok(self.outcome(op)?.verdict.summary() == "refused: AA24")
        })
    }

    fn search(
        &self,
        is_enough: impl Fn(u64) -> Result<bool, TestBedError>,
    ) -> Result<u64, TestBedError> {
        let (mut too_little, mut enough) = (0_u64, MOST_VERIFICATION_GAS);
        if !is_enough(enough)? {
            return Err(TestBedError::Failed {
                step: "searching the least gas for validation",
                why: format!("{enough} are not enough on {}", self.account.address()),
            });
        }
        while enough.saturating_sub(too_little) > 1 {
            let middle = too_little.midpoint(enough);
            if is_enough(middle)? {
                enough = middle;
            } else {
                too_little = middle;
            }
        }
        Ok(enough)
    }

    fn op_with(
        &self,
        draft: &OperationDraft,
        verification_gas: u64,
    ) -> Result<PackedUserOperation, TestBedError> {
        let (bed, account) = (&self.bed, &*self.account);
        let mut op = bed.session_op(account, draft, &self.game.delegate, self.moves(1))?;
        let call_gas = op
            .accountGasLimits
            .get(16..)
            .map_or(0, |bytes| u128::from_be_bytes(bytes.try_into().unwrap_or_default()));
        op.accountGasLimits = two_u128(verification_gas.into(), call_gas);
        let hash = bed.entry_point.user_op_hash(&bed.chain, &op)?;
        op.signature = draft.sealed(&self.game.delegate.sign(draft.digest(bed.module, hash))?);
        Ok(op)
    }

    fn outcome(&self, op: PackedUserOperation) -> Result<OpOutcome, TestBedError> {
        Ok(self.bed.entry_point.try_op(&self.bed.chain, self.bed.module, op)?)
    }

    fn enable(&mut self) -> Result<u64, TestBedError> {
        let (draft, call_data) = (self.game.enabling(1)?, self.moves(1));
        let op = self.bed.act(&*self.account, &draft, &self.game.delegate, call_data)?;
        executed("enabling", op)
    }

    fn session(&mut self, calls: usize) -> Result<u64, TestBedError> {
        let (draft, call_data) = (self.game.using(calls)?, self.moves(calls));
        let op = self.bed.act(&*self.account, &draft, &self.game.delegate, call_data)?;
        executed("using the session", op)
    }

    fn owner(&mut self, calls: usize) -> Result<u64, TestBedError> {
        let call_data = self.moves(calls);
        executed("the owner's operation", self.bed.owner_op(&*self.account, call_data)?)
    }

    /// Returns the account's calldata for so many moves.
    fn moves(&self, count: usize) -> Bytes {
        let data = IGame::moveCall { step: 1 }.abi_encode();
        let one = Call::new(self.target, data).with_value(ether(10));
        match count {
            1 => self.account.execute(&one),
            count => self.account.execute_batch(&vec![one; count]),
        }
    }
}

/// The most that is tried: what bundlers allow for the validation of an operation (ERC-7562).
const MOST_VERIFICATION_GAS: u64 = 500_000;

fn executed(step: &'static str, op: OpOutcome) -> Result<u64, TestBedError> {
    match op.verdict {
        Verdict::Executed => Ok(op.tx_gas),
        verdict => Err(TestBedError::Failed { step, why: verdict.summary() }),
    }
}
