//! Writing down the frames of a transaction while it runs.

use alloy_primitives::{Address, Bytes, U256, uint};
use revm::bytecode::opcode;
use revm::context_interface::CreateScheme;
use revm::handler::FrameResult;
use revm::interpreter::{CallScheme, FrameInput, InstructionResult};

use revm::state::EvmState;

use crate::watch::{Step, Watcher, Watching};
use crate::{
    Frame, FrameKind, FrameTrace, HaltReason, InkReport, SlotAccess, SlotAccessKind, Status,
};

/// Most memory that the trace of one transaction may take, in bytes.
pub(crate) const TRACE_BUDGET: usize = 256 << 20;

/// The slots that Nitro reads for the first program of a transaction: `ArbOS`'s version and the
/// number of the parent chain's block.
const PHANTOM_READS: [U256; 2] = [
    uint!(0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400_U256),
    uint!(0x3c79da47f96b0f39664f73c0a1f350580be90742947dddfa21ba64d578dfe600_U256),
];

/// The frames of one transaction, those still open last.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    frames: Vec<Frame>,
    open: Vec<usize>,
    halt_reason: Option<HaltReason>,
    traces: bool,
    watcher: Option<Box<dyn Watcher>>,
    /// The account that the reads of [`PHANTOM_READS`] are attributed to, until they have been shown.
    phantom_reader: Option<Address>,
    /// What a watched program did to slots since it was asked last.
    touched: Vec<Touched>,
    /// Bytes that the trace takes, roughly.
    bytes: usize,
    /// The watcher has seen enough, or the trace is too large: the transaction must break off.
    is_over: bool,
}

/// A slot that a program has read or written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touched {
    pub(crate) kind: SlotAccessKind,
    pub(crate) slot: U256,
    pub(crate) value: U256,
}

impl Recorder {
    /// A recorder that also notes slots, opcodes and preimages if it `traces`.
    pub(crate) fn new(traces: bool) -> Self {
        Self { traces, ..Self::default() }
    }

    /// The same with a watcher that is told of every step.
    pub(crate) fn with_watcher(mut self, watcher: Option<Box<dyn Watcher>>) -> Self {
        self.watcher = watcher;
        self
    }

    /// The same with Nitro's two phantom reads, attributed to an account.
    pub(crate) fn with_phantom_reader(mut self, account: Option<Address>) -> Self {
        self.phantom_reader = account;
        self
    }

    /// Whether a watcher is told of every step.
    pub(crate) fn is_watched(&self) -> bool {
        self.watcher.is_some()
    }

    /// Whether the transaction must break off.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether the trace has grown over its budget.
    pub(crate) fn is_over_budget(&self) -> bool {
        self.bytes > TRACE_BUDGET
    }

    /// Something of this size was written down for a trace.
    pub(crate) fn took(&mut self, bytes: usize) {
        if self.traces || self.watcher.is_some() {
            self.bytes = self.bytes.saturating_add(bytes);
            self.is_over |= self.is_over_budget();
        }
    }

    /// An opcode of the open frame has run.
    pub(crate) fn step(&mut self, step: Step, state: &mut EvmState) {
        let frame = self.open.last().and_then(|&index| self.frames.get(index));
        if let (Some(watcher), Some(frame), false) = (&mut self.watcher, frame, self.is_over) {
            self.is_over |= watcher.step(frame, step, state) == Watching::Over;
        }
    }

    /// A program begins: if it is the transaction's first, Nitro's phantom reads are seen.
    pub(crate) fn program_begins(&mut self, state: &mut EvmState) {
        let Some(reader) = self.phantom_reader.take() else { return };
        for slot in PHANTOM_READS {
            self.slot(reader, slot, SlotAccessKind::Read);
            let attributed_to = Some(reader);
            let stack = vec![slot];
            let step = Step { opcode: opcode::SLOAD, stack, attributed_to, ..Step::default() };
            self.step(step, state);
        }
    }

    /// A watched program has read or written a slot.
    pub(crate) fn touched(&mut self, touched: Touched) {
        if self.is_watched() {
            self.touched.push(touched);
        }
    }

    /// What the program did to slots since this was asked last.
    pub(crate) fn take_touched(&mut self) -> Vec<Touched> {
        std::mem::take(&mut self.touched)
    }

    /// The frames recorded.
    pub(crate) fn into_frames(self) -> Vec<Frame> {
        self.frames
    }

    /// Whether slots, opcodes and preimages are wanted.
    pub(crate) fn is_tracing(&self) -> bool {
        self.traces
    }

    /// A frame is about to open. `input` is its call data or init code.
    pub(crate) fn enter(&mut self, depth: usize, frame: &FrameInput, input: Bytes) {
        let (kind, from, to, code_address, value, gas_limit) = match frame {
            FrameInput::Call(call) => (
                match call.scheme {
                    CallScheme::Call => FrameKind::Call,
                    CallScheme::CallCode => FrameKind::CallCode,
                    CallScheme::DelegateCall => FrameKind::DelegateCall,
                    CallScheme::StaticCall => FrameKind::StaticCall,
                },
                call.caller,
                call.target_address,
                call.bytecode_address,
                call.value.get(),
                call.gas_limit,
            ),
            FrameInput::Create(create) => (
                match create.scheme() {
                    CreateScheme::Create2 { .. } => FrameKind::Create2,
                    CreateScheme::Create | CreateScheme::Custom { .. } => FrameKind::Create,
                },
                create.caller(),
                Address::ZERO,
                Address::ZERO,
                create.value(),
                create.gas_limit(),
            ),
            FrameInput::Empty => return,
        };
        let parent = self.open.last().copied();
        self.open.push(self.frames.len());
        self.took(size_of::<Frame>().saturating_add(input.len()));
        self.frames.push(Frame {
            depth,
            parent,
            kind,
            from,
            to,
            code_address,
            value,
            input,
            output: Bytes::new(),
            gas_limit,
            gas_used: 0,
            status: Status::Success,
            program: None,
            trace: FrameTrace::default(),
        });
        if let (Some(watcher), Some(frame), false) =
            (&mut self.watcher, self.frames.last(), self.is_over)
        {
            self.is_over |= watcher.enter(frame) == Watching::Over;
        }
    }

