//! The selector: which functions may be called.

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolCall;
use testbed::abi::IGame;
use testbed::{Call, SmartAccount};

use super::{try_call, try_call_data};
use crate::setup::Setup;

#[test]
fn another_function_is_refused() {
    let mut setup = Setup::enabled();
    let call = Call::new(setup.bed.game, IGame::withdrawCall { amount: U256::ZERO }.abi_encode());

    assert_eq!(try_call(&mut setup, &call), "refused: AA23 SelectorNotPermitted");
}

#[test]
fn other_functions_of_the_account_are_refused() {
    let mut setup = Setup::enabled();
    let install = setup.alice.install_validator(setup.bed.game, Bytes::new());

    assert_eq!(try_call_data(&mut setup, install), "refused: AA23 UnsupportedCall");
}
