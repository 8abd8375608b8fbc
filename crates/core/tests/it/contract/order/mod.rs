//! Orders: what a delegate signs so that anyone may bring a direct call.

mod account_call;
mod lifetime;
mod signature;
mod terms;

use alloy_primitives::aliases::{U24, U48};
use alloy_primitives::{Address, Bytes, U256, keccak256};
use alloy_sol_types::SolStruct;
use session_model::signed::SessionExecution;
use session_model::{Operation, Session, eip712, packed};
use smart_session_core::abi::ISmartSession as Abi;

use super::{ANYONE, OWNER, execute_call, signed};
use crate::module::Module;
use crate::refused::session;

/// What an order says beside the call.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) nonce: u32,
    pub(super) deadline: u64,
    pub(super) gas: u32,
    pub(super) relayer: Address,
}

const TERMS: Terms = Terms { nonce: 0, deadline: 6_000, gas: 100_000, relayer: Address::ZERO };

impl Terms {
    fn bytes(&self) -> Vec<u8> {
        [
            &self.nonce.to_be_bytes()[1..],
            &self.deadline.to_be_bytes()[2..],
            &self.gas.to_be_bytes(),
            self.relayer.as_slice(),
        ]
        .concat()
    }
}

/// Returns what the delegate signs for an operation's calls.
fn meant(session: &Session, operation: &Operation, terms: &Terms) -> SessionExecution {
    let call = execute_call(session, operation, OWNER);
    SessionExecution {
        sessionId: eip712::session_id(session),
        disclosure: keccak256(packed::disclosed(session, operation)),
        chainId: U256::from(42_161),
        mode: call.mode,
        executions: keccak256(&call.executionCalldata),
        nonce: U24::from(terms.nonce),
        deadline: U48::from(terms.deadline),
        gas: terms.gas,
        relayer: terms.relayer,
    }
}

/// Returns `executeFor` with some signature.
fn ordered(
    session: &Session,
    operation: &Operation,
    terms: &Terms,
    signature: &[u8],
) -> Abi::executeForCall {
    let call = execute_call(session, operation, OWNER);
    Abi::executeForCall {
        account: call.account,
        session: call.session,
        mode: call.mode,
        executionCalldata: call.executionCalldata,
        order: [&terms.bytes(), signature].concat().into(),
    }
}

/// Returns `executeFor` as the delegate orders it.
pub(super) fn order(
    session: &Session,
    operation: &Operation,
    terms: &Terms,
) -> Abi::executeForCall {
    let hash = meant(session, operation, terms).eip712_hash_struct();
    ordered(session, operation, terms, &signed(session.delegate, hash))
}

/// Brings an order of the session's delegate.
fn bring(module: &Module, operation: &Operation, terms: &Terms) -> Result<Vec<Bytes>, String> {
    module.send(ANYONE, &order(&session(), operation, terms))
}

/// Changes an order's bytes.
fn change(call: &mut Abi::executeForCall, change: impl FnOnce(&mut [u8])) {
    let mut order = call.order.to_vec();
    change(&mut order);
    call.order = order.into();
}
