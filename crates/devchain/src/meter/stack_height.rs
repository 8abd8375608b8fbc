//! How high a function's operand stack may grow.
//!
//! Nitro counts this on the metered function, in a simple way that must be matched because the
//! price of recursion hangs on it: the results of a block are counted from its beginning, those of
//! a call before its arguments go, and dead code like any other (op-recursion,
//! op-recursion-locals).

use wasmparser::{BlockType, Operator};

use super::prices::{self, Row};
use crate::module::Module;

/// Operands that charging a basic block takes for a moment.
const CHARGE: u32 = 2;
/// Operands that charging for the bytes of a memory operation takes for a moment.
const CHARGE_BYTES: u32 = 3;

/// Operands of a memory operation.
const COPY_OPERANDS: u32 = 3;

/// The stack of a function that is being walked through.
#[derive(Debug)]
pub(super) struct StackHeight<'a> {
    module: &'a Module,
    height: u32,
    most: u32,
    /// Heights to which the ends of the open blocks come back.
    scopes: Vec<u32>,
}

impl<'a> StackHeight<'a> {
    pub(super) fn new(module: &'a Module) -> Self {
        Self { module, height: 0, most: 0, scopes: vec![0] }
    }

    /// The highest it has been.
    pub(super) fn most(&self) -> u32 {
        self.most
    }

    /// A basic block is charged here.
    pub(super) fn charge(&mut self) {
        self.push(CHARGE);
        self.pop(CHARGE);
    }

    /// Walks over an operator that the metering pass has a price for.
    pub(super) fn step(&mut self, op: &Operator<'_>) {
        use Operator as O;
        match op {
            O::Block { blockty } | O::Loop { blockty } => self.open(*blockty),
            O::If { blockty } => {
                self.pop(1);
                self.open(*blockty);
            }
            O::Else => self.height = self.scopes.last().copied().unwrap_or(0),
            O::End => self.height = self.scopes.pop().unwrap_or(0),

            O::Call { function_index } => self.call(self.module.function_arity(*function_index)),
            O::CallIndirect { type_index, .. } => {
                self.call(self.module.type_arity(*type_index));
                self.pop(1);
            }

            O::MemoryCopy { .. } | O::MemoryFill { .. } => {
                self.push(CHARGE_BYTES);
                self.pop(CHARGE_BYTES);
                self.pop(COPY_OPERANDS);
            }

            op => {
                let Some(Row { takes, gives, .. }) = prices::row(op) else { return };
                self.push(gives.saturating_sub(takes));
                self.pop(takes.saturating_sub(gives));
            }
        }
    }

    fn open(&mut self, ty: BlockType) {
        let arity = match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(index) => self.module.type_arity(index),
        };
        self.call(arity);
        self.scopes.push(self.height);
    }

    fn call(&mut self, (params, results): (u32, u32)) {
        self.push(results);
        self.pop(params);
    }

    fn push(&mut self, count: u32) {
        self.height = self.height.saturating_add(count);
        self.most = self.most.max(self.height);
    }

    fn pop(&mut self, count: u32) {
        self.height = self.height.saturating_sub(count);
    }
}
