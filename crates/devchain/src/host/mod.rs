//! What a program may ask of the host.
//!
//! A host function runs between two instructions of the program. It charges ink, looks at the
//! program's memory and at the chain, and either answers or says why the program cannot simply go
//! on: see [`Stop`].

mod account;
mod block;
mod call;
mod crypto;
mod log;
mod math;
mod memory;
mod result;
mod storage;

use alloy_primitives::{Address, Bytes};
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::{FrameInput, Interpreter};

pub(crate) use call::{Pending, Returned};
use storage::StorageCache;

use crate::context::Context;
use crate::engine::GuestMemory;
use crate::hostio::{HostCall, HostFn, Value};
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
    storage: StorageCache,
    /// The account whose code was asked for last, with its code.
    last_code: Option<(Address, Bytes)>,
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
struct Args([u64; 6]);

impl Args {
    /// An i32, mostly a pointer or a length.
    fn int(self, index: usize) -> u32 {
        let value = self.0.get(index).copied().unwrap_or(0);
        u32::try_from(value).unwrap_or(u32::MAX)
    }

    /// An i64.
    fn long(self, index: usize) -> u64 {
        self.0.get(index).copied().unwrap_or(0)
    }
}

/// The number of bytes; a program cannot see more of them than fit 32 bits.
fn length(bytes: &[u8]) -> Value {
    Value::Int(u32::try_from(bytes.len()).unwrap_or(u32::MAX))
}

impl Hooks<'_, '_> {
    /// Runs a host function.
    pub(crate) fn call(&mut self, call: &HostCall) -> Answer {
        let args = Args(call.arguments);
        self.buy_ink(call.function.row().ink)?;
        match call.function {
            HostFn::ReadArgs => self.read_args(args),
            HostFn::WriteResult => self.write_result(args),
            HostFn::ExitEarly => Err(Stop::Exit(args.int(0))),

            HostFn::StorageLoad => self.storage_load(args),
            HostFn::StorageCache => self.storage_cache(args),
            HostFn::StorageFlush => self.storage_flush(args),
            HostFn::TransientLoad => self.transient_load(args),
            HostFn::TransientStore => self.transient_store(args),

            HostFn::Call => self.call_contract(args),
            HostFn::StaticCall => self.static_call_contract(args),
            HostFn::DelegateCall => self.delegate_call_contract(args),
            HostFn::Create1 => self.create1(args),
            HostFn::Create2 => self.create2(args),
            HostFn::ReadReturnData => self.read_return_data(args),
            HostFn::ReturnDataSize => Ok(Some(self.return_data_size())),

            HostFn::EmitLog => self.emit_log(args),

            HostFn::AccountBalance => self.account_balance(args),
            HostFn::AccountCodehash => self.account_codehash(args),
            HostFn::AccountCode => self.account_code(args),
            HostFn::AccountCodeSize => self.account_code_size(args),

            HostFn::BlockBasefee => self.block_basefee(args),
            HostFn::BlockCoinbase => self.block_coinbase(args),
            HostFn::BlockNumber => Ok(Some(self.block_number())),
            HostFn::BlockTimestamp => Ok(Some(self.block_timestamp())),
            HostFn::BlockGasLimit => Ok(Some(self.block_gas_limit())),
            HostFn::ChainId => Ok(Some(self.chain_id())),

            HostFn::ContractAddress => self.contract_address(args),
            HostFn::MsgSender => self.msg_sender(args),
            HostFn::MsgValue => self.msg_value(args),
            HostFn::MsgReentrant => Ok(Some(self.msg_reentrant())),
            HostFn::TxOrigin => self.tx_origin(args),
            HostFn::TxGasPrice => self.tx_gas_price(args),
            HostFn::TxInkPrice => Ok(Some(Self::tx_ink_price())),
            HostFn::GasLeft => Ok(Some(Value::Long(self.gas_left()))),
            HostFn::InkLeft => Ok(Some(Value::Long(self.ink))),

            HostFn::MathDiv => self.math_div(args),
            HostFn::MathMod => self.math_mod(args),
            HostFn::MathPow => self.math_pow(args),
            HostFn::MathAddMod => self.math_add_mod(args),
            HostFn::MathMulMod => self.math_mul_mod(args),
            HostFn::Keccak256 => self.keccak256(args),

            HostFn::PayForMemoryGrow => self.pay_for_memory_grow(args),
        }
    }

    /// Takes ink, or takes all of it and stops.
    fn buy_ink(&mut self, ink: u64) -> Result<(), Stop> {
        let left = self.ink.checked_sub(ink);
        self.ink = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Stop::OutOfInk)
    }

    /// Takes gas.
    fn buy_gas(&mut self, gas: u64) -> Result<(), Stop> {
        self.buy_ink(prices::ink(gas))
    }

    /// Stops unless there is that much gas; takes none.
    fn require_gas(&mut self, gas: u64) -> Result<(), Stop> {
        if self.ink < prices::ink(gas) {
            self.ink = 0;
            return Err(Stop::OutOfInk);
        }
        Ok(())
    }

    /// Gas left, rounded down.
    fn gas_left(&self) -> u64 {
        prices::gas(self.ink)
    }

    /// The account the program acts as.
    fn address(&self) -> Address {
        self.interpreter.input.target_address
    }

    /// Whether writing is forbidden.
    fn is_static(&self) -> bool {
        self.interpreter.runtime_flag.is_static
    }
}
