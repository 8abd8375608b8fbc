//! A chain behind JSON-RPC: a Nitro dev node, or `devchain serve`.

mod backend;
mod keyless;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use alloy_consensus::{SignableTransaction, TxEip1559, TxEip7702, TxEnvelope};
use alloy_eips::Encodable2718;
use alloy_eips::eip2930::AccessList;
use alloy_eips::eip7702::Authorization;
use alloy_primitives::{Address, B256, Bytes, Log, LogData, Signature, TxKind, U256, hex};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use smart_session_client::{KeyError, SoftwareKey};

/// How long an answer, or a receipt, is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// Gas limit of a delegation with the call that initializes the account.
const DELEGATION_GAS: u64 = 2_000_000;

/// A chain behind JSON-RPC, and a funded key. Clones share both.
#[derive(Clone, Debug)]
pub struct Remote {
    url: String,
    agent: ureq::Agent,
    key: SoftwareKey,
    chain_id: u64,
    /// Held from asking for a nonce until its transaction is mined.
    sending: Arc<Mutex<()>>,
}

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Whether it succeeded.
    pub succeeded: bool,
    /// Gas used.
    pub gas_used: u64,
    /// Logs, in order.
    pub logs: Vec<Log>,
}

/// Why a chain behind a URL does not do what is asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// Nobody answers.
    #[error("{url} does not answer ({reason}): is there a node, and is its address http://…?")]
    Unreachable {
        /// Where it was looked for.
        url: String,
        /// The transport's reason.
        reason: String,
    },
    /// The node refuses the request.
    #[error("{method}: {message}{}", .data.as_ref().map(|data| format!(" ({data})")).unwrap_or_default())]
    Refused {
        /// What was asked.
        method: &'static str,
        /// The node's words.
        message: String,
        /// The revert data, if there are any.
        data: Option<Bytes>,
    },
    /// The answer is not what the method answers.
    #[error("{method}: the answer makes no sense: {reason}")]
    Nonsense {
        /// What was asked.
        method: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A transaction was not mined in time.
    #[error("a transaction was not mined within {} s", PATIENCE.as_secs())]
    NotMined,
    /// The key cannot sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A transaction that is sent as it is found has no sender.
    #[error("the deployment of the deterministic deployer is damaged: {reason}")]
    Damaged {
        /// What is wrong.
        reason: String,
    },
}

impl RemoteError {
    /// Returns the revert data, if it is a revert.
    pub fn revert_data(&self) -> Option<&Bytes> {
        match self {
            Self::Refused { data, .. } => data.as_ref(),
            _ => None,
        }
    }
}

impl Remote {
    /// Connects to a node.
    ///
    /// # Errors
    /// [`RemoteError`] if it does not answer.
    pub fn connect(url: &str, key: SoftwareKey) -> Result<Self, RemoteError> {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        let mut remote = Self {
            url: url.to_owned(),
            agent: config.into(),
            key,
            chain_id: 0,
            sending: Arc::default(),
        };
        remote.chain_id = remote.ask::<U256>("eth_chainId", json!([]))?.saturating_to();
        Ok(remote)
    }

    /// Returns where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the chain's id.
    pub fn chain_id(&self) -> u64 {
        self.chain_id
    }

    /// Returns the funded key's address.
    pub fn sender(&self) -> Address {
        self.key.address()
    }

