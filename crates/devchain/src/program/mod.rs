//! Stylus programs: their code, what they cost, and what makes them callable.

mod code;
mod compiled;
mod estimate;
mod pack;
mod registry;
mod report;

pub use code::{CodeError, code, init_code};
pub use pack::{PackError, pack};
pub use registry::Activation;
pub use report::{Report, inspect};

pub use crate::module::ModuleError;

pub(crate) use code::{ProgramCode, decompress};
pub(crate) use compiled::{Program, compile, program};
pub(crate) use estimate::Estimate;
pub(crate) use registry::{Entry, RecentPrograms, load_entry, store_entry};
