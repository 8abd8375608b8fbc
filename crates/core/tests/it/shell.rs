//! The core behind a map of words: what the contract is, without a chain.
//!
//! Everything that these tests ask of the core goes through here, from the bytes that arrive to
//! the words that are kept.

use std::cell::RefCell;
use std::collections::HashMap;

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::SolCall;
use session_core::abi::{ISmartSession, PackedUserOperation};
use session_core::eip712;
use session_core::execution::Executions;
use session_core::keccak::SoftwareKeccak;
use session_core::packed::{DelegateSignature, Mode, Operation, PackedSession, Scratch};
use session_core::policy::{self, Place, budget};
use session_core::state::{self, AccountState, BudgetState, ModuleTypes, SessionState, Status};
use session_core::user_op::UserOp;
use session_core::verdict::Verdict;
use session_core::word::Word;
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

/// Memory for the decoder.
pub(crate) struct Memory {
    elements: [Word; 64],
    rules: [Word; 16],
    offsets: [[u8; 4]; 64],
}

impl Memory {
    pub(crate) fn new() -> Self {
        // Whatever lay there before must not matter.
        Self { elements: [[0xa5; 32]; 64], rules: [[0xa5; 32]; 16], offsets: [[0xa5; 4]; 64] }
    }

    pub(crate) fn lend(&mut self) -> Scratch<'_> {
        Scratch { elements: &mut self.elements, rules: &mut self.rules, offsets: &mut self.offsets }
    }
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

/// Leaves out of a session what this version does not enable yet: other keys, and signing.
pub(crate) fn supported(mut session: model::Session) -> model::Session {
    session.delegate_kind = 0;
    session.signing.clear();
    session
}

/// Returns the core's words for a place.
pub(crate) fn core_place(place: &model::Place) -> Place {
    Place { account: place.account, module: place.module, chain_id: place.chain_id }
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
        AccountState(self.word(state::account_slot(&SoftwareKeccak, account)))
    }

    pub(crate) fn set_account(&mut self, account: Address, state: &AccountState) {
        self.words.insert(state::account_slot(&SoftwareKeccak, account), state.0);
    }

    pub(crate) fn session(&self, account: Address, id: B256) -> SessionState {
        let slot = state::session_slot(&SoftwareKeccak, account, id);
        SessionState::from_word(&self.word(slot))
    }

    pub(crate) fn set_status(&mut self, account: Address, id: B256, status: Status) {
        let session = SessionState { status, ..self.session(account, id) };
        let slot = state::session_slot(&SoftwareKeccak, account, id);
        self.words.insert(slot, session.to_word());
    }

    pub(crate) fn budget(&self, account: Address, id: B256, budget: usize) -> (u128, u64) {
        let slot = state::session_slot(&SoftwareKeccak, account, id);
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
        let mut memory = Memory::new();
        let place = core_place(place);
        let keccak = SoftwareKeccak;
        let (user_op, user_op_hash) = UserOp::decode(arguments).ok_or("MalformedCall")?;
        let executions = Executions::decode(user_op.call_data).map_err(debug)?;
        let operation = Operation::read(
            user_op.signature,
            executions.len(),
            user_op.sender,
            &keccak,
            memory.lend(),
        )
        .map_err(debug)?;
        if operation.mode == Mode::Enable {
            operation.session.check_structure(place.account, place.module).map_err(debug)?;
        }
        let id = operation.session.id;
        let before = self.session(place.account, id);
        let account = self.account(place.account);
        let mut after = policy::check(&operation, &user_op, &executions, &account, &before, &place)
            .map_err(debug)?;
        let session_slot = state::session_slot(&keccak, place.account, id);
        let ledger = Ledger { shell: self, session_slot, writes: RefCell::default() };
        let window = budget::settle(&operation, &executions, &mut after, &ledger).map_err(debug)?;
        let enables = before.status == Status::Unknown && operation.mode == Mode::Enable;
        if enables {
            after.status = Status::Enabled;
        }
        let mut writes = ledger.writes.into_inner();
        writes.insert(session_slot, after.to_word());
        let struct_hash =
            eip712::session_operation(&keccak, user_op_hash, id, operation.disclosure(&keccak));
        let domain = eip712::domain_separator(&keccak, place.module);
        let digest = eip712::digest(&keccak, &domain, &struct_hash);
        let DelegateSignature::Secp256k1 { .. } = operation.delegate_signature else {
            return Err("only secp256k1 is asked here".into());
        };
        Ok(Answer {
            window: told(Verdict::Valid.validation_data(&window)),
            enables,
            id,
            digest,
            writes,
        })
    }

    /// Keeps what an operation writes.
    pub(crate) fn keep(&mut self, answer: &Answer) {
        self.words.extend(answer.writes.clone());
    }

    /// Enables a session on its account's word.
    pub(crate) fn enable(&mut self, place: &model::Place, packed: &[u8]) -> Result<B256, String> {
        let mut memory = Memory::new();
        let session =
            PackedSession::read_whole(packed, place.account, &SoftwareKeccak, memory.lend())
                .map_err(debug)?;
        session.check_structure(place.account, place.module).map_err(debug)?;
        let account = self.account(place.account);
        if account.installed() == ModuleTypes::NONE {
            return Err("NotInstalled".into());
        }
        policy::check_chain(&session, &account, &core_place(place)).map_err(debug)?;
        match self.session(place.account, session.id).status {
            Status::Revoked => return Err("Revoked".into()),
            Status::Enabled => {}
            Status::Unknown => self.set_status(place.account, session.id, Status::Enabled),
        }
        Ok(session.id)
    }
}

