//! The core behind a map of words: what the contract is, without a chain.
//!
//! Everything that these tests ask of the core goes through here, from the bytes that arrive to
//! the words that are kept.

use std::cell::RefCell;
use std::collections::HashMap;

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::SolCall;
use session_core::abi::ISmartSession::ISmartSessionErrors;
use session_core::abi::{ISmartSession, PackedUserOperation};
use session_core::eip712::{self, Signed};
use session_core::execution::Executions;
use session_core::packed::{DelegateSignature, Memory, Mode, Operation, PackedSession, Reader};
use session_core::policy::{self, Place, budget};
use session_core::refusal::refuse;
use session_core::state::{self, AccountState, BudgetState, ModuleTypes, SessionState, Status};
use session_core::user_op::UserOp;
use session_core::verdict::{Timestamp, Verdict};
use session_core::word::{self, Word};
use session_core::{OffChain, Refused};
use session_model as model;

/// The words of a module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shell {
    words: HashMap<B256, Word>,
}

/// What the core makes of an operation, whose signatures are left to whoever asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The window in which it may run.
    pub(crate) window: model::Window,
    /// Whether the session is put in force by it, if its owner signed.
    pub(crate) enables: bool,
    /// The session's id.
    pub(crate) id: B256,
    /// What the delegate must have signed, for a `userOpHash` of zeros.
    pub(crate) digest: B256,
    /// The words that it writes.
    writes: HashMap<B256, Word>,
}

/// Budgets' words, and what is written of them.
struct Ledger<'a> {
    shell: &'a Shell,
    session_slot: B256,
    writes: RefCell<HashMap<B256, Word>>,
}

impl budget::Ledger for Ledger<'_> {
    fn load(&self, budget: usize) -> Word {
        self.shell.word(state::budget_slot(&self.session_slot, budget))
    }

    fn save(&self, budget: usize, word: &Word) {
        let slot = state::budget_slot(&self.session_slot, budget);
        self.writes.borrow_mut().insert(slot, *word);
    }
}

/// Gives a session the simplest kind of key: signatures are not asked about here.
pub(crate) fn supported(mut session: model::Session) -> model::Session {
    session.delegate_kind = 0;
    session
}

/// Returns the core's words for a place.
pub(crate) fn core_place(place: &model::Place) -> Place {
    Place::new(place.account, place.module, place.chain_id)
}

/// Returns the arguments of `validateUserOp` for an operation of the account.
pub(crate) fn arguments(
    account: Address,
    operation: &model::Operation,
    call_data: Vec<u8>,
    signature: Vec<u8>,
) -> Vec<u8> {
    let two = |high: u128, low: u128| B256::from(U256::from(high) << 128 | U256::from(low));
    let gas = &operation.gas;
    let user_op = PackedUserOperation {
        sender: account,
        nonce: U256::from(7),
        initCode: Bytes::new(),
        callData: call_data.into(),
        accountGasLimits: two(gas.verification, gas.call),
        preVerificationGas: gas.pre_verification,
        gasFees: two(1, gas.max_fee),
        paymasterAndData: operation.paymaster_and_data.clone(),
        signature: signature.into(),
    };
    let call =
        ISmartSession::validateUserOpCall { userOp: user_op, userOpHash: B256::ZERO }.abi_encode();
    call[4..].to_vec()
}

impl Shell {
    /// Returns a module that is installed on an account as validator, in epoch 0.
    pub(crate) fn installed(account: Address) -> Self {
        let mut shell = Self::default();
        let mut state = AccountState::default();
        state.set_installed(ModuleTypes::VALIDATOR);
        shell.set_account(account, &state);
        shell
    }

    pub(crate) fn word(&self, slot: B256) -> Word {
        self.words.get(&slot).copied().unwrap_or_default()
    }

    pub(crate) fn account(&self, account: Address) -> AccountState {
        AccountState(self.word(account_slot(account)))
    }

    pub(crate) fn set_account(&mut self, account: Address, state: &AccountState) {
        self.words.insert(account_slot(account), state.0);
    }

