//! What goes into a host function and what comes out, as bytes in the order of Nitro's tracing.
//!
//! Numbers are big-endian. Source of each row: the `trace!` of the function of the same name in
//! Nitro's `user-host-trait`.

use alloy_primitives::Bytes;

use crate::host::FrameState;
use crate::hostio::{HostCall, HostFn, Value};

/// What a host function is about to work with.
pub(super) fn arguments(call: &HostCall, memory: &[u8]) -> Bytes {
    let word = |index| behind(call, memory, index, 32);
    let address = |index| behind(call, memory, index, 20);
    let int = |index| int(call, index).to_be_bytes().to_vec();
    let data = |pointer, len| behind(call, memory, pointer, self::int(call, len));
    let parts: Vec<Vec<u8>> = match call.function {
        HostFn::WriteResult | HostFn::Keccak256 => vec![data(0, 1)],
        HostFn::ExitEarly => vec![int(0)],
        HostFn::StorageLoad | HostFn::TransientLoad => vec![word(0)],
        HostFn::StorageCache
        | HostFn::TransientStore
        | HostFn::MathDiv
        | HostFn::MathMod
        | HostFn::MathPow => vec![word(0), word(1)],
        HostFn::StorageFlush => vec![vec![u8::from(self::int(call, 0) != 0)]],
        HostFn::Call => vec![address(0), long(call, 4), word(3), data(1, 2)],
        HostFn::StaticCall | HostFn::DelegateCall => vec![address(0), long(call, 3), data(1, 2)],
        HostFn::Create1 => vec![word(2), data(0, 1)],
        HostFn::Create2 => vec![word(2), word(3), data(0, 1)],
        HostFn::ReadReturnData => vec![int(1), int(2)],
        HostFn::EmitLog => vec![int(2), data(0, 1)],
        HostFn::AccountBalance | HostFn::AccountCodehash | HostFn::AccountCodeSize => {
            vec![address(0)]
        }
        HostFn::AccountCode => vec![address(0), int(1), int(2)],
        HostFn::MathAddMod | HostFn::MathMulMod => vec![word(0), word(1), word(2)],
        HostFn::PayForMemoryGrow => {
            let [.., high, low] = self::int(call, 0).to_be_bytes();
            vec![vec![high, low]]
        }
        HostFn::ReadArgs
        | HostFn::ReturnDataSize
        | HostFn::BlockBasefee
        | HostFn::BlockCoinbase
        | HostFn::BlockNumber
        | HostFn::BlockTimestamp
        | HostFn::BlockGasLimit
        | HostFn::ChainId
        | HostFn::ContractAddress
        | HostFn::MsgSender
        | HostFn::MsgValue
        | HostFn::MsgReentrant
        | HostFn::TxOrigin
        | HostFn::TxGasPrice
        | HostFn::TxInkPrice
        | HostFn::GasLeft
        | HostFn::InkLeft => Vec::new(),
    };
    parts.concat().into()
}

/// What a host function has answered.
pub(super) fn results(
    call: &HostCall,
    memory: &[u8],
    value: Option<Value>,
    state: &FrameState,
) -> Bytes {
    let word = |index| behind(call, memory, index, 32);
    let address = |index| behind(call, memory, index, 20);
    let returned = || match value {
        Some(Value::Int(value)) => value.to_be_bytes().to_vec(),
        Some(Value::Long(value)) => value.to_be_bytes().to_vec(),
        None => Vec::new(),
    };
    let copied = |index| {
        let len = value.map_or(0, u64::from);
        behind(call, memory, index, u32::try_from(len).unwrap_or(0))
    };
    let length =
        || u32::try_from(state.return_data.len()).unwrap_or(u32::MAX).to_be_bytes().to_vec();
    match call.function {
        HostFn::ReadArgs => state.args.to_vec(),
        HostFn::StorageLoad
        | HostFn::TransientLoad
        | HostFn::AccountBalance
        | HostFn::AccountCodehash => word(1),
        HostFn::Call | HostFn::StaticCall | HostFn::DelegateCall => {
            let status = returned().last().copied().unwrap_or_default();
            [length(), vec![status]].concat()
        }
        HostFn::Create1 => [address(3), length()].concat(),
        HostFn::Create2 => [address(4), length()].concat(),
        HostFn::ReadReturnData => copied(0),
        HostFn::AccountCode => copied(3),
        HostFn::BlockCoinbase | HostFn::ContractAddress | HostFn::MsgSender | HostFn::TxOrigin => {
            address(0)
        }
        HostFn::BlockBasefee
        | HostFn::MsgValue
        | HostFn::TxGasPrice
        | HostFn::MathDiv
        | HostFn::MathMod
        | HostFn::MathPow
        | HostFn::MathAddMod
        | HostFn::MathMulMod => word(0),
        HostFn::Keccak256 => word(2),
        HostFn::ReturnDataSize
        | HostFn::AccountCodeSize
        | HostFn::BlockNumber
        | HostFn::BlockTimestamp
        | HostFn::BlockGasLimit
        | HostFn::ChainId
        | HostFn::MsgReentrant
        | HostFn::TxInkPrice
        | HostFn::GasLeft
        | HostFn::InkLeft => returned(),
        HostFn::WriteResult
        | HostFn::ExitEarly
        | HostFn::StorageCache
        | HostFn::StorageFlush
        | HostFn::TransientStore
        | HostFn::EmitLog
        | HostFn::PayForMemoryGrow => Vec::new(),
    }
    .into()
}

fn int(call: &HostCall, index: usize) -> u32 {
    let value = call.arguments.get(index).copied().unwrap_or(0);
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn long(call: &HostCall, index: usize) -> Vec<u8> {
    call.arguments.get(index).copied().unwrap_or(0).to_be_bytes().to_vec()
}

/// The bytes behind the pointer that is this argument; none if they are outside the memory, and the
/// host function fails.
fn behind(call: &HostCall, memory: &[u8], index: usize, len: u32) -> Vec<u8> {
    let start = usize::try_from(int(call, index)).unwrap_or(usize::MAX);
    let end = start.saturating_add(usize::try_from(len).unwrap_or(usize::MAX));
    memory.get(start..end).unwrap_or_default().to_vec()
}
