//! One session and one operation that are allowed: what `tests/rules/native` changes one thing about.

use alloy_primitives::{Address, U256};
use session_model::operation::{Hidden, selector};
use session_model::strategy::{DELEGATE, GAME, PLACE};
use session_model::{Chain, Execution, Gas, Operation, Permission, Session, eip712, packed};
use smart_session_core::state::Status;

use crate::module::Module;

pub(crate) const MOVE: &str = "move(uint8)";
pub(crate) const OTHER: Address = Address::repeat_byte(0x07);

/// A session that allows [`operation`].
pub(crate) fn session() -> Session {
    Session {
        account: PLACE.account,
        chains: vec![Chain { id: U256::from(PLACE.chain_id), epoch: 0 }],
        delegate: DELEGATE,
        delegate_kind: 0,
        valid_after: 1_000,
        valid_until: 10_000,
        max_calls: 100,
        fee_limit: 1_000,
        paymaster: Address::ZERO,
        permissions: vec![Permission {
            target: GAME,
            selector: selector(MOVE),
            value_limit: U256::from(10),
            rules: vec![],
        }],
        budgets: vec![],
        signing: vec![],
        salt: 1,
    }
}

pub(crate) fn operation() -> Operation {
    Operation {
        enables: false,
        hidden: Hidden::default(),
        executions: vec![call(GAME, MOVE, &[7])],
        indices: vec![0],
        claimed_time: None,
        gas: Gas { verification: 1, call: 1, pre_verification: U256::from(1), max_fee: 1 },
        paymaster_and_data: vec![].into(),
    }
}

/// A call of a function with words.
pub(crate) fn call(target: Address, function: &str, words: &[u64]) -> Execution {
    let mut data = selector(function).to_vec();
    data.extend(words.iter().flat_map(|word| U256::from(*word).to_be_bytes::<32>()));
    Execution { target, value: U256::from(1), data: data.into() }
}

/// A session with its operation, in a module where it is in force.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) module: Module,
    pub(crate) session: Session,
    pub(crate) operation: Operation,
}

impl Case {
    pub(crate) fn new(change: impl FnOnce(&mut Session, &mut Operation)) -> Self {
        let (mut session, mut operation) = (session(), operation());
        change(&mut session, &mut operation);
        let mut module = Module::installed(PLACE.account);
        module.set_status(PLACE.account, eip712::session_id(&session), Status::Enabled);
        Self { module, session, operation }
    }

    /// Returns "ok" or the error's name; what is let through is kept.
    pub(crate) fn ask(&mut self) -> String {
        match self.module.ask(&PLACE, &self.session, &self.operation) {
            Ok(answer) => {
                self.module.keep(&answer);
                "ok".into()
            }
            Err(error) => error,
        }
    }

    pub(crate) fn call(&mut self, executions: Vec<Execution>) -> String {
        self.operation.indices = vec![0; executions.len()];
        self.operation.executions = executions;
        self.ask()
    }
}

/// Returns "ok" or the error's name for the session and the operation with something changed.
pub(crate) fn ask(change: impl FnOnce(&mut Session, &mut Operation)) -> String {
    Case::new(change).ask()
}

/// Enables the session with something changed, on the account's word.
pub(crate) fn enable(change: impl FnOnce(&mut Session)) -> String {
    let mut session = session();
    change(&mut session);
    let packed = packed::session(&session, &Hidden::default());
    match Module::installed(PLACE.account).enable(PLACE.account, &packed) {
        Ok(()) => "ok".into(),
        Err(error) => error,
    }
}

#[test]
fn the_unchanged_session_allows_the_unchanged_operation() {
    assert_eq!(ask(|_, _| {}), "ok");
    assert_eq!(enable(|_| {}), "ok");
}
