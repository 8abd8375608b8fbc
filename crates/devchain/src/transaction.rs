//! What is asked of the chain.

use alloy_primitives::{Address, B256, Bytes, TxKind, U256};
use alloy_sol_types::SolCall;

/// A transaction or a call, with the gas limit and value it is sent with.
///
/// It has no signature: the sender is the account that it names, contracts included. Gas is free unless
/// [`with_gas_price`](Self::with_gas_price) names a price; contracts see the base fee as the gas
/// price either way.
///
/// ```
/// use alloy_primitives::{Address, U256, bytes};
/// use stylus_devchain::Transaction;
///
/// let alice = Address::repeat_byte(0xa1);
/// let contract = Address::repeat_byte(0xc0);
/// let call = Transaction::new(alice, contract)
///     .with_data(bytes!("06661abd"))
///     .with_value(U256::from(1))
///     .with_gas_limit(200_000);
/// assert_eq!(call.gas_limit, 200_000);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Who sends it.
    pub from: Address,
    /// The target, or the wish to create a contract.
    pub kind: TxKind,
    /// Call data, or init code.
    pub data: Bytes,
    /// Wei sent along.
    pub value: U256,
    /// Gas limit, intrinsic gas included.
    pub gas_limit: u64,
    /// Price of a unit of gas in wei. `None`: the sender pays nothing.
    pub gas_price: Option<u128>,
    /// Accounts and slots that are warm from the start (EIP-2930).
    pub access_list: Vec<(Address, Vec<B256>)>,
    /// Signed delegations (EIP-7702).
    pub delegations: Vec<Delegation>,
    /// Whether the outcome carries slots, opcodes, keccak preimages and every call of a host
    /// function. Costs time and memory, not gas.
    pub trace: bool,
}

/// An EIP-7702 authorization whose signer is taken for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// The account that delegates.
    pub authority: Address,
    /// The account whose code it will run.
    pub delegate: Address,
    /// The authority's nonce at that point.
    pub nonce: u64,
}

impl Transaction {
    /// The gas limit of a transaction that doesn't name one: what `ArbOS` lets one transaction use.
    pub const DEFAULT_GAS_LIMIT: u64 = 32_000_000;

    /// A call of `to` by `from` without data or value.
    pub fn new(from: Address, to: Address) -> Self {
        Self::with_kind(from, TxKind::Call(to))
    }

    /// A call of a function of `to` by `from`, without value.
    pub fn call_to(from: Address, to: Address, function: &impl SolCall) -> Self {
        Self::new(from, to).with_data(function.abi_encode())
    }

    /// The creation of a contract by `from`.
    pub fn create(from: Address, init_code: impl Into<Bytes>) -> Self {
        Self::with_kind(from, TxKind::Create).with_data(init_code)
    }

    fn with_kind(from: Address, kind: TxKind) -> Self {
        Self {
            from,
            kind,
            data: Bytes::new(),
            value: U256::ZERO,
            gas_limit: Self::DEFAULT_GAS_LIMIT,
            gas_price: None,
            access_list: Vec::new(),
            delegations: Vec::new(),
            trace: false,
        }
    }

    /// The same with this call data.
    #[must_use]
    pub fn with_data(mut self, data: impl Into<Bytes>) -> Self {
        self.data = data.into();
        self
    }

    /// The same with this many wei.
    #[must_use]
    pub fn with_value(mut self, value: U256) -> Self {
        self.value = value;
        self
    }

    /// The same with this gas limit.
    #[must_use]
    pub fn with_gas_limit(mut self, gas_limit: u64) -> Self {
        self.gas_limit = gas_limit;
        self
    }

    /// The same, with the sender paying this many wei per unit of gas: no less than the base fee.
    ///
    /// 0 is for [calls](crate::DevChain::call) alone, which then see a base fee of 0.
    #[must_use]
    pub fn with_gas_price(mut self, gas_price: u128) -> Self {
        self.gas_price = Some(gas_price);
        self
    }

    /// The same with an EIP-2930 access list.
    #[must_use]
    pub fn with_access_list(mut self, access_list: Vec<(Address, Vec<B256>)>) -> Self {
        self.access_list = access_list;
        self
    }

    /// The same with EIP-7702 delegations.
    #[must_use]
    pub fn with_delegations(mut self, delegations: Vec<Delegation>) -> Self {
        self.delegations = delegations;
        self
    }

    /// The same with or without a trace: see [`FrameTrace`](crate::FrameTrace).
    #[must_use]
    pub fn with_trace(mut self, trace: bool) -> Self {
        self.trace = trace;
        self
    }
}
