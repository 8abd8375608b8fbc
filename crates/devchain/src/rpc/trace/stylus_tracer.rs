//! `stylusTracer`: the host functions that programs called, with what went in and came out.
//!
//! A call that bytecode makes stands there as `evm_…`, with the steps of its frame; so does one whose
//! host function failed, and every creation and `SELFDESTRUCT`, beside the host function if a program
//! made it.

use alloy_primitives::Bytes;
use serde_json::{Value, json};

use super::traced::Traced;
use crate::{Frame, FrameKind, HostioCall};

/// The steps of the transaction's own frame.
pub(super) fn show(traced: &Traced<'_>) -> Value {
    Value::Array(steps(&traced.outcome.frames, 0))
}

fn steps(frames: &[Frame], index: usize) -> Vec<Value> {
    let Some(frame) = frames.get(index) else { return Vec::new() };
    let children = || {
        let below = frames.iter().enumerate();
        below.filter(move |(_, below)| below.parent == Some(index)).map(|(child, _)| child)
    };
    let Some(program) = &frame.program else {
        return children().map(|child| opened(frames, child)).collect();
    };
    let entered = program.ink_at_entry;
    let mut steps = Vec::new();
    if entered > 0 {
        // A program that comes to life without ink is not mentioned.
        let length = u32::try_from(frame.input.len()).unwrap_or(u32::MAX).to_be_bytes();
        steps.push(step("user_entrypoint", &length.into(), &Bytes::new(), [entered; 2]));
    }
    for call in &program.calls {
        let HostioCall { name, args, outs, ink_before, ink_after, frame } = call;
        let mut own = step(name, args, outs, [*ink_before, *ink_after]);
        if let Some(child) = *frame {
            let mut nested = opened(frames, child);
            let is_call = !name.starts_with("create");
            match (is_call, own.as_object_mut(), nested.as_object_mut()) {
                (true, Some(own), Some(nested)) => {
                    for field in ["address", "steps"] {
                        own.extend(nested.remove_entry(field));
                    }
                }
                _ => steps.push(nested),
            }
        }
        steps.push(own);
    }
    // A host function that opened a frame and then failed is not among the calls.
    let told: Vec<usize> = program.calls.iter().filter_map(|call| call.frame).collect();
    steps.extend(
        children().filter(|child| !told.contains(child)).map(|child| opened(frames, child)),
    );
    if let Some(status) = program.status {
        let status = status.to_be_bytes().into();
        steps.push(step("user_returned", &Bytes::new(), &status, [entered; 2]));
    }
    steps
}

/// A frame that was opened.
fn opened(frames: &[Frame], index: usize) -> Value {
    let Some(frame) = frames.get(index) else { return Value::Null };
    let name = match frame.kind {
        FrameKind::Call => "evm_call_contract",
        FrameKind::DelegateCall => "evm_delegate_call_contract",
        FrameKind::StaticCall => "evm_static_call_contract",
        // The node has no name for it.
        FrameKind::CallCode => "",
        FrameKind::Create => "evm_create1",
        FrameKind::Create2 => "evm_create2",
        FrameKind::SelfDestruct => "evm_self_destruct",
    };
    let mut opened = step(name, &Bytes::new(), &Bytes::new(), [0; 2]);
    let to = match frame.kind {
        FrameKind::DelegateCall | FrameKind::CallCode => frame.code_address,
        _ => frame.to,
    };
    if let Some(fields) = opened.as_object_mut() {
        fields.insert("address".to_owned(), json!(to));
        fields.insert("steps".to_owned(), Value::Array(steps(frames, index)));
    }
    opened
}

fn step(name: &str, args: &Bytes, outs: &Bytes, [start, end]: [u64; 2]) -> Value {
    json!({ "name": name, "args": args, "outs": outs, "startInk": start, "endInk": end })
}
