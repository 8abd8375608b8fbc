//! Cases 118 to 121 and 124: orders that live on, relayers, sponsors' gates, and the middle of a
//! transaction. And accounts that turn against the module while it asks them.

use alloy_primitives::{Address, B256, Bytes, U256, hex};
use alloy_sol_types::{SolCall, SolError};
use smart_session_client::error_name;
use smart_session_core::abi::ISmartSession;
use smart_session_core::packed::Paymaster;
use smart_session_core::session::{ArgumentRule, Session};
use stylus_devchain::{Outcome, Transaction};
use testbed::abi::IRelay;
use testbed::direct::{DirectCall, Order, redeem};
use testbed::{AccountKind, Call, SmartAccount};

use crate::direct_world::{AMPLE, DirectWorld, RELAYER, refusal};
use crate::setup::Setup;

const GAS: u32 = 100_000;

/// Case 118. What ends an order is told in the documents: another one with its nonce, its deadline,
/// or the end of its session.
#[test]
fn an_order_that_was_given_up_lands_unless_its_nonce_or_its_time_is_over() {
    let mut world = DirectWorld::on(AccountKind::Nexus);
    world.enable(|_| ());
    let call = world.calling(&[world.bed.a_move(1, 10)]);
    let given_up = world.order(0, GAS);
    let (account, key) = (world.account.clone(), world.game.delegate.clone());
    let (draft, a_move) = (world.game.using(1).unwrap(), world.bed.a_move(1, 10));
    let op = world.bed.act(&*account, &draft, &key, account.execute(&a_move)).unwrap();
    assert_eq!(op.verdict.summary(), "executed", "done again another way");

    let mut late = world.clone();
    late.bed.chain.warp(301);
    assert_eq!(refusal(&late.bring(&call, &given_up, AMPLE)), "DeadlinePassed");
    let mut replaced = world.clone();
    let other = Order { deadline: given_up.deadline - 1, ..given_up };
    assert!(replaced.bring(&call, &other, AMPLE).is_success());
    assert_eq!(refusal(&replaced.bring(&call, &given_up, AMPLE)), "WrongOrderNonce");

    assert!(world.bring(&call, &given_up, AMPLE).is_success(), "it still holds");
    assert_eq!(world.state(), (1, 2, 1));
}

/// Case 120. Whoever sees an order may bring it first; it runs once.
#[test]
fn an_order_that_is_brought_first_by_a_stranger_runs_once() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    world.enable(|_| ());
    let call = world.calling(&[world.bed.a_move(1, 10)]);
    let order = world.order(0, GAS);
    let data = world.ordered(&call, &order);

    assert!(world.send(Address::repeat_byte(0x66), data.clone(), AMPLE).is_success());

    let outcome = world.send(RELAYER, data, AMPLE);
    assert_eq!(refusal(&outcome), "WrongOrderNonce");
    assert_eq!(world.state(), (1, 1, 1));
    assert!(outcome.gas_used < 60_000, "what losing the race costs: {}", outcome.gas_used);
}

/// Case 120. A target that reverts as the module does when gas is short: a sponsor that believes it
/// sends more and more, and the order is never spent.
#[test]
fn a_target_that_imitates_a_want_of_gas_spends_no_order() {
    const LIAR: Address = Address::repeat_byte(0x55);

    let mut world = DirectWorld::on(AccountKind::Nexus);
    let told = ISmartSession::TooLittleGas { got: U256::from(1), wanted: U256::MAX }.abi_encode();
    // CODECOPY(0, 11, size), REVERT(0, size), then the data.
    let size = u8::try_from(told.len()).unwrap();
    let code = [&[0x60, size, 0x60, 11, 0x5f, 0x39, 0x60, size, 0x5f, 0xfd, 0][..], &told].concat();
    world.bed.chain.set_code(LIAR, code);
    world.enable_for(LIAR);
    let call = world.calling(&[Call::new(LIAR, Bytes::new())]);
    let order = world.order(0, GAS);
    for gas in [300_000, 3_000_000, AMPLE] {
        let outcome = world.bring(&call, &order, gas);
        assert!(!outcome.is_success());
        assert_eq!(error_name(&outcome.output), Some("TooLittleGas"), "it passes for the module's");
        assert_eq!(world.state(), (1, 0, 0));
    }
}

