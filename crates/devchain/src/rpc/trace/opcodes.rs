//! The opcodes that a frame used.

use std::collections::BTreeMap;

use revm::bytecode::opcode;

use crate::{Frame, SlotAccessKind};

/// Opcodes with their counts, as ERC-7562 sees them.
///
/// Programs run no opcodes. A node that is traced shows their host functions as opcodes instead: so
/// does this.
pub(super) fn used(frame: &Frame) -> BTreeMap<u8, u64> {
    let mut used = frame.trace.opcodes.clone();
    // GAS counts only where something else than a call follows (OP-012).
    if frame.trace.after_gas.iter().all(|&next| is_call(next)) {
        used.remove(&opcode::GAS);
    }
    let Some(program) = &frame.program else { return used };
    let mut add = |opcode: u8, times: u64| {
        if times > 0 {
            let count = used.entry(opcode).or_default();
            *count = count.saturating_add(times);
        }
    };
    for (name, total) in &program.hostios {
        if let Some(opcode) = of_host_function(name) {
            add(opcode, total.count);
        }
    }
    // Only accesses that reach the chain are opcodes: the program's own cache hides the others.
    for access in &frame.trace.slots {
        add(of_slot(access.kind), 1);
    }
    used
}

/// Whether it is one of the calls that may follow `GAS`.
fn is_call(opcode: u8) -> bool {
    matches!(opcode, opcode::CALL | opcode::CALLCODE | opcode::DELEGATECALL | opcode::STATICCALL)
}

fn of_slot(kind: SlotAccessKind) -> u8 {
    match kind {
        SlotAccessKind::Read => opcode::SLOAD,
        SlotAccessKind::Write => opcode::SSTORE,
        SlotAccessKind::TransientRead => opcode::TLOAD,
        SlotAccessKind::TransientWrite => opcode::TSTORE,
    }
}

fn of_host_function(name: &str) -> Option<u8> {
    Some(match name {
        "account_balance" => opcode::BALANCE,
        "account_code" => opcode::EXTCODECOPY,
        "account_code_size" => opcode::EXTCODESIZE,
        "account_codehash" => opcode::EXTCODEHASH,
        "block_basefee" => opcode::BASEFEE,
        "block_coinbase" => opcode::COINBASE,
        "block_gas_limit" => opcode::GASLIMIT,
        "block_number" => opcode::NUMBER,
        "block_timestamp" => opcode::TIMESTAMP,
        "call_contract" => opcode::CALL,
        "chainid" => opcode::CHAINID,
        "create1" => opcode::CREATE,
        "create2" => opcode::CREATE2,
        "delegate_call_contract" => opcode::DELEGATECALL,
        "evm_gas_left" | "evm_ink_left" => opcode::GAS,
        "native_keccak256" => opcode::KECCAK256,
        "static_call_contract" => opcode::STATICCALL,
        "tx_gas_price" | "tx_ink_price" => opcode::GASPRICE,
        "tx_origin" => opcode::ORIGIN,
        _ => return None,
    })
}
