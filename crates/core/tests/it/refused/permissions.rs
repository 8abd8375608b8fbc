//! What may be called, and how.

use alloy_primitives::{Address, U256};
use session_model::operation::selector;
use session_model::session::{ANY_CALLDATA, ENTRY_POINTS, PLAIN_TRANSFER};
use session_model::strategy::{GAME, PLACE};
use session_model::{Execution, Permission, Rule, Session};

use super::{Case, MOVE, OTHER, ask, call, enable};

#[test]
fn an_empty_list_permits_nothing() {
    assert_eq!(ask(|session, _| session.permissions.clear()), "UnknownPermission");
}

#[test]
fn only_the_permission_that_is_named_counts() {
    let two = |session: &mut Session| {
        let narrow = Permission { value_limit: U256::ZERO, ..session.permissions[0].clone() };
        session.permissions.insert(0, narrow);
    };
    let got = |index: u8| {
        ask(|session, operation| {
            two(session);
            operation.indices = vec![index];
        })
    };
    assert_eq!(got(0), "ValueOverLimit");
    assert_eq!(got(1), "ok");
    assert_eq!(got(2), "UnknownPermission");
    assert_eq!(got(255), "UnknownPermission");
}

#[test]
fn a_permission_that_an_operation_does_not_use_changes_nothing() {
    // "Exact beats wildcard" or a deny entry would make hiding profitable.
    let wide = |session: &mut Session| {
        let any = Permission { selector: ANY_CALLDATA, ..session.permissions[0].clone() };
        session.permissions[0].value_limit = U256::ZERO;
        session.permissions.push(any);
    };
    for hidden in [vec![], vec![0]] {
        assert_eq!(
            ask(|session, operation| {
                wide(session);
                operation.indices = vec![1];
                operation.hidden.permissions = hidden;
            }),
            "ok"
        );
    }
}

#[test]
fn a_hidden_permission_permits_nothing() {
    assert_eq!(ask(|_, operation| operation.hidden.permissions = vec![0]), "HiddenPermission");
    assert_eq!(ask(|_, operation| operation.hidden.all_permissions = true), "HiddenPermission");
}

#[test]
fn another_target_is_refused() {
    assert_eq!(ask(|_, operation| operation.executions[0].target = OTHER), "TargetNotPermitted");
}

#[test]
fn banned_targets_are_refused_at_use_although_permitted() {
    let banned = [Address::ZERO, PLACE.account, PLACE.module];
    for target in banned.into_iter().chain(ENTRY_POINTS) {
        for selector in [selector(MOVE), ANY_CALLDATA] {
            assert_eq!(
                ask(|session, operation| {
                    session.permissions[0].target = target;
                    session.permissions[0].selector = selector;
                    operation.executions[0].target = target;
                }),
                "BannedTarget",
                "{target}"
            );
        }
    }
}

/// Asks with a permission's selector and calldata.
fn selected(allowed: [u8; 4], data: &[u8]) -> String {
    ask(|session, operation| {
        session.permissions[0].selector = allowed;
        operation.executions[0].data = data.to_vec().into();
    })
}

#[test]
fn a_selector_covers_calldata_that_begins_with_it_and_no_other() {
    let [a, b, c, d] = selector(MOVE);
    assert_eq!(selected([a, b, c, d], &[a, b, c, d]), "ok");
    assert_eq!(selected([a, b, c, d], &[a, b, c, d, 1, 2, 3]), "ok");
    for other in [&[a, b, c, d ^ 1][..], &[a ^ 1, b, c, d], &[a, b, c], &[]] {
        assert_eq!(selected([a, b, c, d], other), "SelectorNotPermitted", "{other:?}");
    }
}

#[test]
fn the_plain_transfer_covers_empty_calldata_and_no_other() {
    assert_eq!(selected(PLAIN_TRANSFER, &[]), "ok");
    for other in [&[0][..], &[0, 0, 0], &[0; 4], &[0; 36], &[1, 2, 3, 4]] {
        assert_eq!(selected(PLAIN_TRANSFER, other), "SelectorNotPermitted", "{other:?}");
    }
}

#[test]
fn short_calldata_and_the_two_special_values_are_covered_by_any_alone() {
    let exact = selector(MOVE);
    for data in [&[][..], &[1], &[1, 2], &[1, 2, 3], &[0; 4], &[0xff; 4], &[0xff; 36]] {
        assert_eq!(selected(ANY_CALLDATA, data), "ok", "{data:?}");
        assert_eq!(selected(exact, data), "SelectorNotPermitted", "{data:?}");
    }
    assert_eq!(selected(ANY_CALLDATA, &exact), "ok");
}

#[test]
fn each_call_sends_at_most_the_value_limit() {
    let got = |values: &[u64]| {
        let calls = values
            .iter()
            .map(|value| Execution { value: U256::from(*value), ..call(GAME, MOVE, &[7]) });
        Case::new(|_, _| {}).call(calls.collect())
    };
    assert_eq!(got(&[10, 10, 10]), "ok", "the limit is for each call");
    assert_eq!(got(&[11]), "ValueOverLimit");
    assert_eq!(got(&[0, 0, 11]), "ValueOverLimit");
}

