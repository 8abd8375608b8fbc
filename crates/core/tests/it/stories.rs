//! Stories of owner, delegate and stranger, told to the contract as it runs natively.

use alloy_primitives::aliases::{U24, U48};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolStruct, eip712_domain};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use session_model::operation::Gas;
use session_model::signed::{RevokeAllSessions, RevokeSession, SessionExecution, SessionOperation};
use session_model::story::{Kept, Request, Signer, Tally, World, acts, tell};
use session_model::{Place, Session, eip712, packed};
use smart_session_core::abi::ISmartSession as Abi;

use crate::module::{Module, validate_user_op, whole};
use crate::world::sign;

/// The contract as it runs natively; accounts and EntryPoint are doubles.
struct NativeWorld {
    module: Module,
}

const ACCOUNTS: [Address; 2] = [Address::repeat_byte(0xac), Address::repeat_byte(0xbc)];
const OWNERS: [Address; 2] = [Address::repeat_byte(0x0a), Address::repeat_byte(0x0b)];
const DELEGATE: Address = Address::repeat_byte(0xde);
const STRANGER: Address = Address::repeat_byte(0x57);
/// One salt for every revocation: a salt that is used again still moves the epoch.
const SALT: B256 = B256::repeat_byte(0x5a);

const fn address(signer: Signer) -> Address {
    match signer {
        Signer::Owner(account) => OWNERS[account],
        Signer::Delegate => DELEGATE,
        Signer::Stranger => STRANGER,
    }
}

impl NativeWorld {
    fn new() -> Self {
        let mut module = Module::new();
        module.chain.world.owners = ACCOUNTS.into_iter().zip(OWNERS).collect();
        Self { module }
    }

    /// Returns a key's signature over a struct in the module's domain.
    fn sign(&self, signer: Signer, struct_hash: B256) -> Bytes {
        let domain = eip712_domain! {
            name: "Smart Session", version: "1", verifying_contract: self.module.chain.module,
        };
        let message = [&[0x19, 0x01], &domain.separator()[..], &struct_hash[..]].concat();
        sign(address(signer), keccak256(message)).into()
    }

    /// Returns what travels of a request's session on the direct path.
    fn direct(&self, request: &Request<'_>) -> Vec<u8> {
        let owner = self.sign(request.owner, eip712::session_id(request.session));
        packed::direct(request.session, request.operation, &owner)
    }

    fn call<C: SolCall>(&self, from: Address, call: &C) -> bool {
        self.module.send(from, call).is_ok()
    }
}

impl World for NativeWorld {
    fn place(&self, account: usize) -> Place {
        let chain = &self.module.chain;
        Place { account: ACCOUNTS[account], module: chain.module, chain_id: chain.chain_id }
    }

    fn delegate(&self) -> Address {
        DELEGATE
    }

    fn gas(&self) -> Gas {
        Gas { verification: 400, call: 600, pre_verification: U256::from(60), max_fee: 3 }
    }

    fn now(&self) -> u64 {
        self.module.chain.timestamp
    }

    fn warp(&mut self, seconds: u64) {
        self.module.chain.timestamp += seconds;
    }

    fn install(&mut self, account: usize) -> bool {
        self.call(ACCOUNTS[account], &Abi::onInstallCall { data: vec![3, 0, 0].into() })
    }

    /// An account uninstalls what it has installed.
    fn uninstall(&mut self, account: usize) -> bool {
        let asked = Abi::isInitializedCall { account: ACCOUNTS[account] };
        let data = [&[3], SALT.as_slice()].concat().into();
        self.module.view(&asked) == Ok(true)
            && self.call(ACCOUNTS[account], &Abi::onUninstallCall { data })
    }

    fn enable(&mut self, account: usize, session: &Session) -> bool {
        self.call(ACCOUNTS[account], &Abi::enable_0Call { session: whole(session) })
    }

    fn enable_as_stranger(&mut self, session: &Session) -> bool {
        self.call(STRANGER, &Abi::enable_0Call { session: whole(session) })
    }

    fn enable_relayed(&mut self, account: usize, session: &Session, signer: Signer) -> bool {
        let signature = self.sign(signer, eip712::session_id(session));
        let (account, session) = (ACCOUNTS[account], whole(session));
        self.call(STRANGER, &Abi::enable_1Call { account, session, signature })
    }

    fn operate(&mut self, request: &Request<'_>) -> bool {
        let (session, operation) = (request.session, request.operation);
        let meant = SessionOperation {
            userOpHash: B256::ZERO,
            sessionId: eip712::session_id(request.signed_for),
            disclosure: keccak256(packed::disclosed(session, operation)),
        };
        let owner = self.sign(request.owner, eip712::session_id(session));
        let delegate = self.sign(request.delegate, meant.eip712_hash_struct());
        let signature = packed::signature(session, operation, &owner, &delegate);
        let account = ACCOUNTS[request.account];
        let call_data = packed::call_data(&operation.executions);
        let call = validate_user_op(account, operation, call_data, signature);
        let Ok(answer) = self.module.ask_raw(&self.place(request.account), &call) else {
            return false;
        };
        // As an EntryPoint does: what does not validate never was.
        let is_valid = answer.is_signed
            && (answer.window.0..=answer.window.1).contains(&self.module.chain.timestamp);
        if is_valid {
            self.module.keep(&answer);
        }
        is_valid
    }

