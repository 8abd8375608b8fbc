//! The EVM that runs Stylus programs among its frames.
//!
//! Only two things differ from revm's own: a frame whose code is a program is run by
//! [`ProgramFrame`], and every frame is written down.

mod handler;
mod self_destruct;
mod step;

use std::collections::BTreeMap;

use alloy_primitives::Bytes;
use revm::bytecode::opcode;
use revm::context::{Evm, FrameStack};
use revm::handler::evm::{ContextDbError, FrameInitResult};
use revm::handler::instructions::EthInstructions;
use revm::handler::{EthFrame, EvmTr, FrameData, FrameInitOrResult, FrameResult, ItemOrResult};
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_action::FrameInit;
use revm::interpreter::interpreter_types::{Jumps, LegacyBytecode, LoopControl};
use revm::interpreter::{FrameInput, InstructionResult, Interpreter, InterpreterAction};
use revm::primitives::hardfork::SpecId;

pub(crate) use handler::DevHandler;

use crate::HaltReason;
use crate::context::Context;
use crate::frame::ProgramFrame;
use crate::precompile::Precompiles;
use crate::program::ProgramCode;

type Inner<'db> = Evm<
    Context<'db>,
    (),
    EthInstructions<EthInterpreter, Context<'db>>,
    Precompiles,
    EthFrame<EthInterpreter>,
>;

/// An EVM ready for one transaction.
pub(crate) struct StylusEvm<'db> {
    inner: Inner<'db>,
    /// The programs whose frames are open, by depth.
    programs: BTreeMap<usize, ProgramFrame>,
}

impl<'db> StylusEvm<'db> {
    /// An EVM with that context.
    pub(crate) fn new(context: Context<'db>) -> Self {
        let spec = SpecId::OSAKA;
        let mut instruction = EthInstructions::new_mainnet_with_spec(spec);
        self_destruct::install(&mut instruction);
        Self {
            inner: Evm {
                ctx: context,
                inspector: (),
                instruction,
                precompiles: Precompiles::new(spec),
                frame_stack: FrameStack::new_prealloc(8),
            },
            programs: BTreeMap::new(),
        }
    }

    /// The context after the transaction.
    pub(crate) fn into_context(self) -> Context<'db> {
        self.inner.ctx
    }

    fn run_program(&mut self) -> InterpreterAction {
        let frame = self.inner.frame_stack.get();
        let (depth, interpreter) = (frame.depth, &mut frame.interpreter);
        let (program, action) = match self.programs.remove(&depth) {
            Some(program) => program.resume(&mut self.inner.ctx, interpreter),
            None => ProgramFrame::open(&mut self.inner.ctx, interpreter),
        };
        if let Some(program) = program {
            self.programs.insert(depth, program);
        }
        action
    }

    /// Notes why the open frame's code broke off, as long as the opcode is known.
    fn note_halt(&mut self, action: &InterpreterAction) {
        let InterpreterAction::Return(result) = action else { return };
        if !result.result.is_halt() {
            return;
        }
        let interpreter = &self.inner.frame_stack.get().interpreter;
        let at = interpreter.bytecode.pc().saturating_sub(1);
        let opcode = interpreter.bytecode.bytecode_slice().get(at).copied().unwrap_or_default();
        let stack = interpreter.stack.len();
        let reason = HaltReason::of_frame(result.result, opcode, stack);
        self.inner.ctx.chain.recorder.note_halt(reason);
    }

    fn run_bytecode(&mut self) -> InterpreterAction {
        let interpreter = &mut self.inner.frame_stack.get().interpreter;
        let instructions = &self.inner.instruction;
        let context = &mut self.inner.ctx;
        let (table, gas) = (instructions.instruction_table(), instructions.gas_table());
        let (traces, is_watched) =
            (context.chain.recorder.is_tracing(), context.chain.recorder.is_watched());
        if !traces && !is_watched {
            return interpreter.run_plain(table, gas, context);
        }
        let mut previous = opcode::STOP;
        let end = loop {
            if context.chain.recorder.is_over() {
                return break_off(interpreter);
            }
            let current = interpreter.bytecode.opcode();
            if traces {
                step::note(context, interpreter, current, previous);
            }
            previous = current;
            let before = is_watched.then(|| step::before(context, interpreter, current));
            let result = interpreter.step(table, gas, context);
            if let Some(before) = before {
                step::show(context, interpreter, before, result.err());
            }
            if let Err(end) = result {
                break end;
            }
        };
        if context.chain.recorder.is_over() {
            return break_off(interpreter);
        }
        if interpreter.bytecode.action().is_none() {
            interpreter.halt(end);
        }
        interpreter.take_next_action()
    }
}

