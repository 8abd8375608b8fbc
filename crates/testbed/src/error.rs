//! Why a test bed is not what it should be.

use smart_session_client::KeyError;
use smart_session_core::session::EncodeError;
use stylus_devchain::{ActivationError, CacheError, DeployError, TransactionError};

use crate::fixtures::FixtureError;

/// Why the test bed cannot be set up, or a step on it does not work.
#[derive(Debug, thiserror::Error)]
pub enum TestBedError {
    /// Something that npm or the build brings is missing.
    #[error(transparent)]
    Fixture(#[from] FixtureError),
    /// A contract could not be deployed.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// The module could not be activated.
    #[error(transparent)]
    Activation(#[from] ActivationError),
    /// The module could not be cached.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// A transaction was not valid.
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    /// A key cannot sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A session has no packed form.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// A chain behind a URL does not do what it should.
    #[error(transparent)]
    Chain(Box<dyn std::error::Error + Send + Sync>),
    /// A step that must work did not.
    #[error("{step} failed: {why}")]
    Failed {
        /// What was tried.
        step: &'static str,
        /// What came of it.
        why: String,
    },
}

impl TestBedError {
    /// Returns that a step failed, and why.
    pub(crate) fn failed(step: &'static str, why: impl Into<String>) -> Self {
        Self::Failed { step, why: why.into() }
    }
}
