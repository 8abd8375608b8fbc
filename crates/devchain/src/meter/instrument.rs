//! The pass that makes a module count its own ink and stack.
//!
//! It does in one walk what Nitro does in several, with the effects in Nitro's order: exports
//! other than the two that matter are dropped; every function first takes its words of the value
//! stack, every basic block then its ink; `memory.copy` and `memory.fill` pay by the byte; and
//! `memory.grow` first calls `pay_for_memory_grow`.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "counts of operators, locals and globals of one module, limited to thousands each"
)]

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ExportKind, ExportSection, Function, GlobalSection,
    GlobalType, Instruction, SectionId, ValType,
};
use wasmparser::{FunctionBody, GlobalSectionReader, Operator};

use super::prices;
use super::stack_height::StackHeight;
use crate::module::{Module, ModuleError, at_most};

/// Exported global: the ink left (i64).
pub(crate) const INK_LEFT: &str = "stylus_ink_left";
/// Exported global: 1 once the ink has run out (i32).
pub(crate) const INK_STATUS: &str = "stylus_ink_status";
/// Exported global: words of the value stack left (i32); 0 once they have run out.
pub(crate) const STACK_LEFT: &str = "stylus_stack_left";

/// Globals that the pass adds: those exported, and one to juggle with.
pub(crate) const ADDED_GLOBALS: u32 = 4;

/// Most operators of a function's body, the added ones included.
const MOST_OPERATORS: u64 = 65_536; // act-ops-in-body

/// Most operands that a function may have on the stack.
const MOST_OPERANDS: u64 = 4_096;
/// Words that a frame takes beside its locals and operands.
const FRAME_WORDS: u32 = 4; // op-recursion

/// Operators that Nitro's pass adds to a basic block, to a function, before each way out of it,
/// to `memory.copy` and `memory.fill`, and to `memory.grow`. Activation pays for them: the numbers
/// follow from the gas of the recorded activations (op-init-funcs, act-ok-memory-copy, op-memgrow).
mod added {
    pub(super) const BLOCK: u64 = 12;
    pub(super) const PROLOGUE: u64 = 13;
    pub(super) const EPILOGUE: u64 = 4;
    pub(super) const BULK_MEMORY: u64 = 17;
    pub(super) const MEMORY_GROW: u64 = 4;
}

/// A module that counts its own ink.
#[derive(Debug)]
pub(crate) struct Instrumented {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// Operators of all functions, as Nitro's own pass would leave them.
    pub(crate) operators: u64,
}

/// Rewrites a module whose facts are `module`.
pub(crate) fn instrument(wasm: &[u8], module: &Module) -> Result<Instrumented, ModuleError> {
    instrument_with(wasm, module, Comparisons::Parted)
}

/// What becomes of a comparison with a `select` after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparisons {
    /// They are parted, as wasmi 2.0.0 needs it: see [`part`].
    Parted,
    /// They stay together. Only to show that the engines then differ.
    #[cfg_attr(not(all(test, feature = "compiler")), expect(dead_code, reason = "for a test"))]
    Together,
}

/// Rewrites a module, with or without a remedy for wasmi.
pub(crate) fn instrument_with(
    wasm: &[u8],
    module: &Module,
    comparisons: Comparisons,
) -> Result<Instrumented, ModuleError> {
    let mut pass = Pass {
        module,
        comparisons,
        pay_for_memory_grow: module.pay_for_memory_grow(),
        function: 0,
        operators: 0,
        has_globals: false,
    };
    let mut encoded = wasm_encoder::Module::new();
    pass.parse_core_module(&mut encoded, wasmparser::Parser::new(0), wasm).map_err(|error| {
        match error {
            reencode::Error::UserError(error) => error,
            other => ModuleError::Invalid(other.to_string()),
        }
    })?;
    Ok(Instrumented { wasm: encoded.finish(), operators: pass.operators })
}

struct Pass<'a> {
    module: &'a Module,
    comparisons: Comparisons,
    pay_for_memory_grow: Option<u32>,
    function: usize,
    operators: u64,
    has_globals: bool,
}

type Encoding<T> = Result<T, reencode::Error<ModuleError>>;

