//! Programs compiled to native code by wasmtime.
//!
//! A program runs on a stack of its own, as a future that never completes: a host function posts its
//! call and waits until it is answered, the end of the program is posted likewise. What drives the
//! program polls the future and finds what was posted. So a frame that a program opens takes no stack of
//! another program's.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::atomic::AtomicPtr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use wasmtime::{
    AsContextMut, Caller, Config, Engine, FuncType, Global, Linker, Memory, Store, StoreLimits,
    StoreLimitsBuilder, Val, ValType,
};

use super::pause::{Pause, Trap};
use crate::hostio::{HOST_FUNCTIONS, HostCall, HostFn, MODULE, MOST_PARAMETERS, Value};
use crate::meter::instrument::{INK_LEFT, INK_STATUS, STACK_LEFT};
use crate::module::PAGE_LIMIT;

const WASM_PAGE: usize = 65_536;

/// Bytes of native stack that a program may use. Nitro's limit of 22,000 words comes first: compiled
/// code keeps a word in 8 bytes, and the least frame, of 4 words, in less than 100.
const PROGRAM_STACK: usize = 4 << 20;
/// Bytes of native stack for a program with the host functions that it calls.
const WHOLE_STACK: usize = PROGRAM_STACK + (1 << 20);

/// The engine and the host functions, which hold no state.
struct Runtime {
    engine: Engine,
    linker: Linker<State>,
}

static RUNTIME: LazyLock<Result<Runtime, String>> =
    LazyLock::new(|| Runtime::new().map_err(|error| format!("{error:#}")));

/// What an instance carries with it.
struct State {
    limits: StoreLimits,
    mailbox: Arc<Mailbox>,
    exports: Option<Exports>,
}

/// What the host works with; all are handles into the store.
#[derive(Clone, Copy)]
struct Exports {
    memory: Memory,
    ink_left: Global,
    ink_status: Global,
    stack_left: Global,
}

/// What a program and the thread that drives it tell each other.
#[derive(Default)]
struct Mailbox(Mutex<Letter>);

#[derive(Default)]
enum Letter {
    #[default]
    None,
    /// From the program: why it has stopped, and what it looks like.
    Paused { pause: Pause, ink: u64, memory: AtomicPtr<u8>, len: usize },
    /// To the program: what a host function answers, and the ink left.
    Answer { value: Option<Value>, ink: u64 },
}

impl Mailbox {
    fn open(&self) -> MutexGuard<'_, Letter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the answer to what was posted.
    async fn answer(&self) -> (Option<Value>, u64) {
        poll_fn(|_| match &mut *self.open() {
            letter @ Letter::Answer { .. } => match std::mem::take(letter) {
                Letter::Answer { value, ink } => Poll::Ready((value, ink)),
                Letter::None | Letter::Paused { .. } => Poll::Pending,
            },
            Letter::None | Letter::Paused { .. } => Poll::Pending,
        })
        .await
    }
}

impl Runtime {
    fn new() -> wasmtime::Result<Self> {
        let mut config = Config::new();
        config
            .max_wasm_stack(PROGRAM_STACK)
            .async_stack_size(WHOLE_STACK)
            .wasm_backtrace_max_frames(None)
            // A library must not take the process's signal handlers: bounds are checked in code.
            // Then a memory needs no reservation of addresses either, and starts faster.
            .signals_based_traps(false)
            .memory_reservation(0)
            .memory_guard_size(0)
            .memory_reservation_for_growth(0)
            .memory_init_cow(false);
        let engine = Engine::new(&config)?;
        let mut linker = Linker::new(&engine);
        for &function in HOST_FUNCTIONS {
            let row = function.row();
            let params = row.params.iter().map(|&ty| val_type(ty));
            let ty = FuncType::new(&engine, params, row.result.map(val_type));
            linker.func_new_async(MODULE, row.name, ty, move |caller, params, results| {
                Box::new(ask(function, caller, params, results))
            })?;
        }
        Ok(Self { engine, linker })
    }
}

fn val_type(ty: wasmparser::ValType) -> ValType {
    match ty {
        wasmparser::ValType::I64 => ValType::I64,
        _ => ValType::I32,
    }
}

/// A host function: posts the call and waits for the answer.
async fn ask(
    function: HostFn,
    mut caller: Caller<'_, State>,
    params: &[Val],
    results: &mut [Val],
) -> wasmtime::Result<()> {
    let mut arguments = [0; MOST_PARAMETERS];
    for (argument, param) in arguments.iter_mut().zip(params) {
        *argument = match *param {
            Val::I32(value) => u64::from(value.cast_unsigned()),
            Val::I64(value) => value.cast_unsigned(),
            _ => 0,
        };
    }
    let Some(exports) = caller.data().exports else {
        wasmtime::bail!("a host function was called before the program started");
    };
    exports.post(&mut caller, Pause::Host(HostCall { function, arguments }));
    let mailbox = Arc::clone(&caller.data().mailbox);
    let (value, ink) = mailbox.answer().await;
    exports.ink_left.set(&mut caller, Val::I64(ink.cast_signed()))?;
    if let (Some(result), Some(value)) = (results.first_mut(), value) {
        *result = match value {
            Value::Int(value) => Val::I32(value.cast_signed()),
            Value::Long(value) => Val::I64(value.cast_signed()),
        };
    }
    Ok(())
}

impl Exports {
    fn of(instance: &wasmtime::Instance, mut store: impl AsContextMut) -> Option<Self> {
        Some(Self {
            memory: instance.get_memory(&mut store, "memory")?,
            ink_left: instance.get_global(&mut store, INK_LEFT)?,
            ink_status: instance.get_global(&mut store, INK_STATUS)?,
            stack_left: instance.get_global(&mut store, STACK_LEFT)?,
        })
    }