#[test]
fn a_value_limit_of_zero_means_no_value() {
    let got = |value: U256| {
        ask(|session, operation| {
            session.permissions[0].value_limit = U256::ZERO;
            operation.executions[0].value = value;
        })
    };
    assert_eq!(got(U256::ZERO), "ok");
    for bit in [0, 63, 64, 128, 255] {
        assert_eq!(got(U256::from(1) << bit), "ValueOverLimit", "{bit}");
    }
}

/// Asks with rules about calldata of some words.
fn ruled(rules: &[(u8, U256, U256)], words: &[U256]) -> String {
    ask(|session, operation| {
        let rules = rules.iter();
        session.permissions[0].rules =
            rules.map(|(index, min, max)| Rule { index: *index, min: *min, max: *max }).collect();
        let words = words.iter().flat_map(U256::to_be_bytes::<32>);
        let data: Vec<u8> = selector(MOVE).into_iter().chain(words).collect();
        operation.executions[0].data = data.into();
    })
}

#[test]
fn a_word_is_at_least_min_and_at_most_max_unsigned_in_all_256_bits() {
    let [three, five] = [3, 5].map(U256::from);
    let got = |word: U256| ruled(&[(0, three, five)], &[word]);
    for (word, expected) in [(2, false), (3, true), (4, true), (5, true), (6, false)] {
        assert_eq!(got(U256::from(word)) == "ok", expected, "{word}");
    }
    for bit in [8, 63, 64, 127, 128, 192, 255] {
        assert_eq!(got(four() | (U256::from(1) << bit)), "ArgumentOutOfBounds", "{bit}");
    }
    // The highest number is not −1.
    assert_eq!(ruled(&[(0, U256::MAX, U256::MAX)], &[U256::MAX]), "ok");
    assert_eq!(ruled(&[(0, U256::ZERO, five)], &[U256::MAX]), "ArgumentOutOfBounds");
}

fn four() -> U256 {
    U256::from(4)
}

#[test]
fn all_rules_must_hold() {
    let [one, two] = [1, 2].map(U256::from);
    let rules = [(0, one, one), (1, two, two)];
    assert_eq!(ruled(&rules, &[one, two]), "ok");
    assert_eq!(ruled(&rules, &[one, one]), "ArgumentOutOfBounds");
    assert_eq!(ruled(&rules, &[two, two]), "ArgumentOutOfBounds");
    let both = [(0, U256::ZERO, two), (0, two, U256::MAX)];
    assert_eq!(ruled(&both, &[two]), "ok");
    assert_eq!(ruled(&both, &[one]), "ArgumentOutOfBounds");
}

#[test]
fn a_rule_with_min_over_max_holds_for_nothing() {
    for word in [0, 1, 2, 3] {
        let word = U256::from(word);
        assert_eq!(ruled(&[(0, U256::from(2), U256::from(1))], &[word]), "ArgumentOutOfBounds");
    }
}

#[test]
fn a_word_past_the_end_of_the_calldata_is_refused() {
    for (index, words) in [(0, 0), (1, 1), (2, 1), (255, 3)] {
        let words = vec![U256::ZERO; words];
        let got = ruled(&[(index, U256::ZERO, U256::MAX)], &words);
        assert_eq!(got, "ArgumentMissing", "{index}");
    }
    // A word that is cut off is none.
    for length in 4..36 {
        let mut data = selector(MOVE).to_vec();
        data.resize(length, 0);
        let got = ask(|session, operation| {
            session.permissions[0].rules = vec![Rule { index: 0, min: U256::ZERO, max: U256::MAX }];
            operation.executions[0].data = data.into();
        });
        assert_eq!(got, "ArgumentMissing", "{length}");
    }
}

#[test]
fn the_last_of_256_words_can_be_bounded() {
    let mut words = vec![U256::ZERO; 256];
    words[255] = U256::from(9);
    let nine = U256::from(9);
    assert_eq!(ruled(&[(255, nine, nine)], &words), "ok");
    assert_eq!(ruled(&[(254, nine, nine)], &words), "ArgumentOutOfBounds");
}

#[test]
fn rules_without_an_exact_selector_are_refused_at_enable() {
    let rule = Rule { index: 0, min: U256::ZERO, max: U256::MAX };
    for selector in [ANY_CALLDATA, PLAIN_TRANSFER] {
        assert_eq!(
            enable(|session| {
                session.permissions.push(Permission {
                    selector,
                    rules: vec![rule],
                    ..session.permissions[0].clone()
                });
            }),
            "RulesWithoutSelector"
        );
    }
    assert_eq!(enable(|session| session.permissions[0].rules = vec![rule; 16]), "ok");
}