/// Reads a packed session to its end and returns its id.
pub(crate) fn id(bytes: &[u8], account: Address) -> Result<B256, String> {
    let mut memory = Memory::new();
    session_core::packed::Reader::read(bytes, |reader| {
        let session = PackedSession::read(reader, account, &SoftwareKeccak, memory.lend())?;
        reader.end()?;
        Ok(session.id)
    })
    .map_err(debug)
}

/// Returns the name that an error of the core has in the module's ABI.
fn debug(error: impl core::fmt::Debug) -> String {
    let text = format!("{error:?}");
    let inner = text.strip_prefix("Execution(").unwrap_or(&text);
    let name = inner.split([' ', '(', ')', '{']).next().unwrap_or_default();
    let name = match name {
        "NotEnabled" => "SessionNotEnabled",
        "Revoked" => "SessionRevokedForEver",
        "Delegate" => "RefusedDelegate",
        "MaxCalls" => "RefusedMaxCalls",
        "Budget" if text.contains("allowed") => "BudgetExceeded",
        "Budget" => "RefusedBudget",
        "Calls" => "CallsOverLimit",
        "Fee" => "FeeOverLimit",
        "Paymaster" => "PaymasterNotPermitted",
        "PaymasterData" => "MalformedPaymasterData",
        "Target" => "TargetNotPermitted",
        "Selector" => "SelectorNotPermitted",
        "Value" => "ValueOverLimit",
        "Argument" => "ArgumentOutOfBounds",
        "TokenCall" => "UncountableTokenCall",
        "TooMany" if text != inner => "TooManyExecutions",
        "TooMany" if text.contains("at") => "TooMany",
        "TooMany" => "TooManyExecutions",
        "ClaimedTime" => "ClaimedTimeOutsideWindow",
        "Hidden" => "HiddenPart",
        "Malformed" => "MalformedExecution",
        "UnsupportedMode" => "UnsupportedExecutionMode",
        "DelegateSignatureLength" => "MalformedDelegateSignature",
        other => other,
    };
    name.into()
}

/// Reads the window in `validationData` as an EntryPoint does: 48 bits from the top `validAfter`,
/// then 48 bits `validUntil`, then 160 bits that are zero where the signature holds.
fn told(data: Word) -> model::Window {
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    assert_eq!(data[12..], [0; 20]);
    assert_ne!(number(&data[6..12]), 0, "0 would mean no end");
    (number(&data[..6]), number(&data[6..12]))
}