impl Pass<'_> {
    const fn ink_left(&self) -> u32 {
        self.module.globals
    }
    const fn ink_status(&self) -> u32 {
        self.module.globals + 1
    }
    const fn scratch(&self) -> u32 {
        self.module.globals + 2
    }
    const fn stack_left(&self) -> u32 {
        self.module.globals + 3
    }

    /// Splits a body into basic blocks and returns, for each operator that begins one, its price.
    fn blocks(&self, operators: &[Operator<'_>]) -> Result<Vec<Option<u64>>, ModuleError> {
        let params = |ty: u32| self.module.type_arity(ty).0;
        let mut charges = vec![None; operators.len()];
        let mut first = 0;
        let mut ink = prices::BLOCK;
        for (index, op) in operators.iter().enumerate() {
            let Some(price) = prices::operator(op, params) else {
                return Err(ModuleError::Operator(name(op)));
            };
            ink = ink.saturating_add(price);
            if ends_block(op) {
                if let Some(charge) = charges.get_mut(first) {
                    *charge = Some(ink);
                }
                first = index + 1;
                ink = prices::BLOCK;
            }
        }
        Ok(charges)
    }

    /// The words of the value stack that a function takes.
    fn words(
        &self,
        operators: &[Operator<'_>],
        charges: &[Option<u64>],
        locals: u32,
    ) -> Result<u32, ModuleError> {
        let mut height = StackHeight::new(self.module);
        for (op, charge) in operators.iter().zip(charges) {
            if charge.is_some() {
                height.charge();
            }
            height.step(op);
        }
        at_most("operands on the stack", u64::from(height.most()), MOST_OPERANDS)?;
        Ok(height.most() + locals + FRAME_WORDS)
    }

    fn charge(&mut self, body: &mut Function, ink: u64) {
        let price = Instruction::I64Const(ink.cast_signed());
        body.instruction(&Instruction::GlobalGet(self.ink_left()))
            .instruction(&price)
            .instruction(&Instruction::I64LtU);
        self.trap_out_of_ink(body);
        body.instruction(&Instruction::GlobalGet(self.ink_left()))
            .instruction(&price)
            .instruction(&Instruction::I64Sub)
            .instruction(&Instruction::GlobalSet(self.ink_left()));
        self.operators += added::BLOCK;
    }

    /// If the value on the stack is not zero, notes that the ink has run out and traps.
    fn trap_out_of_ink(&self, body: &mut Function) {
        body.instruction(&Instruction::If(BlockType::Empty))
            .instruction(&Instruction::I32Const(1))
            .instruction(&Instruction::GlobalSet(self.ink_status()))
            .instruction(&Instruction::Unreachable)
            .instruction(&Instruction::End);
    }

    fn take_stack(&mut self, body: &mut Function, words: u32) {
        let words = Instruction::I32Const(words.cast_signed());
        body.instruction(&Instruction::GlobalGet(self.stack_left()))
            .instruction(&words)
            .instruction(&Instruction::I32LeU)
            .instruction(&Instruction::If(BlockType::Empty))
            .instruction(&Instruction::I32Const(0))
            .instruction(&Instruction::GlobalSet(self.stack_left()))
            .instruction(&Instruction::Unreachable)
            .instruction(&Instruction::End)
            .instruction(&Instruction::GlobalGet(self.stack_left()))
            .instruction(&words)
            .instruction(&Instruction::I32Sub)
            .instruction(&Instruction::GlobalSet(self.stack_left()));
        self.operators += added::PROLOGUE;
    }

    fn give_stack_back(&mut self, body: &mut Function, words: u32) {
        body.instruction(&Instruction::GlobalGet(self.stack_left()))
            .instruction(&Instruction::I32Const(words.cast_signed()))
            .instruction(&Instruction::I32Add)
            .instruction(&Instruction::GlobalSet(self.stack_left()));
        self.operators += added::EPILOGUE;
    }

    /// Charges for every byte of the length on top of the stack, and leaves it there.
    fn charge_bytes(&mut self, body: &mut Function) {
        let ink = |pass: &Self, body: &mut Function| {
            body.instruction(&Instruction::GlobalGet(pass.scratch()))
                .instruction(&Instruction::I64ExtendI32U)
                .instruction(&Instruction::I64Const(prices::BULK_MEMORY_PER_BYTE.cast_signed()))
                .instruction(&Instruction::I64Mul);
        };
        body.instruction(&Instruction::GlobalSet(self.scratch()))
            .instruction(&Instruction::GlobalGet(self.ink_left()));
        ink(self, body);
        body.instruction(&Instruction::I64LtU);
        self.trap_out_of_ink(body);
        body.instruction(&Instruction::GlobalGet(self.ink_left()));
        ink(self, body);
        body.instruction(&Instruction::I64Sub)
            .instruction(&Instruction::GlobalSet(self.ink_left()))
            .instruction(&Instruction::GlobalGet(self.scratch()));
        self.operators += added::BULK_MEMORY;
    }

    /// Pays for the pages on top of the stack, and leaves them there.
    fn charge_pages(&mut self, body: &mut Function) {
        let Some(pay) = self.pay_for_memory_grow else {
            return; // it costs nothing where the maximum is the minimum
        };
        body.instruction(&Instruction::GlobalSet(self.scratch()))
            .instruction(&Instruction::GlobalGet(self.scratch()))
            .instruction(&Instruction::Call(pay))
            .instruction(&Instruction::GlobalGet(self.scratch()));
        self.operators += added::MEMORY_GROW;
    }
}

impl Reencode for Pass<'_> {
    type Error = ModuleError;

    fn parse_custom_section(
        &mut self,
        _module: &mut wasm_encoder::Module,
        _section: wasmparser::CustomSectionReader<'_>,
    ) -> Encoding<()> {
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Encoding<()> {
        reencode::utils::parse_global_section(self, globals, section)?;
        add_globals(globals);
        self.has_globals = true;
        Ok(())
    }

    fn intersperse_section_hook(
        &mut self,
        module: &mut wasm_encoder::Module,
        _after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Encoding<()> {
        if before == Some(SectionId::Export) && !self.has_globals {
            let mut globals = GlobalSection::new();
            add_globals(&mut globals);
            module.section(&globals);
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Encoding<()> {
        for export in section {
            let export = export?;
            if matches!(export.name, "user_entrypoint" | "memory") {
                self.parse_export(exports, export);
            }
        }
        exports.export(INK_LEFT, ExportKind::Global, self.ink_left());
        exports.export(INK_STATUS, ExportKind::Global, self.ink_status());
        exports.export(STACK_LEFT, ExportKind::Global, self.stack_left());
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Encoding<()> {
        let locals = self.module.locals.get(self.function).copied().unwrap_or(0);
        self.function += 1;
        let before = self.operators;

        let operators = body.get_operators_reader()?.into_iter().collect::<Result<Vec<_>, _>>()?;
        let charges = self.blocks(&operators).map_err(reencode::Error::UserError)?;
        let words = self.words(&operators, &charges, locals).map_err(reencode::Error::UserError)?;
        let last = operators.len().saturating_sub(1);

        let mut function = self.new_function_with_parsed_locals(&body)?;
        self.take_stack(&mut function, words);
        let mut compared = false;
        for (index, (op, charge)) in operators.into_iter().zip(charges).enumerate() {
            if let Some(ink) = charge {
                self.charge(&mut function, ink);
                compared = false;
            }
            match op {
                Operator::I32Eqz | Operator::I32Eq | Operator::I32Ne => {
                    compared = self.comparisons == Comparisons::Parted;
                }
                Operator::Select | Operator::TypedSelect { .. } if compared => part(&mut function),
                Operator::Return => self.give_stack_back(&mut function, words),
                Operator::End if index == last => self.give_stack_back(&mut function, words),
                Operator::MemoryCopy { .. } | Operator::MemoryFill { .. } => {
                    self.charge_bytes(&mut function);
                }
                Operator::MemoryGrow { .. } => self.charge_pages(&mut function),
                _ => {}
            }
            function.instruction(&self.instruction(op)?);
            self.operators += 1;
        }
        code.function(&function);

        let got = self.operators - before;
        at_most("operators of a function after metering", got, MOST_OPERATORS)
            .map_err(reencode::Error::UserError)
    }
}

/// Adds the counters after the module's own globals, in the order of their indices.
fn add_globals(globals: &mut GlobalSection) {
    let mutable = |val_type| GlobalType { val_type, mutable: true, shared: false };
    globals.global(mutable(ValType::I64), &ConstExpr::i64_const(0));
    for _ in 1..ADDED_GLOBALS {
        globals.global(mutable(ValType::I32), &ConstExpr::i32_const(0));
    }
}

/// Leaves the condition on top of the stack as it is, and parts it from the comparison it comes from.
///
/// wasmi 2.0.0 folds a comparison of a local with zero into the `select` that follows, and then
/// chooses by another value (fixture `select-matrix`). It does so only where nothing but the
/// comparison stands between; the charge of a basic block does too. Nitro's count of operators
/// doesn't know of this.
fn part(body: &mut Function) {
    body.instruction(&Instruction::I32Const(-1)).instruction(&Instruction::I32And);
}

/// Whether the basic block ends after this operator.
fn ends_block(op: &Operator<'_>) -> bool {
    use Operator as O;
    matches!(
        op,
        O::End
            | O::Else
            | O::Return
            | O::Loop { .. }
            | O::Br { .. }
            | O::BrIf { .. }
            | O::BrTable { .. }
            | O::If { .. }
            | O::Call { .. }
            | O::CallIndirect { .. }
    )
}

/// An operator's name, for messages.
fn name(op: &Operator<'_>) -> String {
    let text = format!("{op:?}");
    text.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}
