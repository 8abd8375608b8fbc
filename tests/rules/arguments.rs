//! Argument rules: bounds of the words in calldata.

use alloy_primitives::U256;
use smart_session_client::OperationDraft;
use smart_session_core::session::{ArgumentRule, Disclosure, Permission};

use super::{act, act_drafted, enable_with, setup_with};

#[test]
fn an_argument_within_its_bounds_is_let_through_and_no_other() {
    let mut setup = setup_with(|_, session| {
        let rule = ArgumentRule { index: 0, min: U256::from(3), max: U256::from(5) };
        session.permissions[0].rules = vec![rule];
    });
    for (step, expected) in [
        (2, "refused: AA23 ArgumentOutOfBounds"),
        (3, "executed"),
        (5, "executed"),
        (6, "refused: AA23 ArgumentOutOfBounds"),
    ] {
        let call = setup.bed.a_move(step, 0);
        assert_eq!(act(&mut setup, &[call]), expected, "{step}");
    }
}

#[test]
fn all_256_bits_of_an_argument_are_compared() {
    let mut setup = setup_with(|_, session| {
        let rule = ArgumentRule { index: 0, min: U256::from(3), max: U256::from(5) };
        session.permissions[0].rules = vec![rule];
    });
    let mut dirty = setup.bed.a_move(4, 0);
    let mut data = dirty.data.to_vec();
    data[4] = 1;
    dirty.data = data.into();

    assert_eq!(act(&mut setup, &[dirty]), "refused: AA23 ArgumentOutOfBounds");
}

#[test]
fn a_bounded_argument_past_the_end_is_refused() {
    let mut setup = setup_with(|_, session| {
        let rule = ArgumentRule { index: 1, min: U256::ZERO, max: U256::MAX };
        session.permissions[0].rules = vec![rule];
    });
    let call = setup.bed.a_move(1, 0);

    assert_eq!(act(&mut setup, &[call]), "refused: AA23 ArgumentMissing");
}

#[test]
fn two_permissions_for_one_function_are_an_or() {
    let mut setup = setup_with(|_, session| {
        let only = |step: u64| {
            vec![ArgumentRule { index: 0, min: U256::from(step), max: U256::from(step) }]
        };
        let permission = session.permissions[0].clone();
        session.permissions = vec![
            Permission { rules: only(1), ..permission.clone() },
            Permission { rules: only(7), ..permission },
        ];
    });
    let calls = [setup.bed.a_move(7, 0), setup.bed.a_move(1, 0)];
    let signature = setup.game.owner_signature.clone();
    let draft = OperationDraft::enable(&setup.game.session, &[1, 0], signature).unwrap();
    assert_eq!(act_drafted(&mut setup, &draft, &calls), "executed");

    let swapped =
        OperationDraft::draft_use(&setup.game.session, &Disclosure::WHOLE, &[0, 1]).unwrap();
    assert_eq!(
        act_drafted(&mut setup, &swapped, &calls),
        "refused: AA23 ArgumentOutOfBounds",
        "the permission that is named counts"
    );
}

#[test]
fn argument_rules_need_one_function() {
    let rule = ArgumentRule { index: 0, min: U256::ZERO, max: U256::from(8) };
    for selector in [[0xff; 4], [0; 4]] {
        assert_eq!(
            enable_with(|session| {
                session.permissions[0].selector = selector;
                session.permissions[0].rules = vec![rule];
            }),
            "refused: AA23 RulesWithoutSelector"
        );
    }
}
