//! What a chain holds before its first block.

use alloy_primitives::{Address, Bytes, U256, address, bytes, uint};
use revm::bytecode::Bytecode;
use revm::state::AccountInfo;

use crate::DEV_ACCOUNTS;
use crate::arbos_storage::{ARBOS_STATE, AddressSet, Slots};
use crate::precompile::ARBITRUM;
use crate::state::{Base, ChainState};

/// The deployer that puts contracts at the same address on every chain.
///
/// Its call data is a salt and init code, its result the 20 bytes of the address.
pub const DETERMINISTIC_DEPLOYER: Address = address!("4e59b44847b379578588920ca78fbf26c0b4956c");

/// Runtime code of the deterministic deployer.
const DEPLOYER_CODE: Bytes = bytes!(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
);

/// Wei of every dev account: 10,000 ether.
pub(super) const WEALTH: U256 = uint!(10_000_000_000_000_000_000_000_U256);

/// The state before the first block.
pub(super) fn genesis() -> ChainState {
    let mut state = ChainState::new(Base::Empty);
    for account in DEV_ACCOUNTS {
        let info = AccountInfo::from_balance(WEALTH);
        state.set_info(account.address, info);
    }
    state.set_info(DETERMINISTIC_DEPLOYER, contract(DEPLOYER_CODE));
    for precompile in ARBITRUM {
        state.set_info(precompile, contract(bytes!("fe")));
    }
    state.set_info(ARBOS_STATE, contract(Bytes::new()));
    AddressSet::cache_managers().add(&mut state, DEV_ACCOUNTS[0].address);
    state
}

fn contract(code: Bytes) -> AccountInfo {
    AccountInfo { nonce: 1, ..AccountInfo::from_bytecode(Bytecode::new_legacy(code)) }
}

impl Slots for ChainState {
    fn read(&mut self, slot: U256) -> U256 {
        self.slot(ARBOS_STATE, slot)
    }

    fn write(&mut self, slot: U256, value: U256) {
        self.set_slot(ARBOS_STATE, slot, value);
    }
}
