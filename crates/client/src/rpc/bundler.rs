//! A bundler: estimates, sends and finds user operations (ERC-4337, ERC-7769).
//!
//! It is trusted for nothing. What it wants for gas is bounded before anything is signed, the
//! hash that it tells is compared with the one computed here, and what became of an operation is
//! read from the node.

use alloy_primitives::{Address, B256, hex};
use serde_json::{Value, json};

use crate::operation::abi::UserOperation;
use crate::operation::user_operation::split_numbers;
use crate::rpc::error::NodeError;
use crate::rpc::fees::GasPrice;
use crate::rpc::gas_needs::GasNeeds;
use crate::rpc::node::Node;

/// A bundler, asked over JSON-RPC.
#[derive(Clone, Debug)]
pub struct Bundler {
    node: Node,
}

impl Bundler {
    /// Returns the bundler at a URL. Nothing is sent yet.
    ///
    /// # Errors
    /// [`NodeError::Url`].
    pub fn at(url: &str) -> Result<Self, NodeError> {
        Ok(Self { node: Node::at(url)? })
    }

    /// Estimates what an operation needs; its signature may be a dummy.
    ///
    /// # Errors
    /// [`NodeError`] if the bundler refuses the operation.
    pub async fn estimate(
        &self,
        op: &UserOperation,
        entry_point: Address,
    ) -> Result<GasNeeds, NodeError> {
        let params = json!([unpacked(op), entry_point]);
        let answer =
            self.node.request("eth_estimateUserOperationGas", params).await.map_err(of_bundler)?;
        let number = |field: &str| {
            quantity(answer.get(field)).ok_or(NodeError::Garbled { what: "the bundler's estimate" })
        };
        Ok(GasNeeds {
            verification: number("verificationGasLimit")?,
            call: number("callGasLimit")?,
            pre_verification: number("preVerificationGas")?,
        })
    }

    /// Returns what the bundler wants for gas, where it says so: `pimlico_…GasPrice`, or
    /// `rundler_maxPriorityFeePerGas` over the `offered` price. No standard names such a
    /// question; a bundler that knows none of them takes what is offered.
    ///
    /// # Errors
    /// [`NodeError`] if the bundler cannot be asked.
    pub async fn wanted_price(&self, offered: GasPrice) -> Result<GasPrice, NodeError> {
        if let Some(answer) = self.if_known("pimlico_getUserOperationGasPrice").await? {
            let standard = answer.get("standard");
            let number = |field: &str| quantity(standard.and_then(|price| price.get(field)));
            if let Some(most) = number("maxFeePerGas")
                && let Some(priority) = number("maxPriorityFeePerGas")
            {
                return Ok(GasPrice { most: most.max(offered.most), priority });
            }
        }
        let answer = self.if_known("rundler_maxPriorityFeePerGas").await?;
        let priority = quantity(answer.as_ref()).unwrap_or_default().max(offered.priority);
        let more = priority.saturating_sub(offered.priority);
        Ok(GasPrice { most: offered.most.saturating_add(more), priority })
    }

