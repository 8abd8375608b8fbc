//! What a program may ask of the host.
//!
//! A host function runs between two instructions of the program. It charges ink, looks at the
//! program's memory and at the chain, and either answers or says why the program cannot simply go
//! on: see [`Stop`].

mod account;
mod block;
mod call;
mod crypto;
mod hooks;
mod log;
mod math;
mod memory;
mod opened;
mod result;
mod storage;
mod storage_cache;

use hooks::{Answer, Args};

pub(crate) use hooks::{FrameState, Hooks, Stop};
pub(crate) use opened::{Pending, Returned};

use crate::hostio::{HostCall, HostFn, Value};

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
}
