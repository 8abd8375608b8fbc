//! How long the session module takes to validate an operation, on the embedded chain.
//!
//! `cargo run --release -p testbed --example module_calls [SECONDS]` prints calls per second, and
//! fails where a call takes 2 ms or more.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use alloy_sol_types::SolCall;
use stylus_devchain::Transaction;
use testbed::abi::IValidator;
use testbed::{GameSession, SmartAccount, TestBed, TestBedError};

const SLOWEST: Duration = Duration::from_millis(2);

fn main() -> ExitCode {
    let seconds = std::env::args().nth(1).map_or(Ok(1.0), |text| text.parse::<f64>());
    let Ok(seconds) = seconds else {
        eprintln!("usage: module_calls [SECONDS]");
        return ExitCode::from(2);
    };
    match measure(seconds) {
        Ok(call) if call < SLOWEST => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("module_calls: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns how long a call takes.
fn measure(seconds: f64) -> Result<Duration, TestBedError> {
    let mut bed = TestBed::set()?;
    let alice = bed.oz_account("alice")?;
    bed.install(&alice)?;
    let game = GameSession::new(&bed, &alice, 1)?;
    let call_data = alice.execute(&bed.a_move(1, 10));
    bed.act(&alice, &game.enabling(1)?, &game.delegate, call_data.clone())?;

    let op = bed.session_op(&alice, &game.using(1)?, &game.delegate, call_data)?;
    let user_op_hash = bed.entry_point.user_op_hash(&bed.chain, &op)?;
    let call = IValidator::validateUserOpCall { userOp: op, userOpHash: user_op_hash };
    let call = Transaction::new(alice.address(), bed.module)
        .with_data(call.abi_encode())
        .with_gas_limit(1_000_000);
    let (mut calls, started) = (0_u32, Instant::now());
    while started.elapsed().as_secs_f64() < seconds {
        if !bed.chain.call(&call)?.is_success() {
            let why = "the module reverts".into();
            return Err(TestBedError::Failed { step: "validating", why });
        }
        calls = calls.saturating_add(1);
    }
    let one = started.elapsed().checked_div(calls).unwrap_or(Duration::MAX);
    println!(
        "validateUserOp: {calls} calls, {one:?} each, {:.0} per second",
        1.0 / one.as_secs_f64()
    );
    Ok(one)
}
