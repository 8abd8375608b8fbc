//! The user operation, as the account hands it over.

use crate::word::{self, Word};

/// A view of `PackedUserOperation` in the calldata of `validateUserOp`.
///
/// The caller is the account that the operation is for, so there is nothing to gain from an
/// unusual encoding: any that is in bounds is read as Solidity would.
#[derive(Clone, Copy, Debug)]
pub struct UserOp<'a> {
    /// The word of the account's address.
    pub sender: &'a Word,
    /// The calldata that the account runs.
    pub call_data: &'a [u8],
    /// Gas for validation.
    pub verification_gas_limit: u128,
    /// Gas for the execution.
    pub call_gas_limit: u128,
    /// Gas for everything else.
    pub pre_verification_gas: Word,
    /// Most wei for a unit of gas.
    pub max_fee_per_gas: u128,
    /// Empty, or the paymaster, its two gas limits, and its data.
    pub paymaster_and_data: &'a [u8],
    /// The packed session and signatures.
    pub signature: &'a [u8],
}

impl<'a> UserOp<'a> {
    /// Reads the arguments of `validateUserOp`, the selector left out, and `userOpHash`.
    ///
    /// Returns `None` if they are cut off or point out of bounds.
    pub fn decode(arguments: &'a [u8]) -> Option<(Self, &'a Word)> {
        let (offset, rest) = arguments.split_first_chunk::<32>()?;
        let user_op_hash = rest.first_chunk::<32>()?;
        let tuple = arguments.get(word::to_usize(offset)?..)?;
        let (heads, _) = tuple.as_chunks::<32>();
        let [
            sender,
            _nonce,
            _init_code,
            call_data,
            account_gas_limits,
            pre_verification_gas,
            gas_fees,
            paymaster_and_data,
            signature,
            ..,
        ] = heads
        else {
            return None;
        };
        let (verification_gas_limit, call_gas_limit) = word::to_u128_pair(account_gas_limits);
        let (_max_priority_fee_per_gas, max_fee_per_gas) = word::to_u128_pair(gas_fees);
        let user_op = Self {
            sender,
            call_data: bytes_at(tuple, call_data)?,
            verification_gas_limit,
            call_gas_limit,
            pre_verification_gas: *pre_verification_gas,
            max_fee_per_gas,
            paymaster_and_data: bytes_at(tuple, paymaster_and_data)?,
            signature: bytes_at(tuple, signature)?,
        };
        Some((user_op, user_op_hash))
    }
}

/// Returns the `bytes` whose length stands at `offset` of the tuple.
fn bytes_at<'a>(tuple: &'a [u8], offset: &Word) -> Option<&'a [u8]> {
    let (length, rest) = tuple.get(word::to_usize(offset)?..)?.split_first_chunk::<32>()?;
    rest.get(..word::to_usize(length)?)
}
