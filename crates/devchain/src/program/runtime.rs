//! Programs ready to run, compiled once per process.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use alloy_primitives::B256;
use wasmi::{Engine, FuncType, Linker, Val, ValType};

use super::{CodeError, Estimate, Module, ModuleError};
use crate::ArbOs;
use crate::host::table::{HOST_FUNCTIONS, HostFn, MODULE};
use crate::meter::instrument::instrument;

/// A program that can be run any number of times.
#[derive(Debug)]
pub(crate) struct Program {
    /// The instrumented module.
    pub(crate) module: wasmi::Module,
    /// What it is estimated to cost.
    pub(crate) estimate: Estimate,
}

/// What a host function was called with. It travels as an error: the interpreter stops, the
/// executor acts, and the interpreter goes on where it stopped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HostCall {
    /// The function.
    pub(crate) function: HostFn,
    /// Its arguments; an i32 is in the low half.
    pub(crate) arguments: [u64; MOST_PARAMETERS],
}

/// Most parameters of a host function: `call_contract` and `create2`.
const MOST_PARAMETERS: usize = 6;

impl core::fmt::Display for HostCall {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "call of {}", self.function.row().name)
    }
}

impl wasmi::errors::HostError for HostCall {}

/// The engine and the host functions, which hold no state.
pub(crate) struct Runtime {
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<wasmi::StoreLimits>,
}

/// Compiled modules by the hash of their source and the rules that matter for them.
type Compiled = HashMap<(B256, bool, usize), Result<Arc<Program>, ModuleError>>;

/// More would only mean that somebody feeds the process with generated modules.
const MOST_COMPILED: usize = 512;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(Runtime::new);
static COMPILED: LazyLock<Mutex<Compiled>> = LazyLock::new(Mutex::default);

/// The process's runtime.
pub(crate) fn runtime() -> &'static Runtime {
    &RUNTIME
}

impl Runtime {
    fn new() -> Self {
        let mut config = wasmi::Config::default();
        // Nitro's own limit on the value stack comes first: a frame takes at least 4 of its
        // 22,000 words, and no word takes more than a few cells of 8 bytes here.
        config.set_max_recursion_depth(22_000).set_max_stack_height(16 * 1024 * 1024);
        let engine = Engine::new(&config);
        let mut linker = Linker::new(&engine);
        for &function in HOST_FUNCTIONS {
            let row = function.row();
            let ty =
                FuncType::new(row.params.iter().map(|&ty| val_type(ty)), row.result.map(val_type));
            let stop = move |_: wasmi::Caller<'_, _>, params: &[Val], _: &mut [Val]| {
                let mut arguments = [0; MOST_PARAMETERS];
                for (argument, param) in arguments.iter_mut().zip(params) {
                    *argument = match *param {
                        Val::I32(value) => u64::from(value.cast_unsigned()),
                        Val::I64(value) => value.cast_unsigned(),
                        _ => 0,
                    };
                }
                Err(wasmi::Error::host(HostCall { function, arguments }))
            };
            // Cannot fail: every name is defined once.
            let _ = linker.func_new(MODULE, row.name, ty, stop);
        }
        Self { engine, linker }
    }
}

fn val_type(ty: wasmparser::ValType) -> ValType {
    match ty {
        wasmparser::ValType::I64 => ValType::I64,
        _ => ValType::I32,
    }
}

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
    let module = wasmi::Module::new(&runtime().engine, &instrumented.wasm)
        .map_err(|error| ModuleError::Invalid(error.to_string()))?;
    Ok(Program { module, estimate })
}
