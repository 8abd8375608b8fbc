//! What a bytecode instruction is about to touch, for the trace.

use alloy_primitives::{Address, Bytes, U256};
use revm::bytecode::opcode;
use revm::interpreter::Interpreter;
use revm::interpreter::interpreter::EthInterpreter;

use super::Context;
use crate::SlotAccessKind;

/// Notes what the opcode about to run touches.
pub(super) fn note(
    context: &mut Context<'_>,
    interpreter: &Interpreter<EthInterpreter>,
    current: u8,
    previous: u8,
) {
    let recorder = &mut context.chain.recorder;
    recorder.opcode(current, previous == opcode::GAS);
    let stack = interpreter.stack.data();
    let peek = |depth: usize| {
        stack.len().checked_sub(depth.saturating_add(1)).and_then(|index| stack.get(index)).copied()
    };
    let own = interpreter.input.target_address;
    let mut slot = |kind| {
        if let Some(slot) = peek(0) {
            recorder.slot(own, slot, kind);
        }
    };
    match current {
        opcode::SLOAD => slot(SlotAccessKind::Read),
        opcode::SSTORE => slot(SlotAccessKind::Write),
        opcode::TLOAD => slot(SlotAccessKind::TransientRead),
        opcode::TSTORE => slot(SlotAccessKind::TransientWrite),
        opcode::BALANCE
        | opcode::EXTCODESIZE
        | opcode::EXTCODECOPY
        | opcode::EXTCODEHASH
        | opcode::SELFDESTRUCT => {
            if let Some(word) = peek(0) {
                recorder.account(current, address(word));
            }
        }
        opcode::CALL | opcode::CALLCODE | opcode::DELEGATECALL | opcode::STATICCALL => {
            if let Some(word) = peek(1) {
                recorder.account(current, address(word));
            }
        }
        opcode::KECCAK256 => {
            let range = (peek(0), peek(1));
            if let (Some(offset), Some(len)) = range {
                recorder.preimage(memory(interpreter, offset, len));
            }
        }
        _ => {}
    }
}

fn address(word: U256) -> Address {
    Address::from_word(word.into())
}

/// A range of the EVM's memory, with zeros where it hasn't grown to yet; empty if it is too long
/// to be paid for.
fn memory(interpreter: &Interpreter<EthInterpreter>, offset: U256, len: U256) -> Bytes {
    const MOST: usize = 1 << 20;
    let (offset, len): (usize, usize) = (offset.saturating_to(), len.saturating_to());
    if len > MOST || offset > MOST {
        return Bytes::new();
    }
    let memory = interpreter.memory.context_memory();
    let mut bytes = vec![0; len];
    let there = memory.get(offset..).unwrap_or_default();
    for (byte, value) in bytes.iter_mut().zip(there.iter()) {
        *byte = *value;
    }
    bytes.into()
}
