//! A delegate at work: from calls to a mined operation.

use alloy_primitives::{Address, B256, Bytes, U256};
use smart_session_core::policy::fee;

use crate::account::call::{Call, execute_call_data};
use crate::account::hook::behind_hook;
use crate::account::kind::AccountKind;
use crate::keys::delegate::{Delegate, check_delegate_key};
use crate::keys::software_key::SoftwareKey;
use crate::operation::abi::UserOperation;
use crate::operation::draft::OperationDraft;
use crate::operation::plan::DraftContext;
use crate::operation::user_operation::EntryPointVersion;
use crate::refusal::{Refusal, RefusalCode};
use crate::rpc::account_kind::account_kind;
use crate::rpc::act_error::ActError;
use crate::rpc::bundler::Bundler;
use crate::rpc::clock::Clocks;
use crate::rpc::entry_point::{EntryPoint, Mined};
use crate::rpc::error::NodeError;
use crate::rpc::fees::check_left;
use crate::rpc::gas_needs::{GasNeeds, two_numbers};
use crate::rpc::hook::{estimate_hook, validator_hook};
use crate::rpc::module::{Module, SessionState, Status};
use crate::rpc::node::Node;
use crate::rpc::program::Program;
use crate::session::grant::Grant;

/// A grant on a chain, for its delegate.
#[derive(Clone, Copy, Debug)]
pub struct SessionClient<'a> {
    /// What was granted.
    pub grant: &'a Grant,
    /// The node.
    pub node: &'a Node,
    /// The EntryPoint.
    pub entry_point: EntryPoint<'a>,
    /// Operations in different lanes do not wait for each other.
    pub lane: u32,
    /// The operation's `paymasterAndData`: empty where the account pays.
    pub paymaster_and_data: &'a [u8],
}

/// An operation that waits for the delegate's signature.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The operation; its signature is a dummy.
    pub op: UserOperation,
    /// What is signed.
    pub draft: OperationDraft,
    /// Most wei that it may cost.
    pub most_cost: U256,
    /// What should be known before it is sent, one sentence each.
    pub notes: Vec<String>,
}

/// Gas that an estimate may use in validation. An account's check of its owner gets half.
const AMPLE: u128 = 3_000_000;

impl<'a> SessionClient<'a> {
    /// Acts on a node's chain, through EntryPoint 0.7.
    pub const fn new(grant: &'a Grant, node: &'a Node) -> Self {
        let entry_point = EntryPoint::canonical(node, EntryPointVersion::V07);
        Self { grant, node, entry_point, lane: 0, paymaster_and_data: &[] }
    }