/// Case 121. The documents say so: on the direct path the caller pays, whomever the session names.
#[test]
fn a_named_paymaster_is_no_gate_and_a_fee_limit_no_total_where_the_module_is_an_executor() {
    let mut world = DirectWorld::on(AccountKind::Safe7579);
    world.enable(|session| {
        session.paymaster = Paymaster::One(Address::repeat_byte(0x5b));
        session.fee_limit = alloy_primitives::aliases::U96::from(1);
    });
    let call = world.calling(&[world.bed.a_move(1, 10)]);
    let delegate = world.game.delegate.address();
    let order = world.order(0, GAS);

    assert!(world.send(delegate, call.execute().abi_encode(), AMPLE).is_success());
    assert!(world.bring(&call, &order, AMPLE).is_success());
    assert!(world.redeem(&[call]).is_success());

    let (account, id) = (world.account.address(), world.game.session.id());
    let ask = ISmartSession::sessionStateCall { account, sessionId: id };
    assert!(world.bed.ask(world.bed.module, &ask).unwrap().fee.is_zero());
}

/// Case 124. Whoever brings an order chooses its moment, also in the middle of a transaction of its
/// own; what the session's rules bound stays bounded there.
#[test]
fn an_order_in_the_middle_of_its_bringers_transaction_keeps_the_sessions_rules() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    let relay = world.bed.deploy("Relay").unwrap();
    world.enable(|session| {
        let least = U256::from(7);
        let rules = vec![ArgumentRule { index: 0, min: least, max: U256::MAX }];
        session.permissions[0].rules = rules;
    });
    let bring = |world: &mut DirectWorld, step: u8| {
        let call = world.calling(&[world.bed.a_move(step, 0)]);
        let brought = world.ordered(&call, &world.order(0, GAS));
        let module = world.bed.module;
        let relayed = IRelay::relayCall { to: module, data: brought.into() }.abi_encode();
        let transaction = Transaction::new(RELAYER, relay).with_data(relayed);
        let outcome = world.bed.chain.transact(transaction.with_gas_limit(AMPLE)).unwrap();
        let told = IRelay::relayCall::abi_decode_returns(&outcome.output).unwrap();
        (told.success, error_name(&told.answer))
    };

    assert_eq!(bring(&mut world, 6), (false, Some("ArgumentOutOfBounds")));
    assert_eq!(bring(&mut world, 7), (true, None));
}

const FAKE: Address = Address::repeat_byte(0xfa);

/// An account that says yes to everything, and first calls the module with `attack`: what it runs
/// it answers as it should.
fn turning(module: Address, attack: &[u8]) -> Vec<u8> {
    let length = u16::try_from(attack.len()).unwrap().to_be_bytes();
    // If the selector is that of isValidSignature, on to the attack; else one empty entry.
    let answer = hex!("5f3560e01c631626ba7e14602557" "60205f5260016020526020604052" "60805ff3");
    let mut code = [&answer[..], &[0x00; 5]].concat();
    code.resize(0x25, 0);
    // CODECOPY(0, after this code, length), CALL(gas, module, 0, 0, length, 0, 0), the magic value.
    let after = [0x00, 0x61];
    code.extend([&[0x5b, 0x61][..], &length, &[0x61], &after, &[0x5f, 0x39]].concat());
    code.extend([&[0x5f, 0x5f, 0x61][..], &length, &[0x5f, 0x5f, 0x73]].concat());
    code.extend([module.as_slice(), &[0x5a, 0xf1, 0x50]].concat());
    code.extend(hex!("631626ba7e60e01b5f5260205ff3"));
    code.resize(0x61, 0);
    code.extend(attack);
    code
}

/// A setup whose session is the fake account's, which has the module as both; and a session of
/// Alice's whose delegate is the fake account.
fn fake() -> (Setup, Session) {
    let mut setup = Setup::with_executor();
    setup.bed.chain.set_code(FAKE, turning(setup.bed.module, &[]));
    let install = ISmartSession::onInstallCall { data: vec![3, 0, 0].into() }.abi_encode();
    assert!(setup.send_module(FAKE, install).is_success());
    let mut alices = setup.game.session.clone();
    alices.delegate = FAKE;
    let enable = ISmartSession::enable_0Call { session: alices.pack().unwrap().into() };
    assert!(setup.send_module(setup.alice.address(), enable.abi_encode()).is_success());
    setup.game.session.account = FAKE;
    (setup, alices)
}

