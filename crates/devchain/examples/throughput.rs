//! Calls per second and instructions per second of this machine.
//!
//! `cargo run --release -p stylus-devchain --example throughput [SECONDS]`

use std::fs;
use std::time::{Duration, Instant};

use alloy_primitives::{Address, Bytes, U256, keccak256};
use stylus_devchain::recording::Recording;
use stylus_devchain::{DevChain, Transaction};

const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");
const ALICE: Address = Address::repeat_byte(0xa1);
const PROGRAM: Address = Address::repeat_byte(0x50);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds = std::env::args().nth(1).map_or(Ok(1.0), |text| text.parse::<f64>())?;
    let increment = keccak256("increment()").get(..4).unwrap_or_default().to_vec();
    let cases = [
        ("a program that does nothing", "op-empty", Bytes::new()),
        ("a counter on the SDK, one SLOAD and SSTORE", "real-counter", increment.into()),
        ("a program that calls itself, ten deep", "host-call", nested_calls(10)),
        ("a loop of 100,000 turns", "op-loop", 100_000_u32.to_le_bytes().into()),
    ];
    for (what, recording, data) in cases {
        let chain = chain(recording)?;
        let call = Transaction::new(ALICE, PROGRAM).with_data(data);
        measure(what, seconds, || Ok(chain.call(&call).map(|_| ())?))?;
    }
    let mut chain = DevChain::new();
    let send = Transaction::new(ALICE, Address::repeat_byte(0xb0));
    measure("a plain transfer, mined", seconds, || Ok(chain.transact(&send).map(|_| ())?))?;
    measure("a snapshot", seconds, || {
        let mut copy = chain.clone();
        copy.set_balance(ALICE, U256::ZERO);
        Ok(())
    })
}

fn chain(recording: &str) -> Result<DevChain, Box<dyn std::error::Error>> {
    let text = fs::read(format!("{RECORDINGS}/{recording}.json"))?;
    let recording: Recording = serde_json::from_slice(&text)?;
    let mut chain = DevChain::new();
    chain.set_code(PROGRAM, recording.code_hex.unwrap_or_default());
    chain.activate(PROGRAM)?;
    Ok(chain)
}

/// Call data that makes the recorded caller call itself so many times: kind, address, value, gas
/// and data of the call.
fn nested_calls(depth: usize) -> Bytes {
    let call = [&[0][..], PROGRAM.as_slice(), &[0; 32], &u64::MAX.to_le_bytes()].concat();
    let last = [&[0][..], ALICE.as_slice(), &[0; 32], &[0; 8]].concat();
    [call.repeat(depth.saturating_sub(1)), last].concat().into()
}

fn measure(
    what: &str,
    seconds: f64,
    mut act: impl FnMut() -> Result<(), Box<dyn std::error::Error>>,
) -> Result<(), Box<dyn std::error::Error>> {
    let (start, mut times) = (Instant::now(), 0_u32);
    while start.elapsed() < Duration::from_secs_f64(seconds) {
        act()?;
        times = times.saturating_add(1);
    }
    let each = start.elapsed().as_secs_f64() / f64::from(times);
    println!("{:>12.0} per second {:>10.1} µs each   {what}", 1.0 / each, each * 1e6);
    Ok(())
}
