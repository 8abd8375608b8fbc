//! A module's native code, and when it is worth making.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::compiler::Compiled;

/// Ink that a call may always use in the interpreter: that much takes it less than starting native
/// code does.
const SLICE: u64 = 10_000_000;
/// Ink that the interpreter uses in the time that it takes to compile a byte of a module.
const INK_PER_BYTE: u64 = 100_000;

/// A module's native code, once it is needed.
pub(super) struct Native {
    wasm: Box<[u8]>,
    compiled: OnceLock<Option<Compiled>>,
    /// Ink that calls have used in the interpreter beyond what they always may.
    interpreted: AtomicU64,
}

impl std::fmt::Debug for Native {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Native").finish_non_exhaustive()
    }
}

impl Native {
    pub(super) fn new(wasm: &[u8]) -> Self {
        Self { wasm: wasm.into(), compiled: OnceLock::new(), interpreted: AtomicU64::new(0) }
    }

    /// Returns it, compiled now if it was not before; nothing for a module that cannot be.
    pub(super) fn compiled(&self) -> Option<&Compiled> {
        self.compiled.get_or_init(|| Compiled::new(&self.wasm).ok()).as_ref()
    }

    /// Ink that the next call may use before it is started over. All the calls that were
    /// interpreted for long must together have cost what compiling costs.
    pub(super) fn slice(&self) -> u64 {
        if self.compiled.get().is_some() {
            return SLICE;
        }
        let bytes = u64::try_from(self.wasm.len()).unwrap_or(u64::MAX);
        let price = bytes.saturating_mul(INK_PER_BYTE);
        SLICE.saturating_add(price.saturating_sub(self.interpreted.load(Ordering::Relaxed)))
    }

    /// Counts what a call has used in the interpreter in all.
    pub(super) fn count(&self, used: u64) {
        self.interpreted.fetch_add(used.saturating_sub(SLICE), Ordering::Relaxed);
    }
}
