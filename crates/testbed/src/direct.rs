//! Calls on the direct path, the orders that delegates sign for them, and redemptions.
//!
//! What is signed is hashed by alloy from the declared struct, and travels as the format's document
//! says: nothing here is the contract's own code, nor the client's.

use alloy_primitives::aliases::{U24, U48};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolStruct, eip712_domain};
use smart_session_client::OperationDraft;
use smart_session_core::abi::{ISmartSession, SessionExecution};

use crate::account::{Call, batch_mode, encoded, packed};
use crate::game::GameSession;

/// Calls of one account on the direct path.
#[derive(Clone, Debug)]
pub struct DirectCall {
    /// The account.
    pub account: Address,
    /// What travels of the session.
    pub session: Bytes,
    /// The execution mode.
    pub mode: B256,
    /// The calls.
    pub execution_calldata: Bytes,
    session_id: B256,
    /// How many bytes go from the mode to the last index.
    disclosed: usize,
    /// How many of them are indices.
    indices: usize,
}

/// The terms of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which order of its session it is.
    pub nonce: u32,
    /// The last second in which it may run.
    pub deadline: u64,
    /// The least gas that the account's call must have.
    pub gas: u32,
    /// Who may bring it; zero for anyone.
    pub relayer: Address,
}

impl Order {
    /// Returns the bytes before the signature.
    pub fn terms(&self) -> Vec<u8> {
        let Self { nonce, deadline, gas, relayer } = self;
        let ([_, nonce @ ..], [_, _, deadline @ ..]) =
            (nonce.to_be_bytes(), deadline.to_be_bytes());
        [&nonce[..], &deadline, &gas.to_be_bytes(), relayer.as_slice()].concat()
    }
}

impl DirectCall {
    /// Makes calls within a session, as a draft without claimed time has them.
    pub fn new(game: &GameSession, draft: &OperationDraft, calls: &[Call]) -> Self {
        let (mode, execution_calldata) = match calls {
            [call] => (B256::ZERO, packed(call)),
            calls => (batch_mode(), encoded(calls)),
        };
        let session = draft.sealed(&[]);
        let owners = match session.first() {
            Some(1) => game.owner_signature.len().saturating_add(2),
            _ => 0,
        };
        Self {
            account: game.session.account,
            mode,
            execution_calldata: execution_calldata.into(),
            session_id: game.session.id(),
            disclosed: session.len().saturating_sub(owners),
            indices: calls.len(),
            session,
        }
    }

    /// Returns what the delegate itself sends.
    pub fn execute(&self) -> ISmartSession::executeCall {
        ISmartSession::executeCall {
            account: self.account,
            session: self.session.clone(),
            mode: self.mode,
            executionCalldata: self.execution_calldata.clone(),
        }
    }

    /// Returns what the delegate signs as an order.
    pub fn digest(&self, module: Address, chain_id: u64, order: &Order) -> B256 {
        let meant = SessionExecution {
            sessionId: self.session_id,
            disclosure: keccak256(self.session.get(..self.disclosed).unwrap_or_default()),
            chainId: U256::from(chain_id),
            mode: self.mode,
            executions: keccak256(&self.execution_calldata),
            nonce: U24::saturating_from(order.nonce),
            deadline: U48::saturating_from(order.deadline),
            gas: order.gas,
            relayer: order.relayer,
        };
        let domain = eip712_domain! {
            name: "Smart Session", version: "1", verifying_contract: module,
        };
        meant.eip712_signing_hash(&domain)
    }

    /// Returns what anyone sends with the order and its delegate's signature.
    pub fn execute_for(&self, order: &Order, signature: &[u8]) -> ISmartSession::executeForCall {
        ISmartSession::executeForCall {
            account: self.account,
            session: self.session.clone(),
            mode: self.mode,
            executionCalldata: self.execution_calldata.clone(),
            order: [&order.terms(), signature].concat().into(),
        }
    }

    /// Returns the permission context: the account, and the session without indices.
    pub fn context(&self) -> Bytes {
        let (disclosed, owners) = self.session.split_at(self.disclosed.min(self.session.len()));
        let unnamed = disclosed.len().saturating_sub(self.indices);
        let session = disclosed.get(..unnamed).unwrap_or_default();
        [self.account.as_slice(), session, owners].concat().into()
    }
}

/// Returns what a delegate sends to redeem, in this order.
pub fn redeem(calls: &[DirectCall]) -> ISmartSession::redeemDelegationsCall {
    ISmartSession::redeemDelegationsCall {
        permissionContexts: calls.iter().map(DirectCall::context).collect(),
        modes: calls.iter().map(|call| call.mode).collect(),
        executionCallDatas: calls.iter().map(|call| call.execution_calldata.clone()).collect(),
    }
}
