//! Amounts, and what they are for, as flags say them.

use alloy_primitives::{Address, U256};
use smart_session_client::{parse_address, unit};

use crate::failure::Failure;

/// An amount for an address, as in `0x…=12.5`, and behind it the token's decimals: `0x…=12.5:6`.
#[derive(Clone, Debug)]
pub(crate) struct AddressedAmount {
    pub(super) address: Address,
    amount: String,
    decimals: Option<u8>,
}

/// Reads an address and an amount.
pub(super) fn addressed(text: &str) -> Result<AddressedAmount, String> {
    let shape = || "write it as 0x…=12.5".to_owned();
    let (address, amount) = text.split_once('=').ok_or_else(shape)?;
    let (amount, decimals) = match amount.split_once(':') {
        None => (amount, None),
        Some((amount, decimals)) => {
            let decimals = decimals.parse().map_err(|_| "write it as 0x…=12.5:6".to_owned())?;
            (amount, Some(decimals))
        }
    };
    Ok(AddressedAmount { address: parse_address(address)?, amount: amount.into(), decimals })
}

impl AddressedAmount {
    /// Returns the token's decimals.
    pub(super) fn decimals(&self) -> u8 {
        self.decimals.unwrap_or(DECIMALS)
    }

    /// Returns the amount in the token's smallest unit.
    pub(super) fn tokens(&self, decimals: u8) -> Result<U256, Failure> {
        Ok(unit::parse_units(&self.amount, decimals)?)
    }
}

/// The decimals of a token that says nothing else.
pub(super) const DECIMALS: u8 = 18;

/// Returns an amount that a budget can say.
pub(super) fn budgeted(amount: U256) -> Result<u128, Failure> {
    u128::try_from(amount).map_err(|_| Failure::new("the amount is too large", "stay below 2^128"))
}
