//! A delegate at work: from calls to a mined operation.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, sol};

use crate::account::kind::AccountKind;
use crate::keys::delegate::{Delegate, check_delegate_key};
use crate::keys::software_key::SoftwareKey;
use crate::operation::call::{Call, execute_call_data, execution};
use crate::operation::draft::OperationDraft;
use crate::operation::plan::DraftContext;
use crate::refusal::{Refusal, RefusalCode};
use crate::rpc::bundler::{Bundler, GasNeeds};
use crate::rpc::entry_point::{
    ENTRY_POINT_V07, EntryPoint, IValidatingAccount, Mined, UserOperation, two_numbers,
};
use crate::rpc::module::{Module, Status};
use crate::rpc::node::{Node, NodeError, with_headroom};
use crate::rpc::program::Program;
use crate::session::grant::Grant;

sol! {
    /// What ERC-7579 accounts say about themselves.
    interface ISelfDescribing {
        function accountId() returns (string);
    }
}

/// Why a delegate could not act.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ActError {
    /// The session does not allow it, as far as can be known here.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The chain or the bundler does not allow it, or cannot be asked.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl ActError {
    /// Returns what is wrong, one sentence.
    pub fn reason(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.reason().into(),
            Self::Node(error) => match crate::rpc::failure::refusal_of(error) {
                Some(failure) => failure.sentence,
                None => error.to_string(),
            },
        }
    }

    /// Returns what to do about it, one sentence.
    pub fn remedy(&self) -> &str {
        match self {
            Self::Refused(refusal) => refusal.remedy(),
            Self::Node(error) => error.remedy(),
        }
    }
}

/// A grant on a chain.
#[derive(Clone, Copy, Debug)]
pub struct SessionClient<'a> {
    /// What was granted.
    pub grant: &'a Grant,
    /// The node.
    pub node: &'a Node,
    /// The EntryPoint.
    pub entry_point: Address,
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
}

/// Gas that an estimate may use in validation. An account's check of its owner gets half.
const AMPLE: u128 = 3_000_000;
/// What an operation's parts cost beside the account's own work: the EntryPoint's.
const ENTRY_POINT_WORK: u128 = 20_000;
/// Gas with which the account pays the EntryPoint: a call with value, a slot, an event. It is
/// added, not estimated: accounts do not mind if that call fails, so an estimate misses it.
const PREFUND: u128 = 45_000;
/// What every operation costs beside its parts: a share of the transaction and of the loops.
const OVERHEAD: u128 = 45_000;
/// Gas of a byte of calldata, as if none were zero.
const BYTE: u128 = 16;
/// What a plain transaction costs.
const TRANSACTION: u64 = 21_000;

impl<'a> SessionClient<'a> {
    /// Acts on a node's chain, through EntryPoint 0.7.
    pub const fn new(grant: &'a Grant, node: &'a Node) -> Self {
        Self { grant, node, entry_point: ENTRY_POINT_V07, lane: 0, paymaster_and_data: &[] }
    }

