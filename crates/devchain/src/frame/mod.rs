//! Running a Stylus program as a frame of the EVM.

mod capture;
mod report;
mod steps;

use std::sync::Arc;

use alloy_primitives::{B256, Bytes};
use revm::bytecode::Bytecode;
use revm::context_interface::ContextTr;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::ReturnData;
use revm::interpreter::{InstructionResult, Interpreter, InterpreterAction, InterpreterResult};

use crate::account_code::program_of;
use crate::context::{Context, StartPrice};
use crate::engine::{Machine, Pause, Trap};
use crate::host::{FrameState, Hooks, Pending, Returned, Stop};
use crate::hostio::HostCall;
use crate::meter::pages::Pages;
use crate::meter::prices;
use crate::program::{Entry, Program, load_entry};
use crate::{HaltReason, InkReport};

/// A program whose frame is open.
pub(crate) struct ProgramFrame {
    machine: Machine,
    /// The host function that waits for another frame.
    waiting: Option<Waiting>,
    state: FrameState,
    gas_at_entry: u64,
    pages_at_entry: Pages,
    report: InkReport,
    /// Whether every call of a host function is written down.
    traces: bool,
}

struct Waiting {
    pending: Pending,
    asked: Asked,
}

/// A host function that was called.
struct Asked {
    call: HostCall,
    ink_before: u64,
    /// What it works with, if that is to be written down.
    args: Bytes,
    /// Index of the frame it waits for.
    frame: Option<usize>,
}

/// How a program came to its end.
#[derive(Clone, Copy)]
enum End {
    Status(u32),
    Trap(Trap),
}

impl ProgramFrame {
    /// Opens a frame and runs the program until it ends or opens another frame.
    ///
    /// `None` as frame: it has ended.
    pub(crate) fn open(
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
    ) -> (Option<Self>, InterpreterAction) {
        match Self::start(context, interpreter) {
            Ok((frame, pause)) => frame.drive(context, interpreter, pause),
            Err(reason) => {
                context.chain.recorder.note_halt(reason);
                (None, burn(interpreter))
            }
        }
    }

    fn start(
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
    ) -> Result<(Self, Pause), HaltReason> {
        let code_hash = interpreter.bytecode.get_or_calculate_hash();
        let gas_at_entry = interpreter.gas.remaining();
        let pages_at_entry = context.chain.pages;

        let (program, entry) = callable(context, code_hash, &interpreter.bytecode)?;
        let StartPrice { gas: start_gas, was_cached, pages } =
            context.chain.start_price(code_hash, &entry);
        let gas = gas_at_entry.checked_sub(start_gas).ok_or(HaltReason::OutOfGas)?;

        let args = interpreter.input.input.bytes(context);
        let length = u32::try_from(args.len()).unwrap_or(u32::MAX);
        let ink_at_entry = prices::ink(gas);
        let stack_words = context.chain.arbos.max_stack_words;
        let engine = context.chain.engine;
        let machine = Machine::new(&program.executable, engine, ink_at_entry, stack_words)
            .ok_or(HaltReason::Other)?;
        let report =
            InkReport { code_hash, start_gas, was_cached, ink_at_entry, ..InkReport::default() };
        let mut frame = Self {
            machine,
            waiting: None,
            state: FrameState::new(args),
            gas_at_entry,
            pages_at_entry,
            report,
            traces: context.chain.recorder.is_tracing(),
        };
        let pause = frame.machine.start(length);
        context.chain.pages = pages;
        context.chain.recorder.program_begins(&mut context.journaled_state.inner.state);
        Ok((frame, pause))
    }

    /// Goes on after the frame that was opened has ended.
    pub(crate) fn resume(
        mut self,
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
    ) -> (Option<Self>, InterpreterAction) {
        let Some(Waiting { pending, asked }) = self.waiting.take() else {
            return (None, burn(interpreter));
        };
        let returned = Returned {
            word: interpreter.stack.pop().unwrap_or_default(),
            gas: interpreter.gas.remaining(),
            data: Bytes::copy_from_slice(interpreter.return_data.buffer()),
        };
        let answer =
            self.with_hooks(context, interpreter, |hooks| hooks.complete(pending, returned));
        match answer {
            Ok(value) => {
                self.note(context, asked, value);
                let pause = self.machine.resume(value);
                self.drive(context, interpreter, pause)
            }
            Err(stop) => self.stop(context, interpreter, &stop),
        }
    }

