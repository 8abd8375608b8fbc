//! The module on a chain: what it keeps of sessions and accounts.

use alloy_primitives::aliases::U48;
use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_rpc_types_eth::Filter;
use alloy_sol_types::{SolCall, SolEvent};
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::Session;

use crate::account::call::Call;
use crate::refusal::Refusal;
use crate::revocation::RevocationSalt;
use crate::rpc::error::NodeError;
use crate::rpc::node::Node;
use crate::session::unpacked::unpack_session;

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The chain knows nothing of it.
    Unknown,
    /// It is in force, within its window.
    Enabled,
    /// It has ended for good.
    Revoked,
}

impl Status {
    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Enabled => "enabled",
            Self::Revoked => "revoked",
        }
    }
}

/// What the chain keeps of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionState {
    /// How far it has come.
    pub status: Status,
    /// Calls made.
    pub calls: u32,
    /// Wei of gas counted.
    pub fee: U256,
    /// Native value moved, in wei, where the session has a budget for it as a whole.
    pub native_spent: U256,
    /// The nonce that its next order must have.
    pub order_nonce: u32,
}

/// A session that was enabled, as the module's events tell.
#[derive(Clone, Debug)]
pub struct EnabledSession {
    /// Its id.
    pub id: B256,
    /// The session; `None` if the event's bytes make no sense.
    pub session: Option<Session>,
    /// The block in which it was enabled.
    pub block: Option<u64>,
    /// How far it has come now.
    pub status: Status,
    /// Whether the account has since moved to another epoch, which voids it.
    pub is_void: bool,
}

/// The module at an address, on a node's chain.
#[derive(Clone, Copy, Debug)]
pub struct Module<'a> {
    /// The node.
    pub node: &'a Node,
    /// Its address.
    pub address: Address,
}