    async fn if_known(&self, method: &'static str) -> Result<Option<Value>, NodeError> {
        match self.node.request(method, json!([])).await {
            Ok(answer) => Ok(Some(answer)),
            Err(NodeError::Refused { .. } | NodeError::Garbled { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends an operation once, and returns the hash that the bundler tells.
    ///
    /// # Errors
    /// [`NodeError`] if the bundler refuses it: [`refusal_of`](crate::refusal_of) finds a module's
    /// error in that.
    pub(super) async fn send(
        &self,
        op: &UserOperation,
        entry_point: Address,
    ) -> Result<B256, NodeError> {
        let params = json!([unpacked(op), entry_point]);
        let answer =
            self.node.request_once("eth_sendUserOperation", params).await.map_err(of_bundler)?;
        answer
            .as_str()
            .and_then(|text| text.parse().ok())
            .ok_or(NodeError::Garbled { what: "the hash of the operation" })
    }

    /// Returns the transaction in which, the bundler says, an operation was mined.
    ///
    /// # Errors
    /// [`NodeError`] if the bundler does not answer.
    pub(super) async fn transaction_of(&self, hash: B256) -> Result<Option<B256>, NodeError> {
        let answer = self.node.request("eth_getUserOperationReceipt", json!([hash])).await?;
        let transaction = answer.get("receipt").and_then(|receipt| receipt.get("transactionHash"));
        Ok(transaction.and_then(Value::as_str).and_then(|text| text.parse().ok()))
    }
}

/// Says that it is the bundler that refuses, not the chain.
fn of_bundler(error: NodeError) -> NodeError {
    match error {
        NodeError::Refused { message, data } => NodeError::BundlerRefused { message, data },
        NodeError::Reverted { data } => {
            NodeError::BundlerRefused { message: "it reverts".into(), data: Some(data.to_string()) }
        }
        other => other,
    }
}

/// Reads a quantity (EIP-1474): `0x` and hex digits.
fn quantity(value: Option<&Value>) -> Option<u128> {
    u128::from_str_radix(value?.as_str()?.strip_prefix("0x")?, 16).ok()
}

/// An operation as bundlers take it, for EntryPoint 0.7 and later.
fn unpacked(op: &UserOperation) -> Value {
    let hex = |number: u128| format!("{number:#x}");
    let (verification, call) = split_numbers(op.accountGasLimits);
    let (priority, most) = split_numbers(op.gasFees);
    let mut json = json!({
        "sender": op.sender,
        "nonce": op.nonce,
        "callData": op.callData,
        "callGasLimit": hex(call),
        "verificationGasLimit": hex(verification),
        "preVerificationGas": op.preVerificationGas,
        "maxFeePerGas": hex(most),
        "maxPriorityFeePerGas": hex(priority),
        "signature": op.signature,
    });
    let mut put = |field: &str, value: Value| {
        if let Some(fields) = json.as_object_mut() {
            fields.insert(field.into(), value);
        }
    };
    if let Some((factory, data)) = op.initCode.split_first_chunk::<20>() {
        put("factory", json!(Address::new(*factory)));
        put("factoryData", json!(hex::encode_prefixed(data)));
    }
    if let Some((paymaster, rest)) = op.paymasterAndData.split_first_chunk::<20>()
        && let Some((limits, data)) = rest.split_first_chunk::<32>()
    {
        let (verification, post_op) = split_numbers(B256::new(*limits));
        put("paymaster", json!(Address::new(*paymaster)));
        put("paymasterVerificationGasLimit", json!(hex(verification)));
        put("paymasterPostOpGasLimit", json!(hex(post_op)));
        put("paymasterData", json!(hex::encode_prefixed(data)));
    }
    json
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Bytes, U256};

    use super::*;
    use crate::rpc::gas_needs::two_numbers;

    fn operation() -> UserOperation {
        UserOperation {
            sender: Address::repeat_byte(1),
            nonce: U256::from(2),
            initCode: Bytes::new(),
            callData: Bytes::from_static(&[3]),
            accountGasLimits: two_numbers(4, 5),
            preVerificationGas: U256::from(6),
            gasFees: two_numbers(7, 8),
            paymasterAndData: Bytes::new(),
            signature: Bytes::from_static(&[9]),
        }
    }

    #[test]
    fn bundlers_get_the_fields_apart() {
        let mut op = operation();
        op.paymasterAndData =
            [&[0xaa; 20][..], &[0; 15], &[1], &[0; 15], &[2], &[0xdd]].concat().into();

        let json = unpacked(&op);

        assert_eq!(json["verificationGasLimit"], "0x4");
        assert_eq!(json["callGasLimit"], "0x5");
        assert_eq!(json["preVerificationGas"], "0x6");
        assert_eq!(json["maxPriorityFeePerGas"], "0x7");
        assert_eq!(json["maxFeePerGas"], "0x8");
        assert_eq!(json["paymasterVerificationGasLimit"], "0x1");
        assert_eq!(json["paymasterPostOpGasLimit"], "0x2");
        assert_eq!(json["paymasterData"], "0xdd");
        assert!(json.get("factory").is_none());
    }
}
