//! Running programs, interpreted or in native code, whichever is worth it.

use super::Engine;
use super::compiler;
use super::executable::Executable;
use super::instance::Instance;
use super::memory::GuestMemory;
use super::pause::{Pause, Trap};
use super::trial::{Answer, Trial};
use crate::hostio::Value;

/// A program that is running.
pub(crate) struct Machine {
    instance: Instance,
    /// Set while it is not decided yet whether interpreting is enough.
    trial: Option<Box<Trial>>,
}

impl Machine {
    /// A program that has not started yet, with so much ink and so many words of value stack.
    pub(crate) fn new(
        executable: &Executable,
        engine: Engine,
        ink: u64,
        stack_words: u32,
    ) -> Option<Self> {
        let native = executable.native();
        if engine == Engine::Compiler {
            let instance = compiler::Instance::new(native.compiled()?, ink, stack_words);
            return Some(Self { instance: Instance::Compiled(instance), trial: None });
        }
        let slice = if engine == Engine::Adaptive { native.slice().min(ink) } else { ink };
        let trial = (slice < ink)
            .then(|| Box::new(Trial::new(executable.clone(), ink, stack_words, slice)));
        Some(Self { instance: Instance::interpreted(executable, slice, stack_words)?, trial })
    }

    /// Calls the entry point with the length of the arguments.
    pub(crate) fn start(&mut self, length: u32) -> Pause {
        if let Some(trial) = &mut self.trial {
            trial.length = length;
        }
        let pause = self.instance.start(length);
        self.judge(pause)
    }

    /// Goes on after a host function.
    pub(crate) fn resume(&mut self, answer: Option<Value>) -> Pause {
        let ink = self.ink();
        if let Some(trial) = &mut self.trial
            && !trial.keep(answer, ink)
        {
            self.instance.set_ink(ink);
            self.trial = None;
        }
        let pause = self.instance.resume(answer);
        self.judge(pause)
    }

    /// Ink left.
    pub(crate) fn ink(&self) -> u64 {
        let reserve = self.trial.as_ref().map_or(0, |trial| trial.reserve);
        self.instance.ink().saturating_add(reserve)
    }

    /// Sets the ink left.
    pub(crate) fn set_ink(&mut self, ink: u64) {
        let mut slice = ink;
        if let Some(trial) = &mut self.trial {
            slice = trial.slice.min(ink);
            trial.reserve = ink.saturating_sub(slice);
        }
        self.instance.set_ink(slice);
    }

    /// The program's memory, for a host function.
    pub(crate) fn guest_memory(&mut self) -> GuestMemory<'_> {
        let writes = self.trial.as_mut().map(|trial| &mut trial.writes);
        GuestMemory::new(self.instance.memory_mut(), writes)
    }

    /// Lets a program that has paused go on waiting, or starts it over if its slice is used up.
    fn judge(&mut self, pause: Pause) -> Pause {
        let Some(trial) = &mut self.trial else { return pause };
        let left = self.instance.ink();
        match pause {
            Pause::Trapped(Trap::OutOfInk) if trial.reserve > 0 => self.start_over(),
            Pause::Host(call) => {
                trial.used = trial.used.saturating_add(trial.slice.saturating_sub(left));
                trial.slice = left;
                trial.waiting = Some(call);
                pause
            }
            Pause::Returned(_) | Pause::Trapped(_) => {
                let used = trial.used.saturating_add(trial.slice.saturating_sub(left));
                let native = trial.executable.native();
                native.count(used);
                pause
            }
        }
    }

    /// Runs the program again, in native code, up to where it has come.
    fn start_over(&mut self) -> Pause {
        let failed = Pause::Trapped(Trap::Failure);
        let Some(trial) = self.trial.take() else { return failed };
        let Trial { executable, ink, stack_words, length, answers, .. } = *trial;
        let native = executable.native();
        let instance = match native.compiled() {
            Some(compiled) => {
                Some(Instance::Compiled(compiler::Instance::new(compiled, ink, stack_words)))
            }
            // A module that cannot be compiled is interpreted from the beginning, with all the ink.
            None => Instance::interpreted(&executable, ink, stack_words),
        };
        let Some(instance) = instance else { return failed };
        self.instance = instance;
        let mut pause = self.instance.start(length);
        for Answer { call, value, ink, writes } in answers {
            if pause != Pause::Host(call) {
                return failed;
            }
            for (start, bytes) in writes {
                let end = start.saturating_add(bytes.len());
                if let Some(place) = self.instance.memory_mut().get_mut(start..end) {
                    place.copy_from_slice(&bytes);
                }
            }
            self.instance.set_ink(ink);
            pause = self.instance.resume(value);
        }
        pause
    }

    /// The program's memory.
    pub(crate) fn memory(&self) -> &[u8] {
        self.instance.memory()
    }
}
