//! Modules that are ready to run.

use std::sync::Arc;

use super::interpreter::Translated;
#[cfg(feature = "compiler")]
use super::native::Native;

/// An instrumented module, ready to run.
#[derive(Clone, Debug)]
pub(crate) struct Executable(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    translated: Translated,
    #[cfg(feature = "compiler")]
    native: Native,
}

impl Executable {
    /// Makes an instrumented module ready.
    ///
    /// # Errors
    ///
    /// What the engine says of a module that it cannot take.
    pub(crate) fn new(wasm: &[u8]) -> Result<Self, String> {
        Ok(Self(Arc::new(Parts {
            translated: Translated::new(wasm)?,
            #[cfg(feature = "compiler")]
            native: Native::new(wasm),
        })))
    }

    /// Returns what the interpreter runs.
    pub(super) fn translated(&self) -> &Translated {
        &self.0.translated
    }

    /// Returns what runs without it.
    #[cfg(feature = "compiler")]
    pub(super) fn native(&self) -> &Native {
        &self.0.native
    }
}
