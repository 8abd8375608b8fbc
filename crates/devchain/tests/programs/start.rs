//! What the start of a program costs: its price, the cache, a block, a year.

use alloy_primitives::Address;
use stylus_devchain::{
    ActivationError, ArbOs, CacheError, DevChain, HaltReason, Status, Transaction,
};
use wasm_encoder::Instruction;

use crate::{ALICE, PROGRAM, activated, module};

#[test]
fn the_least_start_price_is_that_of_the_documentation() {
    // 8,832 and 352 gas, and 1.628 gas for each of four globals that metering adds, 5 for a page.
    let mut chain = DevChain::new();
    let program = chain
        .deploy_program(&module(&[Instruction::I32Const(0), Instruction::End]))
        .expect("it deploys");

    let activation = chain.activate(program).expect("it can be activated");

    assert_eq!(activation.cached_init_gas, 352 + 6 + 5);
    // One function 8.252, two type slots 2.118, and 0.1286 for a byte of WASM.
    let wasm = module(&[Instruction::I32Const(0), Instruction::End]).len() as u64;
    assert_eq!(activation.init_gas, 363 + 8_832 + 8 + 2 + wasm * 1_286 / 10_000);
    assert_eq!((activation.version, activation.footprint_pages), (3, 1));
}

#[test]
fn a_cached_program_starts_at_the_lower_price() {
    let mut chain = activated("op-empty", ArbOs::V51);
    let call = Transaction::new(ALICE, PROGRAM);
    let gas = |chain: &DevChain| chain.call(&call).expect("the call runs").gas_used;

    let uncached = gas(&chain);
    chain.cache_program(PROGRAM).expect("the program is activated");
    assert!(chain.is_cached(PROGRAM));
    let cached = gas(&chain);
    chain.evict_program(PROGRAM).expect("the program is activated");

    assert!(!chain.is_cached(PROGRAM));
    assert_eq!(gas(&chain), uncached);
    assert_eq!(uncached - cached, 8_832 + 18); // op-empty: 37 bytes, 1 function, 2 type slots
    assert_eq!(
        chain.cache_program(Address::repeat_byte(9)),
        Err(CacheError::NotActivated(Address::repeat_byte(9)))
    );
}

#[test]
fn from_arbos_60_on_a_block_remembers_its_programs() {
    let gas = |arbos: ArbOs| -> Vec<u64> {
        let mut chain = activated("op-empty", arbos);
        let outcomes = chain.mine(vec![Transaction::new(ALICE, PROGRAM); 2]);
        outcomes.into_iter().map(|outcome| outcome.expect("it runs").gas_used).collect()
    };

    let before = gas(ArbOs::V51);
    assert_eq!(before[0], before[1]);
    let after = gas(ArbOs::V61);
    assert_eq!(after[0], before[0]);
    assert_eq!(after[0] - after[1], 8_832 + 18);
}

#[test]
fn a_program_lapses_with_time_and_with_a_new_version_of_stylus() {
    let mut chain = activated("op-empty", ArbOs::V51);
    let call = Transaction::new(ALICE, PROGRAM).with_gas_limit(100_000);
    let status = |chain: &DevChain| chain.call(&call).expect("the call runs").status;
    assert_eq!(status(&chain), Status::Success);

    let upgraded = chain.clone().with_arbos(ArbOs::V61);
    let reason = HaltReason::ProgramNeedsUpgrade { version: 2, stylus_version: 3 };
    assert_eq!(status(&upgraded), Status::Halt(reason));

    chain.warp(365 * 24 * 60 * 60);
    assert_eq!(status(&chain), Status::Success);
    chain.warp(1);
    let reason = HaltReason::ProgramExpired { age: 365 * 24 * 60 * 60 + 1 };
    assert_eq!(status(&chain), Status::Halt(reason));

    chain.activate(PROGRAM).expect("a lapsed program can be activated again");
    assert_eq!(status(&chain), Status::Success);
    assert_eq!(chain.activate(PROGRAM), Err(ActivationError::UpToDate(PROGRAM)));
}
