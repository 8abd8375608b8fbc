//! `eth_createAccessList`: what a call touches.

use std::collections::{BTreeMap, BTreeSet};

use alloy_eips::BlockId;
use alloy_primitives::{Address, B256};
use serde_json::{Value, json};

use super::backend::Backend;
use super::call::RequestedCall;
use super::error::RpcError;
use super::params::Params;
use super::view::quantity;
use crate::precompile::is_precompile;
use crate::{FrameKind, Outcome, SlotAccessKind, Transaction};

/// A list may change what a call does, and so what it touches: so often it is tried again.
const MOST_ROUNDS: usize = 8;

type Touched = BTreeMap<Address, BTreeSet<B256>>;

/// `eth_createAccessList(transaction, block?, state overrides?, block overrides?) →
/// { accessList, gasUsed, error? }`, the gas with the list.
///
/// Accounts that are warm anyway are left out unless slots of theirs are touched: the sender, the
/// target and the precompiles.
pub(super) fn create(backend: &Backend, params: &Params) -> Result<Value, RpcError> {
    let call = RequestedCall::new(backend, params, BlockId::pending())?.with_overrides(params)?;
    let _pass = backend.begin_trace();
    let mut transaction = call.transaction.with_trace(true);
    let mut touched = Touched::new();
    let mut outcome = call.chain.call(&transaction)?;
    for _ in 0..MOST_ROUNDS {
        let found = touches(&transaction, &outcome);
        if found == touched {
            break;
        }
        touched = found;
        let list =
            touched.iter().map(|(account, slots)| (*account, slots.iter().copied().collect()));
        transaction = transaction.with_access_list(list.collect());
        outcome = call.chain.call(&transaction)?;
    }
    let list: Vec<Value> = touched
        .iter()
        .map(|(account, slots)| json!({ "address": account, "storageKeys": slots }))
        .collect();
    let mut answer = json!({ "accessList": list, "gasUsed": quantity(outcome.gas_used) });
    if let (Err(error), Some(fields)) =
        (RpcError::of(&call.chain, &outcome), answer.as_object_mut())
    {
        fields.insert("error".to_owned(), json!(error.to_string()));
    }
    Ok(answer)
}

fn touches(transaction: &Transaction, outcome: &Outcome) -> Touched {
    let mut touched = Touched::new();
    for frame in &outcome.frames {
        for access in &frame.trace.slots {
            if matches!(access.kind, SlotAccessKind::Read | SlotAccessKind::Write) {
                touched.entry(access.address).or_default().insert(access.slot.into());
            }
        }
        let looked_at = frame.trace.accounts.iter().map(|(_, account)| *account);
        for account in looked_at.chain([frame.to, frame.code_address]) {
            touched.entry(account).or_default();
        }
    }
    let target = transaction.kind.to().copied().or(outcome.created);
    // What the transaction itself creates is warm once it exists.
    let created = |account: Address| {
        let frames = outcome.frames.iter();
        frames
            .filter(|frame| frame.to == account)
            .any(|frame| matches!(frame.kind, FrameKind::Create | FrameKind::Create2))
    };
    touched.retain(|account, slots| {
        let is_warm = *account == transaction.from
            || Some(*account) == target
            || is_precompile(*account)
            || created(*account);
        *account != Address::ZERO && (!is_warm || !slots.is_empty())
    });
    touched
}