    pub(crate) fn session(&self, account: Address, id: B256) -> SessionState {
        SessionState(self.word(session_slot(account, id)))
    }

    pub(crate) fn set_status(&mut self, account: Address, id: B256, status: Status) {
        let mut session = self.session(account, id);
        session.set_status(status);
        self.words.insert(session_slot(account, id), session.0);
    }

    pub(crate) fn budget(&self, account: Address, id: B256, budget: usize) -> (u128, u64) {
        let slot = session_slot(account, id);
        let kept = BudgetState::from_word(&self.word(state::budget_slot(&slot, budget)));
        (kept.spent, kept.period)
    }

    /// Asks whether an operation is within its session; nothing is kept.
    pub(crate) fn ask(
        &self,
        place: &model::Place,
        session: &model::Session,
        operation: &model::Operation,
    ) -> Result<Answer, String> {
        let call_data = model::packed::call_data(&operation.executions);
        let signature = model::packed::signature(session, operation, &[9; 65], &[0; 65]);
        self.ask_raw(place, &arguments(place.account, operation, call_data, signature))
    }

    /// Asks about the arguments of `validateUserOp` as they arrive.
    pub(crate) fn ask_raw(&self, place: &model::Place, arguments: &[u8]) -> Result<Answer, String> {
        OffChain::ask(|environment| self.answer(environment, place, arguments)).map_err(debug)
    }

    fn answer(
        &self,
        environment: &OffChain,
        place: &model::Place,
        arguments: &[u8],
    ) -> Result<Answer, Refused> {
        let account = place.account;
        let place = core_place(place);
        let mut memory = Memory::filled_with(0xa5);
        let (user_op, user_op_hash) = UserOp::decode(arguments)
            .ok_or_else(|| refuse::<ISmartSession::MalformedCall>(environment))?;
        let executions = Executions::decode(environment, user_op.call_data)?;
        let (operation, delegate_signature) = Operation::read_signed(
            environment,
            user_op.signature,
            executions.len(),
            user_op.sender,
            memory.lend(),
        )?;
        let session = &operation.session;
        let id = session.id;
        let before = self.session(account, id);
        let mut after = before;
        let types = ModuleTypes::VALIDATOR;
        let kept = self.account(account);
        policy::check(environment, &operation, &executions, types, &kept, &mut after, &place)?;
        let session_slot = session_slot(account, id);
        let ledger = Ledger { shell: self, session_slot, writes: RefCell::default() };
        let window = budget::settle(environment, &operation, &executions, &mut after, &ledger)?;
        policy::check_fee(environment, session, &user_op, &mut after)?;
        let enables = before.status() == Status::Unknown && operation.mode == Mode::Enable;
        if enables {
            after.set_status(Status::Enabled);
        }
        let mut writes = ledger.writes.into_inner();
        writes.insert(session_slot, after.0);
        let struct_hash = eip712::delegate_struct(
            environment,
            Signed::Operation,
            user_op_hash,
            &id,
            operation.disclosed,
        );
        let digest = eip712::module_digest(environment, &place.module, &struct_hash);
        assert!(
            matches!(delegate_signature, DelegateSignature::Secp256k1 { .. }),
            "only secp256k1 is asked here"
        );
        Ok(Answer {
            window: told(Verdict::Valid.validation_data(&window)),
            enables,
            id,
            digest,
            writes,
        })
    }

    /// Returns how much of a budget is spent at a time, as the view tells it.
    pub(crate) fn spent_at(
        &self,
        session: &model::Session,
        budget: usize,
        time: u64,
    ) -> Result<u128, String> {
        let packed = model::packed::session(session, &model::operation::Hidden::default());
        let account = session.account;
        let mut memory = Memory::filled_with(0xa5);
        OffChain::ask(|environment| {
            let mut reader = Reader::new(environment, &packed);
            let read =
                PackedSession::read(&mut reader, &word::from_address(account), memory.lend())?;
            let terms = read.budgets.entries(environment).nth(budget).flatten();
            let slot = session_slot(account, read.id);
            Ok(budget::spent_at(
                &terms.expect("a budget"),
                &self.session(account, read.id),
                &self.word(state::budget_slot(&slot, budget)),
                Timestamp::new(time).expect("a moment"),
                &read.window,
            ))
        })
        .map_err(debug)
    }