    /// The creation that was entered last has an address now.
    pub(crate) fn created(&mut self, address: Address) {
        if let Some(frame) = self.current() {
            frame.to = address;
            frame.code_address = address;
        }
    }

    /// The index of the next frame to be entered.
    pub(crate) fn next_frame(&self) -> usize {
        self.frames.len()
    }

    /// The frame that opened last has ended.
    pub(crate) fn exit(&mut self, result: &FrameResult) {
        let reason = self.halt_reason.take();
        let Some(index) = self.open.pop() else { return };
        let Some(frame) = self.frames.get_mut(index) else { return };
        let result = result.interpreter_result();
        frame.output = result.output.clone();
        frame.status = match result.result {
            ok if ok.is_ok() => Status::Success,
            InstructionResult::OutOfFunds => Status::Halt(HaltReason::InsufficientBalance),
            InstructionResult::CallTooDeep => Status::Halt(HaltReason::CallDepth),
            revert if revert.is_revert() => Status::Revert,
            halt => Status::Halt(reason.unwrap_or_else(|| HaltReason::of_result(halt))),
        };
        let left = if result.result.is_halt() { 0 } else { result.gas.remaining() };
        frame.gas_used = frame.gas_limit.saturating_sub(left);
        if let (Some(watcher), false) = (&mut self.watcher, self.is_over) {
            self.is_over |= watcher.exit(frame) == Watching::Over;
        }
        self.took(result.output.len());
    }

    /// The open frame is about to break off for this reason. The first that is noted counts.
    pub(crate) fn note_halt(&mut self, reason: HaltReason) {
        self.halt_reason.get_or_insert(reason);
    }

    /// The open frame destroys its account: a frame of its own, which is over at once.
    pub(crate) fn destroyed(&mut self, account: Address, heir: Address, balance: U256) {
        let depth = self.current().map_or(0, |frame| frame.depth.saturating_add(1));
        let parent = self.open.last().copied();
        self.took(size_of::<Frame>());
        self.frames.push(Frame {
            depth,
            parent,
            kind: FrameKind::SelfDestruct,
            from: account,
            to: heir,
            code_address: heir,
            value: balance,
            input: Bytes::new(),
            output: Bytes::new(),
            gas_limit: 0,
            gas_used: 0,
            status: Status::Success,
            program: None,
            trace: FrameTrace::default(),
        });
        if let (Some(watcher), Some(frame), false) =
            (&mut self.watcher, self.frames.last(), self.is_over)
        {
            let seen =
                watcher.enter(frame) == Watching::Over || watcher.exit(frame) == Watching::Over;
            self.is_over |= seen;
        }
    }

    /// Whether the account has more than one frame open, delegate calls not counted.
    pub(crate) fn is_reentrant(&self, account: Address) -> bool {
        let open = self.open.iter().filter_map(|&index| self.frames.get(index));
        let own = open.filter(|frame| {
            frame.to == account
                && !matches!(frame.kind, FrameKind::DelegateCall | FrameKind::CallCode)
        });
        own.count() > 1
    }

    /// Notes a storage access of the open frame.
    pub(crate) fn slot(&mut self, address: Address, slot: U256, kind: SlotAccessKind) {
        let size = size_of::<SlotAccess>();
        self.trace(size, |trace| trace.slots.push(SlotAccess { address, slot, kind }));
    }

    /// Notes that the open frame looked at or called an account.
    pub(crate) fn account(&mut self, opcode: u8, account: Address) {
        let size = size_of::<(u8, Address)>();
        self.trace(size, |trace| trace.accounts.push((opcode, account)));
    }

    /// Notes what the open frame hashed.
    pub(crate) fn preimage(&mut self, preimage: Bytes) {
        let size = size_of::<Bytes>().saturating_add(preimage.len());
        self.trace(size, |trace| trace.preimages.push(preimage));
    }

    /// Notes that the open frame executes an opcode.
    pub(crate) fn opcode(&mut self, opcode: u8, follows_gas: bool) {
        self.trace(0, |trace| {
            let count = trace.opcodes.entry(opcode).or_default();
            *count = count.saturating_add(1);
            if follows_gas {
                trace.after_gas.insert(opcode);
            }
        });
    }

    /// Puts down what the program of the open frame did.
    pub(crate) fn program(&mut self, report: InkReport) {
        if let Some(frame) = self.current() {
            frame.program = Some(report);
        }
    }

    fn current(&mut self) -> Option<&mut Frame> {
        let index = *self.open.last()?;
        self.frames.get_mut(index)
    }

    fn trace(&mut self, bytes: usize, note: impl FnOnce(&mut FrameTrace)) {
        if self.traces
            && let Some(frame) = self.current()
        {
            note(&mut frame.trace);
            self.took(bytes);
        }
    }
}
