//! Running instrumented modules, one pause at a time.
//!
//! Every program is interpreted. With the feature `compiler`, one that has used more ink than
//! interpreting is worth is started over in native code: the host's answers so far were kept and are
//! given again, so nothing of the chain is touched twice. Ink is counted by the module itself, so
//! both engines agree to the unit.

#[cfg(feature = "compiler")]
mod compiler;
#[cfg(all(test, feature = "compiler"))]
mod cross_check;
mod interpreter;
mod memory;
#[cfg(not(feature = "compiler"))]
mod plain;
#[cfg(feature = "compiler")]
mod trial;

use std::sync::Arc;

pub(crate) use memory::GuestMemory;

use crate::hostio::{HostCall, Value};

/// What runs the instructions of programs.
///
/// It makes no difference but to the time that a call takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// An interpreter; native code for calls that go on for long, where the feature `compiler` is on.
    #[default]
    Adaptive,
    /// The interpreter alone, wasmi.
    Interpreter,
    /// Native code alone, by wasmtime.
    #[cfg(feature = "compiler")]
    Compiler,
}

/// An instrumented module, ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Executable(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    translated: interpreter::Translated,
    #[cfg(feature = "compiler")]
    native: trial::Native,
}

impl Executable {
    /// Makes an instrumented module ready.
    ///
    /// # Errors
    ///
    /// What the engine says of a module that it cannot take.
    pub(crate) fn new(wasm: &[u8]) -> Result<Self, String> {
        Ok(Self(Arc::new(Parts {
            translated: interpreter::Translated::new(wasm)?,
            #[cfg(feature = "compiler")]
            native: trial::Native::new(wasm),
        })))
    }
}

/// Why a program has stopped running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// It waits for the answer of a host function.
    Host(HostCall),
    /// Its entry point has returned this status.
    Returned(u32),
    /// It cannot go on.
    Trapped(Trap),
}

/// Why a program cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trap {
    /// Its ink doesn't cover the next basic block.
    OutOfInk,
    /// Its value stack doesn't hold the next function.
    OutOfStack,
    /// Anything else: a division by zero, memory out of bounds, `unreachable`.
    Failure,
}

impl Trap {
    /// What a trap means that left the counters of the metering pass like this.
    fn new(ink_ran_out: bool, stack_ran_out: bool) -> Self {
        match (ink_ran_out, stack_ran_out) {
            (true, _) => Self::OutOfInk,
            (false, true) => Self::OutOfStack,
            (false, false) => Self::Failure,
        }
    }
}

/// An instance of a module in one of the engines.
enum Instance {
    Interpreted(Box<interpreter::Instance>),
    #[cfg(feature = "compiler")]
    Compiled(compiler::Instance),
}

/// Calls a method of the instance, whichever engine it is in.
macro_rules! either {
    ($instance:expr, $inner:ident => $call:expr) => {
        match $instance {
            Instance::Interpreted($inner) => $call,
            #[cfg(feature = "compiler")]
            Instance::Compiled($inner) => $call,
        }
    };
}

impl Instance {
    fn interpreted(executable: &Executable, ink: u64, stack_words: u32) -> Option<Self> {
        let translated = &executable.0.translated;
        let instance = interpreter::Instance::new(translated, ink, stack_words)?;
        Some(Self::Interpreted(Box::new(instance)))
    }

    fn start(&mut self, length: u32) -> Pause {
        either!(self, instance => instance.start(length))
    }

    fn resume(&mut self, answer: Option<Value>) -> Pause {
        either!(self, instance => instance.resume(answer))
    }

    fn ink(&self) -> u64 {
        either!(self, instance => instance.ink())
    }

    fn set_ink(&mut self, ink: u64) {
        either!(self, instance => instance.set_ink(ink));
    }

    fn memory(&self) -> &[u8] {
        either!(self, instance => instance.memory())
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        either!(self, instance => instance.memory_mut())
    }
}

/// A program that is running.
pub(crate) struct Machine {
    instance: Instance,
    /// Set while it isn't decided yet whether interpreting is enough.
    #[cfg(feature = "compiler")]
    trial: Option<Box<trial::Trial>>,
}

impl Machine {
    /// The program's memory.
    pub(crate) fn memory(&self) -> &[u8] {
        self.instance.memory()
    }
}
