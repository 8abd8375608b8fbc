//! Programs run by wasmi.
//!
//! A host function stops the interpreter with an error that carries the call. What drives the
//! program answers, and the interpreter goes on where it stopped. So a frame that a program opens
//! takes no native stack.

use std::sync::LazyLock;

use wasmi::{
    Engine, FuncType, Global, Linker, Memory, Store, StoreLimits, StoreLimitsBuilder,
    TypedResumableCall, TypedResumableCallHostTrap, Val, ValType,
};

use super::pause::{Pause, Trap};
use crate::hostio::{HOST_FUNCTIONS, HostCall, MODULE, MOST_PARAMETERS, Value};
use crate::meter::instrument::{INK_LEFT, INK_STATUS, STACK_LEFT};
use crate::module::PAGE_LIMIT;

const WASM_PAGE: usize = 65_536;

/// Bytes of the interpreter's own stack. Nitro's limit on the value stack comes first: a frame
/// takes at least 4 of its 22,000 words, and no word takes more than a few cells of 8 bytes here.
const STACK_BYTES: usize = 16 * 1024 * 1024;
/// Calls that may be open within a program; Nitro's limit comes first, as above.
const MOST_CALLS: usize = 22_000;

/// The engine and the host functions, which hold no state.
struct Runtime {
    engine: Engine,
    linker: Linker<StoreLimits>,
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(Runtime::new);

impl wasmi::errors::HostError for HostCall {}

impl Runtime {
    fn new() -> Self {
        let mut config = wasmi::Config::default();
        config.set_max_recursion_depth(MOST_CALLS).set_max_stack_height(STACK_BYTES);
        let engine = Engine::new(&config);
        let mut linker = Linker::new(&engine);
        for &function in HOST_FUNCTIONS {
            let row = function.row();
            let ty =
                FuncType::new(row.params.iter().map(|&ty| val_type(ty)), row.result.map(val_type));
            let stop = move |_: wasmi::Caller<'_, _>, params: &[Val], _: &mut [Val]| {
                let mut arguments = [0; MOST_PARAMETERS];
                for (argument, param) in arguments.iter_mut().zip(params) {
                    *argument = match *param {
                        Val::I32(value) => u64::from(value.cast_unsigned()),
                        Val::I64(value) => value.cast_unsigned(),
                        _ => 0,
                    };
                }
                Err(wasmi::Error::host(HostCall { function, arguments }))
            };
            // Cannot fail: every name is defined once.
            let _ = linker.func_new(MODULE, row.name, ty, stop);
        }
        Self { engine, linker }
    }
}

fn val_type(ty: wasmparser::ValType) -> ValType {
    match ty {
        wasmparser::ValType::I64 => ValType::I64,
        _ => ValType::I32,
    }
}

/// A module translated for the interpreter.
#[derive(Debug)]
pub(super) struct Translated(wasmi::Module);

impl Translated {
    /// Translates an instrumented module.
    pub(super) fn new(wasm: &[u8]) -> Result<Self, String> {
        let module = wasmi::Module::new(&RUNTIME.engine, wasm);
        module.map(Self).map_err(|error| error.to_string())
    }
}

/// An instance of a module.
pub(super) struct Instance {
    store: Store<StoreLimits>,
    exports: wasmi::Instance,
    memory: Memory,
    ink_left: Global,
    ink_status: Global,
    stack_left: Global,
    /// What waits for the answer of a host function.
    waiting: Option<TypedResumableCallHostTrap<i32>>,
}

impl Instance {
    /// An instance that has not started, with so much ink and so many words of value stack.
    pub(super) fn new(module: &Translated, ink: u64, stack_words: u32) -> Option<Self> {
        let most = usize::from(PAGE_LIMIT).saturating_mul(WASM_PAGE);
        let limits = StoreLimitsBuilder::new().memory_size(most).build();
        let mut store = Store::new(&RUNTIME.engine, limits);
        store.limiter(|limits| limits);
        let instance = RUNTIME.linker.instantiate_and_start(&mut store, &module.0).ok()?;
        let mut instance = Self {
            memory: instance.get_memory(&store, "memory")?,
            ink_left: instance.get_global(&store, INK_LEFT)?,
            ink_status: instance.get_global(&store, INK_STATUS)?,
            stack_left: instance.get_global(&store, STACK_LEFT)?,
            exports: instance,
            store,
            waiting: None,
        };
        instance.set_ink(ink);
        // Cannot fail: the global is a mutable i32 of our own.
        let words = Val::I32(stack_words.cast_signed());
        let _ = instance.stack_left.set(&mut instance.store, words);
        Some(instance)
    }

    pub(super) fn ink(&self) -> u64 {
        match self.ink_left.get(&self.store) {
            Val::I64(ink) => ink.cast_unsigned(),
            _ => 0,
        }
    }

    pub(super) fn set_ink(&mut self, ink: u64) {
        // Cannot fail: the global is a mutable i64 of our own.
        let _ = self.ink_left.set(&mut self.store, Val::I64(ink.cast_signed()));
    }

    pub(super) fn memory(&self) -> &[u8] {
        self.memory.data(&self.store)
    }

    pub(super) fn memory_mut(&mut self) -> &mut [u8] {
        self.memory.data_mut(&mut self.store)
    }

    /// Calls the entry point with the length of the arguments.
    pub(super) fn start(&mut self, length: u32) -> Pause {
        let entrypoint = self.exports.get_typed_func::<i32, i32>(&self.store, "user_entrypoint");
        let Ok(entrypoint) = entrypoint else { return Pause::Trapped(Trap::Failure) };
        let call = entrypoint.call_resumable(&mut self.store, length.cast_signed());
        self.pause(call)
    }

    /// Goes on after a host function.
    pub(super) fn resume(&mut self, answer: Option<Value>) -> Pause {
        let Some(waiting) = self.waiting.take() else { return Pause::Trapped(Trap::Failure) };
        let answer = answer.map(|value| match value {
            Value::Int(value) => Val::I32(value.cast_signed()),
            Value::Long(value) => Val::I64(value.cast_signed()),
        });
        let call = waiting.resume(&mut self.store, answer.as_slice());
        self.pause(call)
    }

    fn pause(&mut self, call: Result<TypedResumableCall<i32>, wasmi::Error>) -> Pause {
        match call {
            Ok(TypedResumableCall::Finished(status)) => Pause::Returned(status.cast_unsigned()),
            Ok(TypedResumableCall::HostTrap(waiting)) => {
                let Some(call) = waiting.host_error().downcast_ref::<HostCall>().copied() else {
                    return Pause::Trapped(Trap::Failure);
                };
                self.waiting = Some(waiting);
                Pause::Host(call)
            }
            Ok(TypedResumableCall::OutOfFuel(_)) | Err(_) => Pause::Trapped(self.trap()),
        }
    }

    /// What a trap means: the counters that the metering pass added tell.
    fn trap(&self) -> Trap {
        let is = |global: &Global, wanted: i32| matches!(global.get(&self.store), Val::I32(value) if value == wanted);
        Trap::new(is(&self.ink_status, 1), is(&self.stack_left, 0))
    }
}
