//! Where Arbitrum has its precompiled contracts.

use alloy_primitives::{Address, address};

/// `ArbSys`.
pub(crate) const ARB_SYS: Address = address!("0000000000000000000000000000000000000064");
/// `ArbOwnerPublic`.
pub(crate) const ARB_OWNER_PUBLIC: Address = address!("000000000000000000000000000000000000006b");
/// `ArbGasInfo`.
pub(super) const ARB_GAS_INFO: Address = address!("000000000000000000000000000000000000006c");
/// `ArbOwner`.
pub(super) const ARB_OWNER: Address = address!("0000000000000000000000000000000000000070");
/// `ArbWasm`.
pub(crate) const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
/// `ArbWasmCache`.
pub(crate) const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");
/// `NodeInterface`.
pub(crate) const NODE_INTERFACE: Address = address!("00000000000000000000000000000000000000c8");

/// Where Arbitrum has precompiles. Their accounts have the code `fe`. Those that are not here
/// refuse every call, as a node refuses a function that it does not know.
pub(crate) const ARBITRUM: [Address; 19] = [
    ARB_SYS,
    address!("0000000000000000000000000000000000000065"), // ArbInfo
    address!("0000000000000000000000000000000000000066"), // ArbAddressTable
    address!("0000000000000000000000000000000000000067"), // ArbBLS
    address!("0000000000000000000000000000000000000068"), // ArbFunctionTable
    address!("0000000000000000000000000000000000000069"), // ArbosTest
    ARB_OWNER_PUBLIC,
    ARB_GAS_INFO,
    address!("000000000000000000000000000000000000006d"), // ArbAggregator
    address!("000000000000000000000000000000000000006e"), // ArbRetryableTx
    address!("000000000000000000000000000000000000006f"), // ArbStatistics
    ARB_OWNER,
    ARB_WASM,
    ARB_WASM_CACHE,
    address!("0000000000000000000000000000000000000073"), // ArbNativeTokenManager
    address!("0000000000000000000000000000000000000074"), // ArbFilteredTransactionsManager
    NODE_INTERFACE,
    address!("00000000000000000000000000000000000000c9"), // NodeInterfaceDebug
    address!("00000000000000000000000000000000000000ff"), // ArbDebug
];
