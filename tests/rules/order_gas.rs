//! The gas of an order: whoever brings it cannot starve the account's call and spend the order.

use alloy_primitives::{Address, Bytes, U256, hex};
use alloy_sol_types::SolCall;
use smart_session_core::abi::IAccount;
use stylus_devchain::Outcome;
use testbed::direct::DirectCall;
use testbed::{AccountKind, Call};

use crate::direct_world::{AMPLE, DirectWorld, RELAYER, refusal};
use crate::page_holder;

/// A contract that swallows what goes wrong: it calls the worker and does not look at the result.
const SWALLOWER: Address = Address::repeat_byte(0x51);
/// A contract that writes 1 to three slots: some 66,000 gas.
const WORKER: Address = Address::repeat_byte(0x52);
/// An address without code, which takes any calldata.
const SILENT: Address = Address::repeat_byte(0x53);

/// PUSH1 1 PUSH1 slot SSTORE, three times, STOP.
const WORKER_CODE: [u8; 16] = hex!("6001600055600160015560016002 5500");

/// CALL(gas, worker, 0, 0, 0, 0, 0) POP STOP.
fn swallower_code() -> Vec<u8> {
    [&hex!("5f5f5f5f5f73")[..], WORKER.as_slice(), &hex!("5af15000")].concat()
}

/// A world whose session may call the swallower, and its call.
fn swallowing(mut world: DirectWorld) -> (DirectWorld, DirectCall) {
    world.bed.chain.set_code(SWALLOWER, swallower_code());
    world.bed.chain.set_code(WORKER, WORKER_CODE.to_vec());
    world.enable_for(SWALLOWER);
    let call = world.calling(&[Call::new(SWALLOWER, Bytes::new())]);
    (world, call)
}

fn has_worked(world: &DirectWorld) -> bool {
    let chain = &world.bed.chain;
    (0..3).all(|slot| chain.storage(WORKER, U256::from(slot)) == U256::from(1))
}

/// What clients order: what was used, and a third.
fn ordered_gas(world: &DirectWorld, call: &DirectCall) -> u32 {
    u32::try_from(world.estimate(call) * 4 / 3).unwrap()
}

/// The gas that the account's own frame was entered with.
fn given(world: &DirectWorld, outcome: &Outcome) -> u64 {
    let selector = IAccount::executeFromExecutorCall::SELECTOR;
    let mut frames = outcome.frames.iter();
    let frame = frames
        .find(|frame| frame.to == world.account.address() && frame.input.starts_with(&selector));
    frame.unwrap().gas_limit
}

/// Returns the least gas limit with which an order runs that has so many bytes of calldata: one less
/// is refused.
fn least(
    world: &DirectWorld,
    calldata: usize,
    bring: impl Fn(&mut DirectWorld, u64) -> Outcome,
) -> u64 {
    // Less than what a transaction of that size costs is no transaction.
    let intrinsic = 21_000 + 16 * u64::try_from(calldata + 2_000).unwrap();
    let (mut low, mut high) = (intrinsic, AMPLE);
    while high - low > 1 {
        let limit = low + (high - low) / 2;
        if bring(&mut world.clone(), limit).is_success() { high = limit } else { low = limit }
    }
    high
}

#[test]
fn the_accounts_frame_is_never_entered_with_less_than_was_ordered() {
    let kinds = [
        AccountKind::OpenZeppelin,
        AccountKind::Nexus,
        AccountKind::Safe7579,
        AccountKind::Nexus7702,
    ];
    for kind in kinds {
        for length in [100, 100_000] {
            let mut world = DirectWorld::on(kind);
            world.enable_for(SILENT);
            let call = world.calling(&[Call::new(SILENT, vec![7; length])]);
            for gas in [0, 50_000, 1_000_000] {
                let mut order = world.order(0, gas);
                order.relayer = RELAYER;
                let bring = |world: &mut DirectWorld, limit| world.bring(&call, &order, limit);
                let least = least(&world, call.execution_calldata.len(), bring);

                // Around the bound, and on a path where the account is warm already.
                for limit in least..least + 70 {
                    let outcome = bring(&mut world.clone(), limit);
                    assert!(outcome.is_success(), "{kind}: {limit}");
                    let given = given(&world, &outcome);
                    assert!(given >= gas.into(), "{kind}, {length} bytes: {given} of {gas}");
                }
                let refused = bring(&mut world.clone(), least - 1);
                if gas == 1_000_000 {
                    assert_eq!(refusal(&refused), "TooLittleGas", "{kind}, {length} bytes");
                }
            }
        }
    }
}

