//! The host functions a program may import: name, type, base price and order of steps; and a call of one.

#[cfg(test)]
mod order;

use wasmparser::ValType::{self, I32, I64};

/// The module that host functions are imported from.
pub(crate) const MODULE: &str = "vm_hooks";

/// A row of the table.
#[derive(Debug)]
pub(crate) struct HostFunction {
    /// Its name in `vm_hooks`.
    pub(crate) name: &'static str,
    /// Types of its parameters.
    pub(crate) params: &'static [ValType],
    /// Type of its result.
    pub(crate) result: Option<ValType>,
    /// Ink charged before anything depends on the arguments.
    pub(crate) ink: u64,
}

macro_rules! host_functions {
    ($( $id:ident $name:literal ($($param:ident)*) $(-> $result:ident)?, $ink:literal; )*) => {
        /// A host function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum HostFn { $( $id, )* }

        /// Every host function there is.
        pub(crate) const HOST_FUNCTIONS: &[HostFn] = &[$( HostFn::$id, )*];

        impl HostFn {
            /// The function's row.
            pub(crate) const fn row(self) -> &'static HostFunction {
                match self {
                    $( Self::$id => &HostFunction {
                        name: $name,
                        params: &[$($param),*],
                        result: host_functions!(@result $($result)?),
                        ink: $ink,
                    }, )*
                }
            }
        }
    };
    (@result) => { None };
    (@result $result:ident) => { Some($result) };
}

// The prices are those of Nitro v3.10.1; behind each stands the recording that shows it. A call
// into the EVM's state costs 59,673 ink, entering the host 8,400, a pointer 5,040.
host_functions! {
    ReadArgs "read_args" (I32), 8_400;                                          // host-echo
    WriteResult "write_result" (I32 I32), 8_400;                                // host-echo
    ExitEarly "exit_early" (I32), 0;                                            // host-exit-early

    StorageLoad "storage_load_bytes32" (I32 I32), 18_480;                       // host-storage
    StorageCache "storage_cache_bytes32" (I32 I32), 18_480;                     // host-storage
    StorageFlush "storage_flush_cache" (I32), 68_073;                           // host-storage
    TransientLoad "transient_load_bytes32" (I32 I32), 78_153;                   // host-transient
    TransientStore "transient_store_bytes32" (I32 I32), 78_153;                 // host-transient

    Call "call_contract" (I32 I32 I32 I32 I64 I32) -> I32, 83_193;              // host-call
    StaticCall "static_call_contract" (I32 I32 I32 I64 I32) -> I32, 83_193;     // host-call
    DelegateCall "delegate_call_contract" (I32 I32 I32 I64 I32) -> I32, 83_193; // host-call
    Create1 "create1" (I32 I32 I32 I32 I32), 83_193;                            // host-create
    Create2 "create2" (I32 I32 I32 I32 I32 I32), 88_233;                        // host-create
    ReadReturnData "read_return_data" (I32 I32 I32) -> I32, 68_073;             // host-return-data
    ReturnDataSize "return_data_size" () -> I32, 8_400;                         // host-return-data

    EmitLog "emit_log" (I32 I32 I32), 68_073;                                   // host-log

    AccountBalance "account_balance" (I32 I32), 78_153;                         // host-account
    AccountCodehash "account_codehash" (I32 I32), 78_153;                       // host-account
    AccountCode "account_code" (I32 I32 I32 I32) -> I32, 68_073;                // host-account-code
    AccountCodeSize "account_code_size" (I32) -> I32, 68_073;                   // host-account

    BlockBasefee "block_basefee" (I32), 13_440;                                 // host-block
    BlockCoinbase "block_coinbase" (I32), 13_440;                               // host-block
    BlockNumber "block_number" () -> I64, 8_400;                                // host-block
    BlockTimestamp "block_timestamp" () -> I64, 8_400;                          // host-block
    BlockGasLimit "block_gas_limit" () -> I64, 8_400;                           // host-block
    ChainId "chainid" () -> I64, 8_400;                                         // host-env

    ContractAddress "contract_address" (I32), 13_440;                           // host-env
    MsgSender "msg_sender" (I32), 13_440;                                       // host-env
    MsgValue "msg_value" (I32), 13_440;                                         // host-env
    MsgReentrant "msg_reentrant" () -> I32, 8_400;                              // host-env
    TxOrigin "tx_origin" (I32), 13_440;                                         // host-env
    TxGasPrice "tx_gas_price" (I32), 13_440;                                    // host-gas-ink
    TxInkPrice "tx_ink_price" () -> I32, 8_400;                                 // host-gas-ink
    GasLeft "evm_gas_left" () -> I64, 8_400;                                    // host-gas-ink
    InkLeft "evm_ink_left" () -> I64, 8_400;                                    // host-ink-left

    MathDiv "math_div" (I32 I32), 43_520;                                       // host-math
    MathMod "math_mod" (I32 I32), 43_520;                                       // host-math
    MathPow "math_pow" (I32 I32), 23_520;                                       // host-math
    MathAddMod "math_add_mod" (I32 I32 I32), 49_560;                            // Nitro's table
    MathMulMod "math_mul_mod" (I32 I32 I32), 52_660;                            // Nitro's table
    Keccak256 "native_keccak256" (I32 I32 I32), 0;                              // host-keccak

    PayForMemoryGrow "pay_for_memory_grow" (I32), 0;                            // host-pay-grow
}

impl HostFn {
    /// The host function of that name.
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        HOST_FUNCTIONS.iter().copied().find(|function| function.row().name == name)
    }
}

/// Most parameters of a host function: `call_contract` and `create2`.
pub(crate) const MOST_PARAMETERS: usize = 6;

/// A call of a host function by a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostCall {
    /// The function.
    pub(crate) function: HostFn,
    /// Its arguments; an i32 is in the low half.
    pub(crate) arguments: [u64; MOST_PARAMETERS],
}

impl std::fmt::Display for HostCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "call of {}", self.function.row().name)
    }
}

/// A number that a host function returns to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// An i32.
    Int(u32),
    /// An i64.
    Long(u64),
}

impl From<Value> for u64 {
    fn from(value: Value) -> Self {
        match value {
            Value::Int(value) => value.into(),
            Value::Long(value) => value,
        }
    }
}
