//! `callTracer`: the tree of calls.

use alloy_primitives::{Address, U256};
use serde_json::{Map, Value, json};

use super::traced::{Traced, TracerConfig};
use crate::rpc::error::revert_reason;
use crate::rpc::view::quantity;
use crate::{Frame, FrameKind, Outcome, Status};

/// The tree of calls, or its root alone.
pub(super) fn show(traced: &Traced<'_>, config: TracerConfig) -> Value {
    tree(traced, if config.only_top_call { 1 } else { usize::MAX }, |_, _| {})
}

/// The tree of the first frames, each with what `more` adds.
pub(super) fn tree(
    traced: &Traced<'_>,
    most: usize,
    more: impl Fn(&Frame, &mut Map<String, Value>),
) -> Value {
    let frames: Vec<&Frame> = traced.outcome.frames.iter().take(most).collect();
    let mut children: Vec<Vec<Value>> = vec![Vec::new(); frames.len()];
    let mut root = Value::Null;
    // From the last to the first: a frame comes after the one that opened it.
    for (index, frame) in frames.iter().enumerate().rev() {
        let mut fields = call(frame);
        more(frame, &mut fields);
        let mut calls = children.get_mut(index).map(std::mem::take).unwrap_or_default();
        if !calls.is_empty() {
            calls.reverse();
            fields.insert("calls".to_owned(), Value::Array(calls));
        }
        match frame.parent.and_then(|parent| children.get_mut(parent)) {
            Some(siblings) => siblings.push(Value::Object(fields)),
            None => root = Value::Object(whole(traced, fields)),
        }
    }
    root
}

/// The root shows the gas of the transaction, not of its frame.
fn whole(traced: &Traced<'_>, mut fields: Map<String, Value>) -> Map<String, Value> {
    let Outcome { gas_used, .. } = *traced.outcome;
    fields.insert("gas".to_owned(), quantity(traced.transaction.gas_limit));
    fields.insert("gasUsed".to_owned(), quantity(gas_used));
    fields
}

fn call(frame: &Frame) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("type", json!(frame.kind.name()));
    let is_delegate = matches!(frame.kind, FrameKind::DelegateCall | FrameKind::CallCode);
    // A delegate call shows who acts and whose code it acts by.
    let (from, to) =
        if is_delegate { (frame.to, frame.code_address) } else { (frame.from, frame.to) };
    put("from", json!(from));
    if !is_creation(frame.kind) || (to != Address::ZERO && frame.is_success()) {
        put("to", json!(to));
    }
    if frame.kind != FrameKind::StaticCall {
        put("value", json!(U256::from(frame.value)));
    }
    put("gas", quantity(frame.gas_limit));
    put("gasUsed", quantity(frame.gas_used));
    put("input", json!(frame.input));
    if !frame.output.is_empty() {
        put("output", json!(frame.output));
    }
    match frame.status {
        Status::Success => {}
        Status::Revert => {
            put("error", json!("execution reverted"));
            if let Some(reason) = revert_reason(&frame.output) {
                put("revertReason", json!(reason));
            }
        }
        Status::Halt(reason) => {
            put("error", json!(reason.to_string()));
        }
    }
    fields
}

fn is_creation(kind: FrameKind) -> bool {
    matches!(kind, FrameKind::Create | FrameKind::Create2)
}