impl<'db> EvmTr for StylusEvm<'db> {
    type Context = Context<'db>;
    type Instructions = EthInstructions<EthInterpreter, Context<'db>>;
    type Precompiles = Precompiles;
    type Frame = EthFrame<EthInterpreter>;

    fn all(
        &self,
    ) -> (&Self::Context, &Self::Instructions, &Self::Precompiles, &FrameStack<Self::Frame>) {
        self.inner.all()
    }

    fn all_mut(
        &mut self,
    ) -> (
        &mut Self::Context,
        &mut Self::Instructions,
        &mut Self::Precompiles,
        &mut FrameStack<Self::Frame>,
    ) {
        self.inner.all_mut()
    }

    fn frame_init(
        &mut self,
        init: FrameInit,
    ) -> Result<FrameInitResult<'_, Self::Frame>, ContextDbError<Self::Context>> {
        let context = &mut self.inner.ctx;
        let input = match &init.frame_input {
            FrameInput::Call(call) => call.input.bytes(context),
            FrameInput::Create(create) => create.init_code().clone(),
            FrameInput::Empty => Bytes::new(),
        };
        context.chain.recorder.enter(init.depth, &init.frame_input, input);

        let result = self.inner.frame_init(init)?;
        if let ItemOrResult::Result(result) = &result {
            let result = result.clone();
            self.inner.ctx.chain.recorder.exit(&result);
            return Ok(ItemOrResult::Result(result));
        }
        let frame = self.inner.frame_stack.get();
        if let FrameData::Create(create) = &frame.data {
            self.inner.ctx.chain.recorder.created(create.created_address);
        }
        Ok(ItemOrResult::Item(frame))
    }

    fn frame_run(
        &mut self,
    ) -> Result<FrameInitOrResult<Self::Frame>, ContextDbError<Self::Context>> {
        let has_fragments = self.inner.ctx.chain.arbos.max_fragments > 0;
        let frame = self.inner.frame_stack.get();
        let is_call = matches!(frame.data, FrameData::Call(_));
        let code = frame.interpreter.bytecode.original_byte_slice();
        let mut action = if is_call && ProgramCode::is_program(code, has_fragments) {
            self.run_program()
        } else {
            self.run_bytecode()
        };
        self.note_halt(&action);
        if !is_call {
            refuse_reserved_code(&mut action, has_fragments);
        }

        let frame = self.inner.frame_stack.get();
        let has_returned = matches!(&action, InterpreterAction::Return(result) if result.is_ok());
        let result = frame
            .process_next_action::<_, ContextDbError<Self::Context>>(&mut self.inner.ctx, action)?;
        if let ItemOrResult::Result(FrameResult::Create(outcome)) = &result
            && has_returned
            && outcome.result.result == InstructionResult::OutOfGas
        {
            self.inner.ctx.chain.recorder.note_halt(HaltReason::CodeDepositOutOfGas);
        }
        if let ItemOrResult::Result(result) = &result {
            frame.set_finished(true);
            self.inner.ctx.chain.recorder.exit(result);
        }
        Ok(result)
    }

    fn frame_return_result(
        &mut self,
        result: FrameResult,
    ) -> Result<Option<FrameResult>, ContextDbError<Self::Context>> {
        self.inner.frame_return_result(result)
    }
}

/// Ends a frame of a transaction that its watcher has broken off.
fn break_off(interpreter: &mut Interpreter<EthInterpreter>) -> InterpreterAction {
    interpreter.gas.spend_all();
    InterpreterAction::new_halt(InstructionResult::OutOfGas, interpreter.gas)
}

/// EIP-3541, with an exception for the prefixes of Stylus.
fn refuse_reserved_code(action: &mut InterpreterAction, has_fragments: bool) {
    let InterpreterAction::Return(result) = action else { return };
    let is_reserved = result.output.first() == Some(&0xef)
        && ProgramCode::parse(&result.output, has_fragments).is_none();
    if result.is_ok() && is_reserved {
        result.result = InstructionResult::CreateContractStartingWithEF;
        result.gas.spend_all();
        result.output = Bytes::new();
    }
}
