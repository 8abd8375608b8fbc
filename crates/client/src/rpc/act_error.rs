//! Why a client could not act: what it refuses itself, or what the chain or the bundler does.

use crate::refusal::Refusal;
use crate::rpc::error::NodeError;

/// Why a delegate or an owner could not act.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// The session or the terms of who acts do not allow it, as far as can be known here.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The chain or the bundler does not allow it, or cannot be asked.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl ActError {
    /// Returns what is wrong, one sentence.
    pub fn reason(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.reason().into(),
            Self::Node(error) => error.reason(),
        }
    }

    /// Returns what to do about it, one sentence.
    pub fn remedy(&self) -> &str {
        match self {
            Self::Refused(refusal) => refusal.remedy(),
            Self::Node(error) => error.remedy(),
        }
    }
}
