//! User operations (ERC-4337), and the hash by which an EntryPoint knows one.

use alloy_primitives::{Address, B256, Bytes, U256, address, fixed_bytes, keccak256};
use alloy_sol_types::{SolStruct, SolValue, eip712_domain};
use smart_session_core::abi::PackedUserOperation;

use crate::operation::abi::{UserOperation, typed};
use crate::refusal::{Refusal, RefusalCode};

/// EntryPoint 0.7, at the same address on every chain.
pub const ENTRY_POINT_V07: Address = address!("0000000071727De22E5E9d8BAf0edAc6f37da032");
/// EntryPoint 0.8, likewise.
pub const ENTRY_POINT_V08: Address = address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108");
/// EntryPoint 0.9, likewise.
pub const ENTRY_POINT_V09: Address = address!("433709009B8330FDa32311DF1C2AFA402eD8D009");

/// The releases of the EntryPoint that take packed operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryPointVersion {
    /// 0.7.
    V07,
    /// 0.8.
    V08,
    /// 0.9.
    V09,
}

impl EntryPointVersion {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::V07, Self::V08, Self::V09];

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V07 => "0.7",
            Self::V08 => "0.8",
            Self::V09 => "0.9",
        }
    }

    /// Returns where it is deployed on every chain.
    pub const fn canonical_address(self) -> Address {
        match self {
            Self::V07 => ENTRY_POINT_V07,
            Self::V08 => ENTRY_POINT_V08,
            Self::V09 => ENTRY_POINT_V09,
        }
    }

    /// Returns the release at a canonical address.
    ///
    /// # Errors
    /// [`RefusalCode::UnknownEntryPoint`] for any other address: how it hashes is not known.
    pub fn at(entry_point: Address) -> Result<Self, Refusal> {
        let known = |version: &Self| version.canonical_address() == entry_point;
        Self::ALL.into_iter().find(known).ok_or_else(|| {
            Refusal::new(
                RefusalCode::UnknownEntryPoint,
                format!("{entry_point} is no EntryPoint whose release is known"),
                "name its release: 0.7, 0.8 or 0.9",
            )
        })
    }

    /// Returns whether the first second of a window is too early: `block.timestamp` must be
    /// greater than `validAfter`, not only as great (EntryPoints since 0.8).
    pub const fn is_start_exclusive(self) -> bool {
        match self {
            Self::V07 => false,
            Self::V08 | Self::V09 => true,
        }
    }
}

/// The first bytes of an `initCode` that stands for the delegation of an EIP-7702 account.
const DELEGATED: [u8; 2] = [0x77, 0x02];
/// What a paymaster's signature ends with that EntryPoint 0.9 leaves out of the hash:
/// `keccak256("PaymasterSignature")[:8]`.
const PAYMASTER_SIGNED: [u8; 8] = fixed_bytes!("22e325a297439656").0;
/// Bytes of `paymasterAndData` before the paymaster's own: address and two gas limits.
const PAYMASTER_FIXED: usize = 52;

impl UserOperation {
    /// Returns the operation as the module's interface declares it.
    pub fn to_abi(&self) -> PackedUserOperation {
        let Self { sender, nonce, initCode, callData, .. } = self.clone();
        let Self { accountGasLimits, preVerificationGas, gasFees, .. } = *self;
        let Self { paymasterAndData, signature, .. } = self.clone();
        PackedUserOperation {
            sender,
            nonce,
            initCode,
            callData,
            accountGasLimits,
            preVerificationGas,
            gasFees,
            paymasterAndData,
            signature,
        }
    }

    /// Returns `userOpHash`, as an EntryPoint of a release at an address and on a chain computes
    /// it (`getUserOpHash`). Nothing is asked over the network.
    ///
    /// | release | hash |
    /// |---|---|
    /// | 0.7 | `keccak256(abi.encode(keccak256(fields), entryPoint, chainId))` |
    /// | 0.8 | EIP-712: `PackedUserOperation` in the domain ERC4337, 1 |
    /// | 0.9 | likewise, without a signature that the paymaster appended |
    ///
    /// # Errors
    /// [`RefusalCode::Malformed`] for what such an EntryPoint does not hash: a paymaster's
    /// signature longer than its data; and for an `initCode` of EIP-7702, whose hash depends on
    /// the account's code.
    pub fn hash(
        &self,
        version: EntryPointVersion,
        entry_point: Address,
        chain_id: u64,
    ) -> Result<B256, Refusal> {
        match version {
            EntryPointVersion::V07 => {
                let fields = (
                    self.sender,
                    self.nonce,
                    keccak256(&self.initCode),
                    keccak256(&self.callData),
                    self.accountGasLimits,
                    self.preVerificationGas,
                    self.gasFees,
                    keccak256(&self.paymasterAndData),
                );
                let fields = keccak256(fields.abi_encode());
                Ok(keccak256((fields, entry_point, U256::from(chain_id)).abi_encode()))
            }
            EntryPointVersion::V08 => {
                let paymaster = self.paymasterAndData.clone();
                self.typed_hash(paymaster, entry_point, chain_id)
            }
            EntryPointVersion::V09 => {
                let paymaster = without_paymaster_signature(&self.paymasterAndData)?;
                self.typed_hash(paymaster, entry_point, chain_id)
            }
        }
    }

