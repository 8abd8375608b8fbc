//! Running programs where there is but one engine.

use super::Engine;
use super::executable::Executable;
use super::instance::Instance;
use super::memory::GuestMemory;
use super::pause::Pause;
use crate::hostio::Value;

/// A program that is running.
pub(crate) struct Machine {
    instance: Instance,
}

impl Machine {
    /// A program that has not started yet, with so much ink and so many words of value stack.
    pub(crate) fn new(
        executable: &Executable,
        _engine: Engine,
        ink: u64,
        stack_words: u32,
    ) -> Option<Self> {
        Some(Self { instance: Instance::interpreted(executable, ink, stack_words)? })
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

    /// The program's memory, for a host function.
    pub(crate) fn guest_memory(&mut self) -> GuestMemory<'_> {
        GuestMemory::new(self.instance.memory_mut(), None)
    }

    /// The program's memory.
    pub(crate) fn memory(&self) -> &[u8] {
        self.instance.memory()
    }
}
