//! What most tests begin with: Alice's account with the module, and the game session.

use std::sync::LazyLock;

use alloy_primitives::{Address, B256, Bytes};
use alloy_sol_types::{SolCall, SolInterface};
use smart_session_client::OperationDraft;
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::Session;
use stylus_devchain::{Outcome, Transaction};
use testbed::abi::{IValidator, PackedUserOperation};
use testbed::account::{ModuleType, batch_mode, encoded, packed};
use testbed::entry_point::two_u128;
use testbed::{Call, GameSession, OpOutcome, OzAccount, SmartAccount, TestBed};

/// A test bed with Alice's and Bob's accounts and the game session.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) bed: TestBed,
    pub(crate) alice: OzAccount,
    pub(crate) bob: OzAccount,
    pub(crate) game: GameSession,
}

/// Set up once; every test has its own clone.
static SETUP: LazyLock<Setup> = LazyLock::new(|| {
    let mut bed = TestBed::set().unwrap_or_else(|error| panic!("{error}"));
    let alice = bed.oz_account("alice").unwrap();
    let bob = bed.oz_account("bob").unwrap();
    bed.install(&alice).unwrap();
    bed.install(&bob).unwrap();
    let game = GameSession::new(&bed, &alice, 1).unwrap();
    Setup { bed, alice, bob, game }
});

impl Setup {
    /// Returns it with the session signed but not enabled.
    pub(crate) fn new() -> Self {
        SETUP.clone()
    }

    /// Returns it with the session enabled and one move made.
    pub(crate) fn enabled() -> Self {
        static ENABLED: LazyLock<Setup> = LazyLock::new(|| {
            let mut setup = Setup::new();
            let op = setup.enable_and_move();
            assert_eq!(op.verdict.summary(), "executed", "{:?}", op.verdict);
            setup
        });
        ENABLED.clone()
    }

    pub(crate) fn enable_and_move(&mut self) -> OpOutcome {
        let call = self.alice.execute(&self.bed.a_move(1, 10));
        self.act(&self.game.enabling(1).unwrap(), call)
    }

    pub(crate) fn a_move(&mut self) -> OpOutcome {
        let call = self.alice.execute(&self.bed.a_move(1, 10));
        self.act(&self.game.using(1).unwrap(), call)
    }

    /// Sends an operation of Alice's account, signed by the session's delegate.
    pub(crate) fn act(&mut self, draft: &OperationDraft, call_data: Bytes) -> OpOutcome {
        self.bed.act(&self.alice, draft, &self.game.delegate, call_data).unwrap()
    }

    /// Asks the module something.
    pub(crate) fn ask<C: SolCall>(&self, call: &C) -> C::Return {
        let outcome = self.call_module(self.alice.address(), call.abi_encode());
        assert!(outcome.is_success(), "{:?}", outcome.output);
        C::abi_decode_returns_validate(&outcome.output).unwrap()
    }

    /// Calls the module as `from`; nothing is kept.
    pub(crate) fn call_module(&self, from: Address, data: impl Into<Bytes>) -> Outcome {
        let call = Transaction::new(from, self.bed.module).with_data(data);
        self.bed.chain.call(call.with_gas_limit(5_000_000)).unwrap()
    }

    /// Calls the module as `from`, in a transaction.
    pub(crate) fn send_module(&mut self, from: Address, data: impl Into<Bytes>) -> Outcome {
        let call = Transaction::new(from, self.bed.module).with_data(data);
        self.bed.chain.transact(call.with_gas_limit(5_000_000)).unwrap()
    }

    /// Returns the operation of one move, signed by the delegate.
    pub(crate) fn move_op(&self, draft: &OperationDraft) -> PackedUserOperation {
        let call_data = self.alice.execute(&self.bed.a_move(1, 10));
        self.bed.session_op(&self.alice, draft, &self.game.delegate, call_data).unwrap()
    }

