//! Programs ready to run, compiled once per process.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use alloy_primitives::B256;

use super::{CodeError, Estimate};
use crate::ArbOs;
use crate::engine::Executable;
use crate::meter::instrument::instrument;
use crate::module::{Module, ModuleError};

/// A program that can be run any number of times.
#[derive(Debug)]
pub(crate) struct Program {
    /// The instrumented module.
    pub(crate) executable: Executable,
    /// What it is estimated to cost.
    pub(crate) estimate: Estimate,
}

/// Compiled modules by the hash of their source and the rules that matter for them.
type Compiled = HashMap<(B256, bool, usize), Result<Arc<Program>, ModuleError>>;

/// More would only mean that the process is fed with generated modules.
const MOST_COMPILED: usize = 512;

static COMPILED: LazyLock<Mutex<Compiled>> = LazyLock::new(Mutex::default);

/// The program whose source has this hash, compiled from the module that `wasm` returns if need be.
pub(crate) fn program(
    source_hash: B256,
    arbos: &ArbOs,
    wasm: impl FnOnce() -> Result<Vec<u8>, CodeError>,
) -> Result<Result<Arc<Program>, ModuleError>, CodeError> {
    let key = (source_hash, arbos.allows_multi_value, arbos.max_wasm_size);
    let known = COMPILED.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let compiled = compile(&wasm()?, arbos).map(Arc::new);
    let mut programs = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if programs.len() >= MOST_COMPILED {
        programs.clear();
    }
    programs.insert(key, compiled.clone());
    Ok(compiled)
}

/// Checks, instruments and compiles a module.
pub(crate) fn compile(wasm: &[u8], arbos: &ArbOs) -> Result<Program, ModuleError> {
    let module = Module::read(wasm, arbos)?;
    let instrumented = instrument(wasm, &module)?;
    let estimate = Estimate::new(&module, &instrumented);
    let executable = Executable::new(&instrumented.wasm).map_err(ModuleError::Invalid)?;
    Ok(Program { executable, estimate })
}
