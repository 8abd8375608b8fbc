//! Questions to a node.

use core::future::IntoFuture;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use alloy_primitives::{Address, B256, Bytes, TxKind, U256};
use alloy_provider::{DynProvider, Provider, RootProvider, network};
use alloy_rpc_client::RpcClient;
use alloy_rpc_types_eth::{BlockNumberOrTag, TransactionReceipt, TransactionRequest};
use alloy_sol_types::SolCall;
use alloy_transport::TransportResult;
use serde_json::Value;

use crate::rpc::clock::{ClockSource, Clocks};
use crate::rpc::error::NodeError;
use crate::rpc::fees::{FeeTerms, GasPrice};

/// How long a connection may take to be made, and an answer to come.
const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_mins(1);
/// How long a transaction or operation is waited for.
const PATIENCE: Duration = Duration::from_mins(2);
/// Pauses before a question is asked again that was not answered for now.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// A node, asked over JSON-RPC.
///
/// It is trusted for what the chain's state is, and for nothing more: no hash that is signed
/// comes from it, its chain id is asked once and then kept, and what it says about gas is bounded
/// by [`FeeTerms`].
#[derive(Clone, Debug)]
pub struct Node {
    pub(super) provider: DynProvider,
    pub(super) url: String,
    pub(super) fees: FeeTerms,
    pub(super) patience: Duration,
    clock: ClockSource,
    chain_id: Arc<OnceLock<u64>>,
}

impl Node {
    /// Returns the node at a URL. Nothing is sent yet.
    ///
    /// # Errors
    /// [`NodeError::Url`].
    pub fn at(url: &str) -> Result<Self, NodeError> {
        let malformed = || NodeError::Url { url: url.into() };
        let parsed = reqwest::Url::parse(url).map_err(|_| malformed())?;
        if !["http", "https"].contains(&parsed.scheme()) {
            return Err(malformed());
        }
        // It fails where the process has chosen how TLS is done already: that choice stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client =
            reqwest::Client::builder().connect_timeout(CONNECT).timeout(ANSWER).build().map_err(
                |error| NodeError::Unreachable { url: url.into(), why: error.to_string() },
            )?;
        let client = RpcClient::new_http_with_client(client, parsed);
        let provider: RootProvider<network::Ethereum> = RootProvider::new(client);
        Ok(Self::of(provider.erased(), url))
    }

    /// Returns the node behind a provider of alloy. The name stands in errors.
    pub fn of(provider: DynProvider, name: &str) -> Self {
        Self {
            provider,
            url: name.into(),
            fees: FeeTerms::default(),
            patience: PATIENCE,
            clock: ClockSource::default(),
            chain_id: Arc::default(),
        }
    }

    /// Sets what may be paid for gas.
    #[must_use]
    pub fn with_fee_terms(mut self, fees: FeeTerms) -> Self {
        self.fees = fees;
        self
    }

    /// Sets which clocks are asked.
    #[must_use]
    pub fn with_clock(mut self, clock: ClockSource) -> Self {
        self.clock = clock;
        self
    }