impl Module<'_> {
    /// Returns what the chain keeps of a session.
    ///
    /// # Errors
    /// [`NodeError`] if the module cannot be asked.
    pub async fn session_state(
        &self,
        account: Address,
        id: B256,
    ) -> Result<SessionState, NodeError> {
        let call = ISmartSession::sessionStateCall { account, sessionId: id };
        let state = self.node.ask(self.address, &call).await?;
        let status = match state.status {
            0 => Status::Unknown,
            1 => Status::Enabled,
            2 => Status::Revoked,
            _ => return Err(NodeError::Garbled { what: "the session's status" }),
        };
        Ok(SessionState {
            status,
            calls: state.calls,
            fee: U256::from(state.fee),
            native_spent: U256::from(state.nativeSpent),
            order_nonce: state.orderNonce.to(),
        })
    }

    /// Returns the account's epoch: sessions that name another one are void.
    ///
    /// # Errors
    /// [`NodeError`] if the module cannot be asked.
    pub async fn epoch(&self, account: Address) -> Result<u64, NodeError> {
        self.node.ask(self.address, &ISmartSession::epochCall { account }).await
    }

    /// Returns whether the account has installed the module.
    ///
    /// # Errors
    /// [`NodeError`] if the module cannot be asked.
    pub async fn is_installed(&self, account: Address) -> Result<bool, NodeError> {
        self.node.ask(self.address, &ISmartSession::isInitializedCall { account }).await
    }

    /// Lists the sessions of an account that were ever enabled, from the module's events in a
    /// range of blocks, both ends included. `progress` is told the next block after each piece.
    ///
    /// Sessions that were signed and never enabled are in no event: their owner has them,
    /// and revoking all ends them too.
    ///
    /// # Errors
    /// [`NodeError`] if the node cannot be asked, or shows another session than an event names.
    pub async fn sessions(
        &self,
        account: Address,
        from_block: u64,
        to_block: u64,
        progress: impl FnMut(u64),
    ) -> Result<Vec<EnabledSession>, NodeError> {
        let filter = Filter::new()
            .address(self.address)
            .event_signature(ISmartSession::SessionEnabled::SIGNATURE_HASH)
            .topic1(account.into_word());
        let logs = self.node.logs_between(&filter, from_block, to_block, progress).await?;
        let (chain_id, epoch) = (self.node.chain_id().await?, self.epoch(account).await?);
        let mut listed = Vec::with_capacity(logs.len());
        for log in logs {
            let Ok(event) = ISmartSession::SessionEnabled::decode_log(&log.inner) else { continue };
            let session = unpack_session(account, &event.session).ok();
            // The owner reads the session, and revokes its id.
            if let Some(shown) = session.as_ref().map(Session::id)
                && shown != event.sessionId
            {
                return Err(NodeError::Untrue {
                    what: "the session of an event",
                    got: shown.to_string(),
                    wanted: event.sessionId.to_string(),
                });
            }
            let is_void = session.as_ref().is_some_and(|session| {
                let here = session.chains.iter().find(|chain| chain.chain_id == chain_id);
                here.is_some_and(|chain| chain.epoch != epoch)
            });
            listed.push(EnabledSession {
                id: event.sessionId,
                session,
                block: log.block_number,
                status: self.session_state(account, event.sessionId).await?.status,
                is_void,
            });
        }
        Ok(listed)
    }

    /// Returns the call by which an account enables a session.
    ///
    /// # Errors
    /// [`Refusal`] if the session has no packed form.
    pub fn enable_call(&self, session: &Session) -> Result<Call, Refusal> {
        let session = session.pack()?.into();
        let data = ISmartSession::enable_0Call { session }.abi_encode();
        Ok(Call::new(self.address, data))
    }

    /// Returns the call by which an account ends a session for good, also one never enabled.
    pub fn revoke_call(&self, id: B256) -> Call {
        Call::new(self.address, ISmartSession::revoke_0Call { sessionId: id }.abi_encode())
    }

    /// Returns the call by which an account ends all its sessions on this chain.
    pub fn revoke_all_call(&self, salt: RevocationSalt) -> Call {
        let call = ISmartSession::revokeAll_0Call { salt: salt.bytes() };
        Call::new(self.address, call.abi_encode())
    }

    /// Returns the call by which anyone enables a session with its owner's signature.
    ///
    /// # Errors
    /// [`Refusal`] if the session has no packed form.
    pub fn relayed_enable_call(
        &self,
        session: &Session,
        signature: Bytes,
    ) -> Result<Call, Refusal> {
        let (account, session) = (session.account, session.pack()?.into());
        let call = ISmartSession::enable_1Call { account, session, signature };
        Ok(Call::new(self.address, call.abi_encode()))
    }

    /// Returns the call by which a delegate ends its own session: sent by itself with an empty
    /// signature, or by anyone with its signature over `RevokeSession`.
    ///
    /// # Errors
    /// [`Refusal`] if the session has no packed form.
    pub fn delegate_revoke_call(
        &self,
        session: &Session,
        signature: Bytes,
    ) -> Result<Call, Refusal> {
        let (account, session) = (session.account, session.pack()?.into());
        let call = ISmartSession::revoke_1Call { account, session, signature };
        Ok(Call::new(self.address, call.abi_encode()))
    }

    /// Returns the call by which anyone ends a session with its owner's signature over
    /// `RevokeSession`.
    pub fn relayed_revoke_call(&self, account: Address, id: B256, signature: Bytes) -> Call {
        let call = ISmartSession::revokeForCall { account, sessionId: id, signature };
        Call::new(self.address, call.abi_encode())
    }

    /// Returns the call by which anyone ends all sessions with the owner's signature over
    /// `RevokeAllSessions`, in which it names the same salt.
    pub fn relayed_revoke_all_call(
        &self,
        account: Address,
        salt: RevocationSalt,
        signature: Bytes,
    ) -> Call {
        let call = ISmartSession::revokeAll_1Call { account, salt: salt.bytes(), signature };
        Call::new(self.address, call.abi_encode())
    }

    /// Returns the call by which a delegate acts directly. `session` is what an operation would
    /// carry, without a claimed time and the delegate's signature.
    pub fn execute_call(
        &self,
        account: Address,
        session: Bytes,
        mode: B256,
        calldata: Bytes,
    ) -> Call {
        let call =
            ISmartSession::executeCall { account, session, mode, executionCalldata: calldata };
        Call::new(self.address, call.abi_encode())
    }

    /// Returns what each budget of a session has spent and left at a moment, in unix seconds.
    ///
    /// # Errors
    /// [`NodeError`] if the module cannot be asked.
    pub async fn budgets(
        &self,
        account: Address,
        packed: Bytes,
        at: u64,
    ) -> Result<Vec<(u128, u128)>, NodeError> {
        let call = ISmartSession::budgetsCall { account, session: packed, at: U48::from(at) };
        let answer = self.node.ask(self.address, &call).await?;
        Ok(answer.into_iter().map(|item| (item.spent, item.remaining)).collect())
    }
}
