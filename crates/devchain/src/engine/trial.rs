//! Finding out whether a program is worth compiling, while it is interpreted.
//!
//! The interpreter gets a slice of the ink only. A program that ends within it was not worth
//! compiling. One that uses the slice up is started over in native code: what the host answered, and
//! what it wrote, was kept and is given again; only then does the program meet the chain again.

use super::executable::Executable;
use super::memory::Writes;
use crate::hostio::{HostCall, Value};

/// Most answers of the host that are kept. A program with more is not one that computes.
const MOST_ANSWERS: usize = 4_096;
/// Most bytes written by the host that are kept.
const MOST_WRITTEN: usize = 1 << 20;

/// A program that is interpreted for the time being.
pub(super) struct Trial {
    pub(super) executable: Executable,
    /// Ink and value stack that the program began with.
    pub(super) ink: u64,
    pub(super) stack_words: u32,
    pub(super) length: u32,
    /// Ink that the interpreter had when it last stopped, and ink kept back from it.
    pub(super) slice: u64,
    pub(super) reserve: u64,
    /// Ink of instructions so far.
    pub(super) used: u64,
    /// The host function that the program waits for, and what it has written so far.
    pub(super) waiting: Option<HostCall>,
    pub(super) writes: Writes,
    pub(super) answers: Vec<Answer>,
    written: usize,
}

/// What a host function answered.
pub(super) struct Answer {
    pub(super) call: HostCall,
    pub(super) value: Option<Value>,
    pub(super) ink: u64,
    pub(super) writes: Writes,
}

impl Trial {
    /// Begins with all the ink, of which the interpreter gets a slice.
    pub(super) fn new(executable: Executable, ink: u64, stack_words: u32, slice: u64) -> Self {
        Self {
            executable,
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
        }
    }

    /// Keeps what a host function answered; false if there is too much to keep.
    pub(super) fn keep(&mut self, value: Option<Value>, ink: u64) -> bool {
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
