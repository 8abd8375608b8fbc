//! Every host function with every pointer out of bounds, and with too little gas for every step.

#![expect(clippy::arithmetic_side_effects, clippy::as_conversions, reason = "a test may panic")]

use alloy_primitives::{Address, Bytes, U256, bytes};
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Instruction, MemorySection, MemoryType, Module, TypeSection, ValType as EncodedType,
};
use wasmparser::ValType;

use super::{Price, Step, steps};
use crate::hostio::{HOST_FUNCTIONS, HostFn, MODULE};
use crate::{DevChain, HaltReason, Status, Transaction};

/// Ink that a step takes when every buffer has 32 bytes of zeros, nothing is warm, and a log has one
/// topic.
const fn ink(price: Price) -> u64 {
    match price {
        Price::WriteBytes => 5_040,
        Price::ReadBytes => 16_381,
        Price::ReadBytesTwice => 2 * 16_381,
        Price::Hash => 121_800,
        Price::Power => 3_000 + 17_500,
        Price::Pages => 8_400,
        Price::Log => (375 + 375) * GAS,
        Price::Transient => 100 * GAS,
        Price::SlotRead => (2_100 + 5) * GAS,
        Price::SlotCache | Price::SlotWrites => 0,
        Price::Account | Price::Call => 2_600 * GAS,
        Price::Code => (2_600 + 700) * GAS,
        Price::Creation => 32_000 * GAS,
    }
}

/// Ink of a unit of gas.
const GAS: u64 = 10_000;

const ALICE: Address = Address::repeat_byte(0xa1);
const PROXY: Address = Address::repeat_byte(0x77);
/// A pointer that no memory reaches.
const OUTSIDE: u32 = u32::MAX;
/// Ink that covers everything.
const PLENTY: u64 = 1_000_000 * GAS;

/// How a call of a host function ends, with the ink that is then left.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Success(u64),
    Failure(u64),
    OutOfInk,
}

/// What the table says of a call with so much ink after the function's own price.
fn expected(function: HostFn, mut left: u64, outside: Option<usize>, is_static: bool) -> End {
    for &step in steps(function) {
        let fails = match step {
            Step::Require(gas) if left < gas * GAS => return End::OutOfInk,
            // A call that cannot be paid takes the gas there is and answers that it failed.
            Step::Buy(Price::Call) if left < ink(Price::Call) => {
                left %= GAS;
                false
            }
            Step::Buy(price) => match left.checked_sub(ink_of(function, price)) {
                Some(rest) => {
                    left = rest;
                    false
                }
                None => return End::OutOfInk,
            },
            Step::Read(argument) | Step::Write(argument) => outside == Some(argument),
            Step::FailBelow(gas) => left / GAS < gas,
            // No slot is changed, so there is nothing to forbid.
            Step::NotStatic => is_static && function != HostFn::StorageFlush,
            Step::Require(_) | Step::WriteSome(_) | Step::Open => false,
        };
        if fails {
            return End::Failure(left);
        }
    }
    End::Success(left)
}

fn ink_of(function: HostFn, price: Price) -> u64 {
    match (function, price) {
        // A word of init code is hashed.
        (HostFn::Create2, Price::Creation) => ink(price) + 6 * GAS,
        _ => ink(price),
    }
}

/// The arguments: pointers to different words, and 32 as every length.
fn arguments(function: HostFn, outside: Option<usize>) -> Vec<u64> {
    let pointers: Vec<usize> = steps(function)
        .iter()
        .filter_map(|step| match *step {
            Step::Read(argument) | Step::Write(argument) | Step::WriteSome(argument) => {
                Some(argument)
            }
            _ => None,
        })
        .collect();
    (0..function.row().params.len())
        .map(|index| match function {
            _ if outside == Some(index) => u64::from(OUTSIDE),
            _ if pointers.contains(&index) => 64 + 64 * index as u64,
            HostFn::EmitLog if index == 2 => 1,
            HostFn::PayForMemoryGrow
            | HostFn::StorageFlush
            | HostFn::ExitEarly
            | HostFn::AccountCode
            | HostFn::ReadReturnData => 0,
            _ => 32,
        })
        .collect()
}

fn encoded(ty: ValType) -> EncodedType {
    if ty == ValType::I64 { EncodedType::I64 } else { EncodedType::I32 }
}

