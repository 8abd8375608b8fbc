//! An account of any kind with the module as validator and executor, and the direct path on it.

use std::sync::{Arc, LazyLock};

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolInterface};
use smart_session_client::OperationDraft;
use smart_session_core::abi::IAccount;
use smart_session_core::abi::ISmartSession::{self, ISmartSessionErrors};
use smart_session_core::session::{Disclosure, Permission, Session};
use stylus_devchain::{Outcome, Transaction};
use testbed::abi::IAccount7579;
use testbed::account::{KernelAccount, ModuleType};
use testbed::direct::{DirectCall, Order, redeem};
use testbed::fixtures::EntryPointVersion;
use testbed::test_bed::install_data;
use testbed::{AccountKind, Call, GameSession, SmartAccount, TestBed};

/// Who brings orders.
pub(crate) const RELAYER: Address = Address::repeat_byte(0x4e);

/// The gas of a transaction that is not to run short.
pub(crate) const AMPLE: u64 = 25_000_000;

/// One account and its session.
#[derive(Clone, Debug)]
pub(crate) struct DirectWorld {
    pub(crate) bed: TestBed,
    pub(crate) account: Arc<dyn SmartAccount>,
    pub(crate) game: GameSession,
}

/// Each kind is set up once.
static WORLDS: [LazyLock<DirectWorld>; 7] = [
    LazyLock::new(|| DirectWorld::new(AccountKind::ALL[0])),
    LazyLock::new(|| DirectWorld::new(AccountKind::ALL[1])),
    LazyLock::new(|| DirectWorld::new(AccountKind::ALL[2])),
    LazyLock::new(|| DirectWorld::new(AccountKind::ALL[3])),
    LazyLock::new(|| DirectWorld::new(AccountKind::ALL[4])),
    LazyLock::new(|| DirectWorld::new(AccountKind::ALL[5])),
    LazyLock::new(|| DirectWorld::new(AccountKind::ALL[6])),
];

impl DirectWorld {
    fn new(kind: AccountKind) -> Self {
        let mut bed = TestBed::set_for(EntryPointVersion::V07).unwrap();
        let account = bed.account(kind, "alice").unwrap();
        bed.install(&*account).unwrap();
        bed.install_as(&*account, ModuleType::Executor).unwrap();
        let game = GameSession::new(&bed, &*account, 1).unwrap();
        Self { bed, account, game }
    }

    /// Returns the world of a kind of account, on which nothing has happened yet.
    pub(crate) fn on(kind: AccountKind) -> Self {
        let at = AccountKind::ALL.iter().position(|it| *it == kind).unwrap();
        (*WORLDS[at]).clone()
    }

    /// Returns the world of a kind of account with a hook before and behind what its executor runs.
    pub(crate) fn with_hook(kind: AccountKind) -> Self {
        let mut bed = TestBed::set_for(EntryPointVersion::V07).unwrap();
        let account = bed.account(kind, "alice").unwrap();
        let hook = bed.deploy("CountingHook").unwrap();
        bed.install(&*account).unwrap();
        let install = if kind == AccountKind::Kernel {
            // Kernel has a hook for each installation of a module.
            let data = install_data(&*account, ModuleType::Executor);
            IAccount7579::installModuleCall {
                moduleTypeId: ModuleType::Executor.id(),
                module: bed.module,
                initData: KernelAccount::hooked_install_data(hook, ModuleType::Executor, data),
            }
        } else {
            bed.install_as(&*account, ModuleType::Executor).unwrap();
            IAccount7579::installModuleCall {
                moduleTypeId: U256::from(4),
                module: hook,
                initData: Bytes::new(),
            }
        };
        bed.expect_executed("installing a hook", &*account, install.abi_encode().into()).unwrap();
        let game = GameSession::new(&bed, &*account, 1).unwrap();
        Self { bed, account, game }
    }

    /// Every kind of account, and those that take a hook for all calls with one. Safe7579 has hooks
    /// for single functions of its own.
    pub(crate) fn all() -> impl Iterator<Item = (String, Self)> {
        let hooked =
            [AccountKind::OpenZeppelin, AccountKind::Nexus, AccountKind::Kernel, AccountKind::Msa];
        let plain = AccountKind::ALL.into_iter().map(|kind| (kind.to_string(), Self::on(kind)));
        plain.chain(
            hooked.into_iter().map(|kind| (format!("{kind} with a hook"), Self::with_hook(kind))),
        )
    }