    /// Returns the module on that chain.
    pub const fn module(&self) -> Module<'a> {
        Module { node: self.node, address: self.grant.module }
    }

    /// Returns the EntryPoint on that chain.
    pub const fn entry_point(&self) -> EntryPoint<'a> {
        EntryPoint { node: self.node, address: self.entry_point }
    }

    /// Returns what the account is: as the grant says, or as the account itself does.
    ///
    /// # Errors
    /// [`ActError`] if nobody knows.
    pub async fn kind(&self) -> Result<AccountKind, ActError> {
        match self.grant.account_kind {
            Some(kind) => Ok(kind),
            None => account_kind(self.node, self.grant.session.account).await,
        }
    }

    /// Returns where and when the next operation would act.
    ///
    /// # Errors
    /// [`ActError`] if the session was revoked, or the chain cannot be asked.
    pub async fn context(&self) -> Result<DraftContext, ActError> {
        let id = self.grant.id();
        let state = self.module().session_state(self.grant.session.account, id).await?;
        if state.status == Status::Revoked {
            return Err(revoked(id).into());
        }
        Ok(DraftContext {
            chain_id: self.node.chain_id().await?,
            now: self.node.now().await?,
            is_enabled: state.status == Status::Enabled,
        })
    }

    /// Puts an operation together that makes these calls, with a dummy signature, no gas yet and
    /// the fees of now.
    ///
    /// # Errors
    /// [`ActError`] if the calls cannot be encoded, or the chain cannot be asked.
    pub async fn assemble(
        &self,
        calls: &[Call],
        draft: OperationDraft,
    ) -> Result<Prepared, ActError> {
        let account = self.grant.session.account;
        let key = self.kind().await?.nonce_key(self.grant.module, self.lane)?;
        let nonce = self.entry_point().nonce(account, key).await?;
        let price = with_headroom(self.node.gas_price().await?);
        let op = UserOperation {
            sender: account,
            nonce,
            initCode: Bytes::new(),
            callData: execute_call_data(calls)?,
            accountGasLimits: two_numbers(AMPLE, AMPLE),
            preVerificationGas: U256::ZERO,
            gasFees: two_numbers(0, price),
            paymasterAndData: Bytes::copy_from_slice(self.paymaster_and_data),
            signature: draft.dummy(),
        };
        Ok(Prepared { op, draft })
    }

    /// Prepares the operation that makes these calls: permissions, nonce, fees and gas.
    ///
    /// A bundler is asked for the gas if there is one, else the node.
    ///
    /// # Errors
    /// [`ActError`] if it would be refused, with the reason.
    pub async fn prepare(
        &self,
        calls: &[Call],
        bundler: Option<&Bundler>,
    ) -> Result<Prepared, ActError> {
        let context = self.context().await?;
        let draft = self.grant.draft(calls, context)?;
        let mut prepared = self.assemble(calls, draft).await?;
        let mut needs = match bundler {
            Some(bundler) => self.ask_bundler(bundler, &mut prepared.op).await?,
            None => self.estimate(&prepared.op, context.is_enabled).await?,
        };
        // Where the program is not cached, its start may cost more than the estimate saw.
        let program = Program { node: self.node, address: self.grant.module };
        let start = program.start_gas().await.unwrap_or_default();
        if bundler.is_some() {
            needs.verification = needs.verification.saturating_add(start.into());
        }
        prepared.op.accountGasLimits = two_numbers(needs.verification, needs.call);
        prepared.op.preVerificationGas = U256::from(needs.pre_verification);
        Ok(prepared)
    }

    /// Bundlers want to find the limits themselves.
    async fn ask_bundler(
        &self,
        bundler: &Bundler,
        op: &mut UserOperation,
    ) -> Result<GasNeeds, ActError> {
        op.accountGasLimits = two_numbers(0, 0);
        Ok(bundler.estimate(op, self.entry_point).await?)
    }

    /// Estimates on the node.
    pub(crate) async fn estimate(
        &self,
        op: &UserOperation,
        is_enabled: bool,
    ) -> Result<GasNeeds, ActError> {
        Ok(estimate(self.entry_point(), op, is_enabled).await?)
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
        let hash = self.entry_point().hash(&prepared.op).await?;
        let signature = prepared.draft.sign(self.grant.module, hash, delegate).await?;
        Ok(UserOperation { signature, ..prepared.op.clone() })
    }

    /// Acts on the direct path, without bundler and EntryPoint: the delegate itself calls the
    /// module, which has the account make the calls. Kind 0 only; the module must be installed
    /// as an executor too.
    ///
    /// # Errors
    /// [`ActError`] if the key is not the session's, or the module refuses.
    pub async fn act_directly(
        &self,
        calls: &[Call],
        delegate: &SoftwareKey,
    ) -> Result<alloy_primitives::B256, ActError> {
        check_delegate_key(&self.grant.session, delegate)?;
        let draft = self.grant.draft_untimed(calls, self.context().await?)?;
        let (mode, calldata) = execution(calls)?;
        let account = self.grant.session.account;
        let call = self.module().execute_call(account, draft.sealed(&[]), mode, calldata);
        let receipt = self.node.transact(delegate, call.target, call.data, U256::ZERO).await?;
        Ok(receipt.transaction_hash)
    }

    /// Sends a signed operation through a bundler, and waits until it is mined.
    ///
    /// # Errors
    /// [`ActError`] if it is refused.
    pub async fn send(&self, op: &UserOperation, bundler: &Bundler) -> Result<Mined, ActError> {
        let hash = bundler.send(op, self.entry_point).await?;
        Ok(bundler.wait(hash).await?)
    }

    /// Sends a signed operation to the EntryPoint itself, in a transaction of somebody who gets
    /// the fees back.
    ///
    /// # Errors
    /// [`ActError`] if it is refused.
    pub async fn bundle(&self, op: UserOperation, sender: &SoftwareKey) -> Result<Mined, ActError> {
        let hash = self.entry_point().hash(&op).await?;
        let data = EntryPoint::handle_op(op, sender.address());
        let receipt = self.node.transact(sender, self.entry_point, data, U256::ZERO).await?;
        Ok(self.entry_point().mined(hash, &receipt)?)
    }
}

