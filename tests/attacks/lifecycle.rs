//! Cases 62 to 64, 73 and 89: what is left over, and what comes twice.

use alloy_primitives::{Address, Bytes};
use alloy_sol_types::{SolCall, SolInterface, SolValue};
use smart_session_core::abi::ISmartSession;
use testbed::abi::IEntryPoint;
use testbed::direct::{DirectCall, Order, redeem};
use testbed::{GameSession, SmartAccount};

use super::{enabled_with, module_call};
use crate::setup::Setup;

#[test]
fn counters_of_a_session_survive_nothing_because_the_session_does_not() {
    let mut setup = enabled_with(|_, session| session.max_calls = 1);
    let call = setup.bed.a_move(1, 0);
    assert_eq!(super::act(&mut setup, std::slice::from_ref(&call)), "executed");
    let uninstall = setup.alice.uninstall_validator(setup.bed.module, Bytes::new());
    setup.bed.expect_executed("uninstalling", &setup.alice.clone(), uninstall).unwrap();
    setup.bed.install(&setup.alice.clone()).unwrap();

    assert_eq!(super::act(&mut setup, std::slice::from_ref(&call)), "refused: AA23 WrongEpoch");
    // The same session for the epoch of now is another session.
    let account = setup.alice.address();
    let epoch = setup.ask(&ISmartSession::epochCall { account });
    let before = setup.game.session.clone();
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        *session = before.clone();
        session.chains[0].epoch = epoch;
    })
    .unwrap();
    assert_ne!(setup.game.session.id(), before.id());
    super::enable(&mut setup);
    assert_eq!(super::act(&mut setup, &[call]), "executed");
}

/// Uninstalling loops over nothing.
#[test]
fn uninstalling_costs_the_same_however_many_sessions_there_are() {
    let gas = |sessions: u64| {
        let mut setup = Setup::new();
        for salt in 0..sessions {
            setup.game = GameSession::new(&setup.bed, &setup.alice, 100 + salt).unwrap();
            super::enable(&mut setup);
        }
        let data = module_call("onUninstall(bytes)", &(Bytes::new(),).abi_encode_params());
        let outcome = setup.send_module(setup.alice.address(), data);
        assert!(outcome.is_success());
        outcome.gas_used
    };
    assert_eq!(gas(0), gas(12));
}

/// The EntryPoint validates all operations of a bundle before it runs the first.
#[test]
fn operations_of_one_bundle_are_counted_one_after_the_other() {
    let mut setup = enabled_with(|_, session| session.max_calls = 2);
    let op = |setup: &Setup, lane: u8, calls: usize| {
        let call_data = setup.alice.execute_batch(&vec![setup.bed.a_move(1, 0); calls]);
        let draft = setup.game.using(calls).unwrap();
        let key =
            setup.alice.nonce_key(setup.bed.module) + alloy_primitives::aliases::U192::from(lane);
        let mut op = setup
            .bed
            .entry_point
            .user_op(&setup.bed.chain, setup.alice.address(), key, call_data)
            .unwrap();
        let hash = setup.bed.entry_point.user_op_hash(&setup.bed.chain, &op).unwrap();
        let digest = draft.digest(setup.bed.module, hash);
        op.signature = draft.sealed(&setup.game.delegate.sign(digest).unwrap());
        op
    };
    let (one, two) = (op(&setup, 1, 1), op(&setup, 2, 2));
    let mut clone = setup.clone();
    let outcome =
        clone.bed.entry_point.handle_ops(&mut clone.bed.chain, vec![one.clone(), two]).unwrap();
    let error = IEntryPoint::IEntryPointErrors::abi_decode(&outcome.output).unwrap();
    let IEntryPoint::IEntryPointErrors::FailedOpWithRevert(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.opIndex, alloy_primitives::U256::from(1));
    assert_eq!(smart_session_client::error_name(&error.inner), Some("CallsOverLimit"));

    let other = op(&setup, 3, 1);
    let entry_point = setup.bed.entry_point;
    let outcome = entry_point.handle_ops(&mut setup.bed.chain, vec![one, other]).unwrap();
    assert!(outcome.is_success());
    assert_eq!(setup.state(), (1, 2));
}

/// A session that is revoked in a bundle before the delegate's operation still has it run: the
/// revocation is an execution, and all validation comes first.
#[test]
fn a_revocation_counts_from_the_next_bundle_on() {
    let mut setup = Setup::enabled();
    let data = module_call("revoke(bytes32)", setup.game.session.id().as_slice());
    assert_eq!(setup.owner_calls_module(data).verdict.summary(), "executed");
    let call = setup.bed.a_move(1, 0);

    assert_eq!(super::act(&mut setup, &[call]), "refused: AA23 SessionRevokedForEver");
}

#[test]
fn a_call_through_a_fallback_that_appends_its_sender_is_refused_for_every_function() {
    let setup = Setup::enabled();
    let packed = Bytes::from(setup.game.session.pack().unwrap());
    let stranger = Address::repeat_byte(0x57);
    let a_move = [setup.bed.a_move(1, 0)];
    let direct = DirectCall::new(&setup.game, &setup.game.using(1).unwrap(), &a_move);
    let order = Order { nonce: 0, deadline: u64::MAX >> 16, gas: 1, relayer: Address::ZERO };
    let ended = (setup.alice.address(), packed.clone(), Bytes::new());
    for data in [
        module_call("enable(bytes)", &(packed,).abi_encode_params()),
        module_call("revoke(bytes32)", setup.game.session.id().as_slice()),
        module_call("revokeAll(bytes32)", &[1; 32]),
        module_call("onInstall(bytes)", &(Bytes::new(),).abi_encode_params()),
        module_call("onUninstall(bytes)", &(Bytes::new(),).abi_encode_params()),
        direct.execute().abi_encode(),
        direct.execute_for(&order, &[7; 65]).abi_encode(),
        redeem(std::slice::from_ref(&direct)).abi_encode(),
        module_call("revoke(address,bytes,bytes)", &ended.abi_encode_params()),
    ] {
        let suffixed = [data.as_slice(), stranger.as_slice()].concat();
        let outcome = setup.call_module(setup.alice.address(), suffixed);
        assert_eq!(super::said(&outcome), "MalformedCall");
    }
}
