//! Running instrumented modules, one pause at a time.
//!
//! Every program is interpreted. With the feature `compiler`, one that has used more ink than
//! interpreting is worth is started over in native code: the host's answers so far were kept and are
//! given again, so nothing of the chain is touched twice. Ink is counted by the module itself, so
//! both engines agree to the unit.

#[cfg(feature = "compiler")]
mod adaptive;
#[cfg(feature = "compiler")]
mod compiler;
#[cfg(all(test, feature = "compiler"))]
mod cross_check;
mod executable;
mod instance;
mod interpreter;
mod memory;
#[cfg(feature = "compiler")]
mod native;
mod pause;
#[cfg(not(feature = "compiler"))]
mod plain;
#[cfg(feature = "compiler")]
mod trial;

#[cfg(feature = "compiler")]
pub(crate) use adaptive::Machine;
pub(crate) use executable::Executable;
pub(crate) use memory::GuestMemory;
pub(crate) use pause::{Pause, Trap};
#[cfg(not(feature = "compiler"))]
pub(crate) use plain::Machine;

/// What runs the instructions of programs.
///
/// It makes no difference but to the time that a call takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// An interpreter; native code for calls that go on for long, where the feature `compiler` is on.
    #[default]
    Adaptive,
    /// The interpreter alone, wasmi.
    Interpreter,
    /// Native code alone, by wasmtime.
    #[cfg(feature = "compiler")]
    Compiler,
}