    /// Signs another session, and has the account enable it.
    pub(crate) fn enable(&mut self, change: impl FnOnce(&mut Session)) {
        self.game = GameSession::with(&self.bed, &*self.account, change).unwrap();
        let session = self.game.session.pack().unwrap().into();
        let call = ISmartSession::enable_0Call { session }.abi_encode();
        let outcome = self.send(self.account.address(), call, AMPLE);
        assert!(outcome.is_success(), "{}", outcome.output);
    }

    /// The same with one permission: any call of one target.
    pub(crate) fn enable_for(&mut self, target: Address) {
        self.enable(|session| session.permissions = vec![may_call(target)]);
    }

    /// Makes calls within the session, all under its first permission.
    pub(crate) fn calling(&self, calls: &[Call]) -> DirectCall {
        self.naming(&vec![0; calls.len()], calls)
    }

    /// Makes calls within the session, under the permissions with these indices.
    pub(crate) fn naming(&self, indices: &[u8], calls: &[Call]) -> DirectCall {
        let draft = OperationDraft::draft_use(&self.game.session, &Disclosure::WHOLE, indices);
        DirectCall::new(&self.game, &draft.unwrap(), calls)
    }

    /// Returns an order that anyone brings within five minutes.
    pub(crate) fn order(&self, nonce: u32, gas: u32) -> Order {
        let deadline = self.bed.chain.timestamp() + 300;
        Order { nonce, deadline, gas, relayer: Address::ZERO }
    }

    /// Returns `executeFor` as the session's delegate orders it.
    pub(crate) fn ordered(&self, call: &DirectCall, order: &Order) -> Vec<u8> {
        let digest = call.digest(self.bed.module, self.bed.chain.chain_id(), order);
        call.execute_for(order, &self.game.delegate.sign(digest).unwrap()).abi_encode()
    }

    /// Sends the module calldata from a key of no account, with so much gas.
    pub(crate) fn send(&mut self, from: Address, data: impl Into<Bytes>, gas: u64) -> Outcome {
        let call = Transaction::new(from, self.bed.module).with_data(data).with_gas_limit(gas);
        self.bed.chain.set_balance(from, U256::from(u128::MAX));
        self.bed.chain.transact(call).unwrap()
    }

    /// Has the relayer bring an order.
    pub(crate) fn bring(&mut self, call: &DirectCall, order: &Order, gas: u64) -> Outcome {
        let data = self.ordered(call, order);
        self.send(RELAYER, data, gas)
    }

    /// Has the delegate redeem calls.
    pub(crate) fn redeem(&mut self, calls: &[DirectCall]) -> Outcome {
        let delegate = self.game.delegate.address();
        self.send(delegate, redeem(calls).abi_encode(), AMPLE)
    }

    /// Returns status, calls, and the next order's nonce.
    pub(crate) fn state(&self) -> (u8, u32, u32) {
        let (account, id) = (self.account.address(), self.game.session.id());
        let call = ISmartSession::sessionStateCall { account, sessionId: id };
        let state = self.bed.ask(self.bed.module, &call).unwrap();
        (state.status, state.calls, state.orderNonce.to())
    }

    /// Returns the gas that the account's own `executeFromExecutor` takes, asked as clients do.
    pub(crate) fn estimate(&self, call: &DirectCall) -> u64 {
        let data = IAccount::executeFromExecutorCall {
            mode: call.mode,
            executionCalldata: call.execution_calldata.clone(),
        };
        let question = Transaction::new(self.bed.module, call.account)
            .with_data(data.abi_encode())
            .with_gas_limit(AMPLE);
        let outcome = self.bed.chain.call(question).unwrap();
        assert!(outcome.is_success(), "{}", outcome.output);
        outcome.frames[0].gas_used
    }
}

/// Any call of one target.
pub(crate) fn may_call(target: Address) -> Permission {
    Permission { target, selector: [0xff; 4], value_limit: U256::ZERO, rules: vec![] }
}

/// Returns the name of the module's error that a call reverts with.
pub(crate) fn refusal(outcome: &Outcome) -> &'static str {
    assert!(!outcome.is_success(), "{outcome:?}");
    let error = ISmartSessionErrors::abi_decode_validate(&outcome.output);
    assert!(error.is_ok(), "not a module error: {}", outcome.output);
    smart_session_client::error_name(&outcome.output).unwrap()
}
