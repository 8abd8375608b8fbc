//! How a command ends before it is through.

use std::fmt::Display;
use std::io;
use std::process::ExitCode;

/// Why a command ends early.
pub(crate) enum Stop {
    /// It was asked for this text.
    Told(String),
    /// It failed.
    Failed(String),
    /// Whoever reads what it prints has gone away, as `head` does.
    Unread,
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Failed(format!("standard output cannot be written: {error}")),
        }
    }
}

impl From<lexopt::Error> for Stop {
    fn from(error: lexopt::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// What a command ends with.
pub(crate) type Ended = Result<ExitCode, Stop>;

/// Fails with a reason.
pub(crate) fn fail<T>(reason: impl Display) -> Result<T, Stop> {
    Err(Stop::Failed(reason.to_string()))
}
