//! A bundler: estimates, sends and waits for user operations (ERC-4337, ERC-7769).

use std::time::Duration;

use alloy_primitives::{Address, B256, U256, hex};
use serde_json::{Value, json};

use crate::rpc::entry_point::{Mined, UserOperation, split_numbers};
use crate::rpc::failure::sentence;
use crate::rpc::node::{Node, NodeError};

/// How often a receipt is asked for, and how many times.
const PAUSE: Duration = Duration::from_millis(500);
const PATIENCE: u32 = 240;

/// What an operation needs, as a bundler estimates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GasNeeds {
    /// Gas of the validation.
    pub verification: u128,
    /// Gas of the calls.
    pub call: u128,
    /// What the bundler wants beside that.
    pub pre_verification: u128,
}

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
        let answer = self.node.request("eth_estimateUserOperationGas", params).await?;
        let number = |field: &str| {
            let text = answer.get(field).and_then(Value::as_str).unwrap_or_default();
            let digits = text.strip_prefix("0x").unwrap_or_default();
            u128::from_str_radix(digits, 16)
                .map_err(|_| NodeError::Garbled { what: "the bundler's estimate" })
        };
        Ok(GasNeeds {
            verification: number("verificationGasLimit")?,
            call: number("callGasLimit")?,
            pre_verification: number("preVerificationGas")?,
        })
    }

    /// Sends an operation, and returns its hash.
    ///
    /// # Errors
    /// [`NodeError`] if the bundler refuses it: [`refusal_of`](crate::refusal_of) finds a module's error in that.
    pub async fn send(&self, op: &UserOperation, entry_point: Address) -> Result<B256, NodeError> {
        let params = json!([unpacked(op), entry_point]);
        let answer = self.node.request("eth_sendUserOperation", params).await?;
        answer
            .as_str()
            .and_then(|text| text.parse().ok())
            .ok_or(NodeError::Garbled { what: "the hash of the operation" })
    }

    /// Waits until an operation is mined.
    ///
    /// # Errors
    /// [`NodeError::NotMined`] if that takes more than two minutes.
    pub async fn wait(&self, hash: B256) -> Result<Mined, NodeError> {
        for _ in 0..PATIENCE {
            let answer = self.node.request("eth_getUserOperationReceipt", json!([hash])).await?;
            if !answer.is_null() {
                return mined(hash, &answer)
                    .ok_or(NodeError::Garbled { what: "the receipt of the operation" });
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(NodeError::NotMined { hash })
    }
}

fn mined(user_op_hash: B256, receipt: &Value) -> Option<Mined> {
    let number = |field: &str| -> Option<U256> { receipt.get(field)?.as_str()?.parse().ok() };
    let is_success = receipt.get("success")?.as_bool()?;
    let reason = receipt.get("reason").and_then(Value::as_str).and_then(|text| {
        let bytes = hex::decode(text).ok()?;
        Some(sentence(&bytes))
    });
    Some(Mined {
        user_op_hash,
        transaction: receipt.get("receipt")?.get("transactionHash")?.as_str()?.parse().ok()?,
        is_success,
        reason: if is_success { None } else { reason.or_else(|| Some(sentence(&[]))) },
        cost: number("actualGasCost")?,
        gas_used: number("actualGasUsed")?,
    })
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
    use alloy_primitives::Bytes;

    use super::*;
    use crate::rpc::entry_point::two_numbers;

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
