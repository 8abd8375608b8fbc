//! Stylus programs: their code, what they cost, and what makes them callable.

mod code;
mod estimate;
mod module;
mod pack;
mod registry;
mod report;
mod runtime;

pub use code::{CodeError, code, init_code};
pub use module::ModuleError;
pub use pack::{PackError, pack};
pub use registry::Activation;
pub use report::{Report, inspect};

pub(crate) use code::{ProgramCode, decompress};
pub(crate) use estimate::Estimate;
pub(crate) use module::{Module, at_most};
pub(crate) use registry::{
    ARBOS_STATE, Entry, NotCallable, RecentPrograms, load_entry, slot, store_entry,
};
pub(crate) use runtime::{HostCall, Program, compile, program, runtime};
