//! Which method does what.

use serde_json::Value;

use super::backend::Backend;
use super::error::RpcError;
use super::params::Params;
use super::{
    about, access_list, call, control, estimate, fees, filter_methods, history, impersonation,
    keys, logs, send, simulate, state, subscription, trace, txpool,
};

/// What serves a method.
type Handler = fn(&Backend, &Params) -> Result<Value, RpcError>;

/// The methods, in the order of the README.
const METHODS: &[(&str, Handler)] = &[
    ("web3_clientVersion", about::client_version),
    ("web3_sha3", about::sha3),
    ("net_version", about::net_version),
    ("net_listening", about::listening),
    ("net_peerCount", about::zero),
    ("rpc_modules", about::modules),
    ("eth_chainId", about::chain_id),
    ("eth_syncing", about::no),
    ("eth_mining", about::no),
    ("eth_hashrate", about::zero),
    ("eth_coinbase", about::coinbase),
    ("eth_accounts", keys::accounts),
    // Blocks, transactions, receipts, logs.
    ("eth_blockNumber", history::block_number),
    ("eth_getBlockByNumber", history::block_by_number),
    ("eth_getBlockByHash", history::block_by_hash),
    ("eth_getHeaderByNumber", history::header_by_number),
    ("eth_getHeaderByHash", history::header_by_hash),
    ("eth_getBlockTransactionCountByNumber", history::count_by_number),
    ("eth_getBlockTransactionCountByHash", history::count_by_hash),
    ("eth_getUncleCountByBlockNumber", history::uncles_by_number),
    ("eth_getUncleCountByBlockHash", history::uncles_by_hash),
    ("eth_getTransactionByHash", history::transaction),
    ("eth_getTransactionByBlockNumberAndIndex", history::transaction_in_number),
    ("eth_getTransactionByBlockHashAndIndex", history::transaction_in_hash),
    ("eth_getRawTransactionByHash", history::raw_transaction),
    ("eth_getRawTransactionByBlockNumberAndIndex", history::raw_in_number),
    ("eth_getRawTransactionByBlockHashAndIndex", history::raw_in_hash),
    ("eth_getTransactionReceipt", history::receipt),
    ("eth_getBlockReceipts", history::block_receipts),
    ("eth_getLogs", logs::logs),
    // What follows the chain.
    ("eth_newFilter", filter_methods::new_filter),
    ("eth_newBlockFilter", filter_methods::new_block_filter),
    ("eth_newPendingTransactionFilter", filter_methods::new_transaction_filter),
    ("eth_getFilterChanges", filter_methods::changes),
    ("eth_getFilterLogs", filter_methods::filter_logs),
    ("eth_uninstallFilter", filter_methods::uninstall),
    ("eth_subscribe", subscription::refuse),
    ("eth_unsubscribe", subscription::refuse),
    // State.
    ("eth_getBalance", state::balance),
    ("eth_getTransactionCount", state::nonce),
    ("eth_getCode", state::code),
    ("eth_getStorageAt", state::storage),
    ("eth_getProof", state::refuse_proof),
    // Prices.
    ("eth_gasPrice", fees::gas_price),
    ("eth_maxPriorityFeePerGas", fees::priority_fee),
    ("eth_feeHistory", fees::history),
    // Calls.
    ("eth_call", call::call),
    ("eth_estimateGas", estimate::estimate),
    ("eth_createAccessList", access_list::create),
    ("eth_simulateV1", simulate::simulate),
    // Transactions.
    ("eth_sendRawTransaction", send::send_raw),
    ("eth_sendTransaction", send::send),
    ("eth_fillTransaction", send::fill),
    ("eth_signTransaction", send::sign),
    ("eth_sign", keys::sign_message),
    ("eth_signTypedData", keys::sign_typed_data),
    ("eth_signTypedData_v4", keys::sign_typed_data),
    ("personal_sign", keys::personal_sign),
    ("txpool_status", txpool::status),
    ("txpool_content", txpool::content),
    ("txpool_contentFrom", txpool::content_from),
    ("txpool_inspect", txpool::inspect),
    // Traces.
    ("debug_traceCall", trace::trace_call),
    ("debug_traceTransaction", trace::trace_transaction),
    ("debug_traceBlockByNumber", trace::trace_block_by_number),
    ("debug_traceBlockByHash", trace::trace_block_by_hash),
    ("debug_getRawTransaction", history::raw_transaction),
    // What only a dev node does.
    ("evm_snapshot", control::snapshot),
    ("anvil_snapshot", control::snapshot),
    ("evm_revert", control::revert),
    ("anvil_revert", control::revert),
    ("evm_increaseTime", control::increase_time),
    ("anvil_increaseTime", control::increase_time),
    ("evm_setNextBlockTimestamp", control::set_next_time),
    ("anvil_setNextBlockTimestamp", control::set_next_time),
    ("evm_setTime", control::set_time),
    ("anvil_setTime", control::set_time),
    ("evm_mine", control::mine),
    ("hardhat_mine", control::mine_many),
    ("anvil_mine", control::mine_many),
    ("evm_setAutomine", control::set_automine),
    ("anvil_setAutomine", control::set_automine),
    ("anvil_getAutomine", control::automine),
    ("hardhat_getAutomine", control::automine),
    ("evm_setIntervalMining", control::set_interval_mining),
    ("anvil_setIntervalMining", control::set_interval_mining),
    ("evm_setAccountBalance", control::set_balance),
    ("hardhat_setBalance", control::set_balance),
    ("anvil_setBalance", control::set_balance),
    ("evm_setAccountNonce", control::set_nonce),
    ("hardhat_setNonce", control::set_nonce),
    ("anvil_setNonce", control::set_nonce),
    ("evm_setAccountCode", control::set_code),
    ("hardhat_setCode", control::set_code),
    ("anvil_setCode", control::set_code),
    ("evm_setAccountStorageAt", control::set_storage),
    ("hardhat_setStorageAt", control::set_storage),
    ("anvil_setStorageAt", control::set_storage),
    ("anvil_impersonateAccount", impersonation::begin),
    ("hardhat_impersonateAccount", impersonation::begin),
    ("anvil_stopImpersonatingAccount", impersonation::end),
    ("hardhat_stopImpersonatingAccount", impersonation::end),
    ("anvil_autoImpersonateAccount", impersonation::all),
];

/// The names of the methods that a node serves.
///
/// `eth_subscribe` and `eth_unsubscribe` are served over a WebSocket alone.
pub fn methods() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(name, _)| *name)
}

/// Serves a request.
pub(super) fn serve(backend: &Backend, method: &str, params: &Params) -> Result<Value, RpcError> {
    let known = METHODS.iter().find(|(name, _)| *name == method);
    let (_, handler) = known.ok_or_else(|| RpcError::Method(method.to_owned()))?;
    // What an earlier request of this thread could not read of a forked chain.
    #[cfg(feature = "fork")]
    drop(crate::remote::failure::take());
    let result = handler(backend, params);
    #[cfg(feature = "fork")]
    if let Some(failure) = crate::remote::failure::take() {
        return Err(RpcError::Refused(format!("the forked chain cannot be read: {failure}")));
    }
    result
}