    /// Returns the module on that chain.
    pub const fn module(&self) -> Module<'a> {
        Module { node: self.node, address: self.grant.module }
    }

    /// Returns what the account is: as the grant says, or as the account itself does.
    ///
    /// # Errors
    /// [`ActError`] if neither says it.
    pub async fn kind(&self) -> Result<AccountKind, ActError> {
        match self.grant.account_kind {
            Some(kind) => Ok(kind),
            None => account_kind(self.node, self.grant.session.account).await,
        }
    }

    /// Returns where and when the next operation would act.
    ///
    /// # Errors
    /// [`ActError`] if the session was revoked, is not in its window, or the chain cannot be
    /// asked.
    pub async fn context(&self) -> Result<DraftContext, ActError> {
        let state = self.state().await?;
        let clocks = self.node.clocks().await?;
        self.context_at(state, clocks).await
    }

    /// Returns what the chain keeps of the session.
    pub(super) async fn state(&self) -> Result<SessionState, NodeError> {
        self.module().session_state(self.grant.session.account, self.grant.id()).await
    }

    pub(super) async fn context_at(
        &self,
        state: SessionState,
        clocks: Clocks,
    ) -> Result<DraftContext, ActError> {
        if state.status == Status::Revoked {
            return Err(revoked(self.grant.id()).into());
        }
        self.grant.check_window(clocks.judged())?;
        Ok(DraftContext {
            chain_id: self.node.chain_id().await?,
            now: clocks.judged(),
            is_enabled: state.status == Status::Enabled,
        })
    }

    /// Puts an operation together that makes these calls, with a dummy signature, no gas yet and
    /// the fees of now.
    pub(super) async fn assemble(
        &self,
        calls: &[Call],
        draft: &OperationDraft,
    ) -> Result<UserOperation, ActError> {
        let account = self.grant.session.account;
        let kind = self.kind().await?;
        let key = kind.nonce_key(self.grant.module, self.lane)?;
        let nonce = self.entry_point.nonce(account, key).await?;
        let mut call_data = execute_call_data(calls)?;
        if self.hook(kind).await?.is_some() {
            call_data = behind_hook(&call_data);
        }
        let price = self.node.offered_price().await?;
        Ok(UserOperation {
            sender: account,
            nonce,
            initCode: Bytes::new(),
            callData: call_data,
            accountGasLimits: two_numbers(AMPLE, AMPLE),
            preVerificationGas: U256::ZERO,
            gasFees: two_numbers(price.priority, price.most),
            paymasterAndData: Bytes::copy_from_slice(self.paymaster_and_data),
            signature: draft.dummy(),
        })
    }

    /// Returns the hook that the account asks about the module's operations, if there is one.
    pub(super) async fn hook(&self, kind: AccountKind) -> Result<Option<Address>, NodeError> {
        validator_hook(self.node, kind, self.grant.session.account, self.grant.module).await
    }

    /// Estimates on the node what an operation needs, the account's hook included.
    ///
    /// # Errors
    /// [`ActError`] if the account, the module or the hook refuses the operation.
    pub(super) async fn estimate(
        &self,
        op: &UserOperation,
        enables: bool,
    ) -> Result<GasNeeds, ActError> {
        let mut needs = self.entry_point.estimate(op, enables).await?;
        if let Some(hook) = self.hook(self.kind().await?).await? {
            let work = estimate_hook(hook, &self.entry_point, op).await?;
            needs.call = needs.call.saturating_add(work).saturating_add(work / 4);
        }
        Ok(needs)
    }

    /// Prepares the operation that makes these calls: permissions, nonce, fees and gas.
    ///
    /// The gas is estimated on the node. A bundler, if there is one, says what it wants; that
    /// may cost no more than the node's [`FeeTerms`](crate::FeeTerms) allow, and no operation
    /// costs more than the session has left.
    ///
    /// # Errors
    /// [`ActError`] if it would be refused, with the reason.
    pub async fn prepare(
        &self,
        calls: &[Call],
        bundler: Option<&Bundler>,
    ) -> Result<Prepared, ActError> {
        let state = self.state().await?;
        let clocks = self.past_first_second().await?;
        let context = self.context_at(state, clocks).await?;
        let draft = self.grant.draft(calls, context)?;
        let mut op = self.assemble(calls, &draft).await?;
        self.estimate(&op, !context.is_enabled).await?.put_into(&mut op);
        let estimate = op.most_cost();
        if let Some(bundler) = bundler {
            self.ask_bundler(bundler, &mut op).await?;
        }
        let most_cost = op.most_cost();
        self.node.fees.check(most_cost, bundler.and(estimate))?;
        if let Some(left) = self.fees_left(state) {
            check_left(most_cost, left)?;
        }
        let most_cost = most_cost.unwrap_or(U256::MAX);
        let notes = self.grant.ahead_of_chain(clocks.chain, context.now).into_iter().collect();
        Ok(Prepared { op, draft, most_cost, notes })
    }

    /// Has a bundler say what it wants for gas.
    async fn ask_bundler(&self, bundler: &Bundler, op: &mut UserOperation) -> Result<(), ActError> {
        let offered = self.node.offered_price().await?;
        let price = match self.node.fees.priority_fee {
            Some(_) => offered,
            None => bundler.wanted_price(offered).await?,
        };
        op.gasFees = two_numbers(price.priority, price.most);
        // Bundlers find the limits themselves.
        op.accountGasLimits = two_numbers(0, 0);
        op.preVerificationGas = U256::ZERO;
        let mut needs = bundler.estimate(op, self.entry_point.address).await?;
        // Where the program is not cached, its start may cost more than the estimate saw.
        let program = Program { node: self.node, address: self.grant.module };
        let start = program.start_gas().await.unwrap_or_default();
        needs.verification = needs.verification.saturating_add(start.into());
        needs.put_into(op);
        Ok(())
    }

    /// Returns the wei of gas that the session has left, `None` where it counts no fees.
    fn fees_left(&self, state: SessionState) -> Option<U256> {
        let limit = self.grant.session.fee_limit;
        (limit != fee::UNCOUNTED).then(|| U256::from(limit).saturating_sub(state.fee))
    }

    /// Reads the clocks; where the EntryPoint finds the first second of a window or a period too
    /// early, it is waited out.
    async fn past_first_second(&self) -> Result<Clocks, NodeError> {
        /// How long a second is waited for: blocks may come later than they say.
        const TRIES: u8 = 5;
        let mut clocks = self.node.clocks().await?;
        for _ in 0..TRIES {
            let begins = self.grant.begins_at(clocks.judged());
            if !self.entry_point.version.is_start_exclusive() || !begins {
                break;
            }
            tokio::time::sleep(core::time::Duration::from_millis(1_100)).await;
            clocks = self.node.clocks().await?;
        }
        Ok(clocks)
    }

    /// Has the delegate sign.
    ///
    /// # Errors
    /// [`ActError`] if the key is not the session's, or does not sign.
    pub async fn sign(
        &self,
        prepared: &Prepared,
        delegate: &impl Delegate,
    ) -> Result<UserOperation, ActError> {
        check_delegate_key(&self.grant.session, delegate)?;
        let hash = self.entry_point.hash(&prepared.op).await?;
        let signature = prepared.draft.sign(self.grant.module, hash, delegate).await?;
        Ok(UserOperation { signature, ..prepared.op.clone() })
    }

    /// Sends a signed operation through a bundler, and waits until it is mined.
    ///
    /// # Errors
    /// [`ActError`] as [`EntryPoint::send`].
    pub async fn send(&self, op: &UserOperation, bundler: &Bundler) -> Result<Mined, ActError> {
        self.entry_point.send(op, bundler).await
    }

    /// Sends a signed operation to the EntryPoint itself, in a transaction of `sender`, who gets
    /// the fees back.
    ///
    /// # Errors
    /// [`ActError`] if it is refused.
    pub async fn bundle(&self, op: UserOperation, sender: &SoftwareKey) -> Result<Mined, ActError> {
        self.entry_point.bundle(op, sender).await
    }
}

fn revoked(id: B256) -> Refusal {
    Refusal::new(
        RefusalCode::SessionRevokedForEver,
        format!("session {id} was revoked"),
        "ask the owner for a new session",
    )
}
