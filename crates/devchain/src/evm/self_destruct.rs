//! `SELFDESTRUCT` by a program.
//!
//! A program has no such operation of its own, but bytecode that it delegates to has. Arbitrum
//! charges it like any other and then lets it revert (shape-destroy). A node shows one that runs as a
//! frame of its own.

use alloy_primitives::Address;
use revm::bytecode::opcode;
use revm::handler::instructions::EthInstructions;
use revm::interpreter::instructions::host as instructions;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::{
    Instruction, InstructionContext, InstructionExecResult, InstructionResult,
};

use crate::account_code::peek_code;
use crate::context::Context;
use crate::program::ProgramCode;

/// Replaces the instruction in the table.
pub(super) fn install(instructions: &mut EthInstructions<EthInterpreter, Context<'_>>) {
    let index = usize::from(opcode::SELFDESTRUCT);
    if let Some(instruction) = instructions.instruction_table_mut().get_mut(index) {
        *instruction = Instruction::new(run);
    }
}

fn run(context: InstructionContext<'_, Context<'_>, EthInterpreter>) -> InstructionExecResult {
    let acting = context.interpreter.input.target_address;
    let (_, code) = peek_code(context.host, acting);
    let has_fragments = context.host.chain.arbos.max_fragments > 0;
    let is_program = ProgramCode::is_program(code.original_byte_slice(), has_fragments);
    let heir = context.interpreter.stack.peek(0).map(|word| Address::from_word(word.into()));
    let state = &context.host.journaled_state.inner.state;
    let balance = state.get(&acting).map(|account| account.info.balance).unwrap_or_default();
    let InstructionContext { interpreter, host } = context;
    let inner = InstructionContext { interpreter: &mut *interpreter, host: &mut *host };
    match instructions::selfdestruct(inner) {
        Err(InstructionResult::SelfDestruct) if is_program => Err(InstructionResult::Revert),
        Err(InstructionResult::SelfDestruct) => {
            host.chain.recorder.destroyed(acting, heir.unwrap_or_default(), balance);
            Err(InstructionResult::SelfDestruct)
        }
        other => other,
    }
}
