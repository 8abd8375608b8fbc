//! Reading a module and checking it against the rules of Stylus.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "WASM counts in 32 bits, and lengths of a module in memory add up to far less than 64"
)]

use wasmparser::{
    ConstExpr, Data, DataKind, Element, ElementItems, ElementKind, Export, ExternalKind,
    FuncValidatorAllocations, FunctionBody, Import, Operator, Parser, Payload, TypeRef, ValType,
    ValidPayload, Validator, WasmFeatures,
};

use crate::ArbOs;
use crate::hostio::{HostFn, MODULE};

const WASM_PAGE: u64 = 65_536;

/// Most pages of memory that a program may start with.
pub(crate) const PAGE_LIMIT: u16 = 128; // act-ok-pages-128, act-pages-129

/// Why a module cannot be a program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModuleError {
    /// Not WASM, or WASM that doesn't validate under the features Stylus knows.
    #[error("not valid WASM for Stylus: {0}")]
    Invalid(String),
    /// Something WASM knows and Stylus doesn't.
    #[error("{0} not supported")]
    Unsupported(&'static str),
    /// An operator that Stylus has no price for.
    #[error("the operator {0} is not supported")]
    Operator(String),
    /// More of something than allowed.
    #[error("{got} {what}, more than the {most} allowed")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        got: u64,
        /// How much is allowed.
        most: u64,
    },
    /// An import that is no host function.
    #[error("there is no host function {module}::{name}")]
    UnknownImport {
        /// The module imported from.
        module: String,
        /// The function's name.
        name: String,
    },
    /// An import with the wrong type.
    #[error("the host function {0} is imported with a wrong type")]
    ImportType(String),
    /// An export that must be there and isn't.
    #[error("the export {0} is missing or of the wrong type")]
    MissingExport(&'static str),
    /// An export whose name is reserved.
    #[error("the export name {0:?} is reserved")]
    ReservedExport(String),
    /// Memory may grow but nothing would pay for it.
    #[error("memory may grow but pay_for_memory_grow is not imported")]
    UnpaidMemory,
    /// An active segment that doesn't fit the memory or table it initialises.
    #[error("a {0} segment lies outside what it initialises")]
    SegmentOutOfBounds(&'static str),
}

impl From<wasmparser::BinaryReaderError> for ModuleError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self::Invalid(error.to_string())
    }
}

/// A module that keeps the rules, and what must be known to price it.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Bytes of the module, custom sections included.
    pub(crate) wasm_len: u64,
    /// The host functions imported, in order.
    pub(crate) imports: Vec<HostFn>,
    /// Parameters and results of every type.
    types: Vec<(Vec<ValType>, Vec<ValType>)>,
    /// Types of all functions, the imported ones first.
    function_types: Vec<u32>,
    /// Parameters and results of all functions it defines.
    pub(crate) type_slots: u64,
    /// Locals that each function it defines declares beside its parameters.
    pub(crate) locals: Vec<u32>,
    /// Globals.
    pub(crate) globals: u32,
    /// Bytes of the data segments, headers included.
    pub(crate) data_bytes: u64,
    /// Bytes of the data segments, headers not.
    pub(crate) payload_bytes: u64,
    /// Bytes of the element segments, headers included.
    pub(crate) element_bytes: u64,
    /// Memory pages at the start.
    pub(crate) pages: u16,
    /// Whether its memory may become larger.
    pub(crate) memory_grows: bool,
}

impl Module {
    /// Reads a module.
    pub(crate) fn read(wasm: &[u8], arbos: &ArbOs) -> Result<Self, ModuleError> {
        Reader::new(wasm, arbos).read(wasm)
    }

    /// Index of the imported function that pays for memory; `None` if the memory cannot grow.
    pub(crate) fn pay_for_memory_grow(&self) -> Option<u32> {
        if !self.memory_grows {
            return None;
        }
        let index = self.imports.iter().position(|&id| id == HostFn::PayForMemoryGrow)?;
        u32::try_from(index).ok()
    }

    /// Number of parameters and results of a type.
    pub(crate) fn type_arity(&self, index: u32) -> (u32, u32) {
        let ty = usize::try_from(index).ok().and_then(|index| self.types.get(index));
        ty.map_or((0, 0), |(params, results)| (params.len() as u32, results.len() as u32))
    }

    /// Number of parameters and results of a function.
    pub(crate) fn function_arity(&self, index: u32) -> (u32, u32) {
        let ty = usize::try_from(index).ok().and_then(|index| self.function_types.get(index));
        ty.map_or((0, 0), |&ty| self.type_arity(ty))
    }

