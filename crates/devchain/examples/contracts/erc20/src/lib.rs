//! An ERC-20 token whose first transaction mints all of it, written with stylus-sdk.

#![no_std]

extern crate alloc;

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageMap, StorageU256};

sol! {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error InsufficientBalance(address owner, uint256 have, uint256 want);
    error InsufficientAllowance(address owner, address spender, uint256 have, uint256 want);
    error AlreadyMinted();
}

#[derive(SolidityError)]
pub enum Refusal {
    InsufficientBalance(InsufficientBalance),
    InsufficientAllowance(InsufficientAllowance),
    AlreadyMinted(AlreadyMinted),
}

#[storage]
#[entrypoint]
pub struct Token {
    supply: StorageU256,
    balances: StorageMap<Address, StorageU256>,
    allowances: StorageMap<Address, StorageMap<Address, StorageU256>>,
}

#[public]
impl Token {
    pub fn name(&self) -> String {
        String::from("Example")
    }

    pub fn symbol(&self) -> String {
        String::from("EX")
    }

    pub fn decimals(&self) -> u8 {
        18
    }

    pub fn total_supply(&self) -> U256 {
        self.supply.get()
    }

    pub fn balance_of(&self, owner: Address) -> U256 {
        self.balances.get(owner)
    }

    pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
        self.allowances.getter(owner).get(spender)
    }

    pub fn mint_all(&mut self, value: U256) -> Result<(), Refusal> {
        if !self.supply.get().is_zero() {
            return Err(Refusal::AlreadyMinted(AlreadyMinted {}));
        }
        let to = self.vm().msg_sender();
        self.supply.set(value);
        self.balances.setter(to).set(value);
        self.vm().log(Transfer { from: Address::ZERO, to, value });
        Ok(())
    }

    pub fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Refusal> {
        let from = self.vm().msg_sender();
        self.pay(from, to, value)?;
        Ok(true)
    }

    pub fn approve(&mut self, spender: Address, value: U256) -> bool {
        let owner = self.vm().msg_sender();
        self.allowances.setter(owner).setter(spender).set(value);
        self.vm().log(Approval { owner, spender, value });
        true
    }

    pub fn transfer_from(
        &mut self,
        from: Address,
        to: Address,
        value: U256,
    ) -> Result<bool, Refusal> {
        let spender = self.vm().msg_sender();
        let have = self.allowances.getter(from).get(spender);
        let Some(left) = have.checked_sub(value) else {
            return Err(Refusal::InsufficientAllowance(InsufficientAllowance {
                owner: from,
                spender,
                have,
                want: value,
            }));
        };
        self.allowances.setter(from).setter(spender).set(left);
        self.pay(from, to, value)?;
        Ok(true)
    }
}

impl Token {
    fn pay(&mut self, from: Address, to: Address, value: U256) -> Result<(), Refusal> {
        let have = self.balances.get(from);
        let Some(left) = have.checked_sub(value) else {
            let (owner, want) = (from, value);
            return Err(Refusal::InsufficientBalance(InsufficientBalance { owner, have, want }));
        };
        self.balances.setter(from).set(left);
        // The supply is the sum of all balances: none can overflow.
        let had = self.balances.get(to);
        self.balances.setter(to).set(had + value);
        self.vm().log(Transfer { from, to, value });
        Ok(())
    }
}
