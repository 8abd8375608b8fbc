//! A counter that may be increased once a minute, written with stylus-sdk.

#![no_std]

extern crate alloc;

use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{U64, U256};
use alloy_sol_types::sol;
use stylus_sdk::prelude::*;
use stylus_sdk::storage::{StorageU64, StorageU256};

/// Seconds between two increments.
const PAUSE: u64 = 60;

sol! {
    /// The counter has a new number.
    event Counted(address indexed by, uint256 number);
    /// It is too early; from `at` on the counter may be increased again.
    error TooEarly(uint256 at);
}

#[derive(SolidityError)]
pub enum Refusal {
    TooEarly(TooEarly),
}

#[storage]
#[entrypoint]
pub struct Counter {
    number: StorageU256,
    next: StorageU64,
}

#[public]
impl Counter {
    pub fn number(&self) -> U256 {
        self.number.get()
    }

    pub fn increment(&mut self) -> Result<U256, Refusal> {
        let (now, next) = (self.vm().block_timestamp(), self.next.get());
        if U64::from(now) < next {
            return Err(Refusal::TooEarly(TooEarly { at: U256::from(next) }));
        }
        let number = self.number.get() + U256::from(1);
        self.number.set(number);
        self.next.set(U64::from(now + PAUSE));
        let by = self.vm().msg_sender();
        self.vm().log(Counted { by, number });
        Ok(number)
    }
}
