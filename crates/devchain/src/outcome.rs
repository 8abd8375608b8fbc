//! What became of a transaction.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, B256, Bytes, Log, U256};

use crate::HaltReason;

/// What became of a transaction or call that was valid enough to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// Gas used, the intrinsic gas included, after refunds.
    pub gas_used: u64,
    /// What was refunded of it (EIP-3529), already taken off `gas_used`.
    pub gas_refunded: u64,
    /// Gas charged before the first instruction ran.
    pub intrinsic_gas: u64,
    /// Return data, revert data, or the code of the contract created.
    pub output: Bytes,
    /// Address of the contract created.
    pub created: Option<Address>,
    /// Logs, in order; none if it failed.
    pub logs: Vec<Log>,
    /// Every EVM-level frame in order of entry, precompiles and frames opened by WASM included.
    pub frames: Vec<Frame>,
}

impl Outcome {
    /// Whether it succeeded.
    pub fn is_success(&self) -> bool {
        self.status == Status::Success
    }

    /// The frames that ran against `target`, in order of entry.
    pub fn frames_to(&self, target: Address) -> impl Iterator<Item = &Frame> {
        self.frames.iter().filter(move |frame| frame.to == target)
    }
}

/// How a transaction or frame ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It returned.
    Success,
    /// It reverted: its effects are undone and the gas it didn't use is given back.
    Revert,
    /// It broke off: its effects are undone and, if it had begun at all, all its gas is used.
    Halt(HaltReason),
}

impl Status {
    /// Whether this is success.
    pub fn is_success(self) -> bool {
        self == Self::Success
    }
}

/// How a frame was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// `CALL`, `call_contract`, or the transaction itself.
    Call,
    /// `STATICCALL` or `static_call_contract`.
    StaticCall,
    /// `DELEGATECALL` or `delegate_call_contract`.
    DelegateCall,
    /// `CALLCODE`.
    CallCode,
    /// `CREATE` or `create1`, or a creating transaction.
    Create,
    /// `CREATE2` or `create2`.
    Create2,
    /// `SELFDESTRUCT`: from the contract to the account that gets its balance. It runs nothing; a
    /// node shows it as a frame.
    SelfDestruct,
}

impl FrameKind {
    /// The opcode's name, as tracers give it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "CALL",
            Self::StaticCall => "STATICCALL",
            Self::DelegateCall => "DELEGATECALL",
            Self::CallCode => "CALLCODE",
            Self::Create => "CREATE",
            Self::Create2 => "CREATE2",
            Self::SelfDestruct => "SELFDESTRUCT",
        }
    }
}

/// One EVM-level frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// 0 for the transaction's own frame.
    pub depth: usize,
    /// Index of the frame that opened it.
    pub parent: Option<usize>,
    /// How it was opened.
    pub kind: FrameKind,
    /// The caller as the callee sees it (`msg.sender`).
    pub from: Address,
    /// The account whose storage and balance it acts on; for a creation the new account, or zero
    /// if it never came that far.
    pub to: Address,
    /// The account whose code runs: differs from `to` in a delegate call.
    pub code_address: Address,
    /// Wei as the callee sees it (`msg.value`).
    pub value: U256,
    /// Call data or init code.
    pub input: Bytes,
    /// Return data, revert data or code.
    pub output: Bytes,
    /// Gas given to the frame: for the first one the limit less the intrinsic gas.
    pub gas_limit: u64,
    /// Gas used by the frame and all frames below it, before refunds.
    pub gas_used: u64,
    /// How it ended.
    pub status: Status,
    /// What a Stylus program did with its ink, if one ran here.
    pub program: Option<InkReport>,
    /// What the frame touched; empty unless the transaction asked for a trace.
    pub trace: FrameTrace,
}

impl Frame {
    /// Whether it succeeded.
    pub fn is_success(&self) -> bool {
        self.status == Status::Success
    }
}

/// What a frame touched, without the frames below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrameTrace {
    /// Storage accesses that reached the chain, in order.
    pub slots: Vec<SlotAccess>,
    /// Accounts the frame looked at or called, in order: `(opcode, account)`.
    pub accounts: Vec<(u8, Address)>,
    /// What was hashed by `KECCAK256` or `native_keccak256`, in order.
    pub preimages: Vec<Bytes>,
    /// Every EVM opcode executed with its count. Programs run no opcodes: see
    /// [`InkReport::hostios`].
    pub opcodes: BTreeMap<u8, u64>,
    /// Opcodes that directly followed a `GAS`: ERC-7562 lets only calls do that (OP-012).
    pub after_gas: BTreeSet<u8>,
}

/// One access to a storage slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SlotAccess {
    /// The account the slot belongs to.
    pub address: Address,
    /// The slot.
    pub slot: U256,
    /// Read or written.
    pub kind: SlotAccessKind,
}

/// How a slot was accessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotAccessKind {
    /// `SLOAD` or `storage_load_bytes32`.
    Read,
    /// `SSTORE` or a slot written by `storage_flush_cache`.
    Write,
    /// `TLOAD` or `transient_load_bytes32`.
    TransientRead,
    /// `TSTORE` or `transient_store_bytes32`.
    TransientWrite,
}

/// What a Stylus program did with its ink.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InkReport {
    /// Hash of the program's code.
    pub code_hash: B256,
    /// Gas charged before the first instruction: start price and memory pages.
    pub start_gas: u64,
    /// Whether the start price was the cached one.
    pub was_cached: bool,
    /// Ink at entry, after the start price.
    pub ink_at_entry: u64,
    /// Ink left at the end; 0 if it ran out.
    pub ink_left: u64,
    /// What the entry point returned or `exit_early` asked for; `None` if the program trapped.
    pub status: Option<u32>,
    /// Calls and ink by host function. The ink of a call includes the frames it opened; a call that
    /// fails ends the program and isn't here.
    pub hostios: BTreeMap<&'static str, HostioTotal>,
    /// Every call of a host function that succeeded, in order of completion; empty unless the
    /// transaction asked for a trace.
    pub calls: Vec<HostioCall>,
}

/// How often one host function was called, and the ink it took in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HostioTotal {
    /// Number of calls.
    pub count: u64,
    /// Ink, nested frames included.
    pub ink: u64,
}

/// One call of a host function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostioCall {
    /// The function's name in `vm_hooks`.
    pub name: &'static str,
    /// What it worked with, as Nitro's tracing encodes it: numbers big-endian, one after another.
    pub args: Bytes,
    /// What it answered, likewise.
    pub outs: Bytes,
    /// Ink before it.
    pub ink_before: u64,
    /// Ink after it.
    pub ink_after: u64,
    /// Index of the frame it opened.
    pub frame: Option<usize>,
}
