//! What the delegate asks for.

use alloy_primitives::{Address, Bytes, U256, U512, keccak256};

/// One operation under a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Whether it enables the session too.
    pub enables: bool,
    /// What of the session is hidden in it.
    pub hidden: Hidden,
    /// The calls.
    pub executions: Vec<Execution>,
    /// For each of them the index of the permission that it names.
    pub indices: Vec<u8>,
    /// The claimed time, where the session has a periodic budget.
    pub claimed_time: Option<u64>,
    /// Gas.
    pub gas: Gas,
    /// `paymasterAndData`.
    pub paymaster_and_data: Bytes,
}

/// The grants that travel as hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// These chains, by their place in the list.
    pub chains: Vec<usize>,
    /// These permissions, by index.
    pub permissions: Vec<usize>,
    /// The whole list of permissions.
    pub all_permissions: bool,
    /// These scopes, by index.
    pub scopes: Vec<usize>,
    /// The whole list of scopes.
    pub all_scopes: bool,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// Whom.
    pub target: Address,
    /// With how much.
    pub value: U256,
    /// With which bytes.
    pub data: Bytes,
}

/// The gas fields of a user operation, but for the paymaster's, which stand in its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gas {
    /// For validation.
    pub verification: u128,
    /// For the execution.
    pub call: u128,
    /// For everything else.
    pub pre_verification: U256,
    /// Most wei for each.
    pub max_fee: u128,
}

impl Operation {
    /// Returns the most wei that it can cost: five gas fields times the highest price.
    pub fn fee(&self) -> U512 {
        let paymaster = |from: usize| {
            let bytes = self.paymaster_and_data.get(from..from + 16).unwrap_or_default();
            U512::from_be_slice(bytes)
        };
        let gas = U512::from(self.gas.verification)
            + U512::from(self.gas.call)
            + U512::from(self.gas.pre_verification)
            + paymaster(20)
            + paymaster(36);
        gas * U512::from(self.gas.max_fee)
    }
}

impl Execution {
    /// Returns the function, where there are four bytes.
    pub fn selector(&self) -> Option<[u8; 4]> {
        self.data.first_chunk().copied()
    }

    /// Returns the calldata word with an index, where all of it is there.
    pub fn word(&self, index: usize) -> Option<U256> {
        let start = 4 + 32 * index;
        self.data.get(start..start + 32).map(U256::from_be_slice)
    }

    /// Returns how much of a budgeted ERC-20 it moves; `None` where no budget can tell.
    pub fn erc20_amount(&self) -> Option<U256> {
        // Function, length of the calldata, and which word is the amount.
        let counted = [
            ("transfer(address,uint256)", 68, 1),
            ("transferFrom(address,address,uint256)", 100, 2),
            ("approve(address,uint256)", 68, 1),
            ("increaseAllowance(address,uint256)", 68, 1),
        ];
        let (_, _, word) = counted.into_iter().find(|(function, length, _)| {
            self.selector() == Some(selector(function)) && self.data.len() == *length
        })?;
        self.word(word)
    }
}

/// Returns the selector of a function.
pub fn selector(function: &str) -> [u8; 4] {
    let [a, b, c, d, ..] = keccak256(function).0;
    [a, b, c, d]
}
