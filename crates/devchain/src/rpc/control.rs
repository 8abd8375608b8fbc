//! What only a dev node does: snapshots, time, blocks on demand, state set by hand.

use alloy_primitives::{Address, B256, Bytes, U64, U256};
use serde::Deserialize;
use serde_json::{Value, json};

use super::backend::Backend;
use super::error::RpcError;
use super::ledger::Ledger;
use super::params::Params;
use super::view::quantity;

/// Most blocks mined by one request.
const MOST_BLOCKS: u64 = 10_000;

/// `evm_snapshot() → id`
pub(super) fn snapshot(backend: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(quantity(backend.ledger().snapshot()))
}

/// `evm_revert(id) → whether there was such a snapshot`
pub(super) fn revert(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let id: U64 = params.required(0, "snapshot id")?;
    backend.ledger().revert(id.saturating_to()).map(|done| json!(done))
}

/// `evm_increaseTime(seconds) → time of the next block`
pub(super) fn increase_time(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let seconds: U64 = params.required(0, "seconds")?;
    let mut ledger = backend.ledger();
    ledger.clock.advance(seconds.saturating_to());
    Ok(quantity(ledger.clock.peek()))
}

/// `evm_setNextBlockTimestamp(time)`
pub(super) fn set_next_time(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let time: U64 = params.required(0, "timestamp")?;
    set_next(&mut backend.ledger(), time.saturating_to())?;
    Ok(Value::Null)
}

fn set_next(ledger: &mut Ledger, time: u64) -> Result<(), RpcError> {
    let newest = ledger.chain().timestamp();
    if time < newest {
        let reason = format!("{time} is before the newest block, {newest}");
        return Err(RpcError::parameter(0, "timestamp", reason));
    }
    ledger.clock.set_next(time);
    Ok(())
}

/// `evm_setTime(time) → seconds that the clock moved`: the clock goes on from there.
pub(super) fn set_time(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let time: U64 = params.required(0, "time")?;
    let mut ledger = backend.ledger();
    let before = ledger.clock.peek();
    set_next(&mut ledger, time.saturating_to())?;
    Ok(quantity(time.saturating_to::<u64>().saturating_sub(before)))
}

/// `evm_setAutomine(on)`: a transaction is always mined as it arrives.
pub(super) fn set_automine(_: &Backend, params: &Params) -> Result<Value, RpcError> {
    if params.required(0, "on")? {
        return Ok(json!(true));
    }
    let reason = "it cannot be switched off: every transaction is mined as it arrives";
    Err(RpcError::parameter(0, "on", reason))
}

/// `anvil_getAutomine() → true`
pub(super) fn automine(_: &Backend, _: &Params) -> Result<Value, RpcError> {
    Ok(json!(true))
}

/// `evm_setIntervalMining(0)`: no blocks come by themselves.
pub(super) fn set_interval_mining(_: &Backend, params: &Params) -> Result<Value, RpcError> {
    let seconds: U64 = params.required(0, "interval")?;
    if seconds.is_zero() {
        return Ok(json!(true));
    }
    let reason = "no blocks come by themselves here: call evm_mine";
    Err(RpcError::parameter(0, "interval", reason))
}

/// What `evm_mine` takes: a time, or how many blocks and the time of the first.
#[derive(Deserialize)]
#[serde(untagged)]
enum MineRequest {
    Time(U64),
    Options { timestamp: Option<U64>, blocks: Option<U64> },
}

/// `evm_mine(time?)` or `evm_mine({ timestamp?, blocks? }?)`
pub(super) fn mine(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let (time, blocks) = match params.optional(0, "timestamp or options")? {
        None => (None, None),
        Some(MineRequest::Time(time)) => (Some(time), None),
        Some(MineRequest::Options { timestamp, blocks }) => (timestamp, blocks),
    };
    let mut ledger = backend.ledger();
    if let Some(time) = time {
        set_next(&mut ledger, time.saturating_to())?;
    }
    mine_blocks(&mut ledger, blocks, 0)?;
    Ok(json!("0x0"))
}

/// `hardhat_mine(blocks?, seconds between them?)`
pub(super) fn mine_many(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let blocks = params.optional(0, "blocks")?;
    let interval: Option<U64> = params.optional(1, "interval")?;
    mine_blocks(&mut backend.ledger(), blocks, interval.unwrap_or_default().saturating_to())?;
    Ok(Value::Null)
}

fn mine_blocks(ledger: &mut Ledger, blocks: Option<U64>, interval: u64) -> Result<(), RpcError> {
    let blocks: u64 = blocks.map_or(1, |blocks| blocks.saturating_to());
    if blocks > MOST_BLOCKS {
        let reason = format!("{blocks} are too many, at most {MOST_BLOCKS} at a time");
        return Err(RpcError::parameter(0, "blocks", reason));
    }
    for mined in 0..blocks {
        if mined > 0 {
            ledger.clock.advance(interval);
        }
        ledger.mine_empty();
    }
    Ok(())
}

/// `…_setBalance(account, wei)`
pub(super) fn set_balance(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let account: Address = params.required(0, "account")?;
    let balance: U256 = params.required(1, "balance")?;
    backend.ledger().chain_mut().set_balance(account, balance);
    Ok(json!(true))
}

/// `…_setNonce(account, nonce)`
pub(super) fn set_nonce(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let account: Address = params.required(0, "account")?;
    let nonce: U64 = params.required(1, "nonce")?;
    let mut ledger = backend.ledger();
    ledger.chain_mut().set_nonce(account, nonce.saturating_to());
    ledger.mine_due();
    Ok(json!(true))
}

/// `…_setCode(account, code)`
pub(super) fn set_code(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let account: Address = params.required(0, "account")?;
    let code: Bytes = params.required(1, "code")?;
    backend.ledger().chain_mut().set_code(account, code);
    Ok(json!(true))
}

/// `…_setStorageAt(account, slot, value)`
pub(super) fn set_storage(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let account: Address = params.required(0, "account")?;
    let slot: U256 = params.required(1, "slot")?;
    let value: B256 = params.required(2, "value")?;
    backend.ledger().chain_mut().set_storage(account, slot, U256::from_be_bytes(value.0));
    Ok(json!(true))
}
