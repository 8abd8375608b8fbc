//! Why a request was not served, in JSON-RPC's shape.

use alloy_primitives::Bytes;
use alloy_sol_types::{Panic, Revert, SolError};
use serde_json::{Value, json};

use crate::{DevChain, Outcome, Status, TransactionError};

/// Why a request was not served.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum RpcError {
    /// The body is no JSON.
    #[error("the request is not JSON: {0}")]
    Parse(String),
    /// The JSON is no request.
    #[error("invalid request: {0}")]
    Request(String),
    /// There is no such method.
    #[error("the method {0} does not exist here")]
    Method(String),
    /// A parameter is missing or wrong.
    #[error("parameter {position} ({name}): {reason}")]
    Parameter {
        /// Where it stands, from 1.
        position: usize,
        /// What it is.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The node cannot do that.
    #[error("{0}")]
    Refused(String),
    /// The node failed.
    #[error("internal error: {0}")]
    Internal(String),
    /// An activation was refused.
    #[error("{what}: {why}")]
    Activation {
        /// How the call ended.
        what: String,
        /// Why the program cannot be activated.
        why: String,
        /// The revert data, if there is any.
        data: Option<Bytes>,
    },
    /// A call reverted.
    #[error("execution reverted{}", reason(.0))]
    Reverted(Bytes),
}

impl RpcError {
    /// The error of a parameter, counted from 0.
    pub(super) fn parameter(
        index: usize,
        name: &'static str,
        reason: impl std::fmt::Display,
    ) -> Self {
        let reason = reason.to_string();
        Self::Parameter { position: index.saturating_add(1), name, reason }
    }

    /// What went wrong in a call on a chain, if something did. Of an activation that was refused it
    /// says why.
    pub(super) fn of(before: &DevChain, outcome: &Outcome) -> Result<(), Self> {
        let (what, data) = match outcome.status {
            Status::Success => return Ok(()),
            Status::Revert => ("execution reverted".to_owned(), Some(outcome.output.clone())),
            Status::Halt(halt) => (halt.to_string(), None),
        };
        let why = before.refused_activation(outcome).map(|why| why.to_string());
        Err(match (why, data) {
            (Some(why), data) => {
                let data = data.filter(|data| !data.is_empty());
                Self::Activation { what, why, data }
            }
            (None, Some(data)) => Self::Reverted(data),
            (None, None) => Self::Refused(what),
        })
    }

    fn code(&self) -> i32 {
        match self {
            Self::Parse(_) => -32_700,
            Self::Request(_) => -32_600,
            Self::Method(_) => -32_601,
            Self::Parameter { .. } => -32_602,
            Self::Internal(_) => -32_603,
            Self::Refused(_) | Self::Activation { data: None, .. } => -32_000,
            Self::Reverted(_) | Self::Activation { data: Some(_), .. } => 3,
        }
    }

    /// The error object of an answer.
    pub(super) fn to_json(&self) -> Value {
        let (code, message) = (self.code(), self.to_string());
        match self {
            Self::Reverted(data) | Self::Activation { data: Some(data), .. } => {
                json!({ "code": code, "message": message, "data": data })
            }
            Self::Activation { why, data: None, .. } => {
                json!({ "code": code, "message": message, "data": why })
            }
            _ => json!({ "code": code, "message": message }),
        }
    }
}

impl From<TransactionError> for RpcError {
    /// In the words that clients look for.
    fn from(error: TransactionError) -> Self {
        Self::Refused(match error {
            TransactionError::InsufficientFunds { .. } => {
                format!("insufficient funds for gas * price + value: {error}")
            }
            TransactionError::GasLimitTooLow { .. } => format!("intrinsic gas too low: {error}"),
            TransactionError::GasPriceTooLow { .. } => {
                format!("max fee per gas less than block base fee: {error}")
            }
            TransactionError::InitCodeTooLong => format!("max initcode size exceeded: {error}"),
            TransactionError::TraceTooLarge { .. } | TransactionError::Invalid(_) => {
                error.to_string()
            }
            #[cfg(feature = "fork")]
            TransactionError::Fork(_) => error.to_string(),
        })
    }
}

/// The text in revert data, with a colon before it; nothing if there is none.
fn reason(data: &Bytes) -> String {
    revert_reason(data).map(|reason| format!(": {reason}")).unwrap_or_default()
}

/// The text in revert data.
pub(super) fn revert_reason(data: &[u8]) -> Option<String> {
    let text = Revert::abi_decode(data).map(|revert| revert.reason);
    text.or_else(|_| Panic::abi_decode(data).map(|panic| panic.to_string())).ok()
}
