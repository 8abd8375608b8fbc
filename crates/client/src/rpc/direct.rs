//! Acting without bundler and EntryPoint: by the delegate's own call, by an order, by ERC-7710.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_rpc_types_eth::TransactionReceipt;
use alloy_sol_types::SolCall;
use serde_json::{Value, json};
use smart_session_core::abi::IAccount;

use crate::account::call::{Call, execution};
use crate::keys::delegate::{Delegate, check_delegate_key};
use crate::keys::software_key::SoftwareKey;
use crate::operation::order::{
    ORDER_NONCE_END, ORDER_SECONDS, Order, OrderDraft, OrderFate, OrderTerms, order_call,
};
use crate::operation::order_gas::order_gas;
use crate::operation::redemption::redeem_call;
use crate::refusal::{Refusal, RefusalCode};
use crate::rpc::act_error::ActError;
use crate::rpc::error::NodeError;
use crate::rpc::module::Status;
use crate::rpc::node::Node;
use crate::rpc::session_client::SessionClient;

/// What an order leaves open, and the client chooses where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderChoice {
    /// Its nonce; the next one of the session if left out. Naming one replaces an order that was
    /// given up: only one of them can run.
    pub nonce: Option<u32>,
    /// Seconds until its deadline; five minutes if left out, a day at the most.
    pub seconds: Option<u64>,
    /// The least gas that the account's call must have; estimated if left out.
    pub gas: Option<u32>,
    /// Who alone may bring it; anyone if left out.
    pub relayer: Option<Address>,
}

impl SessionClient<'_> {
    /// Acts on the direct path: the delegate itself calls the module, which has the account make
    /// the calls. Kind 0 only; the module must be installed as an executor too.
    ///
    /// # Errors
    /// [`ActError`] if the key is not the session's, or the module refuses.
    pub async fn act_directly(
        &self,
        calls: &[Call],
        delegate: &SoftwareKey,
    ) -> Result<B256, ActError> {
        check_delegate_key(&self.grant.session, delegate)?;
        let draft = self.grant.draft_untimed(calls, self.context().await?)?;
        self.check_executor().await?;
        let (mode, calldata) = execution(calls)?;
        let account = self.grant.session.account;
        let call = self.module().execute_call(account, draft.sealed(&[]), mode, calldata);
        Ok(transacted(self.node, delegate, call).await?.transaction_hash)
    }

    /// Acts by ERC-7710: the delegate redeems the session's context at the module.
    ///
    /// # Errors
    /// [`ActError`] as [`Self::act_directly`].
    pub async fn redeem(&self, calls: &[Call], delegate: &SoftwareKey) -> Result<B256, ActError> {
        check_delegate_key(&self.grant.session, delegate)?;
        let context = self.context().await?;
        let mut grant = self.grant.clone();
        if context.is_enabled {
            // What enabled it need not be shown again.
            grant.owner_signature = None;
        } else if grant.owner_signature.is_none() {
            return Err(self.grant.not_enabled().into());
        }
        let call = redeem_call(grant.module, &[grant.redemption(calls)?])?;
        self.check_executor().await?;
        Ok(transacted(self.node, delegate, call).await?.transaction_hash)
    }

    /// Prepares the order that makes these calls: permissions, nonce, deadline and gas.
    ///
    /// # Errors
    /// [`ActError`] if the session does not allow it, or the chain cannot be asked.
    pub async fn prepare_order(
        &self,
        calls: &[Call],
        choice: OrderChoice,
    ) -> Result<OrderDraft, ActError> {
        let state = self.state().await?;
        let clocks = self.node.clocks().await?;
        // A deadline is counted from the present: a clock that is ahead would let it live on.
        if let Some(difference) = clocks.difference(self.node.chain_id().await?) {
            return Err(Refusal::new(
                RefusalCode::ClocksDiffer,
                difference,
                "set the system's clock right, or say that this chain's time is made up (--clock \
                 chain)",
            )
            .into());
        }
        let context = self.context_at(state, clocks).await?;
        let next = state.order_nonce;
        if next >= ORDER_NONCE_END {
            return Err(Refusal::new(
                RefusalCode::OrdersUsedUp,
                "the session has run as many orders as there can be",
                "act by operations or by the delegate's own calls, or ask for a new session",
            )
            .into());
        }
        let nonce = choice.nonce.unwrap_or(next);
        if nonce < next {
            return Err(Refusal::new(
                RefusalCode::WrongOrderNonce,
                format!("the order has nonce {nonce}, the session's next one is {next}"),
                "take the next one, or one after it where others are still to run",
            )
            .into());
        }
        let mut terms = OrderTerms {
            nonce,
            deadline: context.now.saturating_add(choice.seconds.unwrap_or(ORDER_SECONDS)),
            gas: choice.gas.unwrap_or(u32::MAX),
            relayer: choice.relayer,
        };
        // What is wrong with calls or terms is told before the chain is asked for gas.
        let draft = self.grant.draft_order(calls, context, terms)?;
        if choice.gas.is_some() {
            return Ok(draft);
        }
        self.check_executor().await?;
        terms.gas = self.order_gas(calls).await?;
        Ok(self.grant.draft_order(calls, context, terms)?)
    }

    /// Signs the order that makes these calls: [`Self::prepare_order`], and the delegate's
    /// signature.
    ///
    /// # Errors
    /// [`ActError`] as [`Self::prepare_order`], or if the key is not the session's.
    pub async fn sign_order(
        &self,
        calls: &[Call],
        choice: OrderChoice,
        delegate: &impl Delegate,
    ) -> Result<Order, ActError> {
        check_delegate_key(&self.grant.session, delegate)?;
        let draft = self.prepare_order(calls, choice).await?;
        Ok(draft.sign(&self.grant.session, delegate).await?)
    }

    /// Asks the node for the gas that an order should ask for ([`order_gas`]).
    ///
    /// The account is asked for what the module will ask of it, in the module's name: no signature
    /// is needed, and nothing is sent.
    async fn order_gas(&self, calls: &[Call]) -> Result<u32, ActError> {
        let (mode, calldata) = execution(calls)?;
        let call = IAccount::executeFromExecutorCall { mode, executionCalldata: calldata };
        let (module, account) = (self.grant.module, self.grant.session.account);
        let data: Bytes = call.abi_encode().into();
        let least = self.node.estimate_gas(module, account, data.clone(), U256::ZERO).await?;
        let used = self.node.gas_used(module, account, &data).await?;
        Ok(order_gas(least, used, calls.len())?)
    }

    /// Refuses where the module is not installed as an executor.
    async fn check_executor(&self) -> Result<(), ActError> {
        let account = self.grant.session.account;
        if self.node.has_module(account, EXECUTOR, self.grant.module, Bytes::new()).await? {
            return Ok(());
        }
        Err(Refusal::new(
            RefusalCode::NotInstalled,
            format!("the module is not installed on {account} as an executor"),
            "have the owner install it so (session enable --by account --executor), or act by an \
             operation",
        )
        .into())
    }

    /// Tells what may become of orders of this session, as the chain stands: a client that gave one
    /// up asks before it does the same another way.
    ///
    /// # Errors
    /// [`ActError`] if the chain cannot be asked.
    pub async fn order_fates(&self, orders: &[OrderTerms]) -> Result<Vec<OrderFate>, ActError> {
        let state = self.state().await?;
        let epoch = self.module().epoch(self.grant.session.account).await?;
        let newest = self.node.newest_block_time().await?;
        let chain_id = self.node.chain_id().await?;
        let here = self.grant.session.chains.iter().find(|chain| chain.chain_id == chain_id);
        let is_over =
            state.status == Status::Revoked || here.is_none_or(|chain| chain.epoch != epoch);
        let fate = |terms: &OrderTerms| match terms.fate(state.order_nonce, newest) {
            fate if is_over && fate.may_still_land() => OrderFate::SessionEnded,
            fate => fate,
        };
        Ok(orders.iter().map(fate).collect())
    }
}

