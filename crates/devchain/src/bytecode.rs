//! Code as the EVM wants it.

use alloy_primitives::Bytes;
use revm::state::Bytecode;

/// Returns the code of an account: a delegation where it is one.
pub(crate) fn bytecode(code: Bytes) -> Bytecode {
    Bytecode::new_raw_checked(code.clone()).unwrap_or_else(|_| Bytecode::new_legacy(code))
}
