//! Running a Stylus program as a frame of the EVM.

use std::sync::Arc;

use alloy_primitives::{B256, Bytes, U256};
use revm::bytecode::Bytecode;
use revm::context_interface::ContextTr;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::ReturnData;
use revm::interpreter::{InstructionResult, Interpreter, InterpreterAction, InterpreterResult};
use wasmi::{
    Global, Memory, Store, StoreLimits, StoreLimitsBuilder, TypedResumableCall,
    TypedResumableCallHostTrap, Val,
};

use crate::evm::{Context, StartPrice, program_of};
use crate::host::{FrameState, Hooks, Pending, Returned, Stop};
use crate::meter::instrument::{INK_LEFT, INK_STATUS, STACK_LEFT};
use crate::meter::pages::{PAGE_LIMIT, Pages};
use crate::meter::prices;
use crate::program::{Entry, HostCall, Program, load_entry, runtime};
use crate::program_step::{self, Shown};
use crate::watch::Step;
use crate::{HaltReason, HostioCall, InkReport};

const WASM_PAGE: usize = 65_536;

/// A program whose frame is open.
pub(crate) struct ProgramFrame {
    store: Store<StoreLimits>,
    instance: wasmi::Instance,
    memory: Memory,
    ink_left: Global,
    ink_status: Global,
    stack_left: Global,
    /// The host function that waits for another frame.
    paused: Option<Paused>,
    state: FrameState,
    gas_at_entry: u64,
    pages_at_entry: Pages,
    report: InkReport,
    /// Whether every call of a host function is written down.
    traces: bool,
}

struct Paused {
    program: TypedResumableCallHostTrap<i32>,
    pending: Pending,
    call: HostCall,
    ink_before: u64,
    /// Index of the frame it waits for.
    frame: usize,
}

/// How a program came to its end.
enum End {
    Status(u32),
    Failure,
    OutOfInk,
    OutOfStack,
}

type Call = Result<TypedResumableCall<i32>, wasmi::Error>;

impl ProgramFrame {
    /// Opens a frame and runs the program until it ends or opens another frame.
    ///
    /// `None` as frame: it has ended.
    pub(crate) fn open(
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
    ) -> (Option<Self>, InterpreterAction) {
        match Self::start(context, interpreter) {
            Ok((frame, call)) => frame.drive(context, interpreter, call),
            Err(reason) => {
                context.chain.recorder.note_halt(reason);
                (None, burn(interpreter))
            }
        }
    }

    fn start(
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
    ) -> Result<(Self, Call), HaltReason> {
        let code_hash = interpreter.bytecode.get_or_calculate_hash();
        let gas_at_entry = interpreter.gas.remaining();
        let pages_at_entry = context.chain.pages;

        let (program, entry) = callable(context, code_hash, &interpreter.bytecode)?;
        let StartPrice { gas: start_gas, was_cached, pages } =
            context.chain.start_price(code_hash, &entry);
        let gas = gas_at_entry.checked_sub(start_gas).ok_or(HaltReason::OutOfGas)?;

        let args = interpreter.input.input.bytes(context);
        let length = i32::try_from(args.len()).unwrap_or(i32::MAX);
        let ink_at_entry = prices::ink(gas);
        let mut frame = Self::instantiate(&program).ok_or(HaltReason::Other)?;
        frame.state = FrameState::new(args);
        frame.gas_at_entry = gas_at_entry;
        frame.pages_at_entry = pages_at_entry;
        frame.report =
            InkReport { code_hash, start_gas, was_cached, ink_at_entry, ..InkReport::default() };
        frame.traces = context.chain.recorder.is_tracing();
        frame.set_ink(ink_at_entry);
        frame.set_stack(context.chain.arbos.max_stack_words);

        let call = frame.start_call(length).ok_or(HaltReason::Other)?;
        context.chain.pages = pages;
        context.chain.recorder.program_begins(&mut context.journaled_state.inner.state);
        Ok((frame, call))
    }

    /// An instance of a program that has neither arguments nor ink yet.
    fn instantiate(program: &Program) -> Option<Self> {
        let most = usize::from(PAGE_LIMIT).saturating_mul(WASM_PAGE);
        let limits = StoreLimitsBuilder::new().memory_size(most).build();
        let mut store = Store::new(&runtime().engine, limits);
        store.limiter(|limits| limits);
        let instance = runtime().linker.instantiate_and_start(&mut store, &program.module).ok()?;
        Some(Self {
            memory: instance.get_memory(&store, "memory")?,
            ink_left: instance.get_global(&store, INK_LEFT)?,
            ink_status: instance.get_global(&store, INK_STATUS)?,
            stack_left: instance.get_global(&store, STACK_LEFT)?,
            instance,
            store,
            paused: None,
            state: FrameState::default(),
            gas_at_entry: 0,
            pages_at_entry: Pages::default(),
            report: InkReport::default(),
            traces: false,
        })
    }

