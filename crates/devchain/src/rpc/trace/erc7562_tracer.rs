//! `erc7562Tracer`: what the rules of ERC-7562 are checked with.
//!
//! The tree of calls, and for each what it used: opcodes, slots, contracts, and what it hashed. The
//! value shown of a slot is the one it had before the transaction.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, Bytes};
use revm::bytecode::opcode;
use serde_json::{Map, Value, json};

use super::traced::Traced;
use super::{call_tracer, opcodes};
use crate::{DevChain, Frame, FrameKind, HaltReason, SlotAccessKind, Status};

/// The tree of calls with what each used; the root has the preimages of all hashes.
pub(super) fn show(traced: &Traced<'_>) -> Value {
    let created = created(traced);
    let add = |frame: &Frame, fields: &mut Map<String, Value>| {
        fields.insert("accessedSlots".to_owned(), slots(traced.before, frame));
        fields.insert("contractSize".to_owned(), sizes(traced.before, &created, frame));
        fields.insert("extCodeAccessInfo".to_owned(), code_looked_at(frame));
        let out_of_gas = frame.status == Status::Halt(HaltReason::OutOfGas);
        fields.insert("outOfGas".to_owned(), json!(out_of_gas));
        let used: BTreeMap<String, Value> = opcodes::used(frame)
            .into_iter()
            .map(|(opcode, count)| (format!("{opcode:#x}"), json!(count)))
            .collect();
        fields.insert("usedOpcodes".to_owned(), json!(used));
    };
    let mut tree = call_tracer::tree(traced, usize::MAX, add);
    if let Some(root) = tree.as_object_mut() {
        let frames = traced.outcome.frames.iter();
        let preimages: BTreeSet<&Bytes> = frames.flat_map(|frame| &frame.trace.preimages).collect();
        root.insert("keccak".to_owned(), json!(preimages));
    }
    tree
}

fn slots(before: &DevChain, frame: &Frame) -> Value {
    let mut reads: BTreeMap<B256, Vec<B256>> = BTreeMap::new();
    let mut counts: [BTreeMap<B256, u64>; 3] = Default::default();
    let [writes, transient_reads, transient_writes] = &mut counts;
    for access in &frame.trace.slots {
        let slot = B256::from(access.slot);
        let counted = match access.kind {
            SlotAccessKind::Read => {
                let value = B256::from(before.storage(access.address, access.slot));
                reads.entry(slot).or_insert_with(|| vec![value]);
                continue;
            }
            SlotAccessKind::Write => &mut *writes,
            SlotAccessKind::TransientRead => &mut *transient_reads,
            SlotAccessKind::TransientWrite => &mut *transient_writes,
        };
        let count = counted.entry(slot).or_default();
        *count = count.saturating_add(1);
    }
    json!({
        "reads": reads,
        "writes": writes,
        "transientReads": transient_reads,
        "transientWrites": transient_writes,
    })
}

/// The code that the transaction itself creates, by where.
fn created<'t>(traced: &Traced<'t>) -> BTreeMap<Address, &'t Bytes> {
    let creations = traced.outcome.frames.iter().filter(|frame| {
        matches!(frame.kind, FrameKind::Create | FrameKind::Create2) && frame.is_success()
    });
    creations.map(|frame| (frame.to, &frame.output)).collect()
}

/// The contracts that were called or whose code was looked at, with the size of their code.
fn sizes(before: &DevChain, created: &BTreeMap<Address, &Bytes>, frame: &Frame) -> Value {
    let mut sizes: BTreeMap<Address, Value> = BTreeMap::new();
    for (opcode, address) in &frame.trace.accounts {
        if matches!(*opcode, opcode::BALANCE | opcode::SELFDESTRUCT) {
            continue;
        }
        let size =
            created.get(address).map_or_else(|| before.code(*address).len(), |code| code.len());
        sizes.entry(*address).or_insert_with(|| json!({ "contractSize": size, "opcode": opcode }));
    }
    json!(sizes)
}

fn code_looked_at(frame: &Frame) -> Value {
    let looked = frame.trace.accounts.iter().filter(|(opcode, _)| {
        matches!(*opcode, opcode::EXTCODESIZE | opcode::EXTCODECOPY | opcode::EXTCODEHASH)
    });
    json!(looked.map(|(_, address)| address).collect::<BTreeSet<_>>())
}
