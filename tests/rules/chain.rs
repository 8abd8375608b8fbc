//! The chain: each that a session holds on is listed.

use alloy_primitives::U256;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use smart_session_core::session::Chain;

use super::enable_with;
use crate::setup::{Setup, module_error};

#[test]
fn a_chain_that_is_not_listed_is_refused() {
    let mut setup = Setup::with_executor();
    setup.with_session(|session| session.chains[0].chain_id = U256::from(42_161));

    let outcome = setup.execute(&[setup.bed.a_move(1, 0)]);

    assert!(matches!(module_error(&outcome), E::ChainNotListed(_)));
}

#[test]
fn a_session_of_another_chain_is_refused() {
    assert_eq!(
        enable_with(|session| session.chains[0].chain_id = U256::from(42_161)),
        "refused: AA23 ChainNotListed"
    );
}

#[test]
fn a_chain_id_over_64_bits_is_not_this_chain() {
    assert_eq!(
        enable_with(|session| session.chains[0].chain_id += U256::from(1) << 64),
        "refused: AA23 ChainNotListed"
    );
}

#[test]
fn a_session_for_no_chain_is_refused() {
    assert_eq!(enable_with(|session| session.chains.clear()), "refused: AA23 ChainNotListed");
}

#[test]
fn two_entries_for_one_chain_are_refused() {
    assert_eq!(
        enable_with(|session| {
            let here = session.chains[0];
            session.chains.push(Chain { chain_id: U256::from(42_161), epoch: 0 });
            session.chains.push(Chain { epoch: 5, ..here });
        }),
        "refused: AA23 DuplicateChain"
    );
}

#[test]
fn a_session_for_several_chains_holds_on_each() {
    assert_eq!(
        enable_with(|session| {
            session.chains.insert(0, Chain { chain_id: U256::from(42_161), epoch: 9 });
        }),
        "executed"
    );
}
