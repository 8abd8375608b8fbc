//! Writing down the frames of a transaction while it runs.

use alloy_primitives::{Address, Bytes, U256};
use revm::context_interface::CreateScheme;
use revm::handler::FrameResult;
use revm::interpreter::{CallScheme, FrameInput, InstructionResult};

use crate::{
    Frame, FrameKind, FrameTrace, HaltReason, InkReport, SlotAccess, SlotAccessKind, Status,
};

/// The frames of one transaction, those still open last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder {
    frames: Vec<Frame>,
    open: Vec<usize>,
    halt_reason: Option<HaltReason>,
    traces: bool,
}

impl Recorder {
    /// A recorder that also notes slots, opcodes and preimages if it `traces`.
    pub(crate) fn new(traces: bool) -> Self {
        Self { traces, ..Self::default() }
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
            revert if revert.is_revert() => Status::Revert,
            halt => Status::Halt(reason.unwrap_or_else(|| halt_reason(halt))),
        };
        let left = if result.result.is_halt() { 0 } else { result.gas.remaining() };
        frame.gas_used = frame.gas_limit.saturating_sub(left);
    }

    /// The open frame is about to break off for this reason, which the EVM has no name for.
    pub(crate) fn note_halt(&mut self, reason: HaltReason) {
        self.halt_reason = Some(reason);
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
        self.trace(|trace| trace.slots.push(SlotAccess { address, slot, kind }));
    }

    /// Notes that the open frame looked at or called an account.
    pub(crate) fn account(&mut self, opcode: u8, account: Address) {
        self.trace(|trace| trace.accounts.push((opcode, account)));
    }

    /// Notes what the open frame hashed.
    pub(crate) fn preimage(&mut self, preimage: Bytes) {
        self.trace(|trace| trace.preimages.push(preimage));
    }

    /// Notes that the open frame executes an opcode.
    pub(crate) fn opcode(&mut self, opcode: u8, follows_gas: bool) {
        self.trace(|trace| {
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

    fn trace(&mut self, note: impl FnOnce(&mut FrameTrace)) {
        if self.traces
            && let Some(frame) = self.current()
        {
            note(&mut frame.trace);
        }
    }
}

fn halt_reason(result: InstructionResult) -> HaltReason {
    use InstructionResult as R;
    match result {
        R::OutOfGas
        | R::MemoryOOG
        | R::MemoryLimitOOG
        | R::PrecompileOOG
        | R::InvalidOperandOOG
        | R::ReentrancySentryOOG => HaltReason::OutOfGas,
        R::OpcodeNotFound | R::InvalidFEOpcode | R::NotActivated => HaltReason::InvalidOpcode,
        R::InvalidJump => HaltReason::InvalidJump,
        R::StackUnderflow | R::StackOverflow => HaltReason::StackLimit,
        R::CallNotAllowedInsideStatic | R::StateChangeDuringStaticCall => {
            HaltReason::StaticCallViolation
        }
        R::CreateCollision
        | R::CreateContractSizeLimit
        | R::CreateContractStartingWithEF
        | R::CreateInitCodeSizeLimit => HaltReason::CreateRefused,
        R::PrecompileError => HaltReason::PrecompileFailed,
        _ => HaltReason::Other,
    }
}