    /// Returns it with another limit for the gas of its validation.
    pub(crate) fn op_with_verification_gas(
        &self,
        draft: &OperationDraft,
        limit: u128,
    ) -> PackedUserOperation {
        let mut op = self.move_op(draft);
        let call_gas = u128::from_be_bytes(op.accountGasLimits[16..].try_into().unwrap());
        op.accountGasLimits = two_u128(limit, call_gas);
        let hash = self.bed.entry_point.user_op_hash(&self.bed.chain, &op).unwrap();
        let digest = draft.digest(self.bed.module, hash);
        op.signature = draft.sealed(&self.game.delegate.sign(digest).unwrap());
        op
    }

    /// Returns it with the module as executor too, the session not enabled.
    pub(crate) fn with_executor() -> Self {
        static WITH_EXECUTOR: LazyLock<Setup> = LazyLock::new(|| {
            let mut setup = Setup::new();
            let alice = setup.alice.clone();
            setup.bed.install_as(&alice, ModuleType::Executor).unwrap();
            setup
        });
        WITH_EXECUTOR.clone()
    }

    /// Calls the module on the direct path from a key, in a transaction: one call alone, several
    /// as a batch.
    pub(crate) fn execute_as(
        &mut self,
        from: Address,
        draft: &OperationDraft,
        calls: &[Call],
    ) -> Outcome {
        let (mode, calldata) = match calls {
            [call] => (B256::ZERO, packed(call)),
            calls => (batch_mode(), encoded(calls)),
        };
        let call = ISmartSession::executeCall {
            account: self.alice.address(),
            session: draft.sealed(&[]),
            mode,
            executionCalldata: calldata.into(),
        };
        self.send_module(from, call.abi_encode())
    }

    /// Has the session's delegate call on the direct path, enabling the session if need be.
    pub(crate) fn execute(&mut self, calls: &[Call]) -> Outcome {
        let draft = self.game.enabling(calls.len()).unwrap();
        self.execute_as(self.game.delegate.address(), &draft, calls)
    }

    /// Signs another session, with something changed.
    pub(crate) fn with_session(&mut self, change: impl FnOnce(&mut Session)) {
        self.game = GameSession::with(&self.bed, &self.alice, change).unwrap();
    }

    /// Has Alice's account ask the module about an operation; nothing is kept.
    pub(crate) fn validate(&self, op: PackedUserOperation) -> Outcome {
        let hash = self.bed.entry_point.user_op_hash(&self.bed.chain, &op).unwrap();
        let call = IValidator::validateUserOpCall { userOp: op, userOpHash: hash };
        self.call_module(self.alice.address(), call.abi_encode())
    }

    /// Returns status and calls of the session.
    pub(crate) fn state(&self) -> (u8, u32) {
        let (account, session_id) = (self.alice.address(), self.game.session.id());
        let state = self.ask(&ISmartSession::sessionStateCall { account, sessionId: session_id });
        (state.status, state.calls)
    }

    /// Has the owner make the account call the module.
    pub(crate) fn owner_calls_module(&mut self, data: impl Into<Bytes>) -> OpOutcome {
        let call = Call::new(self.bed.module, data);
        self.bed.owner_op(&self.alice, self.alice.execute(&call)).unwrap()
    }
}

/// Returns the module's error in revert data.
pub(crate) fn module_error(outcome: &Outcome) -> ISmartSession::ISmartSessionErrors {
    assert!(!outcome.is_success());
    ISmartSession::ISmartSessionErrors::abi_decode_validate(&outcome.output)
        .unwrap_or_else(|_| panic!("not a module error: {}", outcome.output))
}

/// Returns the topics of the module's logs, the event's own first.
pub(crate) fn topics(outcome: &Outcome, module: Address) -> Vec<Vec<B256>> {
    let logs = outcome.logs.iter().filter(|log| log.address == module);
    logs.map(|log| log.topics().to_vec()).collect()
}
