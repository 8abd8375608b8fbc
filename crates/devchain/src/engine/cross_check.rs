//! The interpreter and the compiler run the same modules, and must agree on everything: where a
//! program pauses, the ink it then has, and every byte of its memory.
//!
//! `CROSS_CHECK_PROGRAMS` says how many random programs are run, `CROSS_CHECK_SEED` which.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fmt::Write;
use std::fs;
use std::hash::{DefaultHasher, Hasher};

use arbitrary::Unstructured;

use super::{Engine, Executable, Machine, Pause, Trap};
use crate::ArbOs;
use crate::hostio::{HOST_FUNCTIONS, HostCall, HostFn, Value};
use crate::meter::instrument::{Comparisons, instrument_with};
use crate::module::Module;

const PROGRAMS: usize = 2_000;
/// Ink of a run: enough for a loop to go round ten thousand times.
const INK: u64 = 60_000_000;
/// Ink that a host function takes here.
const HOST_INK: u64 = 2_000_000;
const STACK_WORDS: u32 = 22_000;

/// What a program looks like where it has stopped.
#[derive(Debug, PartialEq, Eq)]
struct Stop {
    pause: Pause,
    ink: u64,
    /// A hash of all of it.
    memory: u64,
}

fn executable(wasm: &[u8], comparisons: Comparisons) -> Option<Executable> {
    let module = Module::read(wasm, &ArbOs::V51).ok()?;
    let instrumented = instrument_with(wasm, &module, comparisons).ok()?;
    Some(Executable::new(&instrumented.wasm).expect("what was checked can be translated"))
}

/// Runs a program with a host that makes its answers up, always the same ones.
fn run(executable: &Executable, engine: Engine, ink: u64) -> Vec<Stop> {
    let mut machine =
        Machine::new(executable, engine, ink, STACK_WORDS).expect("it can be instantiated");
    let mut stops = Vec::new();
    let mut pause = machine.start(32);
    loop {
        let ink = machine.ink();
        stops.push(Stop { pause, ink, memory: hash(machine.memory()) });
        let Pause::Host(call) = pause else { return stops };
        let Some(ink) = ink.checked_sub(HOST_INK) else { return stops };
        let count = u8::try_from(stops.len() % 251).expect("below 251");
        let target = u32::try_from(call.arguments[0]).unwrap_or(u32::MAX);
        let _ = machine.guest_memory().write(target, &[count; 32]);
        machine.set_ink(ink);
        pause = machine.resume(answer(&call, count));
    }
}

fn hash(memory: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(memory);
    hasher.finish()
}

fn answer(call: &HostCall, count: u8) -> Option<Value> {
    call.function.row().result.map(|ty| match ty {
        wasmparser::ValType::I64 => Value::Long(u64::from(count) << 33),
        _ => Value::Int(count.into()),
    })
}

/// What the engines disagree about.
fn difference(executable: &Executable, ink: u64) -> Option<String> {
    let interpreted = run(executable, Engine::Interpreter, ink);
    for engine in [Engine::Compiler, Engine::Adaptive] {
        let other = run(executable, engine, ink);
        if let Some(index) = (0..interpreted.len().max(other.len()))
            .find(|&index| interpreted.get(index) != other.get(index))
        {
            let (left, right) = (interpreted.get(index), other.get(index));
            return Some(format!("stop {index}\n interpreter {left:?}\n {engine:?} {right:?}"));
        }
    }
    None
}

/// A source of bytes that is the same for the same seed.
fn random(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    })
    .take(len)
    .collect()
}

/// The imports and exports of a random program.
fn shape(choice: u64) -> Vec<u8> {
    let mut text = String::from("(module");
    for (index, function) in HOST_FUNCTIONS.iter().enumerate() {
        let is_chosen = (choice >> (index % 61)) & 1 == 1;
        if !is_chosen && *function != HostFn::PayForMemoryGrow {
            continue;
        }
        let row = function.row();
        let _ = write!(text, "(import \"vm_hooks\" \"{}\" (func", row.name);
        for param in row.params {
            let _ = write!(text, " (param {param})");
        }
        if let Some(result) = row.result {
            let _ = write!(text, " (result {result})");
        }
        text.push_str("))");
    }
    let pages = 1 + choice % 3;
    let _ = write!(text, "(memory (export \"memory\") {pages} {})", pages + choice % 2);
    text.push_str("(func (export \"user_entrypoint\") (param i32) (result i32) unreachable))");
    wat::parse_str(text).expect("it is a module")
}