    /// Runs the program until it ends or opens another frame.
    fn drive(
        mut self,
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
        mut pause: Pause,
    ) -> (Option<Self>, InterpreterAction) {
        loop {
            let call = match pause {
                Pause::Returned(status) => {
                    return self.end(context, interpreter, End::Status(status));
                }
                Pause::Trapped(trap) => return self.end(context, interpreter, End::Trap(trap)),
                Pause::Host(call) => call,
            };
            if context.chain.recorder.is_over() {
                return (None, burn(interpreter));
            }
            let ink_before = self.machine.ink();
            let operands = self.operands(context, &call);
            let args = self.captured(&call);
            let asked = Asked { call, ink_before, args, frame: None };
            match self.with_hooks(context, interpreter, |hooks| hooks.call(&call)) {
                Ok(value) => {
                    self.note(context, asked, value);
                    self.show_call(context, &call, &operands, value, ink_before);
                    pause = self.machine.resume(value);
                }
                Err(Stop::Open(input, pending)) => {
                    let frame = Some(context.chain.recorder.next_frame());
                    self.show(context, ink_before, steps::of_opening(&call, &input));
                    self.waiting = Some(Waiting { pending, asked: Asked { frame, ..asked } });
                    interpreter.gas.set_remaining(0);
                    return (Some(self), InterpreterAction::NewFrame(*input));
                }
                Err(stop) => {
                    if matches!(stop, Stop::Exit(_)) {
                        self.note(context, asked, None);
                    }
                    return self.stop(context, interpreter, &stop);
                }
            }
        }
    }

    fn with_hooks<T>(
        &mut self,
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
        act: impl FnOnce(&mut Hooks<'_, '_>) -> T,
    ) -> T {
        let ink = self.machine.ink();
        let memory = self.machine.guest_memory();
        let mut hooks = Hooks { context, interpreter, frame: &mut self.state, memory, ink };
        let result = act(&mut hooks);
        let ink = hooks.ink;
        self.machine.set_ink(ink);
        result
    }

    fn stop(
        self,
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
        stop: &Stop,
    ) -> (Option<Self>, InterpreterAction) {
        let end = match stop {
            Stop::OutOfInk => End::Trap(Trap::OutOfInk),
            Stop::Exit(status) => End::Status(*status),
            Stop::Failure | Stop::Open(..) => End::Trap(Trap::Failure),
        };
        self.end(context, interpreter, end)
    }

    fn end(
        mut self,
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
        end: End,
    ) -> (Option<Self>, InterpreterAction) {
        context.chain.pages.open = self.pages_at_entry.open;
        self.report.ink_left = match end {
            End::Trap(Trap::OutOfInk | Trap::OutOfStack) => 0,
            End::Status(_) | End::Trap(Trap::Failure) => self.machine.ink(),
        };
        let gas_left = prices::gas(self.report.ink_left);
        if let End::Status(status) = end {
            self.report.status = Some(status);
            let shown = steps::of_end(status == 0, &self.state.output);
            self.show(context, self.report.ink_left, [shown]);
        }
        context.chain.recorder.program(self.report);

        let (result, output) = match end {
            End::Trap(Trap::OutOfInk) => return (None, burn(interpreter)),
            End::Trap(Trap::OutOfStack) => {
                context.chain.recorder.note_halt(HaltReason::OutOfStack);
                return (None, burn(interpreter));
            }
            End::Trap(Trap::Failure) => (InstructionResult::Revert, Bytes::new()),
            End::Status(0) => (InstructionResult::Return, self.state.output),
            End::Status(_) => (InstructionResult::Revert, self.state.output),
        };
        // A result costs at least what the memory for it costs in the EVM.
        let least = prices::evm_memory(output.len());
        let Some(most_left) = self.gas_at_entry.checked_sub(least) else {
            return (None, burn(interpreter));
        };
        interpreter.gas.set_remaining(gas_left.min(most_left));
        let result = InterpreterResult::new(result, output, interpreter.gas);
        (None, InterpreterAction::Return(result))
    }
}

/// The program with this code and what is known about it, if it may be called.
fn callable(
    context: &mut Context<'_>,
    code_hash: B256,
    code: &Bytecode,
) -> Result<(Arc<Program>, Entry), HaltReason> {
    let Ok(entry) = load_entry(context.journal_mut(), code_hash);
    let now = context.block.timestamp.saturating_to();
    entry.check(context.chain.arbos.stylus_version, now)?;
    let program = program_of(context, code_hash, code.original_byte_slice());
    match program {
        Ok(Ok(program)) => Ok((program, entry)),
        Ok(Err(_)) | Err(_) => Err(HaltReason::ProgramNotActivated),
    }
}

/// The frame breaks off and all its gas is gone.
fn burn(interpreter: &mut Interpreter<EthInterpreter>) -> InterpreterAction {
    interpreter.gas.spend_all();
    InterpreterAction::new_halt(InstructionResult::OutOfGas, interpreter.gas)
}
