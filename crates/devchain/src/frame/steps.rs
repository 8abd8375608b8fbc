//! A program's host functions as the opcodes that Nitro's tracing shows for them.
//!
//! A program runs no opcodes. So that tracers see what it does, a node shows an opcode for most host
//! functions, with the operands that the opcode would find on its stack and in memory, and a `POP`
//! for the answer. `msg_reentrant`, `pay_for_memory_grow`, `storage_cache_bytes32` and
//! `write_result` show nothing.

use alloy_primitives::U256;
use revm::bytecode::opcode;
use revm::interpreter::{CallScheme, FrameInput};

use crate::SlotAccessKind;
use crate::hostio::{HostCall, HostFn, Value};
use crate::trace::Touched;
use crate::watch::Failure;

/// An opcode to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) opcode: u8,
    /// Its operands, the top last.
    pub(crate) stack: Vec<U256>,
    pub(crate) memory: Vec<u8>,
    /// Its cost, if it isn't what the host function took.
    pub(crate) cost: Option<u64>,
    /// How it failed, if it did.
    pub(crate) failure: Option<Failure>,
}

impl Shown {
    /// `operands` are in the opcode's order, the top of the stack first.
    fn new(opcode: u8, operands: impl IntoIterator<Item = U256>) -> Self {
        let mut stack: Vec<U256> = operands.into_iter().collect();
        stack.reverse();
        Self { opcode, stack, ..Self::default() }
    }

    fn with_memory(mut self, memory: impl Into<Vec<u8>>) -> Self {
        self.memory = memory.into();
        self
    }

    fn pop(answer: U256) -> Self {
        Self::new(opcode::POP, [answer])
    }
}

/// Where a host function puts its answer.
#[derive(Clone, Copy)]
enum Answer {
    /// 32 bytes behind the pointer that is this argument.
    Word(usize),
    /// 20 bytes likewise.
    Address(usize),
    /// It returns it.
    Value,
    /// There is none to be shown.
    None,
}

/// The numbers that an arithmetic host function works with: its answer takes the place of the first.
pub(crate) fn operands(call: &HostCall, memory: &[u8]) -> Vec<U256> {
    let count = match call.function {
        HostFn::MathDiv | HostFn::MathMod | HostFn::MathPow => 2,
        HostFn::MathAddMod | HostFn::MathMulMod => 3,
        _ => 0,
    };
    (0..count).map(|index| word(call, memory, index, 32)).collect()
}

/// The opcodes of a host function that has answered.
pub(crate) fn of_call(
    call: &HostCall,
    operands: &[U256],
    memory: &[u8],
    answer: Option<Value>,
    touched: &[Touched],
    input_len: usize,
) -> Vec<Shown> {
    if !touched.is_empty() {
        return touched.iter().flat_map(of_slot).collect();
    }
    let Some((opcode, place)) = plain(call.function) else {
        return of_data(call, memory);
    };
    let operands = match call.function {
        HostFn::AccountBalance | HostFn::AccountCodehash | HostFn::AccountCodeSize => {
            vec![word(call, memory, 0, 20)]
        }
        HostFn::AccountCode => {
            vec![word(call, memory, 0, 20), U256::ZERO, number(call, 1), number(call, 2)]
        }
        HostFn::ReadReturnData => vec![U256::ZERO, number(call, 1), number(call, 2)],
        HostFn::ReadArgs => vec![U256::ZERO, U256::ZERO, U256::from(input_len)],
        _ => operands.to_vec(),
    };
    let pop = match place {
        Answer::Word(index) => Some(word(call, memory, index, 32)),
        Answer::Address(index) => Some(word(call, memory, index, 20)),
        Answer::Value => answer.map(|value| U256::from(u64::from(value))),
        Answer::None => None,
    };
    let mut shown = vec![Shown::new(opcode, operands)];
    shown.extend(pop.map(Shown::pop));
    shown
}

