//! Cases 37 to 50, 80, 81 and 93: what is counted, and against what.

use alloy_primitives::{Address, Bytes, U256};
use smart_session_core::packed::Paymaster;
use smart_session_core::session::Budget;
use stylus_devchain::SlotAccessKind;
use testbed::entry_point::two_u128;
use testbed::{Call, SmartAccount, test_bed};

use super::{act, act_drafted, enabled_with, said, validate_with};
use crate::setup::Setup;

const NATIVE: Address = Address::repeat_byte(0xee);
const SPONSOR: Address = Address::repeat_byte(0x5b);

#[test]
fn values_whose_sum_overflows_are_over_every_budget() {
    for bit in [127, 128, 255] {
        let mut setup = enabled_with(|_, session| {
            session.permissions[0].value_limit = U256::MAX;
            session.budgets = vec![Budget { token: NATIVE, amount: (1 << 96) - 1, period: 0 }];
        });
        let huge = Call { value: U256::from(1) << bit, ..setup.bed.a_move(1, 0) };
        let got = act(&mut setup, &[huge.clone(), huge]);
        assert_eq!(got, "refused: AA23 BudgetExceeded", "{bit}");
    }
}

#[test]
fn gas_times_price_never_wraps() {
    let setup = Setup::enabled();
    let draft = setup.game.using(1).unwrap();
    for (limits, pre_verification, price) in [
        ((u128::MAX, 1), U256::ZERO, 1),
        ((1, u128::MAX), U256::ZERO, u128::MAX),
        ((1 << 64, 0), U256::ZERO, 1 << 64),
        ((0, 0), U256::MAX, 1),
        ((0, 0), U256::from(1) << 128, 1),
    ] {
        let outcome = validate_with(&setup, &draft, |op| {
            op.accountGasLimits = two_u128(limits.0, limits.1);
            op.preVerificationGas = pre_verification;
            op.gasFees = two_u128(0, price);
        });
        assert_eq!(said(&outcome), "FeeOverLimit");
    }
}

fn sponsored(verification: u128, post_op: u128) -> Bytes {
    let gas = two_u128(verification, post_op);
    [SPONSOR.as_slice(), gas.as_slice()].concat().into()
}

#[test]
fn the_gas_of_a_paymaster_counts_too() {
    let setup = enabled_with(|_, session| session.paymaster = Paymaster::One(SPONSOR));
    let draft = setup.game.using(1).unwrap();
    let with = |data: Bytes| said(&validate_with(&setup, &draft, |op| op.paymasterAndData = data));
    assert_eq!(with(sponsored(0, 0)), "valid");
    // At 0.1 gwei the limit of 0.01 ETH is 100,000,000 gas.
    assert_eq!(with(sponsored(100_000_000, 0)), "FeeOverLimit");
    assert_eq!(with(sponsored(0, 100_000_000)), "FeeOverLimit");
    assert_eq!(with(sponsored(u128::MAX, u128::MAX)), "FeeOverLimit");
}

#[test]
fn a_session_that_names_a_sponsor_is_never_used_without() {
    let mut setup = enabled_with(|_, session| {
        session.paymaster = Paymaster::One(SPONSOR);
        session.fee_limit = alloy_primitives::aliases::U96::MAX;
    });
    let call = setup.bed.a_move(1, 0);

    assert_eq!(act(&mut setup, &[call]), "refused: AA23 PaymasterNotPermitted");
}

/// EntryPoint 0.7 takes a paymaster of zero for none and charges the account.
#[test]
fn paymaster_data_that_names_nobody_is_refused() {
    for paymaster in [Paymaster::None, Paymaster::One(SPONSOR), Paymaster::Any] {
        let setup = enabled_with(|_, session| session.paymaster = paymaster);
        let draft = setup.game.using(1).unwrap();
        for length in [1, 19, 20, 51, 52, 100] {
            let outcome = validate_with(&setup, &draft, |op| {
                op.paymasterAndData = vec![0; length].into();
            });
            assert_eq!(said(&outcome), "MalformedPaymasterData", "{length}");
        }
    }
}

