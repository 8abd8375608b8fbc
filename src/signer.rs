//! Whose signature it is: the owner's by asking the account, the delegate's by its key.

use alloy_primitives::{Address, B256, b256};
use alloy_sol_types::SolCall;
use session_core::abi::IAccount;
use session_core::packed::PackedSession;
use session_core::word::{self, Constant};

use crate::error::Error;
use crate::host::{self, Host};

/// The precompile that recovers the signer of a secp256k1 signature.
const ECRECOVER: Address = Address::with_last_byte(1);
/// Costs 3,000; the rest is for what nobody expects.
const ECRECOVER_GAS: u64 = 10_000;
/// Half the order of secp256k1: a signature with a higher `s` has a twin with a lower one.
const SECP256K1_HALF_ORDER: Constant =
    Constant::new(b256!("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"));

/// The answer that means "valid" (ERC-1271).
const MAGIC: [u8; 4] = [0x16, 0x26, 0xba, 0x7e];

/// Returns whether the account's own ERC-1271 accepts a signature, so that every owner counts
/// that the account knows.
///
/// # Errors
/// [`Error::OwnerCheckFailed`] if the call fails: too little gas must not look like a bad
/// signature.
pub(crate) fn owner_signed(
    host: Host,
    account: Address,
    digest: B256,
    signature: &[u8],
    gas: u64,
) -> Result<bool, Error> {
    let call = host::concat(&[
        &IAccount::isValidSignatureCall::SELECTOR,
        &digest.0,
        &word::from_u64(0x40),
        &word::from_usize(signature.len()),
        signature,
        host::padding(signature),
    ]);
    let answer = host.static_call(account, call, gas).map_err(|_| Error::OwnerCheckFailed)?;
    Ok(answer.is_some_and(|word| word.first_chunk() == Some(&MAGIC)))
}

/// Returns whether the session's delegate signed a digest.
///
/// A signature of any content costs the same, so that estimates with a dummy hold.
///
/// # Errors
/// [`Error::SignatureCheckFailed`] if the precompile fails, for want of gas.
pub(crate) fn delegate_signed(
    host: Host,
    session: &PackedSession<'_>,
    digest: B256,
    signature: &[u8],
) -> Result<bool, Error> {
    let Some((r, s, v)) = split_secp256k1(signature) else { return Ok(false) };
    let input = [digest.0, word::from_u64(v.into()), *r, *s];
    let answer = host
        .static_call(ECRECOVER, input.as_flattened(), ECRECOVER_GAS)
        .map_err(|_| Error::SignatureCheckFailed)?;
    Ok((v == 27 || v == 28)
        && *s <= SECP256K1_HALF_ORDER.word()
        && answer == Some(word::from_address(session.delegate)))
}

fn split_secp256k1(signature: &[u8]) -> Option<(&[u8; 32], &[u8; 32], u8)> {
    let (r, rest) = signature.split_first_chunk::<32>()?;
    let (s, rest) = rest.split_first_chunk::<32>()?;
    match rest {
        [v] => Some((r, s, *v)),
        _ => None,
    }
}
