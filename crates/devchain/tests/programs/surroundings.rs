//! What is around programs: precompiles, rules of a version, threads.

use alloy_primitives::{Address, U256, keccak256};
use stylus_devchain::{ArbOs, DevChain, Transaction};

use crate::{ALICE, PROGRAM, activated, recorded};

#[test]
fn a_precompile_called_from_a_program_is_warm() {
    // The recorded caller: kind 1 is a static call; then the address, 32 unused bytes and the gas.
    let chain = activated("host-call", ArbOs::V51);
    let ecrecover = Address::with_last_byte(1);
    let data = [&[1_u8][..], ecrecover.as_slice(), &[0; 32], &u64::MAX.to_le_bytes()].concat();

    let outcome =
        chain.call(Transaction::new(ALICE, PROGRAM).with_data(data)).expect("the call runs");

    let report = outcome.frames[0].program.clone().expect("a program ran");
    // 83,193 and twice 16,381 for no data, 100 gas for the access, 3,000 for the precompile.
    assert_eq!(report.hostios["static_call_contract"].ink, 83_193 + 2 * 16_381 + 31_000_000);
    assert_eq!(outcome.frames[1].gas_used, 3_000);
}

#[test]
fn a_chain_speaks_for_arbos_61_unless_told_otherwise() {
    // arbOSVersion() counts 55 more; stylusVersion() is 3 from ArbOS 60 on.
    let ask = |precompile: u8, function: &str| {
        let data = keccak256(function)[..4].to_vec();
        let to = Address::with_last_byte(precompile);
        let call = Transaction::new(ALICE, to).with_data(data);
        U256::from_be_slice(&DevChain::new().call(call).expect("it runs").output)
    };
    assert_eq!(DevChain::new().arbos(), ArbOs::V61);
    assert_eq!(ask(0x64, "arbOSVersion()"), U256::from(61 + 55));
    assert_eq!(ask(0x71, "stylusVersion()"), U256::from(3));

    // More than 128 KiB of module were too much before.
    let mut chain = DevChain::new();
    chain.set_code(PROGRAM, recorded("act-size-131073"));
    assert!(chain.activate(PROGRAM).is_ok());
}

#[test]
fn a_chain_can_be_sent_to_another_thread() {
    fn check<T: Send + Sync>(_: &T) {}
    check(&DevChain::new());
}
