//! What clients have the dev accounts sign.

use alloy_dyn_abi::TypedData;
use alloy_primitives::{Address, B256, Bytes, eip191_hash_message};
use serde_json::{Value, json};

use super::backend::Backend;
use super::dev_signature::sign;
use super::error::RpcError;
use super::params::Params;
use crate::DEV_ACCOUNTS;

/// `eth_accounts()`
pub(super) fn accounts(_: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(json!(DEV_ACCOUNTS.map(|account| account.address)))
}

/// `eth_sign(account, message)`, as EIP-191 has it (version `0x45`).
pub(super) fn sign_message(_: &Backend, params: &Params) -> Result<Value, RpcError> {
    let message: Bytes = params.required(1, "message")?;
    signature(params, 0, eip191_hash_message(message))
}

/// `personal_sign(message, account)`: the same in another order.
pub(super) fn personal_sign(_: &Backend, params: &Params) -> Result<Value, RpcError> {
    let message: Bytes = params.required(0, "message")?;
    signature(params, 1, eip191_hash_message(message))
}

/// `eth_signTypedData_v4(account, typed data)`, the data as an object or its text (EIP-712).
pub(super) fn sign_typed_data(_: &Backend, params: &Params) -> Result<Value, RpcError> {
    let wrong = |reason: String| RpcError::parameter(1, "typed data", reason);
    let data: Value = params.required(1, "typed data")?;
    let data: Result<TypedData, _> = match &data {
        Value::String(text) => serde_json::from_str(text),
        data => serde_json::from_value(data.clone()),
    };
    let data = data.map_err(|error| wrong(error.to_string()))?;
    let hash = data.eip712_signing_hash().map_err(|error| wrong(error.to_string()))?;
    signature(params, 0, hash)
}

fn signature(params: &Params, index: usize, hash: B256) -> Result<Value, RpcError> {
    let account: Address = params.required(index, "account")?;
    let signature = sign(account, hash)
        .ok_or_else(|| RpcError::parameter(index, "account", "unknown account: no dev account"))?;
    Ok(json!(Bytes::from(signature.as_bytes())))
}
