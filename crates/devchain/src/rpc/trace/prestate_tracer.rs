//! `prestateTracer`: the accounts a transaction touches, before it and after.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, U256};
use serde_json::{Map, Value, json};

use super::{Traced, TracerConfig};
use crate::rpc::error::RpcError;
use crate::{DevChain, SlotAccessKind};

type Touched = BTreeMap<Address, BTreeSet<U256>>;

/// The accounts before the transaction; in diff mode what changes of them.
pub(super) fn show(traced: &Traced<'_>, config: TracerConfig) -> Result<Value, RpcError> {
    let touched = touched(traced);
    if !config.diff_mode {
        let accounts = touched.iter().map(|(address, slots)| {
            let account = account(traced.before, *address, slots, config);
            (format!("{address:#x}"), Value::Object(account))
        });
        return Ok(Value::Object(accounts.collect()));
    }
    let mut after = traced.before.clone();
    after.transact(traced.transaction)?;
    let (mut pre, mut post) = (Map::new(), Map::new());
    for (address, slots) in &touched {
        let name = format!("{address:#x}");
        let old = account(traced.before, *address, slots, config);
        let mut new = account(&after, *address, slots, config);
        if old == new {
            continue;
        }
        new.retain(|field, value| old.get(field) != Some(value));
        pre.insert(name.clone(), Value::Object(old));
        post.insert(name, Value::Object(new));
    }
    Ok(json!({ "pre": pre, "post": post }))
}

fn touched(traced: &Traced<'_>) -> Touched {
    let mut touched = Touched::new();
    touched.entry(traced.transaction.from).or_default();
    for frame in &traced.outcome.frames {
        for address in [frame.from, frame.to, frame.code_address] {
            touched.entry(address).or_default();
        }
        for (_, address) in &frame.trace.accounts {
            touched.entry(*address).or_default();
        }
        for access in &frame.trace.slots {
            if matches!(access.kind, SlotAccessKind::Read | SlotAccessKind::Write) {
                touched.entry(access.address).or_default().insert(access.slot);
            }
        }
    }
    touched
}

fn account(
    chain: &DevChain,
    address: Address,
    slots: &BTreeSet<U256>,
    config: TracerConfig,
) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("balance".to_owned(), json!(chain.balance(address)));
    let (nonce, code) = (chain.nonce(address), chain.code(address));
    if nonce != 0 {
        fields.insert("nonce".to_owned(), json!(nonce));
    }
    if !code.is_empty() && !config.disable_code {
        fields.insert("code".to_owned(), json!(code));
    }
    if !slots.is_empty() && !config.disable_storage {
        let storage: BTreeMap<B256, B256> = slots
            .iter()
            .map(|slot| (B256::from(*slot), B256::from(chain.storage(address, *slot))))
            .collect();
        fields.insert("storage".to_owned(), json!(storage));
    }
    fields
}
