//! The contract's own rules, on the contract as it runs natively: who may call, in which order what
//! is looked at, what is written and told, and what other contracts are asked.

mod arguments;
mod enable;
mod execute;
mod install;
mod model;
mod order;
mod periods;
mod redeem;
mod revoke;
mod signer;
mod signing;
mod validate;
mod view;

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolEvent, SolStruct, eip712_domain};
use session_model::operation::Hidden;
use session_model::signed::{RevokeAllSessions, SessionOperation};
use session_model::strategy::PLACE;
use session_model::{Operation, Session, eip712, packed};
use smart_session::host::off_chain::Log;
use smart_session_core::abi::ISmartSession as Abi;

use crate::module::{Module, validate_user_op, whole};
use crate::refused::{operation, session};
use crate::world::sign;

const ACCOUNT: Address = PLACE.account;
const MODULE: Address = PLACE.module;
const OWNER: Address = Address::repeat_byte(0x0a);
const ANYONE: Address = Address::repeat_byte(0x99);
const SALT: B256 = B256::repeat_byte(0x5a);

/// A module in the middle of the session's window, installed on the owner's account as these types.
fn module(types: u8) -> Module {
    let mut module = Module::new();
    module.chain.world.owners.insert(ACCOUNT, OWNER);
    module.chain.timestamp = 5_000;
    if types > 0 {
        let install = Abi::onInstallCall { data: vec![types, 0, 0].into() };
        module.send(ACCOUNT, &install).unwrap();
    }
    module
}

/// The same with the session enabled by the account.
fn enabled(types: u8) -> Module {
    let module = module(types);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&session()) }).unwrap();
    module
}

fn id() -> B256 {
    eip712::session_id(&session())
}

/// Returns a key's signature over a struct in the module's domain.
fn signed(signer: Address, struct_hash: B256) -> Bytes {
    sign(signer, digest(struct_hash)).into()
}

fn digest(struct_hash: B256) -> B256 {
    let domain = eip712_domain! {
        name: "Smart Session", version: "1", verifying_contract: MODULE,
    };
    keccak256([&[0x19, 0x01], &domain.separator()[..], &struct_hash[..]].concat())
}

/// The status, the calls, the fee and the native value that are kept of the session.
fn kept(module: &Module) -> (u8, u32, u128, u128) {
    let call = Abi::sessionStateCall { account: ACCOUNT, sessionId: id() };
    let state = module.view(&call).unwrap();
    (state.status, state.calls, state.fee.to(), state.nativeSpent.to())
}

fn epoch(module: &Module) -> u64 {
    module.view(&Abi::epochCall { account: ACCOUNT }).unwrap()
}

fn is_initialized(module: &Module) -> bool {
    module.view(&Abi::isInitializedCall { account: ACCOUNT }).unwrap()
}

/// The nonce that the session's next order must have.
fn next_order(module: &Module) -> u32 {
    let call = Abi::sessionStateCall { account: ACCOUNT, sessionId: id() };
    module.view(&call).unwrap().orderNonce.to()
}

/// Returns an event, if it is of this type.
fn event<E: SolEvent>(log: &Log) -> Option<E> {
    E::decode_raw_log_validate(log.topics.iter().copied(), &log.data).ok()
}

/// Returns `validateUserOp` of an operation with the signatures of whom it should have.
fn operate(session: &Session, operation: &Operation, owner: Address, delegate: Address) -> Vec<u8> {
    let meant = SessionOperation {
        userOpHash: B256::ZERO,
        sessionId: eip712::session_id(session),
        disclosure: keccak256(packed::disclosed(session, operation)),
    };
    let owner = signed(owner, eip712::session_id(session));
    let delegate = signed(delegate, meant.eip712_hash_struct());
    let signature = packed::signature(session, operation, &owner, &delegate);
    validate_user_op(ACCOUNT, operation, packed::call_data(&operation.executions), signature)
}

fn enabling() -> Operation {
    Operation { enables: true, ..operation() }
}

/// Returns `execute` of an operation's calls, as the delegate sends it.
fn execute_call(session: &Session, operation: &Operation, owner: Address) -> Abi::executeCall {
    let owner = signed(owner, eip712::session_id(session));
    let call_data = packed::call_data(&operation.executions);
    let run = smart_session_core::abi::IAccount::executeCall::abi_decode(&call_data).unwrap();
    let mut blob = vec![u8::from(operation.enables)];
    blob.extend(packed::session(session, &operation.hidden));
    blob.extend(&operation.indices);
    if operation.enables {
        blob.extend(u16::try_from(owner.len()).unwrap().to_be_bytes());
        blob.extend(&owner);
    }
    Abi::executeCall {
        account: session.account,
        session: blob.into(),
        mode: run.mode,
        executionCalldata: run.executionCalldata,
    }
}

/// Returns what is packed of a session for an operation, for the module to find the permissions.
fn context(session: &Session, operation: &Operation, owner: Address) -> Bytes {
    let unnamed = Operation { indices: vec![], ..operation.clone() };
    let call = execute_call(session, &unnamed, owner);
    [session.account.as_slice(), &call.session].concat().into()
}

/// Hides nothing.
fn nothing() -> Hidden {
    Hidden::default()
}

fn revoke_all(module: &Module, epoch: u64, salt: B256, signer: Address) -> Abi::revokeAll_1Call {
    let all = RevokeAllSessions {
        account: ACCOUNT,
        chainId: U256::from(module.chain.chain_id),
        epoch,
        salt,
    };
    let signature = signed(signer, all.eip712_hash_struct());
    Abi::revokeAll_1Call { account: ACCOUNT, salt, signature }
}