    /// Sets how long a transaction or operation is waited for; two minutes if not set.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Returns the chain's id. It is asked once and then kept, so that everything that is signed
    /// with this node, and with its clones, is for one chain.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn chain_id(&self) -> Result<u64, NodeError> {
        if let Some(chain_id) = self.chain_id.get() {
            return Ok(*chain_id);
        }
        let answer = self.asked(|| self.provider.get_chain_id()).await?;
        Ok(*self.chain_id.get_or_init(|| answer))
    }

    /// Checks that the node is of the chain that is meant.
    ///
    /// # Errors
    /// [`NodeError::WrongChain`] if it is not.
    pub async fn expect_chain(&self, wanted: u64) -> Result<(), NodeError> {
        let got = self.chain_id().await?;
        if got == wanted { Ok(()) } else { Err(NodeError::WrongChain { got, wanted }) }
    }

    /// Returns what the newest block's clock and the system's show.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn clocks(&self) -> Result<Clocks, NodeError> {
        Ok(Clocks::beside(self.newest_block_time().await?, self.clock))
    }

    /// Returns the newest block's time, in unix seconds.
    pub(super) async fn newest_block_time(&self) -> Result<u64, NodeError> {
        let newest = || self.provider.get_block_by_number(BlockNumberOrTag::Latest);
        let block = self.asked(newest).await?;
        Ok(block.ok_or(NodeError::Garbled { what: "the newest block" })?.header.timestamp)
    }

    /// Returns the time at which things are judged, in unix seconds: [`Clocks::judged`].
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn now(&self) -> Result<u64, NodeError> {
        Ok(self.clocks().await?.judged())
    }

    /// Returns the newest block's number.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn block_number(&self) -> Result<u64, NodeError> {
        self.asked(|| self.provider.get_block_number()).await
    }

    /// Returns the number of the oldest block that the node has: of older ones it has no logs.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn oldest_block(&self) -> Result<u64, NodeError> {
        let oldest = || self.provider.get_block_by_number(BlockNumberOrTag::Earliest);
        match self.asked(oldest).await {
            Ok(Some(block)) => Ok(block.header.number),
            // A node that does not answer about its oldest block may have all of them.
            Ok(None) | Err(NodeError::Refused { .. }) => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Returns an account's code.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn code(&self, address: Address) -> Result<Bytes, NodeError> {
        self.asked(|| self.provider.get_code_at(address)).await
    }

    /// Returns an account's balance in wei.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn balance(&self, address: Address) -> Result<U256, NodeError> {
        self.asked(|| self.provider.get_balance(address)).await
    }

    /// Returns a word of a contract's storage.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn storage(&self, contract: Address, slot: B256) -> Result<B256, NodeError> {
        let word = self.asked(|| self.provider.get_storage_at(contract, slot.into())).await?;
        Ok(word.into())
    }

    /// Returns what gas costs now, in wei.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn gas_price(&self) -> Result<u128, NodeError> {
        self.asked(|| self.provider.get_gas_price()).await
    }

    /// Returns what is offered for gas now: some headroom over its price, and the tip that the
    /// [`FeeTerms`] name, or that the node asks for.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn offered_price(&self) -> Result<GasPrice, NodeError> {
        let price = self.gas_price().await?;
        let priority = match self.fees.priority_fee {
            Some(priority) => priority,
            None => match self.asked(|| self.provider.get_max_priority_fee_per_gas()).await {
                Ok(priority) => priority,
                // A node that does not know the question wants no tip.
                Err(NodeError::Refused { .. }) => 0,
                Err(error) => return Err(error),
            },
        };
        Ok(GasPrice::with_headroom(price, priority))
    }

    /// Calls a function and reads its answer.
    ///
    /// # Errors
    /// [`NodeError`] if it reverts, or the answer makes no sense.
    pub async fn ask<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return, NodeError> {
        self.ask_as(None, to, call).await
    }

    /// Calls a function in another's name and reads its answer.
    ///
    /// # Errors
    /// [`NodeError`] if it reverts, or the answer makes no sense.
    pub async fn ask_as<C: SolCall>(
        &self,
        from: Option<Address>,
        to: Address,
        call: &C,
    ) -> Result<C::Return, NodeError> {
        let answer = self.call(from, to, call.abi_encode().into(), U256::ZERO).await?;
        if answer.is_empty() && self.code(to).await?.is_empty() {
            return Err(NodeError::NoContract { address: to });
        }
        C::abi_decode_returns_validate(&answer)
            .map_err(|_| NodeError::Garbled { what: C::SIGNATURE })
    }

    /// Calls a contract, and returns what it returns.
    ///
    /// # Errors
    /// [`NodeError::Reverted`] if it reverts.
    pub async fn call(
        &self,
        from: Option<Address>,
        to: Address,
        data: Bytes,
        value: U256,
    ) -> Result<Bytes, NodeError> {
        let request = request(from, to, data, value);
        self.asked(|| self.provider.call(request.clone())).await
    }

    /// Returns the gas that a transaction needs.
    ///
    /// # Errors
    /// [`NodeError::Reverted`] if it would revert.
    pub async fn estimate_gas(
        &self,
        from: Address,
        to: Address,
        data: Bytes,
        value: U256,
    ) -> Result<u64, NodeError> {
        let request = request(Some(from), to, data, value);
        self.asked(|| self.provider.estimate_gas(request.clone())).await
    }

    /// Returns the receipt of a transaction, `None` if it is not mined.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn receipt(&self, hash: B256) -> Result<Option<TransactionReceipt>, NodeError> {
        self.asked(|| self.provider.get_transaction_receipt(hash)).await
    }

    /// Makes any request.
    ///
    /// # Errors
    /// [`NodeError`] if it is refused.
    pub async fn request(&self, method: &'static str, params: Value) -> Result<Value, NodeError> {
        self.asked(|| self.provider.raw_request(method.into(), params.clone())).await
    }

    /// Makes any request, once: for what is not asked but sent.
    pub(super) async fn request_once(
        &self,
        method: &'static str,
        params: Value,
    ) -> Result<Value, NodeError> {
        let answer = self.provider.raw_request(method.into(), params).await;
        answer.map_err(|error| NodeError::of(&error, &self.url))
    }

    /// Asks, and asks again with growing pauses where the answer is "later".
    pub(super) async fn asked<T, Question>(
        &self,
        ask: impl Fn() -> Question,
    ) -> Result<T, NodeError>
    where
        Question: IntoFuture<Output = TransportResult<T>>,
    {
        let once = async || ask().await.map_err(|error| NodeError::of(&error, &self.url));
        for pause in PAUSES {
            match once().await {
                Err(error) if error.is_transient() => tokio::time::sleep(pause).await,
                answer => return answer,
            }
        }
        once().await
    }
}

fn request(from: Option<Address>, to: Address, data: Bytes, value: U256) -> TransactionRequest {
    TransactionRequest {
        from,
        to: Some(TxKind::Call(to)),
        value: Some(value),
        input: data.into(),
        ..TransactionRequest::default()
    }
}
