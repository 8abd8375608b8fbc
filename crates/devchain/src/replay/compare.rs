//! Comparing an outcome with its record.

use std::collections::BTreeMap;
use std::fmt::Debug;

use alloy_primitives::{Address, Bytes, hex, keccak256};
use serde_json::{Value, json};

use super::comparison::Difference;
use super::events::{hostio_trace, shortened};
use crate::recording::CallRecord;
use crate::{DevChain, Frame, FrameKind, HaltReason, Outcome, Status};

/// All fields in which an outcome differs from its record.
pub(super) fn compare_call(
    call: &CallRecord,
    outcome: &Outcome,
    chain: &DevChain,
) -> Vec<Difference> {
    let record = &call.result;
    let mut found = Vec::new();
    differ(&mut found, "status", &(record.status == 1), &outcome.is_success());
    differ(&mut found, "halt", &record.halt, &halt(outcome.status));
    differ(&mut found, "gas", &record.gas_used, &outcome.gas_used);
    differ(&mut found, "intrinsic gas", &record.intrinsic_gas, &outcome.intrinsic_gas);
    compare_output(&mut found, &record.output_hex, &outcome.output);
    let logs: Vec<_> =
        record.logs.iter().map(|log| (log.address, log.topics.clone(), log.data.clone())).collect();
    let own: Vec<_> = outcome
        .logs
        .iter()
        .map(|log| (log.address, log.data.topics().to_vec(), log.data.data.clone()))
        .collect();
    differ(&mut found, "logs", &logs, &own);

    if let Some(ink) = &record.ink_by_hostio {
        let mut own = BTreeMap::<&str, (u64, u64)>::new();
        for report in outcome.frames.iter().filter_map(|frame| frame.program.as_ref()) {
            for (name, total) in &report.hostios {
                let sum = own.entry(name).or_default();
                *sum = (sum.0.saturating_add(total.count), sum.1.saturating_add(total.ink));
            }
        }
        let node: BTreeMap<&str, (u64, u64)> = ink
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, total)| (name.as_str(), (total.count, total.ink)))
            .collect();
        differ(&mut found, "ink by host function", &node, &own);
    }
    if let Some(trace) = &record.hostio_trace {
        let own = Value::from(shortened(hostio_trace(outcome))).to_string();
        // For a CALLCODE the node's tracer has an empty entry.
        let empty = json!([0, "", 0, 0]);
        let node: Vec<_> = trace.iter().filter(|event| **event != empty).cloned().collect();
        differ(&mut found, "hostio trace", &Value::from(node).to_string(), &own);
    }
    if let Some(frames) = &record.frames {
        let own: Vec<_> = outcome
            .frames
            .iter()
            .enumerate()
            .map(|(index, frame)| {
                let (gas, used) = if index == 0 {
                    (call.gas_limit, outcome.gas_used)
                } else {
                    (frame.gas_limit, frame.gas_used)
                };
                (
                    frame.depth,
                    frame.kind.name().to_owned(),
                    frame_address(frame),
                    gas,
                    used,
                    halt(frame.status),
                )
            })
            .collect();
        differ(&mut found, "frames", frames, &own);
    }
    for (address, slots) in &record.storage_after {
        for (slot, value) in slots {
            differ(&mut found, "storage", value, &chain.storage(*address, *slot));
        }
    }
    for (address, balance) in &record.balances_after {
        differ(&mut found, "balance", balance, &chain.balance(*address));
    }
    found
}

fn compare_output(found: &mut Vec<Difference>, node: &Value, own: &Bytes) {
    match node {
        Value::String(text) if text == "variable" => {}
        Value::String(text) => differ(found, "output", text, &own.to_string()),
        other => {
            let own = json!({
                "len": own.len(),
                "keccak256": keccak256(own).to_string(),
                "first32": format!("0x{}", hex::encode(own.get(..32).unwrap_or(own))),
            });
            differ(found, "output", other, &own);
        }
    }
}

/// How a frame ended, in the recordings' words: two of their own, else the node's with numbers in
/// hexadecimal blotted out.
fn halt(status: Status) -> Option<String> {
    match status {
        Status::Success => None,
        Status::Revert => Some("revert".to_owned()),
        Status::Halt(HaltReason::OutOfGas | HaltReason::CodeDepositOutOfGas) => {
            Some("out-of-gas".to_owned())
        }
        Status::Halt(HaltReason::ReservedCode) => {
            Some("invalid code: must not begin with 0x..".to_owned())
        }
        Status::Halt(reason) => Some(reason.to_string()),
    }
}

fn frame_address(frame: &Frame) -> Option<Address> {
    match frame.kind {
        FrameKind::DelegateCall | FrameKind::CallCode => Some(frame.code_address),
        FrameKind::Create | FrameKind::Create2 if !frame.is_success() => None,
        _ => Some(frame.to).filter(|to| !to.is_zero()),
    }
}

/// Notes a field whose two values don't look the same.
pub(super) fn differ<N, H>(found: &mut Vec<Difference>, field: &'static str, node: &N, here: &H)
where
    N: Debug,
    H: Debug,
{
    let (node, here) = (format!("{node:?}"), format!("{here:?}"));
    if node != here {
        found.push(Difference { field, node, here });
    }
}
