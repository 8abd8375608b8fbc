//! Questions to a node, and transactions to it.

use std::time::Duration;

use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Address, B256, Bytes, Signature, TxKind, U256};
use alloy_provider::{DynProvider, Provider, RootProvider, network};
use alloy_rpc_client::RpcClient;
use alloy_rpc_types_eth::{BlockNumberOrTag, Filter, Log, TransactionReceipt, TransactionRequest};
use alloy_sol_types::SolCall;
use alloy_transport::{RpcError, TransportErrorKind};
use serde_json::Value;

use crate::keys::software_key::SoftwareKey;
use crate::rpc::failure::sentence;

/// How long a connection may take to be made, and an answer to come.
const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_mins(1);
/// How often a receipt is asked for, and how many times.
const PAUSE: Duration = Duration::from_millis(250);
const PATIENCE: u32 = 480;

/// Why a node did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NodeError {
    /// The URL is none.
    #[error("{url:?} is no URL of a node")]
    Url {
        /// What was given.
        url: String,
    },
    /// Nothing answers, or not as a node does.
    #[error("no node answers at {url}: {why}")]
    Unreachable {
        /// Where it was looked for.
        url: String,
        /// What came instead.
        why: String,
    },
    /// A call reverted.
    #[error("{}", sentence(.data))]
    Reverted {
        /// With these bytes.
        data: Bytes,
    },
    /// The node, or bundler, refused a request.
    #[error("{message}")]
    Refused {
        /// What it said.
        message: String,
        /// What it added.
        data: Option<String>,
    },
    /// There is no contract.
    #[error("there is no contract at {address}")]
    NoContract {
        /// Where.
        address: Address,
    },
    /// An answer is not what the standard says.
    #[error("{what} is not in the form of its standard")]
    Garbled {
        /// What.
        what: &'static str,
    },
    /// A transaction was mined and failed.
    #[error("transaction {hash} was mined and failed")]
    Failed {
        /// Its hash.
        hash: B256,
    },
    /// A transaction or operation was sent and is not mined yet.
    #[error("{hash} was sent and is not mined yet")]
    NotMined {
        /// Its hash.
        hash: B256,
    },
}

impl NodeError {
    /// Returns what to do about it, one sentence.
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Url { .. } => "give one that begins with http:// or https://",
            Self::Unreachable { .. } => "check the URL and the network, and that the node runs",
            Self::Reverted { .. } => {
                "change what is asked for, or ask the owner for another session"
            }
            Self::Refused { .. } => "read what it says, and change the request",
            Self::NoContract { .. } => "check the address, and that the node is of the right chain",
            Self::Garbled { .. } => "ask another node",
            Self::Failed { .. } => "look at it in a block explorer, and try again",
            Self::NotMined { .. } => "look for it later before you send another",
        }
    }
}

