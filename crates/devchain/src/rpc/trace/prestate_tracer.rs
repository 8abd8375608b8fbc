//! `prestateTracer`: the accounts a transaction touches, before it and after.
//!
//! A contract that the transaction creates where there was nothing is not among those before it; the
//! account that `COINBASE` names always is. In diff mode only what changed is shown, and no slot
//! that is zero.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, U256};
use serde_json::{Map, Value, json};

use super::traced::{Traced, TracerConfig};
use crate::program::RecentPrograms;
use crate::rpc::error::RpcError;
use crate::{DevChain, FrameKind, SlotAccessKind};

type Touched = BTreeMap<Address, BTreeSet<U256>>;

/// The accounts before the transaction; in diff mode what changes of them.
pub(super) fn show(traced: &Traced<'_>, config: TracerConfig) -> Result<Value, RpcError> {
    let mut touched = touched(traced);
    touched.entry(traced.before.block_fields().coinbase).or_default();
    if !config.diff_mode {
        let created = created(traced);
        let accounts = touched.iter().filter(|(address, _)| !created.contains(*address)).map(
            |(address, slots)| {
                let account = account(traced.before, *address, slots, config);
                (format!("{address:#x}"), Value::Object(account))
            },
        );
        return Ok(Value::Object(accounts.collect()));
    }
    let mut after = traced.before.clone();
    after.apply_at_any_price(traced.transaction, &mut RecentPrograms::default())?;
    let (mut pre, mut post) = (Map::new(), Map::new());
    for (address, slots) in &touched {
        let name = format!("{address:#x}");
        let old = account(traced.before, *address, slots, config);
        let mut new = account(&after, *address, slots, config);
        if old == new {
            continue;
        }
        let mut old = old;
        drop_equal_slots(&mut old, &mut new);
        let (was_there, is_there) = (!is_nothing(&old), !is_nothing(&new));
        new.retain(|field, value| old.get(field) != Some(value));
        if was_there {
            pre.insert(name.clone(), Value::Object(old));
        }
        if is_there {
            post.insert(name, Value::Object(new));
        }
    }
    Ok(json!({ "pre": pre, "post": post }))
}

/// The contracts that the transaction created where there was nothing.
fn created(traced: &Traced<'_>) -> BTreeSet<Address> {
    let frames = traced.outcome.frames.iter().filter(|frame| {
        matches!(frame.kind, FrameKind::Create | FrameKind::Create2)
            && traced.before.nonce(frame.to) == 0
            && traced.before.balance(frame.to).is_zero()
            && traced.before.code(frame.to).is_empty()
    });
    frames.map(|frame| frame.to).collect()
}

/// Whether there is no such account: no balance, nonce or code.
fn is_nothing(account: &Map<String, Value>) -> bool {
    account.get("balance") == Some(&json!(U256::ZERO))
        && !account.contains_key("nonce")
        && !account.contains_key("code")
}

/// Drops the slots that did not change, and those that are zero.
fn drop_equal_slots(old: &mut Map<String, Value>, new: &mut Map<String, Value>) {
    let slots = |account: &Map<String, Value>| {
        account.get("storage").and_then(Value::as_object).cloned().unwrap_or_default()
    };
    let (before, after) = (slots(old), slots(new));
    let zero = json!(B256::ZERO);
    for (account, own, other) in [(old, &before, &after), (new, &after, &before)] {
        let kept: Map<String, Value> = own
            .iter()
            .filter(|(slot, value)| other.get(*slot) != Some(*value) && **value != zero)
            .map(|(slot, value)| (slot.clone(), value.clone()))
            .collect();
        if kept.is_empty() {
            account.remove("storage");
        } else {
            account.insert("storage".to_owned(), Value::Object(kept));
        }
    }
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
