//! Orders, on every kind of account: brought by anyone, once, as they were signed.

use alloy_primitives::{Address, Bytes, U256, keccak256};
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession;
use smart_session_core::packed::DelegateKind;
use smart_session_core::session::{Budget, Chain};
use stylus_devchain::Transaction;
use testbed::abi::IRelay;
use testbed::direct::{DirectCall, Order, redeem};
use testbed::test_bed::ether;
use testbed::{AccountKind, Call, GameSession};

use super::keys;
use crate::direct_world::{AMPLE, DirectWorld, RELAYER, may_call, refusal};

const GAS: u32 = 100_000;

#[test]
fn anyone_brings_orders_of_every_account_without_a_deposit() {
    for (name, mut world) in DirectWorld::all() {
        world.enable(|_| ());
        let a_move = world.bed.a_move(1, 10);
        let one = world.calling(std::slice::from_ref(&a_move));
        let three = world.calling(&[a_move.clone(), a_move.clone(), a_move]);

        let first = world.order(0, GAS);
        let outcome = world.bring(&one, &first, AMPLE);
        assert!(outcome.is_success(), "{name}: {}", outcome.output);
        let answer = ISmartSession::executeForCall::abi_decode_returns(&outcome.output).unwrap();
        assert_eq!(answer, [Bytes::new()], "{name}");
        let second = world.order(1, GAS);
        let outcome = world.bring(&three, &second, AMPLE);
        let answer = ISmartSession::executeForCall::abi_decode_returns(&outcome.output).unwrap();
        assert_eq!(answer.len(), 3, "{name}");

        assert_eq!(world.state(), (1, 4, 2), "{name}");
        assert_eq!(world.bed.chain.balance(world.bed.game), ether(40), "{name}");
        for (call, order) in [(&one, &first), (&three, &second)] {
            let again = world.bring(call, order, AMPLE);
            assert_eq!(refusal(&again), "WrongOrderNonce", "{name}");
        }
    }
}

#[test]
fn an_order_enables_its_session_on_every_account() {
    for (name, mut world) in DirectWorld::all() {
        let draft = world.game.enabling(1).unwrap();
        let call = DirectCall::new(&world.game, &draft, &[world.bed.a_move(1, 10)]);
        let order = world.order(0, GAS);

        let outcome = world.bring(&call, &order, AMPLE);

        assert!(outcome.is_success(), "{name}: {}", outcome.output);
        assert_eq!(world.state(), (1, 1, 1), "{name}");
    }
}

/// Real signatures of each kind of key, checked by the precompiles.
#[test]
fn a_p256_key_and_a_passkey_order() {
    let key = keys::Key::new("device");
    for kind in [DelegateKind::P256, DelegateKind::WebAuthn] {
        let mut world = DirectWorld::on(AccountKind::Nexus);
        world.enable(|session| {
            session.delegate_kind = kind;
            session.delegate = key.address();
        });
        let call = world.calling(&[world.bed.a_move(1, 10)]);
        let order = world.order(0, GAS);
        let digest = call.digest(world.bed.module, world.bed.chain.chain_id(), &order);
        let signature = keys::sign(kind, &key, digest);
        let mut forged = signature.clone();
        let last_of_s = forged.len() - 65;
        forged[last_of_s] ^= 1;

        let refused = world.send(RELAYER, call.execute_for(&order, &forged).abi_encode(), AMPLE);
        assert_eq!(refusal(&refused), "NotDelegatesSignature", "{kind:?}");
        let outcome = world.send(RELAYER, call.execute_for(&order, &signature).abi_encode(), AMPLE);

        assert!(outcome.is_success(), "{kind:?}: {}", outcome.output);
        assert_eq!(world.state(), (1, 1, 1), "{kind:?}");
    }
}