/// A node, asked over JSON-RPC.
#[derive(Clone, Debug)]
pub struct Node {
    provider: DynProvider,
    url: String,
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
        // Whoever was first has chosen how TLS is done in this process: that is fine.
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
        Self { provider, url: name.into() }
    }

    /// Returns the chain's id.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn chain_id(&self) -> Result<u64, NodeError> {
        self.provider.get_chain_id().await.map_err(|error| self.explain(error))
    }

    /// Returns the time of the newest block, in unix seconds.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn now(&self) -> Result<u64, NodeError> {
        let block = self.provider.get_block_by_number(BlockNumberOrTag::Latest).await;
        let block = block.map_err(|error| self.explain(error))?;
        block
            .map(|block| block.header.timestamp)
            .ok_or(NodeError::Garbled { what: "the newest block" })
    }

    /// Returns an account's code.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn code(&self, address: Address) -> Result<Bytes, NodeError> {
        self.provider.get_code_at(address).await.map_err(|error| self.explain(error))
    }

    /// Returns an account's balance in wei.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn balance(&self, address: Address) -> Result<U256, NodeError> {
        self.provider.get_balance(address).await.map_err(|error| self.explain(error))
    }

    /// Returns what gas costs now, in wei.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn gas_price(&self) -> Result<u128, NodeError> {
        self.provider.get_gas_price().await.map_err(|error| self.explain(error))
    }

    /// Calls a function and reads its answer.
    ///
    /// # Errors
    /// [`NodeError`] if it reverts, or the answer makes no sense.
    pub async fn ask<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return, NodeError> {
        self.ask_as(None, to, call).await
    }

    /// Calls a function as somebody and reads its answer.
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
        C::abi_decode_returns(&answer).map_err(|_| NodeError::Garbled { what: C::SIGNATURE })
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
        self.provider.call(request).await.map_err(|error| self.explain(error))
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
        self.provider.estimate_gas(request).await.map_err(|error| self.explain(error))
    }

    /// Returns the logs that a filter selects.
    ///
    /// # Errors
    /// [`NodeError`] if there is no answer.
    pub async fn logs(&self, filter: &Filter) -> Result<Vec<Log>, NodeError> {
        self.provider.get_logs(filter).await.map_err(|error| self.explain(error))
    }

    /// Makes any request.
    ///
    /// # Errors
    /// [`NodeError`] if it is refused.
    pub async fn request(&self, method: &'static str, params: Value) -> Result<Value, NodeError> {
        self.provider.raw_request(method.into(), params).await.map_err(|error| self.explain(error))
    }

    /// Signs, sends and waits for a transaction.
    ///
    /// # Errors
    /// [`NodeError`] if it would revert, is refused, or fails.
    pub async fn transact(
        &self,
        sender: &SoftwareKey,
        to: Address,
        data: Bytes,
        value: U256,
    ) -> Result<TransactionReceipt, NodeError> {
        let from = sender.address();
        let gas = self.estimate_gas(from, to, data.clone(), value).await?;
        let nonce = self.provider.get_transaction_count(from).pending().await;
        let transaction = TxEip1559 {
            chain_id: self.chain_id().await?,
            nonce: nonce.map_err(|error| self.explain(error))?,
            // What is not used is not paid for.
            gas_limit: gas.saturating_add(gas / 4),
            max_fee_per_gas: with_headroom(self.gas_price().await?),
            max_priority_fee_per_gas: 0,
            to: TxKind::Call(to),
            value,
            access_list: alloy_eips::eip2930::AccessList::default(),
            input: data,
        };
        let garbled = || NodeError::Garbled { what: "the sender's signature" };
        let signature = sender.sign(transaction.signature_hash()).map_err(|_| garbled())?;
        let signature = Signature::try_from(&signature[..]).map_err(|_| garbled())?;
        let signed = TxEnvelope::from(transaction.into_signed(signature));
        self.send_raw(&signed.encoded_2718()).await
    }

    async fn send_raw(&self, encoded: &[u8]) -> Result<TransactionReceipt, NodeError> {
        let sent = self.provider.send_raw_transaction(encoded).await;
        let hash = *sent.map_err(|error| self.explain(error))?.tx_hash();
        for _ in 0..PATIENCE {
            let receipt = self.provider.get_transaction_receipt(hash).await;
            if let Some(receipt) = receipt.map_err(|error| self.explain(error))? {
                return if receipt.status() {
                    Ok(receipt)
                } else {
                    Err(NodeError::Failed { hash })
                };
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(NodeError::NotMined { hash })
    }

    fn explain(&self, error: RpcError<TransportErrorKind>) -> NodeError {
        match error {
            RpcError::ErrorResp(payload) => {
                if let Some(data) = payload.as_revert_data() {
                    return NodeError::Reverted { data };
                }
                let message = payload.message.to_string();
                // A revert without a reason has no data in it.
                if message.trim() == "execution reverted" {
                    return NodeError::Reverted { data: Bytes::new() };
                }
                let data = payload.data.as_ref().map(|data| data.get().to_owned());
                NodeError::Refused { message, data }
            }
            RpcError::NullResp => NodeError::Garbled { what: "an empty answer of the node" },
            RpcError::DeserError { .. } => NodeError::Unreachable {
                url: self.url.clone(),
                why: "what answers is no JSON-RPC node".into(),
            },
            other => NodeError::Unreachable { url: self.url.clone(), why: root_cause(&other) },
        }
    }
}

/// Gas prices may rise between two blocks.
pub(crate) const fn with_headroom(price: u128) -> u128 {
    price.saturating_add(price / 2)
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

/// The innermost reason of an error: the outer ones only say that something failed.
fn root_cause(error: &dyn core::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
