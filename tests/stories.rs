//! Stories of owner, delegate and stranger, told to the compiled module: two of OpenZeppelin's
//! accounts, the real EntryPoint, real signatures.

use std::sync::LazyLock;

use alloy_primitives::aliases::{U24, U48};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolStruct, SolValue, eip712_domain};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use session_model::operation::{Gas, Hidden};
use session_model::signed::{RevokeAllSessions, RevokeSession, SessionExecution, SessionOperation};
use session_model::story::{Kept, Request, Signer, Tally, World, acts, tell};
use session_model::{Place, Session, eip712, packed};
use smart_session_client::SoftwareKey;
use smart_session_core::abi::ISmartSession;
use stylus_devchain::Transaction;
use testbed::account::ModuleType;
use testbed::{Call, OzAccount, SmartAccount, TestBed, Verdict, test_bed};

/// One salt for every revocation: a salt that is used again still moves the epoch.
const SALT: B256 = B256::repeat_byte(0x5a);

/// A test bed on which nothing has happened yet.
#[derive(Clone)]
struct ChainWorld {
    bed: TestBed,
    accounts: [OzAccount; 2],
    delegate: SoftwareKey,
    stranger: SoftwareKey,
}

static CHAIN_WORLD: LazyLock<ChainWorld> = LazyLock::new(|| {
    let mut bed = TestBed::set().unwrap_or_else(|error| panic!("{error}"));
    let accounts = ["alice", "bob"].map(|name| bed.oz_account(name).unwrap());
    let [delegate, stranger] = ["delegate", "stranger"].map(|name| test_bed::key(name).unwrap());
    for who in [delegate.address(), stranger.address()] {
        bed.chain.set_balance(who, test_bed::ether(1_000));
    }
    ChainWorld { bed, accounts, delegate, stranger }
});

impl ChainWorld {
    fn key(&self, signer: Signer) -> &SoftwareKey {
        match signer {
            Signer::Owner(account) => self.accounts[account].owner(),
            Signer::Delegate => &self.delegate,
            Signer::Stranger => &self.stranger,
        }
    }

    /// Returns a signature over a struct in the module's domain.
    fn sign(&self, signer: Signer, struct_hash: B256) -> Vec<u8> {
        let domain = eip712_domain! {
            name: "Smart Session", version: "1", verifying_contract: self.bed.module,
        };
        let message = [&[0x19, 0x01], &domain.separator()[..], &struct_hash[..]].concat();
        self.key(signer).sign(keccak256(message)).unwrap().to_vec()
    }

    /// Returns it as an account's ERC-1271 wants it from its owner.
    fn sign_1271(&self, account: usize, signer: Signer, struct_hash: B256) -> Bytes {
        let route = self.accounts[account].owner_route();
        [route.to_vec(), self.sign(signer, struct_hash)].concat().into()
    }

    /// Calls the module from a key.
    fn call_as(&mut self, caller: Signer, function: &str, arguments: &[u8]) -> bool {
        let data = [&keccak256(function)[..4], arguments].concat();
        let call = Transaction::new(self.key(caller).address(), self.bed.module).with_data(data);
        self.bed.chain.transact(call.with_gas_limit(5_000_000)).unwrap().is_success()
    }

    /// Has an account call the module, as its owner wants.
    fn call_by_account(&mut self, account: usize, function: &str, arguments: &[u8]) -> bool {
        let data = [&keccak256(function)[..4], arguments].concat();
        let account = self.accounts[account].clone();
        let call_data = account.execute(&Call::new(self.bed.module, data));
        self.bed.owner_op(&account, call_data).unwrap().verdict == Verdict::Executed
    }

    /// Returns what travels of a request's session on the direct path.
    fn direct(&self, request: &Request<'_>) -> Vec<u8> {
        let id = eip712::session_id(request.session);
        let owner = self.sign_1271(request.account, request.owner, id);
        packed::direct(request.session, request.operation, &owner)
    }

    fn ask<C: SolCall>(&self, call: &C) -> C::Return {
        self.bed.ask(self.bed.module, call).unwrap()
    }
}

fn whole(session: &Session) -> Bytes {
    packed::session(session, &Hidden::default()).into()
}

impl World for ChainWorld {
    fn place(&self, account: usize) -> Place {
        Place {
            account: self.accounts[account].address(),
            module: self.bed.module,
            chain_id: self.bed.chain.chain_id(),
        }
    }

    fn delegate(&self) -> Address {
        self.delegate.address()
    }

    /// What the testbed puts into every operation.
    fn gas(&self) -> Gas {
        Gas {
            verification: 400_000,
            call: 600_000,
            pre_verification: U256::from(60_000),
            max_fee: 100_000_000,
        }
    }