    /// Asks the node.
    ///
    /// # Errors
    /// [`RemoteError`] if it does not answer, or not with what is expected.
    pub fn ask<T: DeserializeOwned>(
        &self,
        method: &'static str,
        params: impl Into<Value>,
    ) -> Result<T, RemoteError> {
        let unreachable =
            |reason: String| RemoteError::Unreachable { url: self.url.clone(), reason };
        let nonsense = |reason: String| RemoteError::Nonsense { method, reason };
        let request =
            json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params.into() });
        let mut answer = self
            .agent
            .post(&self.url)
            .header("content-type", "application/json")
            .send(request.to_string())
            .map_err(|error| unreachable(error.to_string()))?;
        let text = answer.body_mut().read_to_string();
        let text = text.map_err(|error| unreachable(error.to_string()))?;
        let mut answer: Value =
            serde_json::from_str(&text).map_err(|error| nonsense(error.to_string()))?;
        if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
            let message = error.get("message").and_then(Value::as_str).unwrap_or("no reason given");
            let data = error.get("data").and_then(Value::as_str).and_then(|data| data.parse().ok());
            return Err(RemoteError::Refused { method, message: message.to_owned(), data });
        }
        let result = answer.get_mut("result").map(Value::take).unwrap_or_default();
        T::deserialize(result).map_err(|error| nonsense(error.to_string()))
    }

    /// Calls a contract; nothing is kept.
    ///
    /// # Errors
    /// [`RemoteError`]; a revert has its [data](RemoteError::revert_data).
    pub fn call(&self, to: Address, data: impl Into<Bytes>) -> Result<Bytes, RemoteError> {
        let call = json!({ "from": self.sender(), "to": to, "data": data.into() });
        self.ask("eth_call", json!([call, "latest"]))
    }

    /// Returns the code of an account.
    ///
    /// # Errors
    /// [`RemoteError`] if the node does not answer.
    pub fn code(&self, account: Address) -> Result<Bytes, RemoteError> {
        self.ask("eth_getCode", json!([account, "latest"]))
    }

    /// Returns the time of the newest block, in seconds since 1970.
    ///
    /// # Errors
    /// [`RemoteError`] if the node does not answer.
    pub fn timestamp(&self) -> Result<u64, RemoteError> {
        #[derive(Deserialize)]
        struct Block {
            timestamp: U256,
        }
        let block: Block = self.ask("eth_getBlockByNumber", json!(["latest", false]))?;
        Ok(block.timestamp.saturating_to())
    }

    /// Sends a transaction of a key and waits until it is mined.
    ///
    /// # Errors
    /// [`RemoteError`]; a transaction that would revert is not sent, and its data are known.
    pub fn send(
        &self,
        key: &SoftwareKey,
        to: Address,
        value: U256,
        data: impl Into<Bytes>,
    ) -> Result<Receipt, RemoteError> {
        let _alone = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let (from, data) = (key.address(), data.into());
        let call = json!({ "from": from, "to": to, "value": value, "data": data });
        let gas: U256 = self.ask("eth_estimateGas", json!([call]))?;
        let price: U256 = self.ask("eth_gasPrice", json!([]))?;
        let nonce = self.nonce(from)?;
        let gas: u64 = gas.saturating_to();
        let transaction = TxEip1559 {
            chain_id: self.chain_id,
            nonce,
            // The state may move a little until it is mined.
            gas_limit: gas.saturating_add(gas / 5),
            max_fee_per_gas: price.saturating_mul(U256::from(2)).saturating_to(),
            max_priority_fee_per_gas: 0,
            to: TxKind::Call(to),
            value,
            access_list: AccessList::default(),
            input: data,
        };
        let signature = signed(key, transaction.signature_hash())?;
        self.send_raw(&TxEnvelope::from(transaction.into_signed(signature)).encoded_2718())
    }

    /// Has an EOA delegate its code to a contract (EIP-7702) and call itself, in a transaction of
    /// its own.
    ///
    /// # Errors
    /// [`RemoteError`] if it is refused.
    pub fn delegate(
        &self,
        authority: &SoftwareKey,
        delegate: Address,
        call: Bytes,
    ) -> Result<Receipt, RemoteError> {
        let _alone = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let (chain_id, address) = (self.chain_id, authority.address());
        let price: U256 = self.ask("eth_gasPrice", json!([]))?;
        let nonce = self.nonce(address)?;
        // The sender's nonce moves before its own authorization is looked at.
        let next = nonce.saturating_add(1);
        let authorization =
            Authorization { chain_id: U256::from(chain_id), address: delegate, nonce: next };
        let signature = signed(authority, authorization.signature_hash())?;
        let transaction = TxEip7702 {
            chain_id,
            nonce,
            gas_limit: DELEGATION_GAS,
            max_fee_per_gas: price.saturating_mul(U256::from(2)).saturating_to(),
            max_priority_fee_per_gas: 0,
            to: address,
            value: U256::ZERO,
            access_list: AccessList::default(),
            authorization_list: vec![authorization.into_signed(signature)],
            input: call,
        };
        let signature = signed(authority, transaction.signature_hash())?;
        self.send_raw(&TxEnvelope::from(transaction.into_signed(signature)).encoded_2718())
    }

    /// Returns the number of transactions that an account has sent.
    ///
    /// # Errors
    /// [`RemoteError`] if the node does not answer.
    pub fn nonce(&self, account: Address) -> Result<u64, RemoteError> {
        let nonce: U256 = self.ask("eth_getTransactionCount", json!([account, "pending"]))?;
        Ok(nonce.saturating_to())
    }

    /// Sends a signed transaction and waits until it is mined.
    ///
    /// # Errors
    /// [`RemoteError`] if it is refused or not mined.
    pub fn send_raw(&self, raw: &[u8]) -> Result<Receipt, RemoteError> {
        let hash: Value = self.ask("eth_sendRawTransaction", json!([hex::encode_prefixed(raw)]))?;
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            let receipt: Option<RawReceipt> =
                self.ask("eth_getTransactionReceipt", json!([hash]))?;
            if let Some(receipt) = receipt {
                return Ok(receipt.into());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Err(RemoteError::NotMined)
    }
}

fn signed(key: &SoftwareKey, digest: B256) -> Result<Signature, KeyError> {
    Signature::from_raw(&key.sign(digest)?).map_err(|_| KeyError::Unsignable)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReceipt {
    status: U256,
    gas_used: U256,
    logs: Vec<RawLog>,
}

#[derive(Deserialize)]
struct RawLog {
    address: Address,
    topics: Vec<B256>,
    data: Bytes,
}

impl From<RawReceipt> for Receipt {
    fn from(raw: RawReceipt) -> Self {
        let log = |log: RawLog| Log {
            address: log.address,
            data: LogData::new_unchecked(log.topics, log.data),
        };
        Self {
            succeeded: !raw.status.is_zero(),
            gas_used: raw.gas_used.saturating_to(),
            logs: raw.logs.into_iter().map(log).collect(),
        }
    }
}
