//! The program's memory: reading, writing, paying for more.

use alloy_primitives::{Address, B256, Bytes, U256};

use super::hooks::{Answer, Args, Hooks, Stop};
use crate::meter::prices;

impl Hooks<'_, '_> {
    /// The bytes at a pointer.
    pub(super) fn read(&self, pointer: u32, len: u32) -> Result<&[u8], Stop> {
        self.memory.read(pointer, len).ok_or(Stop::Failure)
    }

    /// A copy of the bytes at a pointer.
    pub(super) fn read_bytes(&self, pointer: u32, len: u32) -> Result<Bytes, Stop> {
        self.read(pointer, len).map(Bytes::copy_from_slice)
    }

    /// The 32 bytes at a pointer.
    pub(super) fn read_word(&self, pointer: u32) -> Result<B256, Stop> {
        self.read(pointer, 32).map(B256::from_slice)
    }

    /// The 32 bytes at a pointer as a number.
    pub(super) fn read_number(&self, pointer: u32) -> Result<U256, Stop> {
        self.read_word(pointer).map(|word| U256::from_be_bytes(word.0))
    }

    /// The 20 bytes at a pointer.
    pub(super) fn read_address(&self, pointer: u32) -> Result<Address, Stop> {
        self.read(pointer, 20).map(Address::from_slice)
    }

    /// Writes bytes to a pointer.
    pub(super) fn write(&mut self, pointer: u32, bytes: &[u8]) -> Result<(), Stop> {
        self.memory.write(pointer, bytes).ok_or(Stop::Failure)
    }

    /// Writes a number as 32 bytes.
    pub(super) fn write_number(&mut self, pointer: u32, number: U256) -> Result<(), Stop> {
        self.write(pointer, &number.to_be_bytes::<32>())
    }

    /// Writes a length as the program reads it.
    pub(super) fn write_length(&mut self, pointer: u32, length: u32) -> Result<(), Stop> {
        self.write(pointer, &length.to_le_bytes())
    }

    /// `pay_for_memory_grow`: the price of pages before they are taken.
    ///
    /// The argument counts modulo 65,536 (host-pay-grow).
    pub(super) fn pay_for_memory_grow(&mut self, args: Args) -> Answer {
        let [low, high, ..] = args.int(0).to_le_bytes();
        let pages = u16::from_le_bytes([low, high]);
        if pages == 0 {
            self.buy_ink(ASKING_FOR_NOTHING)?;
            return Ok(None);
        }
        let gas = self.context.chain.pages.take(pages);
        self.buy_gas(gas)?;
        Ok(None)
    }
}

/// Ink of `pay_for_memory_grow(0)`, which every SDK program calls first.
const ASKING_FOR_NOTHING: u64 = 8_400;

/// Ink of a buffer that the host copies on for itself too.
pub(super) fn read_twice(len: u32) -> u64 {
    prices::read(len).saturating_mul(2)
}
