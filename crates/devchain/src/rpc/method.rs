//! Which method does what.

use alloy_eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use serde_json::{Value, json};

use super::error::RpcError;
use super::node::Node;
use super::params::Params;
use super::view::{json, quantity};
use super::{call, control, estimate, fees, logs, send, trace};
use crate::DEV_ACCOUNTS;

/// Serves a request.
pub(super) fn serve(node: &Node, method: &str, params: &Params) -> Result<Value, RpcError> {
    match method {
        "web3_clientVersion" => Ok(json!(concat!("devchain/", env!("CARGO_PKG_VERSION")))),
        "web3_sha3" => Ok(json!(keccak256(params.required::<Bytes>(0, "bytes")?))),
        "net_version" => Ok(json!(node.ledger().chain().chain_id().to_string())),
        "net_listening" => Ok(json!(true)),
        "eth_chainId" => Ok(quantity(node.ledger().chain().chain_id())),
        "eth_syncing" => Ok(json!(false)),
        "eth_accounts" => Ok(json!(DEV_ACCOUNTS.map(|account| account.address))),

        "eth_blockNumber" => Ok(quantity(node.ledger().newest())),
        "eth_getBlockByNumber" => {
            let number: BlockNumberOrTag = params.required(0, "block")?;
            block(node, BlockId::Number(number), params)
        }
        "eth_getBlockByHash" => {
            let hash: B256 = params.required(0, "block hash")?;
            block(node, BlockId::from(hash), params)
        }
        "eth_getBlockTransactionCountByNumber" => {
            let number: BlockNumberOrTag = params.required(0, "block")?;
            let ledger = node.ledger();
            let block = ledger.block_at(BlockId::Number(number));
            Ok(block.map_or(Value::Null, |block| quantity(block.mined.is_some().into())))
        }
        "eth_getTransactionByHash" => transaction(node, params),
        "eth_getTransactionReceipt" => receipt(node, params),
        "eth_getBlockReceipts" => block_receipts(node, params),
        "eth_getLogs" => logs::logs(node, params),

        "eth_getBalance" => {
            account(node, params, 1, |chain, account| json!(chain.balance(account)))
        }
        "eth_getTransactionCount" => {
            account(node, params, 1, |chain, account| quantity(chain.nonce(account)))
        }
        "eth_getCode" => account(node, params, 1, |chain, account| json!(chain.code(account))),
        "eth_getStorageAt" => {
            let slot: U256 = params.required(1, "slot")?;
            account(node, params, 2, |chain, account| {
                json!(B256::from(chain.storage(account, slot)))
            })
        }

        "eth_gasPrice" => Ok(quantity(node.ledger().chain().base_fee())),
        "eth_maxPriorityFeePerGas" => Ok(quantity(0)),
        "eth_feeHistory" => fees::history(node, params),

        "eth_call" => call::call(node, params),
        "eth_estimateGas" => estimate::estimate(node, params),
        "eth_sendRawTransaction" => send::send_raw(node, params),
        "eth_sendTransaction" => send::send(node, params),
        "debug_traceCall" => trace::trace_call(node, params),
        "debug_traceTransaction" => trace::trace_transaction(node, params),

        "evm_snapshot" => Ok(control::snapshot(node)),
        "evm_revert" => control::revert(node, params),
        "evm_increaseTime" => control::increase_time(node, params),
        "evm_setNextBlockTimestamp" => control::set_next_time(node, params),
        "evm_mine" => control::mine(node, params),
        "hardhat_mine" | "anvil_mine" => control::mine_many(node, params),
        "evm_setAccountBalance" | "hardhat_setBalance" | "anvil_setBalance" => {
            control::set_balance(node, params)
        }
        "evm_setAccountNonce" | "hardhat_setNonce" | "anvil_setNonce" => {
            control::set_nonce(node, params)
        }
        "evm_setAccountCode" | "hardhat_setCode" | "anvil_setCode" => {
            control::set_code(node, params)
        }
        "evm_setAccountStorageAt" | "hardhat_setStorageAt" | "anvil_setStorageAt" => {
            control::set_storage(node, params)
        }
        _ => Err(RpcError::Method(method.to_owned())),
    }
}

fn block(node: &Node, id: BlockId, params: &Params) -> Result<Value, RpcError> {
    let full = params.optional(1, "full transactions")?.unwrap_or(false);
    node.ledger().block_at(id).map_or(Ok(Value::Null), |block| block.to_json(full))
}

fn transaction(node: &Node, params: &Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required(0, "transaction hash")?;
    let ledger = node.ledger();
    ledger.transaction(hash).map_or(Ok(Value::Null), |(block, mined)| json(mined.in_block(block)))
}

fn receipt(node: &Node, params: &Params) -> Result<Value, RpcError> {
    let hash: B256 = params.required(0, "transaction hash")?;
    let ledger = node.ledger();
    ledger.transaction(hash).map_or(Ok(Value::Null), |(block, mined)| mined.receipt_json(block))
}

fn block_receipts(node: &Node, params: &Params) -> Result<Value, RpcError> {
    let id: BlockId = params.required(0, "block")?;
    let ledger = node.ledger();
    let Some(block) = ledger.block_at(id) else { return Ok(Value::Null) };
    let receipts: Result<Vec<_>, _> =
        block.mined.iter().map(|mined| mined.receipt_json(block)).collect();
    receipts.map(Value::Array)
}

fn account(
    node: &Node,
    params: &Params,
    block_index: usize,
    read: impl FnOnce(&crate::DevChain, Address) -> Value,
) -> Result<Value, RpcError> {
    let account: Address = params.required(0, "account")?;
    let block = params.optional(block_index, "block")?.unwrap_or(BlockId::latest());
    let state = node.ledger().state(block)?;
    Ok(read(&state, account))
}
