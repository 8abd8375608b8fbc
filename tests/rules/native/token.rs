//! What a budget counts of an ERC-20.

use alloy_primitives::U256;
use session_model::session::ANY_CALLDATA;
use session_model::strategy::{GAME, PLACE, TOKEN};
use session_model::{Execution, eip712};
use smart_session_core::state::Status;

use super::budget::list;
use crate::refused::{Case, MOVE, call};

const TRANSFER: &str = "transfer(address,uint256)";
const TRANSFER_FROM: &str = "transferFrom(address,address,uint256)";
const APPROVE: &str = "approve(address,uint256)";
const INCREASE: &str = "increaseAllowance(address,uint256)";

/// A session for any call to a token with a budget of 100.
fn token_case() -> Case {
    Case::new(|session, _| {
        session.permissions[0].target = TOKEN;
        session.permissions[0].selector = ANY_CALLDATA;
        session.budgets = list(&[(TOKEN, 100, 0)]);
    })
}

#[test]
fn the_four_functions_count_their_amount_word_and_no_other() {
    for (function, words) in [
        (TRANSFER, &[7_000, 60][..]),
        (TRANSFER_FROM, &[7_000, 7_000, 60]),
        (APPROVE, &[7_000, 60]),
        (INCREASE, &[7_000, 60]),
    ] {
        let mut case = token_case();
        assert_eq!(case.call(vec![call(TOKEN, function, words)]), "ok", "{function}");
        let id = eip712::session_id(&case.session);
        assert_eq!(case.module.budget(PLACE.account, id, 0), (60, 0), "{function}");
        assert_eq!(case.call(vec![call(TOKEN, function, words)]), "BudgetExceeded");
    }
}

#[test]
fn the_sum_of_a_batch_counts_whatever_the_functions() {
    let mut case = token_case();
    let batch = |last: u64| {
        vec![
            call(TOKEN, TRANSFER, &[1, 30]),
            call(TOKEN, APPROVE, &[1, 30]),
            call(TOKEN, TRANSFER_FROM, &[1, 2, last]),
        ]
    };
    assert_eq!(case.call(batch(41)), "BudgetExceeded");
    assert_eq!(case.call(batch(40)), "ok");
}

#[test]
fn an_allowance_that_is_lowered_gives_nothing_back() {
    let mut case = token_case();
    assert_eq!(case.call(vec![call(TOKEN, APPROVE, &[1, 100])]), "ok");
    assert_eq!(case.call(vec![call(TOKEN, APPROVE, &[1, 0])]), "ok", "0 moves nothing");
    assert_eq!(case.call(vec![call(TOKEN, TRANSFER, &[1, 1])]), "BudgetExceeded");
}

#[test]
fn another_length_is_refused_for_each_of_the_four_functions() {
    for (function, words) in [(TRANSFER, 2), (TRANSFER_FROM, 3), (APPROVE, 2), (INCREASE, 2)] {
        let right = call(TOKEN, function, &vec![1; words]);
        assert_eq!(token_case().call(vec![right.clone()]), "ok");
        for length in (4..=4 + 32 * 5).filter(|length| *length != right.data.len()) {
            let mut data = right.data.to_vec();
            data.resize(length, 0);
            let wrong = Execution { data: data.into(), ..right.clone() };
            let got = token_case().call(vec![wrong]);
            assert_eq!(got, "UncountableTokenCall", "{function} {length}");
        }
    }
}

#[test]
fn every_other_call_to_a_budgeted_token_is_refused_also_an_empty_one() {
    for function in [
        "decreaseAllowance(address,uint256)",
        "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
        "transferAndCall(address,uint256)",
        "burn(uint256)",
        "push(address,uint256)",
        "balanceOf(address)",
        MOVE,
    ] {
        let got = token_case().call(vec![call(TOKEN, function, &[1, 1])]);
        assert_eq!(got, "UncountableTokenCall", "{function}");
    }
    for data in [&[][..], &[0xa9], &[0xa9, 0x05, 0x9c]] {
        let short = Execution { data: data.to_vec().into(), ..call(TOKEN, MOVE, &[]) };
        assert_eq!(token_case().call(vec![short]), "UncountableTokenCall");
    }
}

#[test]
fn an_amount_of_128_bits_and_more_is_over_every_budget() {
    for bit in [128, 200, 255] {
        let mut case = token_case();
        case.session.budgets[0].amount = u128::MAX;
        let id = eip712::session_id(&case.session);
        case.module.set_status(PLACE.account, id, Status::Enabled);
        let mut huge = call(TOKEN, TRANSFER, &[1, 1]);
        let amount: U256 = U256::from(1) << bit;
        huge.data = [&huge.data[..36], &amount.to_be_bytes::<32>()].concat().into();
        assert_eq!(case.call(vec![huge]), "BudgetExceeded", "{bit}");
    }
}

#[test]
fn sums_that_overflow_128_bits_are_over_every_budget() {
    let mut case = token_case();
    case.session.budgets[0].amount = u128::MAX;
    let id = eip712::session_id(&case.session);
    case.module.set_status(PLACE.account, id, Status::Enabled);
    let mut half = call(TOKEN, TRANSFER, &[1, 1]);
    let amount = U256::from(1_u128 << 127);
    half.data = [&half.data[..36], &amount.to_be_bytes::<32>()].concat().into();

    assert_eq!(case.call(vec![half.clone(); 2]), "BudgetExceeded", "within a batch");
    assert_eq!(case.call(vec![half.clone()]), "ok");
    assert_eq!(case.call(vec![half]), "BudgetExceeded", "with what was spent");
}

#[test]
fn a_token_with_a_periodic_budget_is_counted_in_the_claimed_period() {
    let mut case = token_case();
    case.session.budgets = list(&[(TOKEN, 100, 60)]);
    let id = eip712::session_id(&case.session);
    case.module.set_status(PLACE.account, id, Status::Enabled);
    let mut got = |time: u64, amount: u64| {
        case.operation.claimed_time = Some(time);
        case.call(vec![call(TOKEN, TRANSFER, &[1, amount])])
    };
    assert_eq!(got(1_000, 100), "ok");
    assert_eq!(got(1_059, 1), "BudgetExceeded");
    assert_eq!(got(1_060, 100), "ok");
    assert_eq!(got(1_059, 1), "PeriodPassed");
    assert_eq!(got(1_059, 0), "ok", "0 touches no budget");
}

#[test]
fn other_tokens_and_native_value_do_not_count_against_a_budget() {
    let mut case = Case::new(|session, _| session.budgets = list(&[(TOKEN, 1, 0)]));
    assert_eq!(case.call(vec![call(GAME, MOVE, &[7]); 3]), "ok");
    let id = eip712::session_id(&case.session);
    assert_eq!(case.module.budget(PLACE.account, id, 0), (0, 0));
}
