//! What a chain holds before its first block.

use alloy_primitives::{Address, Bytes, U256, address, bytes};
use revm::bytecode::Bytecode;
use revm::database::InMemoryDB;
use revm::state::AccountInfo;

use crate::DEV_ACCOUNTS;
use crate::precompile::ARBITRUM;
use crate::program::ARBOS_STATE;

/// The deployer that puts contracts at the same address on every chain.
///
/// Its call data is a salt and init code, its result the 20 bytes of the address.
pub const DETERMINISTIC_DEPLOYER: Address = address!("4e59b44847b379578588920ca78fbf26c0b4956c");

/// Runtime code of the deterministic deployer.
const DEPLOYER_CODE: Bytes = bytes!(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
);

/// Wei of every dev account: 10,000 ether.
const WEALTH: u128 = 10_000_000_000_000_000_000_000;

/// The state before the first block.
pub(super) fn genesis() -> InMemoryDB {
    let mut state = InMemoryDB::default();
    for account in DEV_ACCOUNTS {
        let info = AccountInfo::from_balance(U256::from(WEALTH));
        state.insert_account_info(account.address, info);
    }
    state.insert_account_info(DETERMINISTIC_DEPLOYER, contract(DEPLOYER_CODE));
    for precompile in ARBITRUM {
        state.insert_account_info(precompile, contract(bytes!("fe")));
    }
    state.insert_account_info(ARBOS_STATE, contract(Bytes::new()));
    state
}

fn contract(code: Bytes) -> AccountInfo {
    AccountInfo { nonce: 1, ..AccountInfo::from_bytecode(Bytecode::new_legacy(code)) }
}
