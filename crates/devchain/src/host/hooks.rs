//! What every host function works with, and how it charges.

use alloy_primitives::{Address, Bytes};
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::{FrameInput, Interpreter};

use super::opened::Pending;
use super::storage_cache::StorageCache;
use crate::context::Context;
use crate::engine::GuestMemory;
use crate::hostio::Value;
use crate::meter::prices;

/// Why a program cannot go on as if the host function had just returned.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The ink doesn't cover the price: all gas is used.
    OutOfInk,
    /// The arguments make no sense or the write is not allowed: the frame reverts without data.
    Failure,
    /// The program asked to end with this status.
    Exit(u32),
    /// Another frame must run first.
    Open(Box<FrameInput>, Pending),
}

/// What a host function answers.
pub(crate) type Answer = Result<Option<Value>, Stop>;

/// What the host keeps for one frame of a program.
#[derive(Debug, Default)]
pub(crate) struct FrameState {
    /// Call data.
    pub(crate) args: Bytes,
    /// What `write_result` wrote last.
    pub(crate) output: Bytes,
    /// Data returned by the last call.
    pub(crate) return_data: Bytes,
    /// Values of slots that the frame has read or wants to write.
    pub(super) storage: StorageCache,
    /// The account whose code was asked for last, with its code.
    pub(super) last_code: Option<(Address, Bytes)>,
}

impl FrameState {
    /// The state of a frame called with this data.
    pub(crate) fn new(args: Bytes) -> Self {
        Self { args, ..Self::default() }
    }
}

/// Everything a host function works with.
pub(crate) struct Hooks<'h, 'db> {
    pub(crate) context: &'h mut Context<'db>,
    pub(crate) interpreter: &'h mut Interpreter<EthInterpreter>,
    pub(crate) frame: &'h mut FrameState,
    pub(crate) memory: GuestMemory<'h>,
    /// Ink left.
    pub(crate) ink: u64,
}

/// The arguments of a call.
#[derive(Clone, Copy)]
pub(super) struct Args(pub(super) [u64; 6]);

impl Args {
    /// An i32, mostly a pointer or a length.
    pub(super) fn int(self, index: usize) -> u32 {
        let value = self.0.get(index).copied().unwrap_or(0);
        u32::try_from(value).unwrap_or(u32::MAX)
    }

    /// An i64.
    pub(super) fn long(self, index: usize) -> u64 {
        self.0.get(index).copied().unwrap_or(0)
    }
}

/// The number of bytes; a program cannot see more of them than fit 32 bits.
pub(super) fn length(bytes: &[u8]) -> Value {
    Value::Int(u32::try_from(bytes.len()).unwrap_or(u32::MAX))
}

impl Hooks<'_, '_> {
    /// Takes ink, or takes all of it and stops.
    pub(super) fn buy_ink(&mut self, ink: u64) -> Result<(), Stop> {
        let left = self.ink.checked_sub(ink);
        self.ink = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Stop::OutOfInk)
    }

    /// Takes gas.
    pub(super) fn buy_gas(&mut self, gas: u64) -> Result<(), Stop> {
        self.buy_ink(prices::ink(gas))
    }

    /// Stops unless there is that much gas; takes none.
    pub(super) fn require_gas(&mut self, gas: u64) -> Result<(), Stop> {
        if self.ink < prices::ink(gas) {
            self.ink = 0;
            return Err(Stop::OutOfInk);
        }
        Ok(())
    }

    /// Gas left, rounded down.
    pub(super) fn gas_left(&self) -> u64 {
        prices::gas(self.ink)
    }

    /// The account the program acts as.
    pub(super) fn address(&self) -> Address {
        self.interpreter.input.target_address
    }

    /// Whether writing is forbidden.
    pub(super) fn is_static(&self) -> bool {
        self.interpreter.runtime_flag.is_static
    }
}