/// With the owner's signature the account is asked before it is called: it is warm then.
#[test]
fn a_warm_account_gets_no_less() {
    for kind in AccountKind::ALL {
        let mut world = DirectWorld::on(kind);
        let draft = world.game.enabling(1).unwrap();
        let call = DirectCall::new(&world.game, &draft, &[world.bed.a_move(1, 0)]);
        let order = world.order(0, 400_000);
        let bring = |world: &mut DirectWorld, limit| world.bring(&call, &order, limit);
        let least = least(&world, call.execution_calldata.len(), bring);

        let outcome = bring(&mut world.clone(), least);

        assert!(given(&world, &outcome) >= 400_000, "{kind}");
        assert!(!bring(&mut world, least - 1).is_success());
        assert_eq!(world.state(), (0, 0, 0), "{kind}: nothing is spent, nor enabled");
    }
}

#[test]
fn no_gas_limit_spends_an_order_and_starves_what_it_calls() {
    for (name, world) in DirectWorld::all() {
        let (world, call) = swallowing(world);
        let order = world.order(0, ordered_gas(&world, &call));
        let bring = |world: &mut DirectWorld, limit| world.bring(&call, &order, limit);
        let least = least(&world, call.execution_calldata.len(), bring);
        let coarse = (30_000..least + 200_000).step_by(4_999);
        let mut ran = 0;
        for limit in coarse.chain(least - 40..least + 40) {
            let mut world = world.clone();
            let is_success = bring(&mut world, limit).is_success();
            assert_eq!(has_worked(&world), is_success, "{name}: {limit}");
            assert_eq!(world.state().2, u32::from(is_success), "{name}: {limit}");
            ran += usize::from(is_success);
        }
        assert!(ran > 40, "{name}: {ran}");
    }
}

/// Without the minimum the same call is starved: that is what it is for.
#[test]
fn an_order_without_a_minimum_trusts_its_relayer() {
    let (world, call) = swallowing(DirectWorld::on(AccountKind::Nexus));
    let mut order = world.order(0, 0);
    order.relayer = RELAYER;
    let bring = |world: &mut DirectWorld, limit| world.bring(&call, &order, limit);
    let least = least(&world, call.execution_calldata.len(), bring);

    let mut starved = world.clone();
    assert!(bring(&mut starved, least + 1_000).is_success());
    assert!(!has_worked(&starved), "the order is spent, and nothing has come of it");
    assert_eq!(starved.state().2, 1);

    let mut ample = world;
    assert!(bring(&mut ample, AMPLE).is_success());
    assert!(has_worked(&ample));
}

/// Pages that a relayer's own program holds open make each Stylus program dearer, the module too; a
/// target that is none is not touched by that.
#[test]
fn pages_that_a_relayer_holds_open_starve_no_target_that_is_no_stylus_program() {
    for pages in [20, 100, 116] {
        let (mut world, call) = swallowing(DirectWorld::on(AccountKind::Nexus));
        let holder = page_holder::deploy(&mut world.bed, pages);
        let order = world.order(0, ordered_gas(&world, &call));
        let data = world.ordered(&call, &order);
        let bring = |world: &mut DirectWorld, limit: u64| {
            let data = [world.bed.module.as_slice(), &data].concat();
            let (from, module) = (world.bed.entry_point.bundler, holder);
            let transaction = stylus_devchain::Transaction::new(from, module)
                .with_data(data)
                .with_gas_limit(limit);
            world.bed.chain.transact(transaction).unwrap()
        };
        let ran = |limit| {
            let mut world = world.clone();
            bring(&mut world, limit);
            (world.state().2 == 1, has_worked(&world))
        };
        let (mut low, mut high) = (21_000, 31_000_000);
        while high - low > 1 {
            let limit = low + (high - low) / 2;
            if ran(limit).0 { high = limit } else { low = limit }
        }
        for limit in (high.saturating_sub(60)..high + 60).chain([high + 10_000, 31_000_000]) {
            let (is_spent, has_worked) = ran(limit);
            assert_eq!(is_spent, has_worked, "{pages} pages: {limit}");
            assert_eq!(is_spent, limit >= high, "{pages} pages: {limit}");
        }
    }
}