    fn typed_hash(
        &self,
        paymaster_and_data: Bytes,
        entry_point: Address,
        chain_id: u64,
    ) -> Result<B256, Refusal> {
        if self.initCode.starts_with(&DELEGATED) {
            return Err(Refusal::new(
                RefusalCode::Malformed,
                "the operation's initCode is that of an EIP-7702 account",
                "delegate the account's code in a transaction first, and leave initCode empty",
            ));
        }
        let operation = typed::PackedUserOperation {
            sender: self.sender,
            nonce: self.nonce,
            initCode: self.initCode.clone(),
            callData: self.callData.clone(),
            accountGasLimits: self.accountGasLimits,
            preVerificationGas: self.preVerificationGas,
            gasFees: self.gasFees,
            paymasterAndData: paymaster_and_data,
        };
        Ok(operation.eip712_signing_hash(&eip712_domain! {
            name: "ERC4337",
            version: "1",
            chain_id: chain_id,
            verifying_contract: entry_point,
        }))
    }

    /// Returns the most wei that the operation may cost: all gas that it names at its highest
    /// price, whoever pays. `None` above 256 bits.
    pub fn most_cost(&self) -> Option<U256> {
        let (verification, call) = split_numbers(self.accountGasLimits);
        let (_, price) = split_numbers(self.gasFees);
        let of_paymaster = self.paymasterAndData.get(20..PAYMASTER_FIXED);
        let of_paymaster = of_paymaster.and_then(|limits| limits.first_chunk::<32>());
        let (paymaster, post_op) =
            of_paymaster.map_or((0, 0), |limits| split_numbers(B256::new(*limits)));
        [verification, call, paymaster, post_op]
            .into_iter()
            .try_fold(self.preVerificationGas, |sum, gas| sum.checked_add(U256::from(gas)))?
            .checked_mul(U256::from(price))
    }
}

/// Returns what of `paymasterAndData` EntryPoint 0.9 hashes: a signature that the paymaster
/// appended, and its length, are left out.
fn without_paymaster_signature(data: &Bytes) -> Result<Bytes, Refusal> {
    let Some(rest) = data.strip_suffix(&PAYMASTER_SIGNED) else { return Ok(data.clone()) };
    let Some((signed, length)) = rest.split_last_chunk::<2>() else { return Ok(data.clone()) };
    // Too short for a paymaster with a signature: it is hashed as it is.
    let Some(most) = signed.len().checked_sub(PAYMASTER_FIXED) else { return Ok(data.clone()) };
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 {
        return Ok(data.clone());
    }
    if length > most {
        return Err(Refusal::new(
            RefusalCode::Malformed,
            format!("the paymaster's signature has {length} bytes, its data {most}"),
            "ask the paymaster for its data again",
        ));
    }
    let kept = signed.get(..signed.len().saturating_sub(length)).unwrap_or_default();
    Ok([kept, &PAYMASTER_SIGNED].concat().into())
}

/// Takes a word of two numbers apart, as the EntryPoint does with gas limits and fees.
pub(crate) fn split_numbers(word: B256) -> (u128, u128) {
    let word = U256::from_be_bytes(word.0);
    let low = word & U256::from(u128::MAX);
    (word.wrapping_shr(128).to(), low.to())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two numbers of 128 bits in one word.
    fn word(high: u128, low: u128) -> B256 {
        B256::from_slice(&[high.to_be_bytes(), low.to_be_bytes()].concat())
    }

    #[test]
    fn an_operation_may_cost_all_its_gas_at_the_highest_price() {
        let op = UserOperation {
            sender: Address::ZERO,
            nonce: U256::ZERO,
            initCode: Bytes::new(),
            callData: Bytes::new(),
            accountGasLimits: word(1, 10),
            preVerificationGas: U256::from(100),
            gasFees: word(9, 3),
            paymasterAndData: [&[0xaa; 20][..], word(1_000, 10_000).as_slice(), &[0xff; 7]]
                .concat()
                .into(),
            signature: Bytes::new(),
        };

        assert_eq!(op.most_cost(), Some(U256::from(33_333)));
        let endless = UserOperation { preVerificationGas: U256::MAX, ..op };
        assert_eq!(endless.most_cost(), None);
    }

    #[test]
    fn only_canonical_addresses_name_their_release() {
        for version in EntryPointVersion::ALL {
            assert_eq!(EntryPointVersion::at(version.canonical_address()), Ok(version));
        }
        let refusal = EntryPointVersion::at(Address::repeat_byte(1)).unwrap_err();
        assert_eq!(refusal.code(), RefusalCode::UnknownEntryPoint);
    }
}
