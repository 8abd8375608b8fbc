//! A Stylus program that holds many pages of memory open around a call.
//!
//! Memory is priced by the pages that all open frames of a transaction have together, the more
//! steeply the more there are: whoever brings an operation to the EntryPoint from within such a
//! program makes each call of a Stylus program in it expensive.

use alloy_primitives::{Address, Bytes};
use stylus_devchain::{Outcome, Transaction};
use testbed::TestBed;
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Instruction, MemorySection, MemoryType, Module, TypeSection, ValType,
};

/// Where the program finds 32 zero bytes, the value of its call, and room for a length.
const ZEROS: i32 = 60_000;
const LENGTH: i32 = 60_100;

/// Returns a program that calls the address in its first 20 bytes of calldata with the rest, with
/// so many pages of memory of its own, and ends as that call does.
fn wasm(pages: u64) -> Vec<u8> {
    use ValType::{I32, I64};

    let mut types = TypeSection::new();
    types.ty().function([I32], [I32]);
    types.ty().function([I32], []);
    types.ty().function([I32, I32, I32, I32, I64, I32], [I32]);
    let mut imports = ImportSection::new();
    imports.import("vm_hooks", "read_args", EntityType::Function(1));
    imports.import("vm_hooks", "call_contract", EntityType::Function(2));
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: pages,
        maximum: Some(pages),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("user_entrypoint", ExportKind::Func, 2);
    exports.export("memory", ExportKind::Memory, 0);
    let mut body = Function::new([]);
    for instruction in [
        Instruction::I32Const(0),
        Instruction::Call(0),
        Instruction::I32Const(0),
        Instruction::I32Const(20),
        Instruction::LocalGet(0),
        Instruction::I32Const(20),
        Instruction::I32Sub,
        Instruction::I32Const(ZEROS),
        Instruction::I64Const(i64::MAX),
        Instruction::I32Const(LENGTH),
        Instruction::Call(1),
        Instruction::End,
    ] {
        body.instruction(&instruction);
    }
    let mut code = CodeSection::new();
    code.function(&body);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&memories);
    module.section(&exports).section(&code);
    module.finish()
}

/// Deploys one with so many pages.
pub(crate) fn deploy(bed: &mut TestBed, pages: u64) -> Address {
    let program = bed.chain.deploy_program(&wasm(pages)).unwrap();
    bed.chain.activate(program).unwrap();
    program
}

/// Makes a call from within the program.
pub(crate) fn call(bed: &mut TestBed, program: Address, to: Address, data: &[u8]) -> Outcome {
    let data: Bytes = [to.as_slice(), data].concat().into();
    let bundler = bed.entry_point.bundler;
    bed.chain.transact(Transaction::new(bundler, program).with_data(data)).unwrap()
}
