//! Whose signature it is: the owner's by asking the account, the delegate's by its key.

use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use session_core::Keccak256;
use session_core::abi::IAccount;
use session_core::packed::DelegateSignature;
use session_core::state::Route;
use session_core::word::{self, Word};

use crate::error::Error;
use crate::host::{self, Host};

/// The precompile that recovers the signer of a secp256k1 signature.
const ECRECOVER: Address = Address::with_last_byte(1);
/// Costs 3,000; the rest is for what nobody expects.
const ECRECOVER_GAS: u64 = 10_000;
/// The precompile that hashes with SHA-256.
const SHA256: Address = Address::with_last_byte(2);
/// Costs 60 and 12 for each word: enough for some 26 KB.
const SHA256_GAS: u64 = 10_000;
/// The precompile that verifies P-256 signatures (RIP-7212, EIP-7951).
const P256_VERIFY: Address = {
    let mut address = [0; 20];
    address[18] = 1;
    Address::new(address)
};
/// Costs 3,450 before ArbOS 50, 6,900 since.
const P256_VERIFY_GAS: u64 = 30_000;

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
/// [`Error::SignatureCheckFailed`] if a precompile fails, for want of gas.
pub(crate) fn delegate_signed(
    host: Host,
    delegate: Address,
    digest: B256,
    signature: &DelegateSignature<'_>,
) -> Result<bool, Error> {
    let signer = match signature {
        DelegateSignature::Secp256k1 { r_s, v } => {
            let (words, _) = r_s.as_chunks::<32>();
            let [r, s] = words else { return Ok(false) };
            let input = [digest.0, word::from_u64((*v).into()), *r, *s];
            ask(host, ECRECOVER, input.as_flattened(), ECRECOVER_GAS)?
        }
        DelegateSignature::P256 { r_s_x_y } => {
            let hash = sha256(host, &digest.0)?;
            p256_signer(host, &hash, r_s_x_y)?
        }
        DelegateSignature::WebAuthn { authenticator_data, client_data, r_s_x_y } => {
            let client_hash = sha256(host, client_data)?;
            let hash = sha256(host, host::concat(&[authenticator_data, &client_hash]))?;
            p256_signer(host, &hash, r_s_x_y)?
        }
    };
    Ok(signature.is_sound(&digest.0) && signer == Some(word::from_address(delegate)))
}

/// Returns the address that stands for a P-256 key, if its signature holds.
fn p256_signer(host: Host, hash: &Word, r_s_x_y: &[u8; 128]) -> Result<Option<Word>, Error> {
    let answer = ask(host, P256_VERIFY, host::concat(&[hash, r_s_x_y]), P256_VERIFY_GAS)?;
    let point = r_s_x_y.get(64..).unwrap_or_default();
    let address = Address::from_word(host.keccak256(point));
    Ok((answer == Some(word::from_u64(1))).then(|| word::from_address(address)))
}

fn sha256(host: Host, bytes: &[u8]) -> Result<Word, Error> {
    ask(host, SHA256, bytes, SHA256_GAS)?.ok_or(Error::SignatureCheckFailed)
}

/// Asks a precompile.
fn ask(host: Host, precompile: Address, input: &[u8], gas: u64) -> Result<Option<Word>, Error> {
    host.static_call(precompile, input, gas).map_err(|_| Error::SignatureCheckFailed)
}
