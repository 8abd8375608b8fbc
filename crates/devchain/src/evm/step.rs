//! What a bytecode instruction is about to touch, and the whole step for a watcher.

use alloy_primitives::{Address, Bytes, U256};
use revm::bytecode::opcode;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::{Jumps, LoopControl};
use revm::interpreter::{FrameInput, InstructionResult, Interpreter, InterpreterAction};

use crate::SlotAccessKind;
use crate::context::Context;
use crate::watch::{Failure, Step};

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

/// The step that is about to run, for a watcher. What it costs is known afterwards.
pub(super) fn before(
    context: &Context<'_>,
    interpreter: &Interpreter<EthInterpreter>,
    current: u8,
) -> Step {
    let stack = interpreter.stack.data().clone();
    let overwritten = stack.last().filter(|_| current == opcode::SSTORE).and_then(|&slot| {
        let account = context.journaled_state.inner.state.get(&interpreter.input.target_address)?;
        account.storage.get(&slot).map(|value| (slot, value.present_value))
    });
    Step {
        opcode: current,
        pc: interpreter.bytecode.pc(),
        gas: interpreter.gas.remaining(),
        refund: u64::try_from(interpreter.gas.refunded()).unwrap_or(0),
        stack,
        memory: interpreter.memory.context_memory().to_vec(),
        overwritten,
        ..Step::default()
    }
}

/// Shows a step that has run to the watcher.
pub(super) fn show(
    context: &mut Context<'_>,
    interpreter: &mut Interpreter<EthInterpreter>,
    mut step: Step,
    end: Option<InstructionResult>,
) {
    let given = match interpreter.bytecode.action() {
        // What a creation hands on is no cost of the opcode, other than with a call.
        Some(InterpreterAction::NewFrame(FrameInput::Create(create))) => create.gas_limit(),
        _ => 0,
    };
    let spent = step.gas.saturating_sub(interpreter.gas.remaining());
    step.cost = spent.saturating_sub(given);
    step.failure = end.and_then(failure);
    if step.failure == Some(Failure::Gas) {
        step.cost = step.cost.max(step.gas.saturating_add(1));
    }
    let own = interpreter.input.target_address;
    let state = &mut context.journaled_state.inner.state;
    if step.opcode == opcode::SSTORE && step.overwritten.is_none() {
        // The first access of the transaction: the slot had its original value.
        step.overwritten = step.stack.last().and_then(|&slot| {
            let value = state.get(&own)?.storage.get(&slot)?.original_value;
            Some((slot, value))
        });
    }
    context.chain.recorder.step(step, state);
}

/// How a step failed that ended its frame.
fn failure(end: InstructionResult) -> Option<Failure> {
    use InstructionResult as R;
    Some(match end {
        R::OutOfGas | R::MemoryOOG | R::InvalidOperandOOG | R::ReentrancySentryOOG => Failure::Gas,
        R::Revert => Failure::Run("execution reverted"),
        R::InvalidJump => Failure::Run("invalid jump destination"),
        R::OpcodeNotFound | R::InvalidFEOpcode | R::NotActivated => Failure::Run("invalid opcode"),
        R::StackUnderflow | R::StackOverflow => Failure::Run("stack limit reached or underflow"),
        R::CallNotAllowedInsideStatic | R::StateChangeDuringStaticCall => {
            Failure::Run("write protection")
        }
        ended if ended.is_ok() => return None,
        _ => Failure::Run("execution failed"),
    })
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
