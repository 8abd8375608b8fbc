//! The interface that standards fix, against the declared one.

use alloy_primitives::hex;
use alloy_sol_types::SolCall;
use smart_session_core::abi::{IAccount, ISmartSession};

#[test]
fn selectors_are_those_of_the_standards() {
    assert_eq!(ISmartSession::validateUserOpCall::SELECTOR, hex!("97003203"));
    assert_eq!(ISmartSession::isValidSignatureWithSenderCall::SELECTOR, hex!("f551e2ee"));
    assert_eq!(ISmartSession::onInstallCall::SELECTOR, hex!("6d61fe70"));
    assert_eq!(ISmartSession::onUninstallCall::SELECTOR, hex!("8a91b0e3"));
    assert_eq!(ISmartSession::isModuleTypeCall::SELECTOR, hex!("ecd05961"));
    assert_eq!(ISmartSession::isInitializedCall::SELECTOR, hex!("d60b347f"));
    assert_eq!(ISmartSession::redeemDelegationsCall::SELECTOR, hex!("cef6d209"));
    assert_eq!(IAccount::executeCall::SELECTOR, hex!("e9ae5c53"));
    assert_eq!(IAccount::executeUserOpCall::SELECTOR, hex!("8dd7712f"));
    assert_eq!(IAccount::isValidSignatureCall::SELECTOR, hex!("1626ba7e"));
}
