//! How fast programs run, in each engine, with native code of the same loop as a reference.
//!
//! `cargo bench -p stylus-devchain --features compiler`; `--test` does everything once.

#![expect(clippy::arithmetic_side_effects, clippy::expect_used, reason = "a benchmark may panic")]

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use alloy_primitives::{Address, Bytes, keccak256};
use stylus_devchain::recording::Recording;
use stylus_devchain::{DevChain, Engine, Transaction};

const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");
const ALICE: Address = Address::repeat_byte(0xa1);
const PROGRAM: Address = Address::repeat_byte(0x50);
/// Rounds of the loop.
const ROUNDS: u32 = 3_000_000;
/// How long a case is repeated.
const PATIENCE: Duration = Duration::from_secs(2);

fn main() {
    let patience =
        if std::env::args().any(|arg| arg == "--test") { Duration::ZERO } else { PATIENCE };
    println!("{:>12}  {:<16} what", "each", "engine");
    let increment = keccak256("increment()").get(..4).expect("32 bytes").to_vec();
    let cases = [
        ("a program that does nothing", "op-empty", Bytes::new()),
        ("a counter of the SDK, one slot read and written", "real-counter", increment.into()),
        ("a loop of 3 million rounds", "op-loop", ROUNDS.to_le_bytes().into()),
    ];
    for (what, recording, data) in cases {
        for engine in engines() {
            let chain = chain(recording).with_engine(engine);
            let call =
                Transaction::new(ALICE, PROGRAM).with_data(data.clone()).with_gas_limit(1 << 40);
            // The first call compiles what must be compiled.
            let run = || assert!(chain.call(&call).expect("it runs").is_success(), "{what}");
            run();
            show(&format!("{engine:?}"), what, measure(patience, run));
        }
    }
    show("native", "the same loop in Rust, uncounted", measure(patience, native_loop));
    show("native", "the same loop, counting its ink", measure(patience, native_counting_loop));
}

fn engines() -> Vec<Engine> {
    vec![
        Engine::Adaptive,
        Engine::Interpreter,
        #[cfg(feature = "compiler")]
        Engine::Compiler,
    ]
}

fn chain(name: &str) -> DevChain {
    let text = fs::read(format!("{RECORDINGS}/{name}.json")).expect("the recording is there");
    let recording: Recording = serde_json::from_slice(&text).expect("it is a recording");
    let mut chain = DevChain::new();
    chain.set_code(PROGRAM, recording.code_hex.expect("it has code"));
    chain.activate(PROGRAM).expect("it can be activated");
    chain
}

/// The time that one run takes on average, after a first one that is not counted.
fn measure(patience: Duration, mut run: impl FnMut()) -> Duration {
    run();
    let (start, mut times) = (Instant::now(), 0);
    loop {
        run();
        times += 1;
        if start.elapsed() >= patience {
            return start.elapsed() / times;
        }
    }
}

fn show(engine: &str, what: &str, each: Duration) {
    println!("{:>9.1} µs  {engine:<16} {what}", each.as_secs_f64() * 1e6);
}

/// The loop of the recording `op-loop`, a sum of squares, in a form that LLVM cannot foresee.
fn native_loop() {
    let mut sum = 0_u64;
    for round in 0..black_box(ROUNDS) {
        sum = black_box(sum.wrapping_add(u64::from(round).wrapping_mul(round.into())));
    }
    black_box(sum);
}

/// The same, as metered code does it: ink in memory that each of the two basic blocks of a round
/// compares and lowers.
fn native_counting_loop() {
    let (mut ink, mut sum) = (u64::MAX, 0_u64);
    for round in 0..black_box(ROUNDS) {
        for price in [3_536, 4_000] {
            let left = black_box(&mut ink);
            let Some(rest) = left.checked_sub(price) else { return };
            *left = rest;
        }
        sum = black_box(sum.wrapping_add(u64::from(round).wrapping_mul(round.into())));
    }
    black_box(sum);
}