    fn now(&self) -> u64 {
        self.bed.chain.timestamp()
    }

    fn warp(&mut self, seconds: u64) {
        self.bed.chain.warp(seconds);
    }

    fn install(&mut self, account: usize) -> bool {
        let account = self.accounts[account].clone();
        let module = self.bed.module;
        let calls =
            [(ModuleType::Validator, 1), (ModuleType::Executor, 2)].map(|(as_type, flag)| {
                let data = account.install_module(as_type, module, vec![flag, 0, 0].into());
                Call::new(account.address(), data)
            });
        let call_data = account.execute_batch(&calls);
        self.bed.owner_op(&account, call_data).unwrap().verdict == Verdict::Executed
    }

    fn uninstall(&mut self, account: usize) -> bool {
        let account = self.accounts[account].clone();
        let module = self.bed.module;
        let calls =
            [(ModuleType::Executor, 2), (ModuleType::Validator, 1)].map(|(as_type, flag)| {
                let data = [&[flag], SALT.as_slice()].concat();
                Call::new(account.address(), account.uninstall_module(as_type, module, data.into()))
            });
        let call_data = account.execute_batch(&calls);
        self.bed.owner_op(&account, call_data).unwrap().verdict == Verdict::Executed
    }

    fn enable(&mut self, account: usize, session: &Session) -> bool {
        let arguments = (whole(session),).abi_encode_params();
        self.call_by_account(account, "enable(bytes)", &arguments)
    }

    fn enable_as_stranger(&mut self, session: &Session) -> bool {
        let arguments = (whole(session),).abi_encode_params();
        self.call_as(Signer::Stranger, "enable(bytes)", &arguments)
    }

    fn enable_relayed(&mut self, account: usize, session: &Session, signer: Signer) -> bool {
        let signature = self.sign_1271(account, signer, eip712::session_id(session));
        let address = self.accounts[account].address();
        let arguments = (address, whole(session), signature).abi_encode_params();
        self.call_as(Signer::Stranger, "enable(address,bytes,bytes)", &arguments)
    }

    fn operate(&mut self, request: &Request<'_>) -> bool {
        let (session, operation) = (request.session, request.operation);
        let account = self.accounts[request.account].clone();
        let key = account.nonce_key(self.bed.module);
        let call_data = packed::call_data(&operation.executions).into();
        let entry_point = self.bed.entry_point;
        let mut op =
            entry_point.user_op(&self.bed.chain, account.address(), key, call_data).unwrap();
        let user_op_hash = entry_point.user_op_hash(&self.bed.chain, &op).unwrap();
        let meant = SessionOperation {
            userOpHash: user_op_hash,
            sessionId: eip712::session_id(request.signed_for),
            disclosure: keccak256(packed::disclosed(session, operation)),
        };
        let owner = self.sign_1271(request.account, request.owner, eip712::session_id(session));
        let delegate = self.sign(request.delegate, meant.eip712_hash_struct());
        op.signature = packed::signature(session, operation, &owner, &delegate).into();
        match self.bed.send(op).unwrap().verdict {
            Verdict::Executed | Verdict::Reverted => true,
            Verdict::Refused { reason, .. } => {
                // What the module and the EntryPoint's clock refuse, and nothing else.
                let code = reason.split(' ').next().unwrap_or_default();
                assert!(["AA22", "AA23", "AA24"].contains(&code), "{reason}");
                false
            }
        }
    }

    fn execute(&mut self, request: &Request<'_>) -> bool {
        let (mode, calldata) = packed::run(&request.operation.executions);
        let address = self.accounts[request.account].address();
        let session = Bytes::from(self.direct(request));
        let arguments = (address, session, mode, Bytes::from(calldata)).abi_encode_params();
        self.call_as(request.delegate, "execute(address,bytes,bytes32,bytes)", &arguments)
    }

    fn order(&mut self, request: &Request<'_>, nonce: u32, deadline: u64) -> bool {
        let (mode, calldata) = packed::run(&request.operation.executions);
        let meant = SessionExecution {
            sessionId: eip712::session_id(request.signed_for),
            disclosure: keccak256(packed::disclosed(request.session, request.operation)),
            chainId: U256::from(self.bed.chain.chain_id()),
            mode,
            executions: keccak256(&calldata),
            nonce: U24::from(nonce),
            deadline: U48::from(deadline),
            gas: 50_000,
            relayer: Address::ZERO,
        };
        let signature = self.sign(request.delegate, meant.eip712_hash_struct());
        let order = packed::order(nonce, deadline, 50_000, Address::ZERO, &signature);
        let address = self.accounts[request.account].address();
        let [session, calldata, order] = [self.direct(request), calldata, order].map(Bytes::from);
        let arguments = (address, session, mode, calldata, order).abi_encode_params();
        let function = "executeFor(address,bytes,bytes32,bytes,bytes)";
        self.call_as(Signer::Stranger, function, &arguments)
    }