/// The opcode of a host function that doesn't depend on data of any length, and where its answer is.
fn plain(function: HostFn) -> Option<(u8, Answer)> {
    Some(match function {
        HostFn::ReadArgs => (opcode::CALLDATACOPY, Answer::None),
        HostFn::AccountBalance => (opcode::BALANCE, Answer::Word(1)),
        HostFn::AccountCodehash => (opcode::EXTCODEHASH, Answer::Word(1)),
        HostFn::AccountCode => (opcode::EXTCODECOPY, Answer::None),
        HostFn::AccountCodeSize => (opcode::EXTCODESIZE, Answer::Value),
        HostFn::BlockBasefee => (opcode::BASEFEE, Answer::Word(0)),
        HostFn::BlockCoinbase => (opcode::COINBASE, Answer::Address(0)),
        HostFn::BlockNumber => (opcode::NUMBER, Answer::Value),
        HostFn::BlockTimestamp => (opcode::TIMESTAMP, Answer::Value),
        HostFn::BlockGasLimit => (opcode::GASLIMIT, Answer::Value),
        HostFn::ChainId => (opcode::CHAINID, Answer::Value),
        HostFn::ContractAddress => (opcode::ADDRESS, Answer::Address(0)),
        HostFn::MsgSender => (opcode::CALLER, Answer::Address(0)),
        HostFn::MsgValue => (opcode::CALLVALUE, Answer::Word(0)),
        HostFn::TxOrigin => (opcode::ORIGIN, Answer::Address(0)),
        HostFn::TxGasPrice => (opcode::GASPRICE, Answer::Word(0)),
        HostFn::TxInkPrice => (opcode::GASPRICE, Answer::Value),
        HostFn::GasLeft | HostFn::InkLeft => (opcode::GAS, Answer::Value),
        HostFn::ReadReturnData => (opcode::RETURNDATACOPY, Answer::None),
        HostFn::ReturnDataSize => (opcode::RETURNDATASIZE, Answer::Value),
        HostFn::MathDiv => (opcode::DIV, Answer::Word(0)),
        HostFn::MathMod => (opcode::MOD, Answer::Word(0)),
        HostFn::MathPow => (opcode::EXP, Answer::Word(0)),
        HostFn::MathAddMod => (opcode::ADDMOD, Answer::Word(0)),
        HostFn::MathMulMod => (opcode::MULMOD, Answer::Word(0)),
        HostFn::WriteResult
        | HostFn::ExitEarly
        | HostFn::StorageLoad
        | HostFn::StorageCache
        | HostFn::StorageFlush
        | HostFn::TransientLoad
        | HostFn::TransientStore
        | HostFn::Call
        | HostFn::StaticCall
        | HostFn::DelegateCall
        | HostFn::Create1
        | HostFn::Create2
        | HostFn::EmitLog
        | HostFn::MsgReentrant
        | HostFn::Keccak256
        | HostFn::PayForMemoryGrow => return None,
    })
}

/// The opcodes of a host function that takes data: their memory holds nothing else.
fn of_data(call: &HostCall, memory: &[u8]) -> Vec<Shown> {
    match call.function {
        HostFn::Keccak256 => {
            let data = bytes(memory, number(call, 0), number(call, 1));
            let hash = Shown::new(opcode::KECCAK256, [U256::ZERO, U256::from(data.len())]);
            let answer = Shown::pop(word(call, memory, 2, 32));
            vec![hash.with_memory(data), answer]
        }
        HostFn::EmitLog => {
            let all = bytes(memory, number(call, 0), number(call, 1));
            let count = u8::try_from(argument(call, 2)).unwrap_or(0);
            let (topics, data) =
                all.split_at_checked(usize::from(count).saturating_mul(32)).unwrap_or((all, &[]));
            let topics = topics.chunks_exact(32).map(U256::from_be_slice);
            let operands = [U256::ZERO, U256::from(data.len())].into_iter().chain(topics);
            let opcode = opcode::LOG0.saturating_add(count);
            vec![Shown::new(opcode, operands).with_memory(data)]
        }
        _ => Vec::new(),
    }
}

