//! What outcomes tell about frames.

#![expect(clippy::arithmetic_side_effects, reason = "a test may panic")]

use alloy_primitives::{Address, Bytes, U256, bytes, hex};
use stylus_devchain::{DevChain, FrameKind, SlotAccess, SlotAccessKind, Status, Transaction};

const ALICE: Address = Address::repeat_byte(0xa1);

const CALLEE: Address = Address::repeat_byte(0xcc);

fn chain(contracts: &[(Address, Bytes)]) -> DevChain {
    let mut chain = DevChain::new();
    for (address, code) in contracts {
        chain.set_code(*address, code.clone());
    }
    chain
}

#[test]
fn frames_stand_in_order_of_entry_with_their_gas() {
    let caller = Address::repeat_byte(0xca);
    // Calls the callee with 5,000 gas, then delegates to it, then stops.
    let code = [
        hex!("5f5f5f5f5f73").as_slice(),
        CALLEE.as_slice(),
        &hex!("611388f1"),
        &hex!("505f5f5f5f73"),
        CALLEE.as_slice(),
        &hex!("611388f400"),
    ]
    .concat();
    // Reverts with one byte.
    let chain = chain(&[(caller, code.into()), (CALLEE, bytes!("60015ffd"))]);

    let outcome = chain.call(Transaction::new(ALICE, caller)).expect("the call runs");

    let [top, call, delegated] = outcome.frames.as_slice() else { panic!("three frames") };
    assert_eq!(top.gas_limit, Transaction::DEFAULT_GAS_LIMIT - 21_000);
    assert_eq!(top.gas_used, outcome.gas_used - 21_000);
    assert_eq!((top.depth, top.parent), (0, None));

    assert_eq!((call.kind, call.depth, call.parent), (FrameKind::Call, 1, Some(0)));
    assert_eq!((call.from, call.to, call.code_address), (caller, CALLEE, CALLEE));
    assert_eq!(call.status, Status::Revert);
    assert_eq!(call.output, bytes!("00"));
    assert_eq!(call.gas_limit, 5_000);
    assert_eq!(call.gas_used, 3 + 2 + 3); // PUSH1, PUSH0 and a word of memory

    assert_eq!(delegated.kind, FrameKind::DelegateCall);
    assert_eq!((delegated.from, delegated.to), (ALICE, caller));
    assert_eq!(delegated.code_address, CALLEE);
    assert_eq!(outcome.frames_to(caller).count(), 2);
}

#[test]
fn a_trace_names_slots_accounts_preimages_and_opcodes() {
    // MSTORE(0, 42) · KECCAK256(0, 32) · SLOAD · POP · SSTORE(1, 2) · BALANCE(caller) · POP · GAS
    let code = bytes!("602a5f5260205f205450600260015533315a00");
    let chain = chain(&[(CALLEE, code)]);
    let call = Transaction::new(ALICE, CALLEE);

    let outcome = chain.call(call.clone().with_trace(true)).expect("the call runs");
    let untraced = chain.call(call).expect("the call runs");

    let trace = &outcome.frames[0].trace;
    let preimage = U256::from(42).to_be_bytes::<32>();
    let hash = alloy_primitives::keccak256(preimage);
    assert_eq!(trace.preimages, [Bytes::copy_from_slice(&preimage)]);
    assert_eq!(
        trace.slots,
        [
            SlotAccess { address: CALLEE, slot: hash.into(), kind: SlotAccessKind::Read },
            SlotAccess { address: CALLEE, slot: U256::from(1), kind: SlotAccessKind::Write },
        ]
    );
    assert_eq!(trace.accounts, [(0x31, ALICE)]);
    assert_eq!(trace.opcodes.get(&0x54), Some(&1));
    assert!(trace.after_gas.contains(&0x00));
    assert_eq!(outcome.gas_used, untraced.gas_used);
    assert!(untraced.frames[0].trace.opcodes.is_empty());
}

#[test]
fn a_creation_is_a_frame_with_the_new_address() {
    let mut chain = DevChain::new();

    let outcome =
        chain.transact(Transaction::create(ALICE, bytes!("00"))).expect("the creation runs");

    let created = outcome.created.expect("an address");
    assert_eq!(outcome.frames[0].kind, FrameKind::Create);
    assert_eq!(outcome.frames[0].to, created);
    assert_eq!(created, ALICE.create(0));
}