    /// Number of functions the module defines.
    pub(crate) fn functions(&self) -> u64 {
        self.locals.len() as u64
    }
}

/// Most locals a function may declare.
const MOST_LOCALS: u64 = 348; // act-locals-348, act-locals-349

struct Reader {
    validator: Validator,
    module: Module,
    memory: Option<(u64, Option<u64>)>,
    table: Option<u64>,
    has_entrypoint: bool,
    exports_memory: bool,
}

impl Reader {
    fn new(wasm: &[u8], arbos: &ArbOs) -> Self {
        let mut features = WasmFeatures::WASM1
            | WasmFeatures::SIGN_EXTENSION
            | WasmFeatures::SATURATING_FLOAT_TO_INT
            | WasmFeatures::BULK_MEMORY;
        features.set(WasmFeatures::MULTI_VALUE, arbos.allows_multi_value);
        Self {
            validator: Validator::new_with_features(features),
            module: Module { wasm_len: wasm.len() as u64, ..Module::default() },
            memory: None,
            table: None,
            has_entrypoint: false,
            exports_memory: false,
        }
    }

    fn read(mut self, wasm: &[u8]) -> Result<Module, ModuleError> {
        // Some encodings belong to a feature too: a table's index in five bytes.
        let mut parser = Parser::new(0);
        parser.set_features(*self.validator.features());
        let mut allocations = FuncValidatorAllocations::default();
        for payload in parser.parse_all(wasm) {
            let payload = payload?;
            if let ValidPayload::Func(function, body) = self.validator.payload(&payload)? {
                let mut validator = function.into_validator(allocations);
                self.function(&mut validator, &body)?;
                allocations = validator.into_allocations();
            }
            self.section(payload)?;
        }
        self.finish()
    }

