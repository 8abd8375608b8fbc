//! Lines about what the node does.

use std::fmt;
use std::sync::Arc;

type Write = dyn Fn(&str) + Send + Sync;

/// Where lines go; nowhere unless something is set.
#[derive(Clone, Default)]
pub(super) struct Log(Option<Arc<Write>>);

impl Log {
    /// A log whose lines a function takes.
    pub(super) fn new(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(write)))
    }

    /// Whether the lines are read.
    pub(super) fn is_read(&self) -> bool {
        self.0.is_some()
    }

    /// Writes a line, where lines are read.
    pub(super) fn line(&self, text: impl FnOnce() -> String) {
        if let Some(write) = &self.0 {
            write(&text());
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Log").field(&self.0.is_some()).finish()
    }
}