    /// Keeps what an operation writes.
    pub(crate) fn keep(&mut self, answer: &Answer) {
        self.words.extend(answer.writes.clone());
    }

    /// Enables a session on its account's word.
    pub(crate) fn enable(&mut self, place: &model::Place, packed: &[u8]) -> Result<B256, String> {
        let id = OffChain::ask(|environment| self.check_enable(environment, place, packed));
        let id = id.map_err(debug)?;
        self.set_status(place.account, id, Status::Enabled);
        Ok(id)
    }

    fn check_enable(
        &self,
        environment: &OffChain,
        place: &model::Place,
        packed: &[u8],
    ) -> Result<B256, Refused> {
        let mut memory = Memory::filled_with(0xa5);
        let (account, place) = (place.account, core_place(place));
        let session =
            PackedSession::read_whole(packed, &place.account, environment, memory.lend())?;
        session.check_structure(environment, &place)?;
        let kept = self.account(account);
        policy::check_account(environment, &session, ModuleTypes::BOTH, &kept, &place)?;
        let state = self.session(account, session.id);
        policy::check_status(environment, &session, &state, Mode::Enable)?;
        Ok(session.id)
    }
}

/// Reads a packed session to its end and returns its id.
pub(crate) fn id(bytes: &[u8], account: Address) -> Result<B256, String> {
    let mut memory = Memory::filled_with(0xa5);
    OffChain::ask(|environment| {
        let mut reader = Reader::new(environment, bytes);
        let account = word::from_address(account);
        let session = PackedSession::read(&mut reader, &account, memory.lend())?;
        reader.end()?;
        Ok(session.id)
    })
    .map_err(debug)
}

/// Returns whether somebody may call as the delegate of a session.
pub(crate) fn may_call(session: &model::Session, caller: Address) -> Result<bool, String> {
    let packed = model::packed::session(session, &model::operation::Hidden::default());
    let mut memory = Memory::filled_with(0xa5);
    OffChain::ask(|environment| {
        let account = word::from_address(session.account);
        let mut reader = Reader::new(environment, &packed);
        let read = PackedSession::read(&mut reader, &account, memory.lend())?;
        Ok(read.is_delegate(&word::from_address(caller)))
    })
    .map_err(debug)
}

/// Reads the account's calldata as executions.
pub(crate) fn executions(call_data: &[u8]) -> Result<Vec<model::Execution>, String> {
    OffChain::ask(|environment| {
        let executions = Executions::decode(environment, call_data)?;
        let read = executions.iter(environment).map(|execution| {
            execution.map(|execution| model::Execution {
                target: Address::from_word(B256::new(execution.target)),
                value: U256::from_be_bytes(*execution.value),
                data: Bytes::copy_from_slice(execution.call_data),
            })
        });
        read.collect()
    })
    .map_err(debug)
}

fn account_slot(account: Address) -> B256 {
    state::account_slot(&OffChain::default(), &word::from_address(account))
}

fn session_slot(account: Address, id: B256) -> B256 {
    state::session_slot(&OffChain::default(), &word::from_address(account), &id.0)
}

/// Returns the name of an error in the module's ABI.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn debug(error: ISmartSessionErrors) -> String {
    let text = format!("{error:?}");
    text.split('(').next().unwrap_or_default().into()
}

/// Reads the window in `validationData` as an EntryPoint does: 48 bits from the top `validAfter`,
/// then 48 bits `validUntil`, then 160 bits that are zero where the signature holds.
fn told(data: Word) -> model::Window {
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    assert_eq!(data[12..], [0; 20]);
    assert_ne!(number(&data[6..12]), 0, "0 would mean no end");
    (number(&data[..6]), number(&data[6..12]))
}