/// ERC-7579's type of executors.
const EXECUTOR: u8 = 2;

/// Brings a signed order, in a transaction of whoever pays for it. The node is asked first what the
/// order would do; its gas is never raised beyond what that shows.
///
/// # Errors
/// [`ActError`] if the order would be refused, with the module's reason; if it is not this chain's;
/// or if the transaction is not known to be mined.
pub async fn bring_order(
    node: &Node,
    order: &Order,
    sponsor: &SoftwareKey,
) -> Result<TransactionReceipt, ActError> {
    let call = order_call(order)?;
    node.expect_chain(order.chain_id).await?;
    if let Some(relayer) = order.terms.relayer
        && relayer != sponsor.address()
    {
        return Err(Refusal::new(
            RefusalCode::WrongKey,
            format!(
                "the order names {relayer} as its relayer, the key is of {}",
                sponsor.address()
            ),
            "let the relayer bring it, or have the delegate sign an order that names this one",
        )
        .into());
    }
    transacted(node, sponsor, call).await
}

async fn transacted(
    node: &Node,
    sender: &SoftwareKey,
    call: Call,
) -> Result<TransactionReceipt, ActError> {
    node.transact(sender, call.target, call.data, call.value).await
}

impl Node {
    /// Returns the gas that a call uses where it has plenty; `None` if the node does not tell.
    async fn gas_used(
        &self,
        from: Address,
        to: Address,
        data: &Bytes,
    ) -> Result<Option<u64>, NodeError> {
        let call = json!({ "from": from, "to": to, "data": data });
        match self.request("eth_createAccessList", json!([call, "latest"])).await {
            Ok(answer) => {
                let used = answer.get("gasUsed").and_then(Value::as_str);
                let used = used.and_then(|used| used.strip_prefix("0x"));
                Ok(used.and_then(|used| u64::from_str_radix(used, 16).ok()))
            }
            // A node that does not know the question.
            Err(NodeError::Refused { .. } | NodeError::Reverted { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