    fn start_call(&mut self, length: i32) -> Option<Call> {
        let entrypoint =
            self.instance.get_typed_func::<i32, i32>(&self.store, "user_entrypoint").ok()?;
        Some(entrypoint.call_resumable(&mut self.store, length))
    }

    /// Goes on after the frame that was opened has ended.
    pub(crate) fn resume(
        mut self,
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
    ) -> (Option<Self>, InterpreterAction) {
        let Some(Paused { program, pending, call, ink_before, frame }) = self.paused.take() else {
            return (None, burn(interpreter));
        };
        let returned = Returned {
            word: interpreter.stack.pop().unwrap_or_default(),
            gas: interpreter.gas.remaining(),
            data: Bytes::copy_from_slice(interpreter.return_data.buffer()),
        };
        let (answer, ink) =
            self.with_hooks(context, interpreter, |hooks| hooks.complete(pending, returned));
        self.set_ink(ink);
        match answer {
            Ok(value) => {
                self.note(context, &call, ink_before, ink, Some(frame));
                let call = program.resume(&mut self.store, value.as_slice());
                self.drive(context, interpreter, call)
            }
            Err(stop) => self.stop(context, interpreter, &stop),
        }
    }

    /// Runs the program until it ends or opens another frame.
    fn drive(
        mut self,
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
        mut call: Call,
    ) -> (Option<Self>, InterpreterAction) {
        loop {
            let program = match call {
                Ok(TypedResumableCall::Finished(status)) => {
                    return self.end(context, interpreter, &End::Status(status.cast_unsigned()));
                }
                Ok(TypedResumableCall::HostTrap(program)) => program,
                Ok(TypedResumableCall::OutOfFuel(_)) | Err(_) => {
                    let end = self.classify_trap();
                    return self.end(context, interpreter, &end);
                }
            };
            let Some(host_call) = program.host_error().downcast_ref::<HostCall>().copied() else {
                return self.end(context, interpreter, &End::Failure);
            };
            if context.chain.recorder.is_over() {
                return (None, burn(interpreter));
            }
            let ink_before = self.ink();
            let operands = self.operands(context, &host_call);
            let (answer, ink) =
                self.with_hooks(context, interpreter, |hooks| hooks.call(&host_call));
            self.set_ink(ink);
            match answer {
                Ok(value) => {
                    self.note(context, &host_call, ink_before, ink, None);
                    self.show_call(context, &host_call, &operands, value.as_ref(), ink_before);
                    call = program.resume(&mut self.store, value.as_slice());
                }
                Err(Stop::Open(input, pending)) => {
                    let frame = context.chain.recorder.next_frame();
                    let call = host_call;
                    self.show(context, ink_before, program_step::of_opening(&call, &input));
                    self.paused = Some(Paused { program, pending, call, ink_before, frame });
                    interpreter.gas.set_remaining(0);
                    return (Some(self), InterpreterAction::NewFrame(*input));
                }
                Err(stop) => {
                    if matches!(stop, Stop::Exit(_)) {
                        self.note(context, &host_call, ink_before, ink, None);
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
    ) -> (T, u64) {
        let ink = self.ink();
        let mut hooks = Hooks {
            context,
            interpreter,
            frame: &mut self.state,
            memory: self.memory.data_mut(&mut self.store),
            ink,
        };
        let result = act(&mut hooks);
        (result, hooks.ink)
    }

    fn stop(
        self,
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
        stop: &Stop,
    ) -> (Option<Self>, InterpreterAction) {
        let end = match stop {
            Stop::OutOfInk => End::OutOfInk,
            Stop::Exit(status) => End::Status(*status),
            Stop::Failure | Stop::Open(..) => End::Failure,
        };
        self.end(context, interpreter, &end)
    }

    /// What a trap means: the counters that the metering pass added tell.
    fn classify_trap(&self) -> End {
        let is = |global: &Global, wanted: i32| matches!(global.get(&self.store), Val::I32(value) if value == wanted);
        if is(&self.ink_status, 1) {
            End::OutOfInk
        } else if is(&self.stack_left, 0) {
            End::OutOfStack
        } else {
            End::Failure
        }
    }

    fn end(
        mut self,
        context: &mut Context<'_>,
        interpreter: &mut Interpreter<EthInterpreter>,
        end: &End,
    ) -> (Option<Self>, InterpreterAction) {
        context.chain.pages.open = self.pages_at_entry.open;
        self.report.ink_left = match end {
            End::OutOfInk | End::OutOfStack => 0,
            End::Status(_) | End::Failure => self.ink(),
        };
        let gas_left = prices::gas(self.report.ink_left);
        if let End::Status(status) = end {
            let shown = program_step::of_end(*status == 0, &self.state.output);
            self.show(context, self.report.ink_left, [shown]);
        }
        context.chain.recorder.program(self.report);

        let (result, output) = match end {
            End::OutOfInk => return (None, burn(interpreter)),
            End::OutOfStack => {
                context.chain.recorder.note_halt(HaltReason::OutOfStack);
                return (None, burn(interpreter));
            }
            End::Failure => (InstructionResult::Revert, Bytes::new()),
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

    fn ink(&self) -> u64 {
        match self.ink_left.get(&self.store) {
            Val::I64(ink) => ink.cast_unsigned(),
            _ => 0,
        }
    }

    fn set_stack(&mut self, words: u32) {
        // Cannot fail: the global is a mutable i32 of our own.
        let _ = self.stack_left.set(&mut self.store, Val::I32(words.cast_signed()));
    }

    fn set_ink(&mut self, ink: u64) {
        // Cannot fail: the global is a mutable i64 of our own.
        let _ = self.ink_left.set(&mut self.store, Val::I64(ink.cast_signed()));
    }

    /// What a host function is about to work with, if somebody wants to see it.
    fn operands(&self, context: &Context<'_>, call: &HostCall) -> Vec<U256> {
        if !context.chain.recorder.is_watched() {
            return Vec::new();
        }
        program_step::operands(call, self.memory.data(&self.store))
    }

    /// Shows a host function that has answered to the watcher.
    fn show_call(
        &self,
        context: &mut Context<'_>,
        call: &HostCall,
        operands: &[U256],
        answer: Option<&Val>,
        ink_before: u64,
    ) {
        if !context.chain.recorder.is_watched() {
            return;
        }
        let touched = context.chain.recorder.take_touched();
        let memory = self.memory.data(&self.store);
        let input_len = self.state.args.len();
        let shown = program_step::of_call(call, operands, memory, answer, &touched, input_len);
        self.show(context, ink_before, shown);
    }

    /// Shows opcodes that stand for a host function. The first of them takes all the gas.
    fn show(
        &self,
        context: &mut Context<'_>,
        ink_before: u64,
        shown: impl IntoIterator<Item = Shown>,
    ) {
        if !context.chain.recorder.is_watched() {
            return;
        }
        let (mut gas, after) = (prices::gas(ink_before), prices::gas(self.ink()));
        for Shown { opcode, stack, memory, cost, failure } in shown {
            let cost = cost.unwrap_or_else(|| gas.saturating_sub(after));
            let step = Step { opcode, gas, cost, stack, memory, failure, ..Step::default() };
            context.chain.recorder.step(step, &mut context.journaled_state.inner.state);
            gas = after;
        }
    }

    fn note(
        &mut self,
        context: &mut Context<'_>,
        call: &HostCall,
        ink_before: u64,
        ink_after: u64,
        frame: Option<usize>,
    ) {
        let name = call.function.row().name;
        let total = self.report.hostios.entry(name).or_default();
        total.count = total.count.saturating_add(1);
        total.ink = total.ink.saturating_add(ink_before.saturating_sub(ink_after));
        if self.traces {
            self.report.calls.push(HostioCall { name, ink_before, ink_after, frame });
            context.chain.recorder.took(size_of::<HostioCall>());
        }
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
    entry
        .check(context.chain.arbos.stylus_version, now)
        .map_err(|_| HaltReason::ProgramNotCallable)?;
    let program = program_of(context, code_hash, code.original_byte_slice());
    match program {
        Ok(Ok(program)) => Ok((program, entry)),
        Ok(Err(_)) | Err(_) => Err(HaltReason::ProgramNotCallable),
    }
}

/// The frame breaks off and all its gas is gone.
fn burn(interpreter: &mut Interpreter<EthInterpreter>) -> InterpreterAction {
    interpreter.gas.spend_all();
    InterpreterAction::new_halt(InstructionResult::OutOfGas, interpreter.gas)
}
