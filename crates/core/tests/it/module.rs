//! The module, run natively: the very contract that is compiled to WASM.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolInterface};
use session_model as model;
use session_model::operation::Hidden;
use smart_session::host::off_chain::Chain;
use smart_session_core::OffChain;
use smart_session_core::abi::ISmartSession::{self, ISmartSessionErrors};
use smart_session_core::abi::PackedUserOperation;
use smart_session_core::state::{self, BudgetState, SessionState, Status};
use smart_session_core::word::{self, Word};

use crate::world::Accounts;

/// A module on a chain.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    pub(crate) chain: Chain<Accounts>,
}

/// What the module answers to an operation.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The window in which it may run.
    pub(crate) window: model::Window,
    /// Whether all signatures hold.
    pub(crate) is_signed: bool,
    /// What the delegate must have signed.
    pub(crate) digest: B256,
    /// The module afterwards.
    pub(crate) after: Module,
}

/// Gives a session the simplest kind of key.
pub(crate) fn supported(mut session: model::Session) -> model::Session {
    session.delegate_kind = 0;
    session
}

/// A delegate's signature of the right shape.
pub(crate) const SIGNATURE: [u8; 65] = {
    let mut signature = [0; 65];
    signature[64] = 27;
    signature
};

/// Returns `validateUserOp` of an operation of the account, for a `userOpHash` of zeros.
pub(crate) fn validate_user_op(
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
    ISmartSession::validateUserOpCall { userOp: user_op, userOpHash: B256::ZERO }.abi_encode()
}

impl Module {
    /// Returns a module that nobody has installed.
    pub(crate) fn new() -> Self {
        let place = model::strategy::PLACE;
        let mut chain = Chain::new(place.module, Accounts::default());
        chain.chain_id = place.chain_id;
        Self { chain }
    }

    /// Returns a module that is installed on an account as validator, in epoch 0; every signature
    /// holds.
    pub(crate) fn installed(account: Address) -> Self {
        let mut module = Self::new();
        module.chain.world.signer_of_all = Some(model::strategy::DELEGATE);
        let install = ISmartSession::onInstallCall { data: vec![1, 0, 0].into() };
        module.send(account, &install).expect("a first install");
        module
    }

    /// Calls the module; what it changes is kept.
    pub(crate) fn send<C: SolCall>(&self, from: Address, call: &C) -> Result<C::Return, String> {
        let answer = self.chain.send(from, &call.abi_encode()).map_err(|data| error(&data))?;
        Ok(C::abi_decode_returns_validate(&answer).expect("an answer of the function's type"))
    }

    /// Calls the module; nothing is kept.
    pub(crate) fn view<C: SolCall>(&self, call: &C) -> Result<C::Return, String> {
        self.clone().send(Address::ZERO, call)
    }

    pub(crate) fn word(&self, slot: B256) -> Word {
        self.chain.word(slot)
    }

    pub(crate) fn session(&self, account: Address, id: B256) -> SessionState {
        SessionState(self.word(session_slot(account, id)))
    }

    /// Sets a session's status, whatever it was.
    pub(crate) fn set_status(&mut self, account: Address, id: B256, status: Status) {
        let mut session = self.session(account, id);
        session.set_status(status);
        self.chain.set_word(session_slot(account, id), session.0);
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
        let signature = model::packed::signature(session, operation, &[9; 65], &SIGNATURE);
        let mut asked = self.clone();
        asked.chain.world.signer_of_all = Some(session.delegate);
        let call = validate_user_op(place.account, operation, call_data, signature);
        let answer = asked.ask_raw(place, &call)?;
        assert!(answer.is_signed, "every signature holds");
        Ok(answer)
    }

    /// Has the account ask the module something about an operation; nothing is kept.
    pub(crate) fn ask_raw(&self, place: &model::Place, call: &[u8]) -> Result<Answer, String> {
        let mut after = self.clone();
        after.chain.module = place.module;
        let data = after.chain.send(place.account, call).map_err(|data| error(&data))?;
        let told: Word = data.try_into().expect("one word");
        let digest = after.chain.world.recovered.borrow().last().copied().unwrap_or_default();
        Ok(Answer { window: window(told), is_signed: told[31] == 0, digest, after })
    }

    /// Returns how much of a budget is spent at a time, as the view tells it.
    pub(crate) fn spent_at(
        &self,
        session: &model::Session,
        budget: usize,
        time: u64,
    ) -> Result<u128, String> {
        let call = ISmartSession::budgetsCall {
            account: session.account,
            session: whole(session),
            at: alloy_primitives::aliases::U48::from(time),
        };
        Ok(self.view(&call)?[budget].spent)
    }

    /// Keeps what an operation writes.
    pub(crate) fn keep(&mut self, answer: &Answer) {
        *self = answer.after.clone();
    }

    /// Enables a session on its account's word.
    pub(crate) fn enable(&mut self, account: Address, packed: &[u8]) -> Result<(), String> {
        let session = Bytes::copy_from_slice(packed);
        self.send(account, &ISmartSession::enable_0Call { session }).map(|_| ())
    }
}

/// Returns a packed session, everything shown.
pub(crate) fn whole(session: &model::Session) -> Bytes {
    model::packed::session(session, &Hidden::default()).into()
}

fn session_slot(account: Address, id: B256) -> B256 {
    state::session_slot(&OffChain::default(), &word::from_address(account), &id.0)
}

/// Returns the name of the module's error in revert data.
pub(crate) fn error(data: &[u8]) -> String {
    match ISmartSessionErrors::abi_decode_validate(data) {
        Ok(error) => name(&error),
        Err(_) => format!("no module error: {data:?}"),
    }
}

/// Returns the name of an error in the module's ABI.
pub(crate) fn name(error: &ISmartSessionErrors) -> String {
    let text = format!("{error:?}");
    text.split('(').next().unwrap_or_default().into()
}

/// Reads the window in `validationData` as an EntryPoint does: 48 bits from the top `validAfter`,
/// then 48 bits `validUntil`, then 160 bits that are 0 where the signature holds and else 1.
fn window(data: Word) -> model::Window {
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    assert_eq!(data[12..31], [0; 19]);
    assert!(data[31] <= 1);
    assert_ne!(number(&data[6..12]), 0, "0 would mean no end");
    (number(&data[..6]), number(&data[6..12]))
}
