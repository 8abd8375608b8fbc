//! How fast the chain is: calls in each engine, transactions, snapshots, the node and its memory.
//!
//! `cargo bench -p stylus-devchain --features compiler`; `--test` does everything once.

#![expect(clippy::arithmetic_side_effects, clippy::expect_used, reason = "a benchmark may panic")]

mod native;
#[cfg(feature = "rpc")]
mod node;

use std::fs;
use std::time::{Duration, Instant};

use alloy_primitives::{Address, Bytes, U256, keccak256};
use stylus_devchain::recording::Recording;
use stylus_devchain::{DevChain, Engine, Transaction};

const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");
pub(crate) const ALICE: Address = Address::repeat_byte(0xa1);
pub(crate) const PROGRAM: Address = Address::repeat_byte(0x50);
/// Rounds of the loop.
pub(crate) const ROUNDS: u32 = 3_000_000;
/// How long a case is repeated.
const PATIENCE: Duration = Duration::from_secs(2);
/// How fast the interpreter runs the loop, in parts of what a Nitro node takes: measured side by side
/// on one machine, once.
const INTERPRETER_OF_NITRO: f64 = 0.05;

fn main() {
    let is_test = std::env::args().any(|arg| arg == "--test");
    let patience = if is_test { Duration::ZERO } else { PATIENCE };
    println!("{:>12}  {:<12} what", "each", "engine");
    calls(patience);
    the_loop(patience);
    show("native", "the same loop in Rust, uncounted", measure(patience, native::sum));
    show("native", "the same loop, counting its ink", measure(patience, native::counting_sum));
    chain_itself(patience);
    #[cfg(feature = "rpc")]
    node::run(is_test, patience);
}

/// Small calls, of which a test has thousands.
fn calls(patience: Duration) {
    let cases = [
        ("a program that does nothing", "op-empty", Bytes::new()),
        ("a counter of the SDK, one slot read and written", "real-counter", increment()),
        ("a program that calls itself, ten deep", "host-call", nested_calls(10)),
    ];
    for (what, recording, data) in cases {
        for engine in engines() {
            show(&format!("{engine:?}"), what, call(patience, recording, engine, &data));
        }
    }
}

/// A call that computes, beside a Nitro node.
fn the_loop(patience: Duration) {
    let data = Bytes::from(ROUNDS.to_le_bytes());
    let times: Vec<_> = engines()
        .into_iter()
        .map(|engine| (engine, call(patience, "op-loop", engine, &data)))
        .collect();
    let interpreted = times.iter().find(|(engine, _)| *engine == Engine::Interpreter);
    let interpreted = interpreted.map_or(0.0, |(_, time)| time.as_secs_f64());
    for (engine, time) in times {
        let of_nitro = INTERPRETER_OF_NITRO * interpreted / time.as_secs_f64();
        let what = format!("a loop of 3 million rounds: {of_nitro:.2} times as fast as Nitro");
        show(&format!("{engine:?}"), &what, time);
    }
}

/// What needs no program.
fn chain_itself(patience: Duration) {
    let mut chain = DevChain::new();
    let send = Transaction::new(ALICE, Address::repeat_byte(0xb0));
    let transfer = measure(patience, || drop(chain.transact(&send).expect("it runs")));
    show("chain", "a plain transfer, mined", transfer);
    let snapshot = measure(patience, || {
        let mut copy = chain.clone();
        copy.set_balance(ALICE, U256::ZERO);
    });
    show("chain", "a snapshot, and a change to it", snapshot);
}

fn engines() -> Vec<Engine> {
    vec![
        Engine::Adaptive,
        Engine::Interpreter,
        #[cfg(feature = "compiler")]
        Engine::Compiler,
    ]
}

/// The time of a call of a recorded program.
fn call(patience: Duration, recording: &str, engine: Engine, data: &Bytes) -> Duration {
    let chain = chain(recording).with_engine(engine);
    let call = Transaction::new(ALICE, PROGRAM).with_data(data.clone()).with_gas_limit(1 << 40);
    // The first call compiles what must be compiled.
    measure(patience, || assert!(chain.call(&call).expect("it runs").is_success(), "{recording}"))
}

pub(crate) fn chain(name: &str) -> DevChain {
    let text = fs::read(format!("{RECORDINGS}/{name}.json")).expect("the recording is there");
    let recording: Recording = serde_json::from_slice(&text).expect("it is a recording");
    let mut chain = DevChain::new();
    chain.set_code(PROGRAM, recording.code_hex.expect("it has code"));
    chain.activate(PROGRAM).expect("it can be activated");
    chain
}

/// `increment()`
pub(crate) fn increment() -> Bytes {
    keccak256("increment()").get(..4).expect("32 bytes").to_vec().into()
}

/// Call data that makes the recorded caller call itself so many times: kind, address, value, gas
/// and data of the call.
fn nested_calls(depth: usize) -> Bytes {
    let call = [&[0][..], PROGRAM.as_slice(), &[0; 32], &u64::MAX.to_le_bytes()].concat();
    let last = [&[0][..], ALICE.as_slice(), &[0; 32], &[0; 8]].concat();
    [call.repeat(depth - 1), last].concat().into()
}

/// The time that one run takes on average, after a first one that is not counted.
pub(crate) fn measure(patience: Duration, mut run: impl FnMut()) -> Duration {
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

pub(crate) fn show(engine: &str, what: &str, each: Duration) {
    println!("{:>9.1} µs  {engine:<12} {what}", each.as_secs_f64() * 1e6);
}