/// A program that calls a host function once, and the ink that its instructions take before the
/// call and after it.
fn program(function: HostFn, arguments: &[u64]) -> (Vec<u8>, u64, u64) {
    let row = function.row();
    let mut types = TypeSection::new();
    types.ty().function(row.params.iter().copied().map(encoded), row.result.map(encoded));
    types.ty().function([EncodedType::I32], [EncodedType::I32]);
    let mut imports = ImportSection::new();
    imports.import(MODULE, row.name, EntityType::Function(0));
    let mut functions = FunctionSection::new();
    functions.function(1);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: Some(1),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("user_entrypoint", ExportKind::Func, 1);
    exports.export("memory", ExportKind::Memory, 0);
    let mut body = Function::new([]);
    for (&argument, ty) in arguments.iter().zip(row.params) {
        if *ty == ValType::I64 {
            body.instruction(&Instruction::I64Const(argument.cast_signed()));
        } else {
            let argument = u32::try_from(argument).expect("a pointer or a length");
            body.instruction(&Instruction::I32Const(argument.cast_signed()));
        }
    }
    body.instruction(&Instruction::Call(0));
    let mut after = 2_450 + 1 + 1;
    if row.result.is_some() {
        body.instruction(&Instruction::Drop);
        after += 9;
    }
    body.instruction(&Instruction::I32Const(0)).instruction(&Instruction::End);
    let mut code = CodeSection::new();
    code.function(&body);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&memories);
    module.section(&exports).section(&code);
    (module.finish(), 2_450 + arguments.len() as u64 + 3_800, after)
}

/// Calls a host function once, with about so much ink after its own price; returns what the
/// table says of the very ink there was, and how it ended.
fn run(function: HostFn, about: u64, outside: Option<usize>, is_static: bool) -> (End, End) {
    let (wasm, before, after) = program(function, &arguments(function, outside));
    let base = function.row().ink;
    let mut chain = DevChain::new();
    let address = chain.deploy_program(&wasm).expect("it deploys");
    let start = chain.activate(address).expect("it can be activated").init_gas;
    // Calls the program statically: STATICCALL(GAS, address, 0, 0, 0, 0).
    let code = [bytes!("5f5f5f5f73").as_ref(), address.as_slice(), &bytes!("5afa00")].concat();
    chain.set_code(PROXY, Bytes::from(code));
    chain.set_balance(address, U256::from(1));

    let gas = 21_000 + start + (before + base + about).div_ceil(GAS);
    let to = if is_static { PROXY } else { address };
    let outcome = chain.call(Transaction::new(ALICE, to).with_gas_limit(gas)).expect("it runs");

    let frame = &outcome.frames[usize::from(is_static)];
    let report = frame.program.as_ref().expect("a program ran");
    let left = report.ink_left;
    let ended = match frame.status {
        Status::Success => End::Success(left + after),
        Status::Revert => End::Failure(left),
        Status::Halt(HaltReason::OutOfGas) => End::OutOfInk,
        Status::Halt(other) => panic!("{function:?}: {other}"),
    };
    let there = report.ink_at_entry - before - base;
    (expected(function, there, outside, is_static), ended)
}

/// The pointers of a function, each once outside the memory, and once none.
fn pointers(function: HostFn) -> Vec<Option<usize>> {
    let pointers = steps(function).iter().filter_map(|step| match *step {
        Step::Read(argument) | Step::Write(argument) => Some(Some(argument)),
        _ => None,
    });
    pointers.chain([None]).collect()
}

#[test]
fn all_steps_of_a_host_function_come_in_the_order_of_the_table() {
    for &function in HOST_FUNCTIONS {
        if function == HostFn::ExitEarly {
            continue; // it ends the program: there is no step after it
        }
        let mut inks = vec![PLENTY];
        let mut spent = 0;
        for &step in steps(function) {
            let needed = match step {
                Step::Require(gas) | Step::FailBelow(gas) => gas * GAS,
                // What a call cannot pay is taken as far as it goes: host-call.
                Step::Buy(Price::Call | Price::Creation) => continue,
                Step::Buy(price) => ink_of(function, price),
                _ => continue,
            };
            // The instructions after the call must be payable too, or they burn what is left.
            inks.extend([(spent + needed).saturating_sub(GAS), spent + needed + 3 * GAS]);
            if let Step::Buy(price) = step {
                spent += ink_of(function, price);
            }
        }
        for outside in pointers(function) {
            for &about in &inks {
                let (wanted, ended) = run(function, about, outside, false);
                let ended = match (wanted, ended) {
                    // Too little for what comes after it.
                    (End::Success(left), End::OutOfInk) if left < 3_000 => continue,
                    (wanted, ended) => (wanted, ended),
                };
                assert_eq!(
                    ended.0, ended.1,
                    "{function:?}, argument {outside:?} outside, ink {about}"
                );
            }
            let (wanted, ended) = run(function, PLENTY, outside, true);
            assert_eq!(wanted, ended, "{function:?} static, argument {outside:?} outside");
        }
    }
}
