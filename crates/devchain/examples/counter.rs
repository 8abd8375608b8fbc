//! A counter of stylus-sdk, tested in process: typed calls, a typed refusal, time, gas, snapshot.
//!
//! `cargo run --example counter`; its source is in `examples/contracts/counter`.

use alloy_primitives::U256;
use alloy_sol_types::sol;
use stylus_devchain::{DevChain, Transaction};

sol! {
    interface Counter {
        event Counted(address indexed by, uint256 number);
        error TooEarly(uint256 at);
        function number() external view returns (uint256);
        function increment() external returns (uint256);
    }
}

const WASM: &[u8] = include_bytes!("counter.wasm");

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut chain = DevChain::new();
    let [alice, ..] = stylus_devchain::DEV_ACCOUNTS.map(|account| account.address);
    // Packs, deploys, activates and caches.
    let counter = chain.deploy_stylus(WASM)?;
    let increment = || Transaction::call_to(alice, counter, &Counter::incrementCall {});
    let number = || Transaction::call_to(alice, counter, &Counter::numberCall {});

    let outcome = chain.transact(increment())?;
    assert_eq!(outcome.expect_return::<Counter::incrementCall>(), U256::from(1));
    let event = outcome.expect_log::<Counter::Counted>();
    assert_eq!((event.by, event.number), (alice, U256::from(1)));
    outcome.expect_gas_at_most(90_000);

    // It may be increased once a minute. A clone of the chain is a snapshot.
    let snapshot = chain.clone();
    let refused = chain.transact(increment())?.expect_revert::<Counter::TooEarly>();
    assert_eq!(refused.at, U256::from(chain.timestamp().saturating_add(60)));
    chain.warp(60);
    chain.transact(increment())?.expect_success();
    let now = chain.call(number())?.expect_return::<Counter::numberCall>();
    let then = snapshot.call(number())?.expect_return::<Counter::numberCall>();
    assert_eq!((now, then), (U256::from(2), U256::from(1)));
    println!("the counter counts: {} gas for an increment", outcome.gas_used);
    Ok(())
}
