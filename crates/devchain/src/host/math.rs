//! Arithmetic on 256-bit numbers, in place.

use alloy_primitives::U256;

use super::hooks::{Answer, Args, Hooks};
use crate::meter::prices;

impl Hooks<'_, '_> {
    /// `math_div(a, b)`; by zero it is zero.
    pub(super) fn math_div(&mut self, args: Args) -> Answer {
        self.binary(args, |a, b| a.checked_div(b).unwrap_or_default())
    }

    /// `math_mod(a, b)`; by zero it is zero.
    pub(super) fn math_mod(&mut self, args: Args) -> Answer {
        self.binary(args, |a, b| a.checked_rem(b).unwrap_or_default())
    }

    /// `math_pow(a, exponent)`, modulo 2^256.
    pub(super) fn math_pow(&mut self, args: Args) -> Answer {
        let base = self.read_number(args.int(0))?;
        let exponent = self.read_number(args.int(1))?;
        self.buy_ink(prices::pow(exponent.byte_len()))?;
        self.write_number(args.int(0), base.wrapping_pow(exponent))?;
        Ok(None)
    }

    /// `math_add_mod(a, b, modulus)`
    pub(super) fn math_add_mod(&mut self, args: Args) -> Answer {
        self.ternary(args, U256::add_mod)
    }

    /// `math_mul_mod(a, b, modulus)`
    pub(super) fn math_mul_mod(&mut self, args: Args) -> Answer {
        self.ternary(args, U256::mul_mod)
    }

    fn binary(&mut self, args: Args, operation: impl Fn(U256, U256) -> U256) -> Answer {
        let a = self.read_number(args.int(0))?;
        let b = self.read_number(args.int(1))?;
        self.write_number(args.int(0), operation(a, b))?;
        Ok(None)
    }

    fn ternary(&mut self, args: Args, operation: impl Fn(U256, U256, U256) -> U256) -> Answer {
        let a = self.read_number(args.int(0))?;
        let b = self.read_number(args.int(1))?;
        let modulus = self.read_number(args.int(2))?;
        self.write_number(args.int(0), operation(a, b, modulus))?;
        Ok(None)
    }
}
