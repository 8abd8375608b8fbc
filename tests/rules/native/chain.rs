//! On which chain a session holds.

use alloy_primitives::U256;
use session_model::strategy::PLACE;
use session_model::{Chain, Session};

use crate::refused::{ask, enable};

#[test]
fn a_chain_that_is_not_listed_is_refused_at_use_and_at_enable() {
    let elsewhere = vec![Chain { id: U256::from(1), epoch: 0 }];
    assert_eq!(ask(|session, _| session.chains = elsewhere.clone()), "ChainNotListed");
    assert_eq!(enable(|session| session.chains = elsewhere.clone()), "ChainNotListed");
    assert_eq!(ask(|session, _| session.chains = vec![]), "ChainNotListed");
}

#[test]
fn a_chain_that_is_hidden_is_not_listed_and_others_may_be_hidden() {
    let two = |session: &mut Session| {
        session.chains.push(Chain { id: U256::from(1), epoch: 9 });
    };
    let got = |hidden: usize| {
        ask(|session, operation| {
            two(session);
            operation.hidden.chains = vec![hidden];
        })
    };
    assert_eq!(got(0), "ChainNotListed");
    assert_eq!(got(1), "ok");
}

#[test]
fn a_chain_id_that_only_ends_like_this_one_is_another() {
    for high in [64, 128, 200] {
        let id = (U256::from(1) << high) + U256::from(PLACE.chain_id);
        assert_eq!(ask(|session, _| session.chains[0].id = id), "ChainNotListed", "{high}");
    }
}

#[test]
fn two_entries_of_one_chain_are_refused_at_enable_wherever_they_stand() {
    let chain = |id: u64, epoch| Chain { id: U256::from(id), epoch };
    let here = PLACE.chain_id;
    for chains in [
        vec![chain(here, 0), chain(here, 0)],
        vec![chain(here, 0), chain(here, 1)],
        vec![chain(5, 0), chain(here, 0), chain(5, 1)],
        vec![chain(here, 0), chain(6, 0), chain(5, 0), chain(6, 0)],
    ] {
        assert_eq!(enable(|session| session.chains = chains.clone()), "DuplicateChain");
    }
    let distinct: Vec<_> = (0..16).map(|id| chain(here + id, 0)).collect();
    assert_eq!(enable(|session| session.chains = distinct), "ok");
}
