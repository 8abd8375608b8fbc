//! Finding out whether a program is worth compiling, while it is interpreted.
//!
//! The interpreter gets a slice of the ink only. A program that ends within it was not worth
//! compiling. One that uses the slice up is started over in native code: what the host answered, and
//! what it wrote, was kept and is given again; only then does the program meet the chain again.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::compiler::{self, Compiled};
use super::memory::Writes;
use super::{Engine, Executable, GuestMemory, Instance, Machine, Pause, Trap};
use crate::hostio::{HostCall, Value};

/// Ink that a call may always use in the interpreter: that much takes it less than starting native
/// code does.
const SLICE: u64 = 10_000_000;
/// Ink that the interpreter uses in the time that it takes to compile a byte of a module.
const INK_PER_BYTE: u64 = 100_000;
/// Most answers of the host that are kept. A program with more is not one that computes.
const MOST_ANSWERS: usize = 4_096;
/// Most bytes written by the host that are kept.
const MOST_WRITTEN: usize = 1 << 20;

/// A module's native code, once it is needed.
pub(super) struct Native {
    wasm: Box<[u8]>,
    compiled: OnceLock<Option<Compiled>>,
    /// Ink that calls have used in the interpreter beyond what they always may.
    interpreted: AtomicU64,
}

impl std::fmt::Debug for Native {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Native").finish_non_exhaustive()
    }
}

impl Native {
    pub(super) fn new(wasm: &[u8]) -> Self {
        Self { wasm: wasm.into(), compiled: OnceLock::new(), interpreted: AtomicU64::new(0) }
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.compiled.get_or_init(|| Compiled::new(&self.wasm).ok()).as_ref()
    }

    /// Ink that the next call may use before it is started over. All the calls that were
    /// interpreted for long must together have cost what compiling costs.
    fn slice(&self) -> u64 {
        if self.compiled.get().is_some() {
            return SLICE;
        }
        let bytes = u64::try_from(self.wasm.len()).unwrap_or(u64::MAX);
        let price = bytes.saturating_mul(INK_PER_BYTE);
        SLICE.saturating_add(price.saturating_sub(self.interpreted.load(Ordering::Relaxed)))
    }
}

/// A program that is interpreted for the time being.
pub(super) struct Trial {
    executable: Executable,
    /// Ink and value stack that the program began with.
    ink: u64,
    stack_words: u32,
    length: u32,
    /// Ink that the interpreter had when it last stopped, and ink kept back from it.
    slice: u64,
    reserve: u64,
    /// Ink of instructions so far.
    used: u64,
    /// The host function that the program waits for, and what it has written so far.
    waiting: Option<HostCall>,
    writes: Writes,
    answers: Vec<Answer>,
    written: usize,
}

/// What a host function answered.
struct Answer {
    call: HostCall,
    value: Option<Value>,
    ink: u64,
    writes: Writes,
}

impl Machine {
    /// A program that has not started yet, with so much ink and so many words of value stack.
    pub(crate) fn new(
        executable: &Executable,
        engine: Engine,
        ink: u64,
        stack_words: u32,
    ) -> Option<Self> {
        let native = &executable.0.native;
        if engine == Engine::Compiler {
            let instance = compiler::Instance::new(native.compiled()?, ink, stack_words);
            return Some(Self { instance: Instance::Compiled(instance), trial: None });
        }
        let slice = if engine == Engine::Adaptive { native.slice().min(ink) } else { ink };
        let trial = (slice < ink).then(|| {
            Box::new(Trial {
                executable: executable.clone(),
                ink,
                stack_words,
                length: 0,
                slice,
                reserve: ink.saturating_sub(slice),
                used: 0,
                waiting: None,
                writes: Writes::new(),
                answers: Vec::new(),
                written: 0,
            })
        });
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
                let native = &trial.executable.0.native;
                native.interpreted.fetch_add(used.saturating_sub(SLICE), Ordering::Relaxed);
                pause
            }
        }
    }

    /// Runs the program again, in native code, up to where it has come.
    fn start_over(&mut self) -> Pause {
        let failed = Pause::Trapped(Trap::Failure);
        let Some(trial) = self.trial.take() else { return failed };
        let Trial { executable, ink, stack_words, length, answers, .. } = *trial;
        let native = &executable.0.native;
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
}

impl Trial {
    /// Keeps what a host function answered; false if there is too much to keep.
    fn keep(&mut self, value: Option<Value>, ink: u64) -> bool {
        let writes = std::mem::take(&mut self.writes);
        let bytes: usize = writes.iter().map(|(_, bytes)| bytes.len()).sum();
        self.written = self.written.saturating_add(bytes);
        if self.answers.len() >= MOST_ANSWERS || self.written > MOST_WRITTEN {
            return false;
        }
        if let Some(call) = self.waiting.take() {
            self.answers.push(Answer { call, value, ink, writes });
        }
        true
    }
}
