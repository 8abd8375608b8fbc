//! Watching a transaction step by step while it runs.

use std::fmt::Debug;

use alloy_primitives::{Address, U256};
use revm::state::EvmState;

use crate::Frame;

/// Who is told of every frame and every opcode as it happens.
pub(crate) trait Watcher: Debug {
    /// A frame opens, the transaction's own one included.
    fn enter(&mut self, frame: &Frame) -> Watching;

    /// An opcode of a frame has run. `state` is what the transaction has changed so far.
    fn step(&mut self, frame: &Frame, step: Step, state: &mut EvmState) -> Watching;

    /// A frame has ended.
    fn exit(&mut self, frame: &Frame) -> Watching;
}

/// Whether a watcher wants to see more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watching {
    /// It goes on.
    On,
    /// It has seen enough: the transaction breaks off.
    Over,
}

/// An opcode, with what its frame was before it ran.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    /// The opcode; of a program's host function, the one that Nitro's tracing shows for it.
    pub(crate) opcode: u8,
    /// Where it stands in the code; 0 in a program.
    pub(crate) pc: usize,
    /// Gas left before it.
    pub(crate) gas: u64,
    /// Gas it takes, what it gives to a callee included. If there isn't enough: more than `gas`.
    pub(crate) cost: u64,
    /// Gas to be refunded so far.
    pub(crate) refund: u64,
    /// The stack, its top last.
    pub(crate) stack: Vec<U256>,
    /// The memory.
    pub(crate) memory: Vec<u8>,
    /// The slot that the opcode has written by now, with the value it had.
    pub(crate) overwritten: Option<(U256, U256)>,
    /// Whose step it is said to be, if not the frame's account.
    pub(crate) attributed_to: Option<Address>,
    /// How it failed, if it did.
    pub(crate) failure: Option<Failure>,
}

/// How an opcode failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// There wasn't the gas to begin it.
    Gas,
    /// It was begun and ended its frame: a `REVERT` too.
    Run(&'static str),
}
