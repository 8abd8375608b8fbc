//! What went wrong, and what to do about it.

use alloy_primitives::B256;
use smart_session_client::file::FileError;
use smart_session_client::unit::UnitError;
use smart_session_client::{ActError, KeyError, NodeError, Refusal};

/// One sentence of cause, one of remedy.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) reason: String,
    pub(crate) remedy: String,
}

impl Failure {
    pub(crate) fn new(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { reason: reason.into(), remedy: remedy.into() }
    }

    /// A session that was revoked, where it is to be granted.
    pub(crate) fn revoked(session_id: B256) -> Self {
        Self::new(
            format!("session {session_id} was revoked"),
            "make a new session: a revoked one never comes back",
        )
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.reason(), refusal.remedy())
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Refusal::from(error).into()
    }
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        Self::new(error.reason(), error.remedy())
    }
}

impl From<ActError> for Failure {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Refused(refusal) => refusal.into(),
            ActError::Node(error) => error.into(),
        }
    }
}

impl From<UnitError> for Failure {
    fn from(error: UnitError) -> Self {
        Self::new(error.to_string(), "write it so, with its unit")
    }
}

impl Failure {
    /// A session file that cannot be read.
    pub(crate) fn of_file(name: &str, error: FileError) -> Self {
        match error {
            FileError::Json(error) => Self::new(
                format!("{name}: {error}"),
                "mend that place of the file, or make a new one with session new",
            ),
            FileError::Refused(refusal) => {
                Self::new(format!("{name}: {}", refusal.reason()), refusal.remedy())
            }
        }
    }
}