#[test]
fn every_bit_of_an_orders_terms_is_signed() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    world.enable(|_| ());
    let call = world.calling(&[world.bed.a_move(1, 0)]);
    let order = world.order(0, GAS);
    let digest = call.digest(world.bed.module, world.bed.chain.chain_id(), &order);
    let signature = world.game.delegate.sign(digest).unwrap();
    let good = call.execute_for(&order, &signature);
    for bit in 0..33 * 8 {
        let mut bytes = good.order.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let changed = ISmartSession::executeForCall { order: bytes.into(), ..good.clone() };
        let named = Address::from_slice(&changed.order[13..33]);
        let deadline = changed.order[3..9].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        // Whoever is named now brings it.
        let from = if named.is_zero() { RELAYER } else { named };
        let expected = match bit / 8 {
            0..3 => "WrongOrderNonce",
            3..9 if deadline < world.bed.chain.timestamp() => "DeadlinePassed",
            _ => "NotDelegatesSignature",
        };

        let refused = world.clone().send(from, changed.abi_encode(), AMPLE);

        assert_eq!(refusal(&refused), expected, "bit {bit}");
    }
    assert!(world.send(RELAYER, good.abi_encode(), AMPLE).is_success());
}

#[test]
fn an_order_holds_once_on_one_chain_at_one_module_for_one_session() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    let other_chain = world.bed.chain.chain_id() + 1;
    world.enable(|session| {
        session.chains.push(Chain { chain_id: U256::from(other_chain), epoch: 0 });
    });
    let call = world.calling(&[world.bed.a_move(1, 10)]);
    let order = world.order(0, GAS);
    let (module, chain_id) = (world.bed.module, world.bed.chain.chain_id());
    let sign = |world: &DirectWorld, module, chain_id| {
        let digest = call.digest(module, chain_id, &order);
        call.execute_for(&order, &world.game.delegate.sign(digest).unwrap()).abi_encode()
    };

    for (what, data) in [
        ("another chain of the session", sign(&world, module, other_chain)),
        ("another module", sign(&world, Address::repeat_byte(9), chain_id)),
    ] {
        let refused = world.clone().send(RELAYER, data, AMPLE);
        assert_eq!(refusal(&refused), "NotDelegatesSignature", "{what}");
    }
    let good = sign(&world, module, chain_id);
    // Another session of the same key, enabled too: its blob with the first one's order.
    let mut other = world.clone();
    other.enable(|session| session.salt = 2);
    let elsewhere =
        DirectCall::new(&other.game, &other.game.using(1).unwrap(), &[other.bed.a_move(1, 10)]);
    let digest = call.digest(module, chain_id, &order);
    let signature = world.game.delegate.sign(digest).unwrap();
    let swapped = elsewhere.execute_for(&order, &signature).abi_encode();
    assert_eq!(refusal(&other.send(RELAYER, swapped, AMPLE)), "NotDelegatesSignature");

    assert!(world.send(RELAYER, good.clone(), AMPLE).is_success());
    assert_eq!(refusal(&world.send(RELAYER, good, AMPLE)), "WrongOrderNonce");
}

#[test]
fn an_order_between_two_others_waits_for_the_first() {
    let mut world = DirectWorld::on(AccountKind::Nexus);
    world.enable(|_| ());
    let call = world.calling(&[world.bed.a_move(1, 10)]);
    let orders: Vec<Order> = (0..3).map(|nonce| world.order(nonce, GAS)).collect();

    assert_eq!(refusal(&world.bring(&call, &orders[1], AMPLE)), "WrongOrderNonce");
    for order in &orders {
        assert!(world.bring(&call, order, AMPLE).is_success());
    }
    assert_eq!(world.state(), (1, 3, 3));
}

#[test]
fn a_deadline_holds_to_the_second() {
    let mut world = DirectWorld::on(AccountKind::Safe7579);
    world.enable(|_| ());
    let call = world.calling(&[world.bed.a_move(1, 10)]);
    let order = world.order(0, GAS);
    let until = |world: &DirectWorld| order.deadline - world.bed.chain.timestamp();

    let mut in_time = world.clone();
    in_time.bed.chain.warp(until(&in_time));
    assert!(in_time.bring(&call, &order, AMPLE).is_success());
    let mut late = world.clone();
    late.bed.chain.warp(until(&late) + 1);
    assert_eq!(refusal(&late.bring(&call, &order, AMPLE)), "DeadlinePassed");
}