    fn section(&mut self, payload: Payload<'_>) -> Result<(), ModuleError> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.into_types() {
                        let ty = ty.unwrap_func();
                        let types = &mut self.module.types;
                        types.push((ty.params().to_vec(), ty.results().to_vec()));
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section {
                    self.import(&import?)?;
                }
                at_most("imports", self.module.imports.len() as u64, 513)?;
            }
            Payload::FunctionSection(section) => {
                at_most("functions", u64::from(section.count()), 4_096)?;
                for ty in section {
                    let ty = ty?;
                    self.module.function_types.push(ty);
                    let (params, results) = self.module.type_arity(ty);
                    self.module.type_slots += u64::from(params) + u64::from(results);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    let initial = table?.ty.initial;
                    at_most("table entries", initial, 4_096)?;
                    self.table = Some(initial);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    let memory = memory?;
                    at_most("memory pages", memory.initial, u64::from(PAGE_LIMIT))?;
                    self.memory = Some((memory.initial, memory.maximum));
                }
            }
            Payload::GlobalSection(section) => {
                at_most("globals", u64::from(section.count()), 32_768)?;
                self.module.globals = section.count();
                for global in section {
                    constant(&global?.init_expr)?;
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    self.export(&export?)?;
                }
            }
            Payload::StartSection { .. } => {
                return Err(ModuleError::Unsupported("start functions are"));
            }
            Payload::DataCountSection { .. } => {
                return Err(ModuleError::Unsupported("a DataCount section is"));
            }
            Payload::ElementSection(section) => {
                at_most("element segments", u64::from(section.count()), 128)?;
                for element in section {
                    self.element(&element?)?;
                }
            }
            Payload::DataSection(section) => {
                at_most("data segments", u64::from(section.count()), 128)?;
                for data in section {
                    self.data(&data?)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: &Import<'_>) -> Result<(), ModuleError> {
        let TypeRef::Func(ty) = import.ty else {
            return Err(ModuleError::Unsupported("imports other than functions are"));
        };
        let known = HostFn::by_name(import.name).filter(|_| import.module == MODULE);
        let Some(function) = known else {
            return Err(ModuleError::UnknownImport {
                module: import.module.to_owned(),
                name: import.name.to_owned(),
            });
        };
        let row = function.row();
        let wanted = (row.params.to_vec(), row.result.into_iter().collect());
        if self.module.types.get(ty as usize) != Some(&wanted) {
            return Err(ModuleError::ImportType(import.name.to_owned()));
        }
        self.module.imports.push(function);
        self.module.function_types.push(ty);
        Ok(())
    }

    fn export(&mut self, export: &Export<'_>) -> Result<(), ModuleError> {
        // Reserved even though all exports but two are dropped: act-export-stylus-name
        let clashes = self.module.imports.iter().any(|id| id.row().name == export.name);
        if export.name.starts_with("stylus") || clashes {
            return Err(ModuleError::ReservedExport(export.name.to_owned()));
        }
        match (export.name, export.kind) {
            ("user_entrypoint", ExternalKind::Func) => {
                let functions = &self.module.function_types;
                let ty = functions.get(export.index as usize).copied().unwrap_or(u32::MAX);
                let ty = self.module.types.get(ty as usize);
                self.has_entrypoint = ty.is_some_and(|(params, results)| {
                    *params == [ValType::I32] && *results == [ValType::I32]
                });
            }
            ("memory", ExternalKind::Memory) => self.exports_memory = true,
            _ => {}
        }
        Ok(())
    }

    fn element(&mut self, element: &Element<'_>) -> Result<(), ModuleError> {
        let ElementItems::Functions(functions) = &element.items else {
            return Err(ModuleError::Unsupported("element segments of expressions are"));
        };
        let count = u64::from(functions.count());
        at_most("entries of an element segment", count, 4_096)?;
        // Passive and declared segments are accepted, though nothing can read them.
        if let ElementKind::Active { offset_expr, .. } = &element.kind
            && constant(offset_expr)?.saturating_add(count) > self.table.unwrap_or(0)
        {
            return Err(ModuleError::SegmentOutOfBounds("element"));
        }
        self.module.element_bytes += element.range.len() as u64;
        Ok(())
    }

    fn data(&mut self, data: &Data<'_>) -> Result<(), ModuleError> {
        if let DataKind::Active { offset_expr, .. } = &data.kind {
            let end = constant(offset_expr)?.saturating_add(data.data.len() as u64);
            let pages = self.memory.map_or(0, |(initial, _)| initial);
            if end > pages.saturating_mul(WASM_PAGE) {
                return Err(ModuleError::SegmentOutOfBounds("data"));
            }
        }
        self.module.payload_bytes += data.data.len() as u64;
        self.module.data_bytes += data.range.len() as u64;
        Ok(())
    }

    /// Validates a body and counts its locals.
    fn function(
        &mut self,
        validator: &mut wasmparser::FuncValidator<wasmparser::ValidatorResources>,
        body: &FunctionBody<'_>,
    ) -> Result<(), ModuleError> {
        let mut reader = body.get_binary_reader();
        validator.read_locals(&mut reader)?;
        let mut locals = 0_u64;
        for local in body.get_locals_reader()? {
            locals += u64::from(local?.0);
        }
        at_most("locals of a function", locals, MOST_LOCALS)?;

        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let (op, offset) = operators.read_with_offset()?;
            validator.op(offset, &op)?;
        }
        operators.ensure_end()?;
        self.module.locals.push(locals as u32);
        Ok(())
    }

    fn finish(mut self) -> Result<Module, ModuleError> {
        if !self.has_entrypoint {
            return Err(ModuleError::MissingExport("user_entrypoint"));
        }
        let memory = self.memory.filter(|_| self.exports_memory);
        let Some((initial, maximum)) = memory else {
            return Err(ModuleError::MissingExport("memory"));
        };
        self.module.memory_grows = maximum != Some(initial);
        if self.module.memory_grows && self.module.pay_for_memory_grow().is_none() {
            return Err(ModuleError::UnpaidMemory);
        }
        self.module.pages = u16::try_from(initial).unwrap_or(u16::MAX);
        Ok(self.module)
    }
}

/// Refuses more of something than allowed.
pub(crate) fn at_most(what: &'static str, got: u64, most: u64) -> Result<(), ModuleError> {
    if got > most { Err(ModuleError::Limit { what, got, most }) } else { Ok(()) }
}

/// The value of an initialiser, which must be a single constant.
fn constant(expression: &ConstExpr<'_>) -> Result<u64, ModuleError> {
    let mut reader = expression.get_operators_reader();
    let value = match reader.read()? {
        Operator::I32Const { value } => u64::from(value.cast_unsigned()),
        Operator::I64Const { .. } | Operator::F32Const { .. } | Operator::F64Const { .. } => 0,
        _ => return Err(ModuleError::Unsupported("initialisers other than constants are")),
    };
    match reader.read()? {
        Operator::End => Ok(value),
        _ => Err(ModuleError::Unsupported("initialisers other than constants are")),
    }
}