/// Estimates on the node: what the EntryPoint asks the account for, call by call.
pub(crate) async fn estimate(
    entry_point: EntryPoint<'_>,
    op: &UserOperation,
    is_enabled: bool,
) -> Result<GasNeeds, NodeError> {
    let EntryPoint { node, address: from } = entry_point;
    // Limits are ample here: at the price of 1 wei they do not count as fees.
    let op = &UserOperation { gasFees: two_numbers(0, 1), ..op.clone() };
    let validation = IValidatingAccount::validateUserOpCall {
        userOp: op.clone(),
        userOpHash: entry_point.hash(op).await?,
        missingAccountFunds: U256::ZERO,
    };
    let data = validation.abi_encode().into();
    let validation = node.estimate_gas(from, op.sender, data, U256::ZERO).await?;
    let call = node.estimate_gas(from, op.sender, op.callData.clone(), U256::ZERO).await?;
    let validation = u128::from(validation.saturating_sub(TRANSACTION));
    let call = u128::from(call.saturating_sub(TRANSACTION));
    let bytes = [&op.callData, &op.signature, &op.paymasterAndData].map(|bytes| bytes.len());
    let bytes = bytes.into_iter().fold(0_usize, usize::saturating_add);
    let bytes = u128::try_from(bytes).unwrap_or(u128::MAX);
    // The account's check of its owner gets half of the limit, whatever the rest costs.
    let spare = if is_enabled { validation / 4 } else { validation };
    Ok(GasNeeds {
        verification: validation
            .saturating_add(spare)
            .saturating_add(ENTRY_POINT_WORK)
            .saturating_add(PREFUND),
        call: call.saturating_add(call / 4).saturating_add(ENTRY_POINT_WORK),
        pre_verification: bytes.saturating_mul(BYTE).saturating_add(OVERHEAD),
    })
}

/// Asks a deployed account what it is.
///
/// # Errors
/// [`ActError`] if it is not deployed, or unknown here.
pub async fn account_kind(node: &Node, account: Address) -> Result<AccountKind, ActError> {
    let remedy = "deploy it first, or name the kind of an account that works like it";
    let unknown = |reason: String| Refusal::new(RefusalCode::UnknownAccountKind, reason, remedy);
    match node.ask(account, &ISelfDescribing::accountIdCall {}).await {
        Ok(id) => AccountKind::from_account_id(&id)
            .ok_or_else(|| unknown(format!("{account} is {id}, unknown here")).into()),
        Err(error @ (NodeError::Unreachable { .. } | NodeError::Refused { .. })) => {
            Err(error.into())
        }
        Err(_) => Err(unknown(format!("{account} does not say what kind of account it is")).into()),
    }
}

pub(crate) fn revoked(id: alloy_primitives::B256) -> Refusal {
    Refusal::new(
        RefusalCode::SessionRevokedForEver,
        format!("session {id} was revoked"),
        "ask the owner for a new session",
    )
}
