//! Whose signature it is: the owner's by asking the account, the delegate's by its key.

use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use session_core::abi::IAccount;
use session_core::packed::DelegateSignature;
use session_core::state::Route;
use session_core::word;

use crate::error::Error;
use crate::host::{self, Host};

/// The precompile that recovers the signer of a secp256k1 signature.
const ECRECOVER: Address = Address::with_last_byte(1);
/// Costs 3,000; the rest is for what nobody expects.
const ECRECOVER_GAS: u64 = 10_000;
/// The answer that means "valid" (ERC-1271).
const MAGIC: [u8; 4] = [0x16, 0x26, 0xba, 0x7e];

/// Checks that an owner's signature takes the account's enable route.
///
/// # Errors
/// [`Error::RouteClosed`] or [`Error::WrongRoute`].
pub(crate) fn check_route(route: &Route<'_>, signature: &[u8]) -> Result<(), Error> {
    if route.is_closed() {
        return Err(Error::RouteClosed);
    }
    if !route.is_taken_by(signature) {
        return Err(Error::WrongRoute);
    }
    Ok(())
}

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
    delegate: Address,
    digest: B256,
    signature: &DelegateSignature<'_>,
) -> Result<bool, Error> {
    // No session of another kind of key is ever enabled.
    let DelegateSignature::Secp256k1 { r_s, v } = signature else { return Ok(false) };
    let (words, _) = r_s.as_chunks::<32>();
    let [r, s] = words else { return Ok(false) };
    let input = [digest.0, word::from_u64((*v).into()), *r, *s];
    let signer = host
        .static_call(ECRECOVER, input.as_flattened(), ECRECOVER_GAS)
        .map_err(|_| Error::SignatureCheckFailed)?;
    // Nothing is skipped where something else has failed already: a dummy signature costs what a
    // real one does.
    let is_sound = DelegateSignature::is_sound_secp256k1(r_s, *v);
    let is_delegate = signer.unwrap_or_default() == word::from_address(delegate);
    Ok(is_sound & is_delegate & signer.is_some())
}
