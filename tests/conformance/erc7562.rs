//! The module's storage and calls in validation, against the rules of ERC-7562.

use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::SolCall;
use stylus_devchain::{Frame, Outcome, SlotAccessKind, Transaction};
use testbed::SmartAccount;
use testbed::abi::IValidator;

use crate::setup::Setup;

#[test]
fn the_words_of_account_and_session_stand_in_associated_slots() {
    let setup = Setup::enabled();
    let account = setup.alice.address().into_word();
    let slot = |x: B256| U256::from_be_bytes(keccak256([account, x].concat()).0);

    let session = setup.bed.chain.storage(setup.bed.module, slot(setup.game.session.id()));
    let word = session.to_be_bytes::<32>();
    assert_eq!(word[..5], [1, 0, 0, 0, 1], "status enabled, one call");

    let tag = keccak256("SmartSession.account");
    let word = setup.bed.chain.storage(setup.bed.module, slot(tag)).to_be_bytes::<32>();
    assert_eq!(word[..10], [1, 0, 0, 0, 0, 0, 0, 0, 0, 20], "validator, epoch 0, route of 20");
    assert_eq!(word[10..30], setup.alice.owner_validator()[..]);
}

#[test]
fn the_first_operation_costs_what_its_budget_says() {
    let mut setup = Setup::new();
    let op = setup.enable_and_move();
    assert!(op.module_gas.unwrap() <= 33_000, "{:?}", op.module_gas);
}

#[test]
fn a_use_and_a_batch_of_five_cost_what_their_budgets_say() {
    let mut setup = Setup::enabled();

    let op = setup.a_move();
    assert!(op.module_gas.unwrap() <= 12_500, "{:?}", op.module_gas);

    let calls = vec![setup.bed.a_move(1, 10); 5];
    let call_data = setup.alice.execute_batch(&calls);
    let op = setup.act(&setup.game.using(5).unwrap(), call_data);
    assert!(op.module_gas.unwrap() <= 13_000, "{:?}", op.module_gas);
}

#[test]
fn the_signature_field_of_a_move_has_at_most_200_bytes() {
    let setup = Setup::enabled();
    let op = setup.move_op(&setup.game.using(1).unwrap());
    assert!(op.signature.len() <= 200, "{}", op.signature.len());
}

/// Has Alice's account ask about an operation, with a trace.
fn traced(setup: &Setup, draft: &smart_session_client::OperationDraft) -> Outcome {
    let op = setup.move_op(draft);
    let hash = setup.bed.entry_point.user_op_hash(&setup.bed.chain, &op).unwrap();
    let call = IValidator::validateUserOpCall { userOp: op, userOpHash: hash };
    let transaction = Transaction::new(setup.alice.address(), setup.bed.module)
        .with_data(call.abi_encode())
        .with_gas_limit(1_000_000)
        .with_trace(true);
    let outcome = setup.bed.chain.call(transaction).unwrap();
    assert!(outcome.is_success() && outcome.output[31] == 0, "{:?}", outcome.output);
    outcome
}

/// Validation with a use and with an enable, whole outcomes.
fn validations() -> [(Setup, Outcome); 2] {
    let (fresh, enabled) = (Setup::new(), Setup::enabled());
    let enabling = traced(&fresh, &fresh.game.enabling(1).unwrap());
    let using = traced(&enabled, &enabled.game.using(1).unwrap());
    [(fresh, enabling), (enabled, using)]
}

/// What Nitro's tracers show as a banned opcode (OP-011, OP-012, OP-080).
pub(crate) const BANNED: [&str; 19] = [
    "block_timestamp",
    "block_number",
    "block_basefee",
    "block_coinbase",
    "block_gas_limit",
    "evm_gas_left",
    "evm_ink_left",
    "tx_gas_price",
    "tx_ink_price",
    "tx_origin",
    "account_balance",
    "account_code",
    "account_code_size",
    "account_codehash",
    "create1",
    "create2",
    "call_contract",
    "delegate_call_contract",
    "transient_store_bytes32",
];

#[test]
fn validation_calls_no_host_function_that_stands_for_a_banned_opcode() {
    for (_, outcome) in validations() {
        let program = outcome.frames[0].program.as_ref().unwrap();
        assert!(program.hostios.contains_key("native_keccak256"), "the trace shows something");
        for name in BANNED {
            assert!(!program.hostios.contains_key(name), "{name}");
        }
    }
}

#[test]
fn every_slot_that_validation_touches_is_the_hash_of_the_account_and_a_word() {
    for (setup, outcome) in validations() {
        let frame = &outcome.frames[0];
        let account = setup.alice.address().into_word();
        let associated: Vec<U256> = frame
            .trace
            .preimages
            .iter()
            .filter(|preimage| preimage.len() == 64 && preimage[..32] == account[..])
            .map(|preimage| U256::from_be_bytes(keccak256(preimage).0))
            .collect();

        assert!(!frame.trace.slots.is_empty());
        for access in &frame.trace.slots {
            assert_eq!(access.address, setup.bed.module);
            assert!(
                associated.iter().any(|slot| access.slot.wrapping_sub(*slot) <= U256::from(128)),
                "{access:?}: its preimage is not in the trace (STO-021)"
            );
        }
        let writes = frame.trace.slots.iter().filter(|it| it.kind == SlotAccessKind::Write);
        assert_eq!(writes.count(), 1, "one word is written");
    }
}

#[test]
fn validation_calls_the_account_and_precompiles_and_bounds_their_gas() {
    for (setup, outcome) in validations() {
        let is_called_by_module = |frame: &&Frame| frame.parent == Some(0);
        let called: Vec<&Frame> = outcome.frames.iter().filter(is_called_by_module).collect();
        let ecrecover = Address::with_last_byte(1);

        assert!(!called.is_empty());
        for frame in called {
            assert_eq!(frame.value, U256::ZERO, "OP-061");
            assert!(frame.to == ecrecover || frame.to == setup.alice.address(), "{}", frame.to);
            let most = if frame.to == ecrecover { 10_000 } else { 200_000 };
            assert!(frame.gas_limit <= most, "{} of {}", frame.gas_limit, frame.to);
        }
    }
}