/// What the account tries while it is asked: each would change something if it could.
fn attacks(setup: &Setup, alices: &Session) -> Vec<(&'static str, Vec<u8>)> {
    let other = Session { salt: 77, ..setup.game.session.clone() };
    let execute = ISmartSession::executeCall {
        account: alices.account,
        session: [&[0][..], &alices.pack().unwrap(), &[0]].concat().into(),
        mode: B256::ZERO,
        executionCalldata: testbed::account::packed(&setup.bed.a_move(1, 0)).into(),
    };
    let salt = B256::repeat_byte(1);
    vec![
        (
            "enable",
            ISmartSession::enable_0Call { session: other.pack().unwrap().into() }.abi_encode(),
        ),
        ("revoke", ISmartSession::revoke_0Call { sessionId: other.id() }.abi_encode()),
        ("revoke all", ISmartSession::revokeAll_0Call { salt }.abi_encode()),
        ("execute", execute.abi_encode()),
        ("uninstall", ISmartSession::onUninstallCall { data: Bytes::new() }.abi_encode()),
    ]
}

/// The ways in which the module asks an account about its owner's signature.
fn asking(setup: &Setup) -> Vec<(&'static str, Address, Vec<u8>)> {
    let game = &setup.game;
    let (module, chain_id) = (setup.bed.module, setup.bed.chain.chain_id());
    let draft = game.enabling(1).unwrap();
    let call = DirectCall::new(game, &draft, &[setup.bed.a_move(1, 0)]);
    let deadline = setup.bed.chain.timestamp() + 300;
    let order = Order { nonce: 0, deadline, gas: 50_000, relayer: Address::ZERO };
    let signed = game.delegate.sign(call.digest(module, chain_id, &order)).unwrap();
    let signature = Bytes::from(vec![7; 65]);
    let id = game.session.id();
    vec![
        ("order", RELAYER, call.execute_for(&order, &signed).abi_encode()),
        ("execute", game.delegate.address(), call.execute().abi_encode()),
        ("redeem", game.delegate.address(), redeem(&[call]).abi_encode()),
        (
            "enable",
            RELAYER,
            ISmartSession::enable_1Call {
                account: FAKE,
                session: game.session.pack().unwrap().into(),
                signature: signature.clone(),
            }
            .abi_encode(),
        ),
        (
            "revoke",
            RELAYER,
            ISmartSession::revokeForCall {
                account: FAKE,
                sessionId: id,
                signature: signature.clone(),
            }
            .abi_encode(),
        ),
        (
            "revoke all",
            RELAYER,
            ISmartSession::revokeAll_1Call { account: FAKE, salt: B256::ZERO, signature }
                .abi_encode(),
        ),
    ]
}

/// The frames in which the account called the module back.
fn called_back(outcome: &Outcome, module: Address) -> Vec<bool> {
    let frames = outcome.frames.iter();
    let back = frames.filter(|frame| frame.from == FAKE && frame.to == module);
    back.map(stylus_devchain::Frame::is_success).collect()
}

#[test]
fn an_account_that_is_asked_changes_nothing_meanwhile() {
    let (setup, alices) = fake();
    let module = setup.bed.module;
    let state = |setup: &Setup, account: Address, id: B256| {
        let call = ISmartSession::sessionStateCall { account, sessionId: id };
        let state = setup.ask(&call);
        (state.status, state.calls, state.orderNonce)
    };
    let other = Session { salt: 77, ..setup.game.session.clone() };
    for (what, attack) in attacks(&setup, &alices) {
        // Outside of a question it does change something, or the test would prove nothing.
        let mut free = setup.clone();
        assert!(free.send_module(FAKE, attack.clone()).is_success(), "{what}");
        for (how, from, data) in asking(&setup) {
            let mut setup = setup.clone();
            setup.bed.chain.set_code(FAKE, turning(module, &attack));

            let outcome = setup.send_module(from, data);

            assert!(outcome.is_success(), "{what} within {how}: {}", outcome.output);
            assert_eq!(called_back(&outcome, module), [false], "{what} within {how}");
            assert_eq!(state(&setup, FAKE, other.id()).0, 0, "{what} within {how}");
            let of_alice = state(&setup, alices.account, alices.id());
            assert_eq!((of_alice.0, of_alice.1), (1, 0), "{what} within {how}");
            let is_installed = ISmartSession::isInitializedCall { account: FAKE };
            assert!(setup.ask(&is_installed), "{what} within {how}");
            let epoch = setup.ask(&ISmartSession::epochCall { account: FAKE });
            assert_eq!(epoch != 0, how == "revoke all", "{what} within {how}");
        }
    }
}