/// A random program, or why these bytes make none that Stylus accepts.
fn program(seed: u64) -> Result<Vec<u8>, String> {
    let bytes = random(seed, 6_000);
    let choice = u64::from_le_bytes(random(!seed, 8).try_into().expect("8 bytes"));
    let config = wasm_smith::Config {
        module_shape: Some(shape(choice)),
        allow_floats: false,
        allow_start_export: false,
        bulk_memory_enabled: false,
        compact_imports_enabled: false,
        disallow_traps: seed % 4 != 0,
        exceptions_enabled: false,
        extended_const_enabled: false,
        gc_enabled: false,
        // The imported ones count too.
        max_funcs: HOST_FUNCTIONS.len() + 12,
        max_instructions: 400,
        max_data_segments: 4,
        max_element_segments: 4,
        max_table_elements: 40,
        max_tables: 1,
        memory64_enabled: false,
        multi_value_enabled: false,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        min_funcs: 3,
        ..wasm_smith::Config::default()
    };
    let module = wasm_smith::Module::new(config, &mut Unstructured::new(&bytes))
        .map_err(|error| error.to_string())?;
    let wasm = crate::program::pack(&module.to_bytes()).map_err(|error| error.to_string())?;
    let refused = Module::read(&wasm, &ArbOs::V51).map_err(|error| error.to_string());
    refused.map(|_| wasm)
}

/// The random programs that Stylus accepts, with their seeds.
fn programs(first: u64, comparisons: Comparisons) -> impl Iterator<Item = (u64, Executable)> {
    let (mut refused, mut accepted) = (0_u64, 0_u64);
    (first..).filter_map(move |seed| {
        let made = program(seed).and_then(|wasm| {
            executable(&wasm, comparisons).ok_or_else(|| "it cannot be metered".to_owned())
        });
        match made {
            Ok(executable) => {
                accepted += 1;
                Some((seed, executable))
            }
            Err(reason) => {
                refused += 1;
                assert!(refused < 50 + 4 * accepted, "too many are refused, the last: {reason}");
                None
            }
        }
    })
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
fn random_programs_run_the_same_in_both_engines() {
    let wanted = setting("CROSS_CHECK_PROGRAMS").map_or(PROGRAMS, |count| count as usize);
    let first = setting("CROSS_CHECK_SEED").unwrap_or(0);
    let mut ends = [0; 5];
    for (seed, executable) in programs(first, Comparisons::Parted).take(wanted) {
        // Every fourth program runs out of ink early, and where, both engines must notice.
        let ink = if seed % 4 == 1 { INK / 400 } else { INK };
        if let Some(difference) = difference(&executable, ink) {
            panic!("seed {seed}: {difference}");
        }
        let stops = run(&executable, Engine::Interpreter, ink);
        ends[match stops.last().expect("it stops").pause {
            Pause::Returned(_) => 0,
            Pause::Trapped(Trap::Failure) => 1,
            Pause::Trapped(Trap::OutOfInk) => 2,
            Pause::Trapped(Trap::OutOfStack) => 3,
            Pause::Host(_) => 4,
        }] += 1;
    }
    println!("{wanted} programs: returned, failed, out of ink, out of stack, at a host: {ends:?}");
    assert!(ends[0] * 5 > wanted, "too few come to their end: {ends:?}");
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-cases");
    let text = fs::read_to_string(format!("{folder}/{name}.wat")).expect("the case is there");
    wat::parse_str(text).expect("it is a module")
}

#[test]
fn the_engines_differ_where_a_comparison_is_not_parted_from_its_choice() {
    for name in ["select-eqz", "select-matrix", "rem-select"] {
        let wasm = fixture(name);
        let parted = executable(&wasm, Comparisons::Parted).expect("it is a program");
        let together = executable(&wasm, Comparisons::Together).expect("it is a program");

        assert_eq!(difference(&parted, INK), None, "{name}");
        assert!(difference(&together, INK).is_some(), "{name}: wasmi is right without the remedy");
    }
}

#[test]
fn random_programs_find_that_difference_too() {
    let mut programs = programs(1, Comparisons::Together).take(PROGRAMS);
    let found = programs.find(|(_, executable)| difference(executable, INK).is_some());
    let seed = found.map(|(seed, _)| seed);
    println!("the first to show it: {seed:?}");
    assert!(seed.is_some(), "none of {PROGRAMS} programs shows it");
}