    /// Posts why the program has stopped.
    fn post(&self, mut store: impl AsContextMut<Data = State>, pause: Pause) {
        let ink = self.ink_left.get(&mut store).i64().unwrap_or(0).cast_unsigned();
        let memory = AtomicPtr::new(self.memory.data_ptr(&store));
        let len = self.memory.data_size(&store);
        let letter = Letter::Paused { pause, ink, memory, len };
        *store.as_context().data().mailbox.open() = letter;
    }

    /// What a trap means: the counters that the metering pass added tell.
    fn trap(&self, mut store: impl AsContextMut) -> Trap {
        let mut is = |global: &Global, wanted| global.get(&mut store).i32() == Some(wanted);
        Trap::new(is(&self.ink_status, 1), is(&self.stack_left, 0))
    }
}

/// A module compiled to native code.
pub(super) struct Compiled(wasmtime::Module);

impl Compiled {
    /// Compiles an instrumented module.
    pub(super) fn new(wasm: &[u8]) -> Result<Self, String> {
        let runtime = RUNTIME.as_ref().map_err(Clone::clone)?;
        let module = wasmtime::Module::new(&runtime.engine, wasm);
        module.map(Self).map_err(|error| format!("{error:#}"))
    }
}

/// An instance of a module.
pub(super) struct Instance {
    module: Compiled,
    stack_words: u32,
    /// The program; none before it starts. It never completes.
    program: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    mailbox: Arc<Mailbox>,
    ink: u64,
    memory: *mut u8,
    memory_len: usize,
}

impl Instance {
    /// An instance that has not started.
    pub(super) fn new(module: &Compiled, ink: u64, stack_words: u32) -> Self {
        Self {
            module: Compiled(module.0.clone()),
            stack_words,
            program: None,
            mailbox: Arc::default(),
            ink,
            memory: std::ptr::dangling_mut(),
            memory_len: 0,
        }
    }

    pub(super) fn ink(&self) -> u64 {
        self.ink
    }

    pub(super) fn set_ink(&mut self, ink: u64) {
        self.ink = ink;
    }

    #[expect(unsafe_code, reason = "the program that owns the memory holds still")]
    pub(super) fn memory(&self) -> &[u8] {
        // SAFETY: the pointer and the length are those of the program's memory when it posted that
        // it has stopped. The memory belongs to the store, which `self.program` owns and which lives
        // until `self` is dropped; it changes or moves only while the program runs, and that takes
        // `&mut self`. Before the program starts the length is zero.
        unsafe { std::slice::from_raw_parts(self.memory, self.memory_len) }
    }

    #[expect(unsafe_code, reason = "the program that owns the memory holds still")]
    pub(super) fn memory_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, and `&mut self` makes this the only reference.
        unsafe { std::slice::from_raw_parts_mut(self.memory, self.memory_len) }
    }

    /// Calls the entry point with the length of the arguments.
    pub(super) fn start(&mut self, length: u32) -> Pause {
        let Ok(runtime) = RUNTIME.as_ref() else { return Pause::Trapped(Trap::Failure) };
        let start = Start {
            runtime,
            module: self.module.0.clone(),
            mailbox: Arc::clone(&self.mailbox),
            ink: self.ink,
            stack_words: self.stack_words,
            length,
        };
        self.program = Some(Box::pin(async move {
            // A module that cannot even start posts nothing.
            let _ = start.run().await;
        }));
        self.poll()
    }

    /// Goes on after a host function.
    pub(super) fn resume(&mut self, answer: Option<Value>) -> Pause {
        *self.mailbox.open() = Letter::Answer { value: answer, ink: self.ink };
        self.poll()
    }

    fn poll(&mut self) -> Pause {
        if let Some(program) = &mut self.program {
            let _ = program.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        match std::mem::take(&mut *self.mailbox.open()) {
            Letter::Paused { pause, ink, memory, len } => {
                self.ink = ink;
                self.memory = memory.into_inner();
                self.memory_len = len;
                pause
            }
            Letter::None | Letter::Answer { .. } => {
                self.memory_len = 0;
                Pause::Trapped(Trap::Failure)
            }
        }
    }
}

/// All that a program needs to start.
struct Start {
    runtime: &'static Runtime,
    module: wasmtime::Module,
    mailbox: Arc<Mailbox>,
    ink: u64,
    stack_words: u32,
    length: u32,
}

impl Start {
    /// Runs the program to its end, posts it, and stays there with its memory.
    async fn run(self) -> wasmtime::Result<()> {
        let most = usize::from(PAGE_LIMIT).saturating_mul(WASM_PAGE);
        let limits = StoreLimitsBuilder::new().memory_size(most).build();
        let state = State { limits, mailbox: self.mailbox, exports: None };
        let mut store = Store::new(&self.runtime.engine, state);
        store.limiter(|state| &mut state.limits);
        let instance = self.runtime.linker.instantiate_async(&mut store, &self.module).await?;
        let Some(exports) = Exports::of(&instance, &mut store) else {
            wasmtime::bail!("the module lacks what metering adds");
        };
        store.data_mut().exports = Some(exports);
        exports.ink_left.set(&mut store, Val::I64(self.ink.cast_signed()))?;
        exports.stack_left.set(&mut store, Val::I32(self.stack_words.cast_signed()))?;
        let entrypoint = instance.get_typed_func::<i32, i32>(&mut store, "user_entrypoint")?;
        let pause = match entrypoint.call_async(&mut store, self.length.cast_signed()).await {
            Ok(status) => Pause::Returned(status.cast_unsigned()),
            Err(_) => Pause::Trapped(exports.trap(&mut store)),
        };
        exports.post(&mut store, pause);
        pending::<()>().await;
        Ok(())
    }
}