    fn execute(&mut self, request: &Request<'_>) -> bool {
        let (mode, calldata) = packed::run(&request.operation.executions);
        let call = Abi::executeCall {
            account: ACCOUNTS[request.account],
            session: self.direct(request).into(),
            mode,
            executionCalldata: calldata.into(),
        };
        self.call(address(request.delegate), &call)
    }

    fn order(&mut self, request: &Request<'_>, nonce: u32, deadline: u64) -> bool {
        let (mode, calldata) = packed::run(&request.operation.executions);
        let meant = SessionExecution {
            sessionId: eip712::session_id(request.signed_for),
            disclosure: keccak256(packed::disclosed(request.session, request.operation)),
            chainId: U256::from(self.module.chain.chain_id),
            mode,
            executions: keccak256(&calldata),
            nonce: U24::from(nonce),
            deadline: U48::from(deadline),
            gas: 50_000,
            relayer: Address::ZERO,
        };
        let signature = self.sign(request.delegate, meant.eip712_hash_struct());
        let order = packed::order(nonce, deadline, 50_000, Address::ZERO, &signature);
        let call = Abi::executeForCall {
            account: ACCOUNTS[request.account],
            session: self.direct(request).into(),
            mode,
            executionCalldata: calldata.into(),
            order: order.into(),
        };
        self.call(STRANGER, &call)
    }

    fn redeem(&mut self, request: &Request<'_>) -> bool {
        let (mode, calldata) = packed::run(&request.operation.executions);
        let presented = Session { account: ACCOUNTS[request.account], ..request.session.clone() };
        let owner = self.sign(request.owner, eip712::session_id(request.session));
        let context = packed::context(&presented, request.operation, &owner);
        let call = Abi::redeemDelegationsCall {
            permissionContexts: vec![context.into()],
            modes: vec![mode],
            executionCallDatas: vec![calldata.into()],
        };
        self.call(address(request.delegate), &call)
    }

    fn revoke(&mut self, account: usize, id: B256) -> bool {
        self.call(ACCOUNTS[account], &Abi::revoke_0Call { sessionId: id })
    }

    fn revoke_as_stranger(&mut self, id: B256) -> bool {
        self.call(STRANGER, &Abi::revoke_0Call { sessionId: id })
    }

    fn revoke_relayed(&mut self, account: usize, id: B256, signer: Signer) -> bool {
        let end = RevokeSession { account: ACCOUNTS[account], sessionId: id };
        let signature = self.sign(signer, end.eip712_hash_struct());
        let call = Abi::revokeForCall { account: ACCOUNTS[account], sessionId: id, signature };
        self.call(STRANGER, &call)
    }

    fn revoke_as_delegate(&mut self, account: usize, session: &Session, caller: Signer) -> bool {
        let (account, session) = (ACCOUNTS[account], whole(session));
        let call = Abi::revoke_1Call { account, session, signature: Bytes::new() };
        self.call(address(caller), &call)
    }

    fn revoke_all(&mut self, account: usize) -> bool {
        self.call(ACCOUNTS[account], &Abi::revokeAll_0Call { salt: SALT })
    }

    fn revoke_all_relayed(&mut self, account: usize, signer: Signer) -> bool {
        let end = RevokeAllSessions {
            account: ACCOUNTS[account],
            chainId: U256::from(self.module.chain.chain_id),
            epoch: self.epoch(account),
            salt: SALT,
        };
        let signature = self.sign(signer, end.eip712_hash_struct());
        let call = Abi::revokeAll_1Call { account: ACCOUNTS[account], salt: SALT, signature };
        self.call(STRANGER, &call)
    }

    fn epoch(&self, account: usize) -> u64 {
        self.module.view(&Abi::epochCall { account: ACCOUNTS[account] }).unwrap()
    }

    fn kept(&self, account: usize, id: B256, budgets: usize) -> Kept {
        let account = ACCOUNTS[account];
        let state = self.module.view(&Abi::sessionStateCall { account, sessionId: id }).unwrap();
        Kept {
            status: state.status,
            calls: state.calls,
            fee: state.fee.to(),
            native: state.nativeSpent.to(),
            order_nonce: state.orderNonce.to(),
            budgets: (0..budgets).map(|index| self.module.budget(account, id, index)).collect(),
        }
    }
}

proptest! {
    #[test]
    fn prop_a_story_told_to_the_contract_goes_as_its_history_demands(acts in acts(40)) {
        tell(&mut NativeWorld::new(), &acts).map_err(TestCaseError::fail)?;
    }
}

#[test]
fn stories_have_every_kind_of_act_taken_and_refused() {
    let mut runner = TestRunner::deterministic();
    let mut all = Tally::new();
    for _ in 0..100 {
        let acts = acts(40).new_tree(&mut runner).unwrap().current();
        for (kind, (taken, refused)) in tell(&mut NativeWorld::new(), &acts).unwrap() {
            let sum = all.entry(kind).or_default();
            *sum = (sum.0 + taken, sum.1 + refused);
        }
    }
    let never_taken = ["enable as stranger"];
    let never_refused = ["warp", "draw", "revoke", "revoke as stranger", "revoke all"];
    assert_eq!(all.len(), 18, "{all:?}");
    for (kind, (taken, refused)) in &all {
        assert_eq!(*taken == 0, never_taken.contains(kind), "{all:?}");
        assert_eq!(*refused == 0, never_refused.contains(kind), "{all:?}");
    }
}
