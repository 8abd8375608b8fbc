//! Checks of an outcome: each passes on what it names and panics with words on the rest.

#![expect(clippy::expect_used, clippy::arithmetic_side_effects, reason = "a test may panic")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use alloy_primitives::{Address, Bytes, U256, bytes};
use alloy_sol_types::sol;
use stylus_devchain::{DevChain, HaltReason, Outcome, Transaction};

sol! {
    error Refused(uint256 code);
    error Other();
    event Happened(uint256 indexed what);
    function answer() returns (uint256);
}

const CONTRACT: Address = Address::repeat_byte(0xcc);

fn run(code: Bytes) -> Outcome {
    let mut chain = DevChain::new();
    chain.set_code(CONTRACT, code);
    chain.call(Transaction::new(Address::ZERO, CONTRACT)).expect("it runs")
}

/// What a check that must fail says.
fn complaint<T>(check: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| drop(check()))).expect_err("it must not pass");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn success_is_expected_or_the_reason_told() {
    let returns_42 = run(bytes!("602a5f5260205ff3"));
    assert_eq!(returns_42.expect_return::<answerCall>(), U256::from(42));
    returns_42.expect_success().expect_gas_at_most(returns_42.gas_used);
    let most = returns_42.gas_used - 1;
    let told = complaint(|| returns_42.expect_gas_at_most(most));
    assert_eq!(told, format!("expected at most {most} gas, got {}", returns_42.gas_used));

    // Error("no")
    let error = "08c379a00000000000000000000000000000000000000000000000000000000000000020\
                 0000000000000000000000000000000000000000000000000000000000000002\
                 6e6f000000000000000000000000000000000000000000000000000000000000";
    let code: Bytes = format!("0x6064600b5f3960645ffd5b{error}").parse().expect("hex");
    let told = complaint(|| run(code).expect_success().clone());
    assert_eq!(told, "expected success, got a revert: no");
    let told = complaint(|| run(bytes!("00")).expect_return::<answerCall>());
    assert!(told.starts_with("expected what answer() returns, got 0x: "), "{told}");
}

#[test]
fn a_revert_is_expected_with_its_error() {
    let selector = alloy_primitives::keccak256("Refused(uint256)");
    let selector = alloy_primitives::hex::encode(&selector[..4]);
    // MSTORE(0, selector << 224) · MSTORE(4, 7) · REVERT(0, 36)
    let code = format!("0x63{selector}60e01b5f52600760045260245ffd");
    let outcome = run(code.parse().expect("hex"));

    assert_eq!(outcome.expect_revert::<Refused>().code, U256::from(7));
    let told = complaint(|| outcome.expect_revert::<Other>());
    assert!(told.starts_with("expected Other(), got a revert with 0x"), "{told}");
    let told = complaint(|| run(bytes!("00")).expect_revert::<Other>());
    assert_eq!(told, "expected Other(), got success with output 0x");
}

#[test]
fn a_halt_and_a_log_are_expected() {
    let halted = run(bytes!("fe"));
    halted.expect_halt(HaltReason::InvalidOpcode(0xfe));
    let told = complaint(|| halted.expect_halt(HaltReason::OutOfGas).clone());
    assert!(told.starts_with("expected a halt (out of gas), got a halt ("), "{told}");

    let topic = alloy_primitives::keccak256("Happened(uint256)");
    let topic = alloy_primitives::hex::encode(topic);
    // LOG2(0, 0, topic, 9)
    let outcome = run(format!("0x60097f{topic}5f5fa200").parse().expect("hex"));
    let log = outcome.expect_log::<Happened>();
    assert_eq!((log.address, log.what), (CONTRACT, U256::from(9)));
    let told = complaint(|| run(bytes!("00")).expect_log::<Happened>());
    assert_eq!(told, "expected Happened(uint256) among 0 logs: []");
}
