//! A module's sizes and prices, for people and size gates.

use super::{Estimate, code};
use crate::ArbOs;
use crate::meter::instrument::instrument;
use crate::module::{Module, ModuleError};

/// What a program costs and needs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Bytes of the module.
    pub wasm_bytes: u64,
    /// Bytes of the contract code: prefix and compressed module.
    pub compressed_bytes: u64,
    /// Functions the module defines.
    pub functions: u64,
    /// Bytes of the data and element segments, headers included: what the start price counts.
    pub data_bytes: u64,
    /// Memory pages at the start.
    pub pages: u16,
    /// Names of the host functions imported.
    pub imports: Vec<&'static str>,
    /// Start price in gas when not cached, memory pages not.
    pub init_gas: u64,
    /// Start price in gas when cached, memory pages not.
    pub cached_init_gas: u64,
    /// Gas of the memory pages that every call pays beside the start price, if no other program
    /// is open.
    pub page_gas: u64,
    /// Gas of the activation, the transaction's intrinsic gas not.
    pub activation_gas: u64,
}

/// Says what the module will cost and need, under the newest `ArbOS`.
///
/// # Errors
///
/// When the module breaks a rule of Stylus.
pub fn inspect(wasm: &[u8]) -> Result<Report, ModuleError> {
    let arbos = ArbOs::V61;
    let module = Module::read(wasm, &arbos)?;
    let instrumented = instrument(wasm, &module)?;
    let estimate = Estimate::new(&module, &instrumented);
    Ok(Report {
        wasm_bytes: module.wasm_len,
        compressed_bytes: u64::try_from(code(wasm).len()).unwrap_or(u64::MAX),
        functions: module.functions(),
        data_bytes: module.data_bytes.saturating_add(module.element_bytes),
        pages: module.pages,
        imports: module.imports.iter().map(|id| id.row().name).collect(),
        init_gas: estimate.init_gas(),
        cached_init_gas: estimate.cached_init_gas(),
        page_gas: crate::meter::pages::Pages::default().take(module.pages),
        activation_gas: arbos.activation_base_gas.saturating_add(estimate.activation_gas),
    })
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "wasm            {:>9} bytes", self.wasm_bytes)?;
        writeln!(f, "compressed code {:>9} bytes", self.compressed_bytes)?;
        writeln!(f, "functions       {:>9}", self.functions)?;
        writeln!(f, "data            {:>9} bytes", self.data_bytes)?;
        writeln!(f, "memory          {:>9} pages, {} gas", self.pages, self.page_gas)?;
        writeln!(f, "start, cached   {:>9} gas", self.cached_init_gas)?;
        writeln!(f, "start, uncached {:>9} gas", self.init_gas)?;
        writeln!(f, "activation      {:>9} gas", self.activation_gas)?;
        write!(f, "imports         {}", self.imports.join(" "))
    }
}
