//! ERC-7710, on every kind of account.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolCall, SolStruct};
use smart_session_client::{OperationDraft, domain, error_name};
use smart_session_core::abi::{IERC20, ISmartSession, RevokeAllSessions, RevokeSession};
use smart_session_core::session::{ArgumentRule, Budget, Disclosure, Permission};
use testbed::abi::{IGame, IRelay};
use testbed::account::{ModuleType, mode};
use testbed::direct::{DirectCall, redeem};
use testbed::test_bed::ether;
use testbed::{AccountKind, Call, GameSession};

use crate::direct_world::{AMPLE, DirectWorld, may_call, refusal};

const NATIVE: Address = Address::repeat_byte(0xee);

#[test]
fn a_delegate_redeems_on_every_account_and_gets_no_answer() {
    for (name, mut world) in DirectWorld::all() {
        world.enable(|_| ());
        let a_move = world.bed.a_move(1, 10);
        let one = world.calling(std::slice::from_ref(&a_move));
        let two = world.calling(&[a_move.clone(), a_move]);

        let outcome = world.redeem(&[one, two]);

        assert!(outcome.is_success(), "{name}: {}", outcome.output);
        assert!(outcome.output.is_empty(), "{name}: {}", outcome.output);
        assert_eq!(world.state(), (1, 3, 0), "{name}");
        assert_eq!(world.bed.chain.balance(world.bed.game), ether(30), "{name}");
    }
}

#[test]
fn a_context_with_the_owners_signature_enables_on_every_account() {
    for (name, mut world) in DirectWorld::all() {
        let draft = world.game.enabling(1).unwrap();
        let call = DirectCall::new(&world.game, &draft, &[world.bed.a_move(1, 10)]);
        for calls in 1..3 {
            let outcome = world.redeem(std::slice::from_ref(&call));
            assert!(outcome.is_success(), "{name}: {}", outcome.output);
            assert_eq!(world.state(), (1, calls, 0), "{name}");
        }
    }
}

#[test]
fn contexts_of_several_accounts_all_run_or_none() {
    let mut world = DirectWorld::on(AccountKind::Nexus);
    world.enable(|_| ());
    let mut games = vec![];
    for kind in [AccountKind::Safe7579, AccountKind::Kernel] {
        let account = world.bed.account(kind, "bob").unwrap();
        world.bed.install(&*account).unwrap();
        world.bed.install_as(&*account, ModuleType::Executor).unwrap();
        games.push(GameSession::new(&world.bed, &*account, 5).unwrap());
    }
    let move_on = |game: &GameSession, thousandths: u64| {
        let a_move = world.bed.a_move(1, thousandths);
        DirectCall::new(game, &game.enabling(1).unwrap(), &[a_move])
    };
    let first = world.calling(&[world.bed.a_move(1, 1)]);
    let good = [first.clone(), move_on(&games[0], 2), move_on(&games[1], 3)];
    let bad = [first, move_on(&games[0], 2), move_on(&games[1], 11)];

    assert_eq!(refusal(&world.redeem(&bad)), "ValueOverLimit");
    assert_eq!(world.state(), (1, 0, 0), "the first two are undone");
    assert!(world.redeem(&good).is_success());

    assert_eq!(world.bed.chain.balance(world.bed.game), ether(6));
    for game in &games {
        let moves = IGame::movesCall { player: game.session.account };
        assert_eq!(world.bed.ask(world.bed.game, &moves).unwrap(), U256::from(1));
    }
}

#[test]
fn arrays_of_other_lengths_and_modes_that_may_fail_are_refused() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    world.enable(|_| ());
    let call = world.calling(&[world.bed.a_move(1, 0)]);
    let delegate = world.game.delegate.address();
    let good = redeem(std::slice::from_ref(&call));
    let none = redeem(&[]);
    let shorter = ISmartSession::redeemDelegationsCall { modes: vec![], ..good.clone() };
    let longer = ISmartSession::redeemDelegationsCall {
        executionCallDatas: vec![call.execution_calldata.clone(); 2],
        ..good.clone()
    };
    let mut refused = |call: &ISmartSession::redeemDelegationsCall| {
        refusal(&world.send(delegate, call.abi_encode(), AMPLE))
    };

    assert_eq!(refused(&none), "NoContext");
    assert_eq!(refused(&shorter), "ArrayLengthsDiffer");
    assert_eq!(refused(&longer), "ArrayLengthsDiffer");
    for (call_type, exec_type) in [(0, 1), (1, 1), (0xff, 0), (0xfe, 0), (0xff, 1)] {
        let modes = vec![mode(call_type, exec_type)];
        let other = ISmartSession::redeemDelegationsCall { modes, ..good.clone() };
        assert_eq!(refused(&other), "UnsupportedExecutionMode", "{call_type} {exec_type}");
    }
}

