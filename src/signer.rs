//! Whose signature it is: the owner's by asking the account, the delegate's by its key.

use alloy_primitives::B256;
use alloy_sol_types::SolCall;
use smart_session_core::Refused;
use smart_session_core::abi::{IAccount, ISmartSession as Abi};
use smart_session_core::eip712;
use smart_session_core::packed::{DelegateSignature, PackedSession};
use smart_session_core::place::Place;
use smart_session_core::refusal::refuse;
use smart_session_core::word::{self, Word};

use crate::host::{Host, memory};

/// Recovers the signer of a secp256k1 signature, for 3,000 gas.
const ECRECOVER: u64 = 1;
/// Hashes with SHA-256, for 60 gas and 12 for each word: given one for each byte, it has ample.
const SHA256: u64 = 2;
/// Verifies a P-256 signature (EIP-7951), for 6,900 gas.
const P256_VERIFY: u64 = 0x100;

/// Gas for a precompile that costs up to some 3,000: the rest is for what nobody expects.
const PRECOMPILE_GAS: u64 = 10_000;
/// Gas for the one that costs more.
const P256_VERIFY_GAS: u64 = 30_000;

/// The answer that means "valid" (ERC-1271).
pub(crate) const MAGIC: [u8; 4] = [0x16, 0x26, 0xba, 0x7e];

/// Gas for the owner's ERC-1271 outside validation: all that is left.
pub(crate) const ALL_GAS: u64 = u64::MAX;

/// Returns whether the account's own ERC-1271 accepts a signature of a struct in the module's
/// domain, so that every owner counts that the account knows.
///
/// # Errors
/// `OwnerCheckFailed` if the call fails: too little gas must not look like a bad signature.
#[inline(never)]
pub(crate) fn owner_signed<'h>(
    host: impl Host<'h>,
    place: &Place,
    struct_hash: &B256,
    signature: &[u8],
    gas: u64,
) -> Result<bool, Refused> {
    let digest = eip712::module_digest(host, &place.module, struct_hash);
    let call = memory::concat(
        host,
        &[
            &IAccount::isValidSignatureCall::SELECTOR,
            &digest.0,
            &word::from_u64(0x40),
            &word::from_usize(signature.len()),
            signature,
            memory::padding(host, signature),
        ],
    );
    match host.static_call(&place.account, call, gas) {
        Ok(answer) => Ok(answer.is_some_and(|word| word::equal(&word, &word::from_bytes4(MAGIC)))),
        Err(_) => Err(refuse::<Abi::OwnerCheckFailed>(host)),
    }
}

/// Checks an owner's signature where nothing goes on without it.
///
/// # Errors
/// `NotOwnersSignature`, and as [`owner_signed`].
#[inline]
pub(crate) fn check_owner<'h>(
    host: impl Host<'h>,
    place: &Place,
    struct_hash: &B256,
    signature: &[u8],
) -> Result<(), Refused> {
    if owner_signed(host, place, struct_hash, signature, ALL_GAS)? {
        return Ok(());
    }
    Err(refuse::<Abi::NotOwnersSignature>(host))
}

/// Returns whether the session's delegate signed a struct in the module's domain.
///
/// A signature of any content costs the same, so that estimates with a dummy hold.
///
/// # Errors
/// `SignatureCheckFailed` if a precompile fails, for want of gas.
#[inline(never)]
pub(crate) fn delegate_signed<'h>(
    host: impl Host<'h>,
    module: &Word,
    session: &PackedSession<'_>,
    struct_hash: &B256,
    signature: &DelegateSignature<'_>,
) -> Result<bool, Refused> {
    let digest = eip712::module_digest(host, module, struct_hash);
    let signer = match signature {
        DelegateSignature::Secp256k1 { r_s, v } => {
            let input = memory::concat(host, &[&digest.0, &word::from_u64((*v).into()), *r_s]);
            ask(host, ECRECOVER, input, PRECOMPILE_GAS)?
        }
        DelegateSignature::P256 { r_s_x_y } => {
            let hash = sha256(host, &digest.0)?;
            p256_signer(host, &hash, r_s_x_y)?
        }
        DelegateSignature::WebAuthn { authenticator_data, client_data, r_s_x_y } => {
            let client_hash = sha256(host, client_data)?;
            let hash = sha256(host, memory::concat(host, &[authenticator_data, &client_hash]))?;
            p256_signer(host, &hash, r_s_x_y)?
        }
    };
    // Nothing is skipped where something else has failed already: a dummy signature costs what a
    // real one does.
    let is_sound = signature.is_sound(&digest.0);
    let is_delegate = word::equal(&signer.unwrap_or_default(), session.delegate());
    Ok(is_sound & is_delegate & signer.is_some())
}

/// Returns the word of the address that stands for a P-256 key, if its signature holds.
#[inline]
fn p256_signer<'h>(
    host: impl Host<'h>,
    hash: &Word,
    r_s_x_y: &[u8; 128],
) -> Result<Option<Word>, Refused> {
    let answer = ask(host, P256_VERIFY, memory::concat(host, &[hash, r_s_x_y]), P256_VERIFY_GAS)?;
    let mut signer = host.keccak256(r_s_x_y.get(64..).unwrap_or_default()).0;
    let [_, _, _, _, _, _, _, _, _, _, _, _, address @ ..] = signer;
    word::put_right(&mut signer, &[0; 32]);
    word::put_right(&mut signer, &address);
    Ok(answer.filter(|answer| word::to_u64(answer) == Some(1)).map(|_| signer))
}

#[inline]
fn sha256<'h>(host: impl Host<'h>, bytes: &[u8]) -> Result<Word, Refused> {
    let gas = u64::try_from(bytes.len()).map_or(u64::MAX, |len| len.saturating_add(PRECOMPILE_GAS));
    ask(host, SHA256, bytes, gas)?.ok_or_else(|| failed(host))
}

#[inline(never)]
fn ask<'h>(
    host: impl Host<'h>,
    precompile: u64,
    input: &[u8],
    gas: u64,
) -> Result<Option<Word>, Refused> {
    host.static_call(&word::from_u64(precompile), input, gas).map_err(|_| failed(host))
}

#[inline(never)]
fn failed<'h>(host: impl Host<'h>) -> Refused {
    refuse::<Abi::SignatureCheckFailed>(host)
}