    fn redeem(&mut self, request: &Request<'_>) -> bool {
        let (mode, calldata) = packed::run(&request.operation.executions);
        let address = self.accounts[request.account].address();
        let presented = Session { account: address, ..request.session.clone() };
        let id = eip712::session_id(request.session);
        let owner = self.sign_1271(request.account, request.owner, id);
        let context = Bytes::from(packed::context(&presented, request.operation, &owner));
        let arguments =
            (vec![context], vec![mode], vec![Bytes::from(calldata)]).abi_encode_params();
        let function = "redeemDelegations(bytes[],bytes32[],bytes[])";
        self.call_as(request.delegate, function, &arguments)
    }

    fn revoke(&mut self, account: usize, id: B256) -> bool {
        self.call_by_account(account, "revoke(bytes32)", id.as_slice())
    }

    fn revoke_as_stranger(&mut self, id: B256) -> bool {
        self.call_as(Signer::Stranger, "revoke(bytes32)", id.as_slice())
    }

    fn revoke_relayed(&mut self, account: usize, id: B256, signer: Signer) -> bool {
        let address = self.accounts[account].address();
        let end = RevokeSession { account: address, sessionId: id };
        let signature = self.sign_1271(account, signer, end.eip712_hash_struct());
        let arguments = (address, id, signature).abi_encode_params();
        self.call_as(Signer::Stranger, "revokeFor(address,bytes32,bytes)", &arguments)
    }

    fn revoke_as_delegate(&mut self, account: usize, session: &Session, caller: Signer) -> bool {
        let address = self.accounts[account].address();
        let arguments = (address, whole(session), Bytes::new()).abi_encode_params();
        self.call_as(caller, "revoke(address,bytes,bytes)", &arguments)
    }

    fn revoke_all(&mut self, account: usize) -> bool {
        self.call_by_account(account, "revokeAll(bytes32)", SALT.as_slice())
    }

    fn revoke_all_relayed(&mut self, account: usize, signer: Signer) -> bool {
        let place = self.place(account);
        let end = RevokeAllSessions {
            account: place.account,
            chainId: U256::from(place.chain_id),
            epoch: self.epoch(account),
            salt: SALT,
        };
        let signature = self.sign_1271(account, signer, end.eip712_hash_struct());
        let arguments = (place.account, SALT, signature).abi_encode_params();
        self.call_as(Signer::Stranger, "revokeAll(address,bytes32,bytes)", &arguments)
    }

    fn epoch(&self, account: usize) -> u64 {
        self.ask(&ISmartSession::epochCall { account: self.accounts[account].address() })
    }

    fn kept(&self, account: usize, id: B256, budgets: usize) -> Kept {
        let account = self.accounts[account].address();
        let state = self.ask(&ISmartSession::sessionStateCall { account, sessionId: id });
        let session_slot = U256::from_be_bytes(keccak256([account.into_word(), id].concat()).0);
        let budget = |index: usize| {
            let slot = session_slot.wrapping_add(U256::from(1 + index));
            let word = self.bed.chain.storage(self.bed.module, slot).to_be_bytes::<32>();
            let spent = u128::from_be_bytes(word[..16].try_into().unwrap());
            (spent, u64::from_be_bytes(word[16..24].try_into().unwrap()))
        };
        Kept {
            status: state.status,
            calls: state.calls,
            fee: state.fee.to(),
            native: state.nativeSpent.to(),
            order_nonce: state.orderNonce.to(),
            budgets: (0..budgets).map(budget).collect(),
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 32, ..Config::default() })]

    #[test]
    fn prop_a_story_told_to_the_module_goes_as_its_history_demands(acts in acts(40)) {
        tell(&mut CHAIN_WORLD.clone(), &acts).map_err(TestCaseError::fail)?;
    }
}

#[test]
fn stories_have_every_kind_of_act_taken_and_refused_by_the_module() {
    let mut runner = TestRunner::deterministic();
    let mut all = Tally::new();
    for _ in 0..80 {
        let acts = acts(40).new_tree(&mut runner).unwrap().current();
        for (kind, (taken, refused)) in tell(&mut CHAIN_WORLD.clone(), &acts).unwrap() {
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