#[test]
fn only_the_relayer_that_an_order_names_brings_it() {
    let mut world = DirectWorld::on(AccountKind::Kernel);
    world.enable(|_| ());
    let call = world.calling(&[world.bed.a_move(1, 10)]);
    let order = Order { relayer: RELAYER, ..world.order(0, 0) };
    let data = world.ordered(&call, &order);
    let (delegate, account) = (world.game.delegate.address(), world.account.address());

    for other in [delegate, account, Address::repeat_byte(1)] {
        assert_eq!(refusal(&world.send(other, data.clone(), AMPLE)), "WrongRelayer");
    }
    assert!(world.send(RELAYER, data, AMPLE).is_success());
    let unbound = world.order(1, 0);
    assert_eq!(refusal(&world.bring(&call, &unbound, AMPLE)), "NoMinimumGas");
}

#[test]
fn an_order_that_failed_is_taken_again_until_its_deadline() {
    let mut world = DirectWorld::on(AccountKind::Nexus);
    world.enable(|_| ());
    // The account has no ether for it yet.
    let account = world.account.address();
    world.bed.chain.set_balance(account, U256::ZERO);
    let call = world.calling(&[world.bed.a_move(1, 10)]);
    let order = world.order(0, GAS);
    assert!(!world.bring(&call, &order, AMPLE).is_success());
    assert_eq!(world.state(), (1, 0, 0), "nothing is spent");

    world.bed.chain.set_balance(account, ether(10));
    assert!(world.bring(&call, &order, AMPLE).is_success());
    assert_eq!(world.state(), (1, 1, 1));
}

/// The session's word, as the layout says: the last three bytes are the next order's nonce.
#[test]
fn the_last_but_one_nonce_runs_and_the_last_never() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    world.enable(|_| ());
    let end = (1_u32 << 24) - 1;
    let (module, account) = (world.bed.module, world.account.address());
    let id = world.game.session.id();
    let slot = U256::from_be_bytes(keccak256([account.into_word(), id].concat()).0);
    let stored = world.bed.chain.storage(module, slot) | U256::from(end - 1);
    world.bed.chain.set_storage(module, slot, stored);
    let call = world.calling(&[world.bed.a_move(1, 10)]);

    let last = world.order(end - 1, GAS);
    assert!(world.bring(&call, &last, AMPLE).is_success());
    assert_eq!(world.state(), (1, 1, end));
    for nonce in [0, end - 1, end] {
        let none = world.order(nonce, GAS);
        assert_eq!(refusal(&world.bring(&call, &none, AMPLE)), "OrdersUsedUp");
    }
}

#[test]
fn the_three_ways_and_an_operation_share_the_totals_in_one_block() {
    let mut world = DirectWorld::on(AccountKind::Nexus);
    let token = smart_session_core::policy::budget::NATIVE;
    world.enable(|session| {
        session.max_calls = 4;
        session.budgets = vec![Budget { token, amount: ether(40).to(), period: 0 }];
    });
    let a_move = world.bed.a_move(1, 10);
    let call = world.calling(std::slice::from_ref(&a_move));
    let (delegate, module) = (world.game.delegate.address(), world.bed.module);
    let (account, key) = (world.account.clone(), world.game.delegate.clone());
    for who in [delegate, RELAYER] {
        world.bed.chain.set_balance(who, ether(10_000));
    }
    let to_module = |from: Address, data: Vec<u8>| {
        Transaction::new(from, module).with_data(data).with_gas_limit(1_000_000)
    };
    let draft = world.game.using(1).unwrap();
    let call_data = account.execute(&a_move);
    let op = world.bed.session_op(&*account, &draft, &key, call_data.clone()).unwrap();
    let ways = [
        to_module(delegate, call.execute().abi_encode()),
        to_module(RELAYER, world.ordered(&call, &world.order(0, GAS))),
        to_module(delegate, redeem(std::slice::from_ref(&call)).abi_encode()),
        world.bed.entry_point.bundle(vec![op]),
        to_module(RELAYER, world.ordered(&call, &world.order(1, GAS))),
        to_module(delegate, redeem(std::slice::from_ref(&call)).abi_encode()),
    ];

    let block = world.bed.chain.block_number();
    let mined = world.bed.chain.mine(&ways);

    assert_eq!(world.bed.chain.block_number(), block + 1, "one block");
    let outcomes: Vec<_> = mined.into_iter().map(Result::unwrap).collect();
    let ran: Vec<bool> = outcomes.iter().map(stylus_devchain::Outcome::is_success).collect();
    assert_eq!(ran, [true, true, true, true, false, false]);
    assert_eq!(refusal(&outcomes[4]), "CallsOverLimit");
    assert_eq!(refusal(&outcomes[5]), "CallsOverLimit");
    assert_eq!(world.state(), (1, 4, 1));
    assert_eq!(world.bed.chain.balance(world.bed.game), ether(40));
    let op = world.bed.act(&*account, &draft, &key, call_data).unwrap();
    assert_eq!(op.verdict.summary(), "refused: AA23 CallsOverLimit");
}