/// Each policy of a session, met by a redemption that names no permission.
#[test]
fn every_policy_holds_for_calls_that_name_no_permission() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    let token = world.bed.deploy("PermitToken").unwrap();
    let shop = Address::repeat_byte(0x50);
    let to_shop = U256::from_be_bytes(shop.into_word().0);
    let mint = testbed::abi::IPermitToken::mintCall {
        to: world.account.address(),
        amount: U256::from(1_000),
    };
    let minted = stylus_devchain::Transaction::new(world.bed.entry_point.bundler, token)
        .with_data(mint.abi_encode());
    assert!(world.bed.chain.transact(minted).unwrap().is_success());
    world.enable(|session| {
        let of_game = session.permissions[0].clone();
        session.permissions = vec![
            Permission {
                target: token,
                selector: IERC20::transferCall::SELECTOR,
                value_limit: U256::ZERO,
                rules: vec![ArgumentRule { index: 0, min: to_shop, max: to_shop }],
            },
            of_game,
        ];
        session.budgets = vec![
            Budget { token, amount: 100, period: 0 },
            Budget { token: NATIVE, amount: ether(20).to(), period: 3_600 },
        ];
        session.max_calls = 5;
    });
    let transfer = |to: Address, amount: u64| {
        let data = IERC20::transferCall { to, amount: U256::from(amount) }.abi_encode();
        Call::new(token, data)
    };
    let a_move = |world: &DirectWorld, thousandths| world.bed.a_move(1, thousandths);
    let other = Address::repeat_byte(0x51);
    let banned = Call::new(world.account.address(), vec![]);
    let batch = [a_move(&world, 10), transfer(shop, 60)];

    let mut try_calls = |calls: &[Call]| {
        let call = world.calling(calls);
        let outcome = world.redeem(&[call]);
        if outcome.is_success() { "ok" } else { refusal(&outcome) }
    };
    assert_eq!(try_calls(&batch), "ok", "a permission for each");
    assert_eq!(try_calls(&[transfer(other, 1)]), "ArgumentOutOfBounds");
    assert_eq!(try_calls(&[transfer(shop, 41)]), "BudgetExceeded");
    assert_eq!(try_calls(&[transfer(shop, 40)]), "ok");
    assert_eq!(try_calls(&[banned]), "CallNotPermitted");
    assert_eq!(try_calls(&[Call::new(token, vec![1, 2, 3, 4])]), "CallNotPermitted");
    let mut dear = batch[0].clone();
    dear.value = ether(11);
    assert_eq!(try_calls(&[dear]), "ValueOverLimit");
    assert_eq!(try_calls(&[batch[0].clone()]), "ok");
    assert_eq!(try_calls(&[batch[0].clone()]), "BudgetExceeded", "20 in this hour");
    assert_eq!(world.state().1, 4);
    world.bed.chain.warp(3_600);
    let two = world.calling(&[world.bed.a_move(1, 1), world.bed.a_move(1, 1)]);
    assert_eq!(refusal(&world.redeem(&[two])), "CallsOverLimit");
    let one = world.calling(&[world.bed.a_move(1, 1)]);
    assert!(world.redeem(std::slice::from_ref(&one)).is_success(), "another hour");
    assert_eq!(refusal(&world.redeem(std::slice::from_ref(&one))), "CallsOverLimit");
    world.bed.chain.warp(3_601);
    assert_eq!(refusal(&world.redeem(&[one])), "OutsideWindow");
}