fn of_slot(touched: &Touched) -> Vec<Shown> {
    let Touched { kind, slot, value } = *touched;
    match kind {
        SlotAccessKind::Read => vec![Shown::new(opcode::SLOAD, [slot]), Shown::pop(value)],
        SlotAccessKind::Write => vec![Shown::new(opcode::SSTORE, [slot, value])],
        SlotAccessKind::TransientRead => vec![Shown::new(opcode::TLOAD, [slot]), Shown::pop(value)],
        SlotAccessKind::TransientWrite => vec![Shown::new(opcode::TSTORE, [slot, value])],
    }
}

/// The opcode of a host function that is about to open a frame.
///
/// A call costs what the program offers, however little there is: so does Nitro show it, and
/// tracers take a call that offers more than there is for one that runs out of gas.
pub(crate) fn of_opening(call: &HostCall, input: &FrameInput) -> Option<Shown> {
    let zero = U256::ZERO;
    match input {
        FrameInput::Call(inputs) => {
            let has_value = inputs.scheme == CallScheme::Call;
            let offered = argument(call, if has_value { 4 } else { 3 });
            let opcode = match inputs.scheme {
                CallScheme::Call => opcode::CALL,
                CallScheme::CallCode => opcode::CALLCODE,
                CallScheme::DelegateCall => opcode::DELEGATECALL,
                CallScheme::StaticCall => opcode::STATICCALL,
            };
            let data = match &inputs.input {
                revm::interpreter::CallInput::Bytes(data) => data.to_vec(),
                revm::interpreter::CallInput::SharedBuffer(_) => Vec::new(),
            };
            let to = U256::from_be_slice(inputs.bytecode_address.as_slice());
            let value = has_value.then(|| inputs.value.get());
            let range = [zero, U256::from(data.len()), zero, zero];
            let operands = [U256::from(offered), to].into_iter().chain(value).chain(range);
            let mut shown = Shown::new(opcode, operands).with_memory(data);
            shown.cost = Some(offered);
            Some(shown)
        }
        FrameInput::Create(inputs) => {
            let code = inputs.init_code().to_vec();
            let (opcode, salt) = match inputs.scheme() {
                revm::context_interface::CreateScheme::Create2 { salt } => {
                    (opcode::CREATE2, Some(salt))
                }
                _ => (opcode::CREATE, None),
            };
            let range = [inputs.value(), zero, U256::from(code.len())];
            let mut shown = Shown::new(opcode, range.into_iter().chain(salt)).with_memory(code);
            shown.cost = Some(0);
            Some(shown)
        }
        FrameInput::Empty => None,
    }
}

/// The opcode of a program's end.
pub(crate) fn of_end(succeeded: bool, output: &[u8]) -> Shown {
    let range = [U256::ZERO, U256::from(output.len())];
    let mut shown = match (succeeded, output.is_empty()) {
        (true, true) => Shown::new(opcode::STOP, []),
        (true, false) => Shown::new(opcode::RETURN, range),
        (false, _) => Shown::new(opcode::REVERT, range),
    };
    if !succeeded {
        shown.failure = Some(Failure::Run("execution reverted"));
    }
    shown.with_memory(output)
}

fn argument(call: &HostCall, index: usize) -> u64 {
    call.arguments.get(index).copied().unwrap_or(0)
}

fn number(call: &HostCall, index: usize) -> U256 {
    U256::from(argument(call, index))
}

/// The number behind a pointer.
fn word(call: &HostCall, memory: &[u8], index: usize, len: u64) -> U256 {
    U256::from_be_slice(bytes(memory, number(call, index), U256::from(len)))
}

/// The bytes at a pointer: the host function has just read or written them, so they are there.
fn bytes(memory: &[u8], pointer: U256, len: U256) -> &[u8] {
    let (start, len): (usize, usize) = (pointer.saturating_to(), len.saturating_to());
    memory.get(start..start.saturating_add(len)).unwrap_or_default()
}
