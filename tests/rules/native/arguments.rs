//! Bounds on the words of the calldata.

use alloy_primitives::U256;
use session_model::operation::selector;
use session_model::session::{ANY_CALLDATA, PLAIN_TRANSFER};
use session_model::{Permission, Rule};

use crate::refused::{MOVE, ask, enable};

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
