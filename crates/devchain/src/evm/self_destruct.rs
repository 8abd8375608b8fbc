//! `SELFDESTRUCT` by a program.
//!
//! A program has no such operation of its own, but bytecode that it delegates to has. Arbitrum lets
//! that revert.

use revm::bytecode::opcode;
use revm::handler::instructions::EthInstructions;
use revm::interpreter::instructions::host;
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
    if ProgramCode::is_program(code.original_byte_slice(), has_fragments) {
        return Err(InstructionResult::Revert);
    }
    host::selfdestruct(context)
}