#[test]
fn a_paymaster_that_the_session_did_not_choose_cannot_drain_tokens() {
    let setup = Setup::enabled();
    let draft = setup.game.using(1).unwrap();
    let outcome = validate_with(&setup, &draft, |op| op.paymasterAndData = sponsored(0, 0));

    assert_eq!(said(&outcome), "PaymasterNotPermitted");
}

#[test]
fn a_new_period_takes_no_new_word() {
    let mut setup = enabled_with(|_, session| {
        let budget = |period| Budget { token: NATIVE, amount: u128::MAX, period };
        session.budgets = vec![budget(60), budget(90)];
    });
    let start = setup.game.session.window.valid_after().seconds();
    let mut written = std::collections::BTreeSet::new();
    for period in 0..6 {
        let now = start + 90 * period;
        setup.bed.chain.set_timestamp(now);
        let call_data = setup.alice.execute(&setup.bed.a_move(1, 1));
        let draft = setup.game.using(1).unwrap().at_time(now);
        let op =
            setup.bed.session_op(&setup.alice, &draft, &setup.game.delegate, call_data).unwrap();
        let bundle = setup.bed.entry_point.bundle(vec![op]).with_trace(true);
        let outcome = setup.bed.chain.transact(bundle).unwrap();
        assert!(outcome.is_success());
        let slots = outcome.frames.iter().flat_map(|frame| &frame.trace.slots);
        written.extend(
            slots
                .filter(|slot| slot.address == setup.bed.module)
                .filter(|slot| slot.kind == SlotAccessKind::Write)
                .map(|slot| slot.slot),
        );
    }
    assert_eq!(written.len(), 3, "the session's word and one for each budget");
}

#[test]
fn a_claimed_time_of_the_past_or_the_future_is_refused_by_module_or_entry_point() {
    let setup = enabled_with(|_, session| {
        session.budgets = vec![Budget { token: NATIVE, amount: u128::MAX, period: 60 }];
    });
    let start = setup.game.session.window.valid_after().seconds();
    let claim = |now: u64, time: u64| {
        let mut setup = setup.clone();
        setup.bed.chain.set_timestamp(now);
        let draft = setup.game.using(1).unwrap().at_time(time);
        let call = [setup.bed.a_move(1, 1)];
        act_drafted(&mut setup, &draft, &call)
    };
    assert_eq!(claim(start + 30, start), "executed");
    assert_eq!(claim(start + 130, start), "refused: AA22");
    assert_eq!(claim(start + 30, start + 60), "refused: AA22");
    for wrapped in [start + (1 << 47), (1 << 48) - 1, 0] {
        assert_eq!(claim(start + 30, wrapped), "refused: AA23 ClaimedTimeOutsideWindow");
    }
}

#[test]
fn counters_are_kept_between_operations_and_not_only_within_one() {
    let mut setup = enabled_with(|_, session| {
        session.max_calls = 3;
        session.budgets = vec![Budget { token: NATIVE, amount: 25_000_000_000_000_000, period: 0 }];
    });
    let ten = setup.bed.a_move(1, 10);
    assert_eq!(act(&mut setup, std::slice::from_ref(&ten)), "executed");
    assert_eq!(act(&mut setup, std::slice::from_ref(&ten)), "executed");
    assert_eq!(act(&mut setup, &[ten]), "refused: AA23 BudgetExceeded");
    let free = setup.bed.a_move(1, 0);
    assert_eq!(act(&mut setup, std::slice::from_ref(&free)), "executed");
    assert_eq!(act(&mut setup, &[free]), "refused: AA23 CallsOverLimit");
    assert_eq!(test_bed::ether(20), setup.bed.chain.balance(setup.bed.game));
}
