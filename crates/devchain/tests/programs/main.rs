//! Stylus programs: what is refused and why, activation, caching, calls between programs.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod code;
mod ink;
mod refusal;
mod start;
mod surroundings;

use std::fs;

use alloy_primitives::{Address, Bytes};
use stylus_devchain::recording::Recording;
use stylus_devchain::{ArbOs, DevChain};
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Instruction, MemorySection, MemoryType, Module, TypeSection, ValType,
};

const ALICE: Address = Address::repeat_byte(0xa1);
const PROGRAM: Address = Address::repeat_byte(0x50);

/// The contract code of a recorded program.
fn recorded(name: &str) -> Bytes {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");
    let text = fs::read(format!("{folder}/{name}.json")).expect("the recording is there");
    let recording: Recording = serde_json::from_slice(&text).expect("it is a recording");
    recording.code_hex.expect("it has code")
}

fn activated(name: &str, arbos: ArbOs) -> DevChain {
    let mut chain = DevChain::new().with_arbos(arbos);
    chain.set_code(PROGRAM, recorded(name));
    chain.activate(PROGRAM).expect("the program can be activated");
    chain
}

/// Host functions that the test programs import: `(name, parameters)`.
const IMPORTS: [(&str, usize); 3] =
    [("read_args", 1), ("write_result", 2), ("storage_flush_cache", 1)];

/// A program with this body; the imports are functions 0, 1 and 2.
fn module(body: &[Instruction<'_>]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    for (index, (name, params)) in (1_u32..).zip(IMPORTS) {
        types.ty().function(vec![ValType::I32; params], []);
        imports.import("vm_hooks", name, EntityType::Function(index));
    }
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: Some(1),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("user_entrypoint", ExportKind::Func, 3);
    exports.export("memory", ExportKind::Memory, 0);
    let mut code = CodeSection::new();
    let mut function = Function::new([]);
    for instruction in body {
        function.instruction(instruction);
    }
    code.function(&function);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&memories);
    module.section(&exports).section(&code);
    module.finish()
}

fn deployed(wasm: &[u8]) -> (DevChain, Address) {
    let mut chain = DevChain::new();
    let program = chain.deploy_program(wasm).expect("the program deploys");
    chain.activate(program).expect("the program can be activated");
    (chain, program)
}

/// Decompresses through the chain's own tool: a program's code is its module again.
fn brotli_decompress(stream: &[u8], wasm: &mut Vec<u8>) {
    brotli::BrotliDecompress(&mut &*stream, wasm).expect("it is a Brotli stream");
}
