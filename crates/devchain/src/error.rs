//! Why the chain refused something.

use alloy_primitives::{Address, Bytes, U256};

use crate::{Outcome, Status};

/// Why a transaction could not even start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransactionError {
    /// The sender doesn't have the value, or the value and the gas it said it would pay for.
    #[error("{from} has {balance} wei but the transaction needs {needed}")]
    InsufficientFunds {
        /// The sender.
        from: Address,
        /// What it has.
        balance: U256,
        /// What it needs.
        needed: U256,
    },
    /// The gas limit doesn't cover what is charged before the first instruction.
    #[error("the gas limit {limit} is below the intrinsic gas {needed}")]
    GasLimitTooLow {
        /// The limit given.
        limit: u64,
        /// The intrinsic gas.
        needed: u64,
    },
    /// The price named is below the base fee.
    #[error("the gas price is below the base fee of {base_fee} wei")]
    GasPriceTooLow {
        /// The chain's base fee.
        base_fee: u64,
    },
    /// The init code of a creating transaction is too long (EIP-3860).
    #[error("the init code is longer than the limit")]
    InitCodeTooLong,
    /// The trace that was asked for is too large to be kept. Nothing of the transaction stays.
    #[error("the trace takes more than {budget} bytes: trace with less gas, or not at all")]
    TraceTooLarge {
        /// Most bytes that a trace may take.
        budget: usize,
    },
    /// The chain is a fork, and something that the transaction needs of the other chain could not
    /// be fetched. Nothing of the transaction stays.
    #[cfg(feature = "fork")]
    #[error("the forked chain cannot be read: {0}")]
    Fork(crate::ForkError),
    /// Something else that the EVM checks before it runs a transaction.
    #[error("invalid transaction: {0}")]
    Invalid(String),
}

/// Why a contract or program could not be deployed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DeployError {
    /// The creating transaction could not start.
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    /// The creation failed.
    #[error("the creation ended with {:?} and output {}", .0.status, .0.output)]
    Failed(Box<Outcome>),
    /// There is code at the address already.
    #[error("there is code at {0} already")]
    AlreadyDeployed(Address),
}

/// Why a program could not be activated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivationError {
    /// The activating transaction could not start.
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    /// There is no Stylus program at the address.
    #[error("the code at {0} is not a Stylus program")]
    NotAProgram(Address),
    /// The program is activated already.
    #[error("the program at {0} is activated and up to date")]
    UpToDate(Address),
    /// The code cannot be turned into a module.
    #[error("the program cannot be activated: {0}")]
    Code(#[from] crate::program::CodeError),
    /// The module breaks a rule of Stylus.
    #[error("the module cannot be activated: {0}")]
    Module(#[from] crate::program::ModuleError),
    /// Too little was sent for the data fee.
    #[error("the activation was sent {sent} wei, and the data fee is {needed}")]
    DataFee {
        /// What was sent.
        sent: U256,
        /// What it costs.
        needed: U256,
    },
    /// The gas limit did not suffice.
    #[error("the activation ran out of gas: give it more")]
    OutOfGas,
    /// The transaction failed in another way.
    #[error("the activation ended with {status:?} and output {output}")]
    Failed {
        /// How it ended.
        status: Status,
        /// Its revert data.
        output: Bytes,
    },
}

/// Why a compiler's module could not be made to run in one step.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StylusError {
    /// It is no module.
    #[error(transparent)]
    Pack(#[from] crate::program::PackError),
    /// It could not be deployed.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// It could not be activated.
    #[error(transparent)]
    Activation(#[from] ActivationError),
    /// It could not be cached.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

/// Why a program could not be cached or evicted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CacheError {
    /// There is no program at the address, or it is not activated.
    #[error("the code at {0} is not an activated program")]
    NotActivated(Address),
}