#[test]
fn what_a_context_hides_it_does_not_permit() {
    let mut world = DirectWorld::on(AccountKind::Kernel);
    world.enable(|session| {
        let other = Permission { selector: [9; 4], ..session.permissions[0].clone() };
        session.permissions.push(other);
    });
    let a_move = [world.bed.a_move(1, 0)];
    let showing = |world: &DirectWorld, shown: &[u8]| {
        let disclosure = Disclosure { permissions: Some(shown), ..Disclosure::WHOLE };
        let draft = OperationDraft::draft_use(&world.game.session, &disclosure, shown).unwrap();
        DirectCall::new(&world.game, &draft, &a_move)
    };
    let hidden = showing(&world, &[1]);
    let shown = showing(&world, &[0]);

    assert_eq!(refusal(&world.redeem(&[hidden])), "CallNotPermitted");
    assert!(world.redeem(&[shown]).is_success());
}

/// The first context's call ends the session or all of them; the second one is refused, and with it
/// everything.
#[test]
fn a_session_that_ends_in_the_first_context_is_over_in_the_second() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    let relay = world.bed.deploy("Relay").unwrap();
    world.enable_for(relay);
    let (account, module) = (world.account.address(), world.bed.module);
    let id = world.game.session.id();
    let one = RevokeSession { account, sessionId: id }.eip712_signing_hash(&domain(module));
    let revoke = ISmartSession::revoke_1Call {
        account,
        session: world.game.session.pack().unwrap().into(),
        signature: world.game.delegate.sign(one).unwrap().into(),
    };
    let salt = B256::repeat_byte(0x5a);
    let chain_id = U256::from(world.bed.chain.chain_id());
    let all = RevokeAllSessions { account, chainId: chain_id, epoch: 0, salt }
        .eip712_signing_hash(&domain(module));
    let signature = world.account.owner_signature(all).unwrap();
    let revoke_all = ISmartSession::revokeAll_1Call { account, salt, signature };
    let relayed = |data: Vec<u8>| {
        Call::new(relay, IRelay::relayCall { to: module, data: data.into() }.abi_encode())
    };
    for (expected, end) in
        [("SessionRevokedForEver", revoke.abi_encode()), ("WrongEpoch", revoke_all.abi_encode())]
    {
        let mut world = world.clone();
        let call = world.calling(&[relayed(end)]);

        assert_eq!(refusal(&world.redeem(&[call.clone(), call.clone()])), expected);

        assert_eq!(world.state(), (1, 0, 0), "all is undone");
        assert!(world.redeem(&[call]).is_success(), "alone it runs");
        assert_eq!(world.state().1, 1);
    }
}

#[test]
fn a_target_that_redeems_orders_or_operates_from_within_never_passes_the_sums() {
    let mut world = DirectWorld::on(AccountKind::OpenZeppelin);
    let relay = world.bed.deploy("Relay").unwrap();
    let game = world.bed.game;
    world.enable(|session| {
        session.delegate = relay;
        session.max_calls = 3;
        let moves = Permission { value_limit: ether(10), ..may_call(game) };
        session.permissions = vec![may_call(relay), moves];
        session.budgets = vec![Budget { token: NATIVE, amount: ether(15).to(), period: 0 }];
    });
    let module = world.bed.module;
    // The relay is the delegate: it redeems whatever it is told to.
    let redeeming = |world: &DirectWorld, calls: &[Call]| {
        let data = redeem(&[world.calling(calls)]).abi_encode();
        Call::new(relay, IRelay::relayCall { to: module, data: data.into() }.abi_encode())
    };
    let a_move = world.bed.a_move(1, 10);
    let inner = redeeming(&world, std::slice::from_ref(&a_move));
    let middle = redeeming(&world, &[inner, a_move]);
    let transaction = stylus_devchain::Transaction::new(Address::repeat_byte(0x77), relay)
        .with_data(middle.data)
        .with_gas_limit(AMPLE);

    let outcome = world.bed.chain.transact(transaction).unwrap();

    // The middle frame's two calls are counted first; the inner one is over the budget.
    let told = IRelay::relayCall::abi_decode_returns(&outcome.output).unwrap();
    assert!(told.success);
    assert_eq!(world.state().1, 2);
    assert_eq!(world.bed.chain.balance(world.bed.game), ether(10));
    let refused: Vec<_> = outcome
        .frames
        .iter()
        .filter(|frame| frame.to == module && !frame.is_success())
        .map(|frame| error_name(&frame.output))
        .collect();
    assert_eq!(refused, [Some("BudgetExceeded")]);
}
