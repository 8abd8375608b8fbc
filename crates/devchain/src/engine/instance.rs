//! Instances of modules, whichever engine they are in.

#[cfg(feature = "compiler")]
use super::compiler;
use super::executable::Executable;
use super::interpreter;
use super::pause::Pause;
use crate::hostio::Value;

/// An instance of a module in one of the engines.
pub(super) enum Instance {
    Interpreted(Box<interpreter::Instance>),
    #[cfg(feature = "compiler")]
    Compiled(compiler::Instance),
}

/// Calls a method of the instance, whichever engine it is in.
macro_rules! either {
    ($instance:expr, $inner:ident => $call:expr) => {
        match $instance {
            Instance::Interpreted($inner) => $call,
            #[cfg(feature = "compiler")]
            Instance::Compiled($inner) => $call,
        }
    };
}

impl Instance {
    pub(super) fn interpreted(executable: &Executable, ink: u64, stack_words: u32) -> Option<Self> {
        let instance = interpreter::Instance::new(executable.translated(), ink, stack_words)?;
        Some(Self::Interpreted(Box::new(instance)))
    }

    pub(super) fn start(&mut self, length: u32) -> Pause {
        either!(self, instance => instance.start(length))
    }

    pub(super) fn resume(&mut self, answer: Option<Value>) -> Pause {
        either!(self, instance => instance.resume(answer))
    }

    pub(super) fn ink(&self) -> u64 {
        either!(self, instance => instance.ink())
    }

    pub(super) fn set_ink(&mut self, ink: u64) {
        either!(self, instance => instance.set_ink(ink));
    }

    pub(super) fn memory(&self) -> &[u8] {
        either!(self, instance => instance.memory())
    }

    pub(super) fn memory_mut(&mut self) -> &mut [u8] {
        either!(self, instance => instance.memory_mut())
    }
}