/// The target brings the session's next order while the first one runs.
#[test]
fn a_target_that_brings_the_next_order_has_it_counted() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    let relay = world.bed.deploy("Relay").unwrap();
    let game = world.bed.game;
    world.enable(|session| {
        session.max_calls = 2;
        session.permissions = vec![may_call(relay), may_call(game)];
    });
    let inner = |world: &DirectWorld, nonce| {
        let call = world.naming(&[1], &[world.bed.a_move(1, 0)]);
        world.ordered(&call, &world.order(nonce, GAS))
    };
    let outer = |world: &DirectWorld, brought: Vec<u8>| {
        let relayed = IRelay::relayCall { to: world.bed.module, data: brought.into() };
        world.naming(&[0], &[Call::new(relay, relayed.abi_encode())])
    };
    for (nonce, refused, state) in [
        (1, None, (1, 2, 2)),
        (0, Some("WrongOrderNonce"), (1, 1, 1)),
        (2, Some("WrongOrderNonce"), (1, 1, 1)),
    ] {
        let mut world = world.clone();
        let call = outer(&world, inner(&world, nonce));
        let first = world.order(0, GAS);

        let outcome = world.bring(&call, &first, AMPLE);

        assert!(outcome.is_success(), "{}", outcome.output);
        let answers = ISmartSession::executeForCall::abi_decode_returns(&outcome.output).unwrap();
        let told = IRelay::relayCall::abi_decode_returns(&answers[0]).unwrap();
        assert_eq!(smart_session_client::error_name(&told.answer), refused);
        assert_eq!(world.state(), state);
    }
}

#[test]
fn no_order_survives_a_revocation_an_epoch_or_an_uninstall() {
    let ends: [(&str, Vec<u8>); 3] = [
        ("SessionRevokedForEver", vec![]),
        ("WrongEpoch", super::revoke_all([7; 32].into())),
        ("NotInstalled", super::uninstall(&[])),
    ];
    for (expected, end) in ends {
        let mut world = DirectWorld::on(AccountKind::Msa);
        world.enable(|_| ());
        let call = world.calling(&[world.bed.a_move(1, 10)]);
        let order = world.order(0, GAS);
        let account = world.account.address();
        let end = if end.is_empty() { super::revoke(world.game.session.id()) } else { end };
        assert!(world.send(account, end, AMPLE).is_success());

        assert_eq!(refusal(&world.bring(&call, &order, AMPLE)), expected);

        if expected == "NotInstalled" {
            assert!(world.send(account, super::install(&[3, 0, 0]), AMPLE).is_success());
            let back = world.bring(&call, &order, AMPLE);
            assert_eq!(refusal(&back), "WrongEpoch", "after a reinstall");
        }
    }
}

#[test]
fn another_account_with_the_same_session_runs_no_order_of_this_one() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    world.enable(|_| ());
    let other = world.bed.account(AccountKind::OpenZeppelin, "bob").unwrap();
    world.bed.install_as(&*other, testbed::account::ModuleType::Executor).unwrap();
    let bobs = GameSession::with(&world.bed, &*other, |_| ()).unwrap();
    let enable =
        ISmartSession::enable_0Call { session: bobs.session.pack().unwrap().into() }.abi_encode();
    assert!(world.send(other.address(), enable, AMPLE).is_success());
    let a_move = [world.bed.a_move(1, 0)];
    let (alices, order) = (world.calling(&a_move), world.order(0, GAS));
    let digest = alices.digest(world.bed.module, world.bed.chain.chain_id(), &order);
    let signature = world.game.delegate.sign(digest).unwrap();
    let on_bob = DirectCall::new(&bobs, &bobs.using(1).unwrap(), &a_move);

    let refused = world.send(RELAYER, on_bob.execute_for(&order, &signature).abi_encode(), AMPLE);

    assert_eq!(refusal(&refused), "NotDelegatesSignature");
}
