//! Running instrumented modules, one pause at a time.

mod interpreter;

use crate::hostio::{HostCall, Value};

/// An instrumented module, ready to run.
#[derive(Debug)]
pub(crate) struct Executable {
    translated: interpreter::Translated,
}

impl Executable {
    /// Makes an instrumented module ready.
    ///
    /// # Errors
    ///
    /// What the engine says of a module that it cannot take.
    pub(crate) fn new(wasm: &[u8]) -> Result<Self, String> {
        Ok(Self { translated: interpreter::Translated::new(wasm)? })
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

/// A program that is running.
pub(crate) struct Machine {
    instance: interpreter::Instance,
}

impl Machine {
    /// A program that has not started yet, with so much ink and so many words of value stack.
    pub(crate) fn new(executable: &Executable, ink: u64, stack_words: u32) -> Option<Self> {
        let mut instance = interpreter::Instance::new(&executable.translated)?;
        instance.set_ink(ink);
        instance.set_stack(stack_words);
        Some(Self { instance })
    }

    /// Calls the entry point with the length of the arguments.
    pub(crate) fn start(&mut self, length: u32) -> Pause {
        self.instance.start(length)
    }

    /// Goes on after a host function.
    pub(crate) fn resume(&mut self, answer: Option<Value>) -> Pause {
        self.instance.resume(answer)
    }

    /// Ink left.
    pub(crate) fn ink(&self) -> u64 {
        self.instance.ink()
    }

    /// Sets the ink left.
    pub(crate) fn set_ink(&mut self, ink: u64) {
        self.instance.set_ink(ink);
    }

    /// The program's memory.
    pub(crate) fn memory(&self) -> &[u8] {
        self.instance.memory()
    }

    /// The program's memory, to be written.
    pub(crate) fn memory_mut(&mut self) -> &mut [u8] {
        self.instance.memory_mut()
    }
}
