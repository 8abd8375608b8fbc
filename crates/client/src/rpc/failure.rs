//! What went wrong, read from revert data and from texts that have it in hex.

use alloy_primitives::hex;
use alloy_sol_types::{Revert, SolError, SolInterface};

use crate::entry_point_reason::explain_reason;
use crate::explain::{error_name, explain};
use crate::operation::abi::IEntryPoint;

/// What an EntryPoint's failure or a module's error is, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The name of the module's error, if it is one.
    pub error: Option<&'static str>,
    /// What it means, in one sentence.
    pub sentence: String,
}

/// Takes revert data apart: a module's error, also where an EntryPoint passes it on, an
/// EntryPoint's own reason, or a plain reason text.
pub fn failure(revert_data: &[u8]) -> Failure {
    failure_within(revert_data, DEPTH)
}

/// How many errors that carry others are opened: real ones are two deep.
const DEPTH: u8 = 8;

fn failure_within(revert_data: &[u8], depth: u8) -> Failure {
    if let Some(sentence) = explain(revert_data) {
        return Failure { error: error_name(revert_data), sentence };
    }
    match IEntryPoint::IEntryPointErrors::abi_decode(revert_data) {
        Ok(IEntryPoint::IEntryPointErrors::FailedOpWithRevert(error)) => {
            let reason = aa_sentence(&error.reason);
            let Some(depth) = depth.checked_sub(1) else {
                return Failure { error: None, sentence: reason };
            };
            let inner = failure_within(&error.inner, depth);
            if inner.error.is_some() {
                return inner;
            }
            return Failure { error: None, sentence: format!("{reason} ({})", inner.sentence) };
        }
        Ok(IEntryPoint::IEntryPointErrors::FailedOp(error)) => {
            return Failure { error: None, sentence: aa_sentence(&error.reason) };
        }
        Err(_) => {}
    }
    let sentence = match Revert::abi_decode(revert_data) {
        Ok(revert) => format!("the contract reverts: {}", revert.reason),
        Err(_) if revert_data.is_empty() => "the contract reverts and gives no reason".into(),
        Err(_) => format!("the contract reverts with {}", hex::encode_prefixed(revert_data)),
    };
    Failure { error: None, sentence }
}

/// Returns what revert data means, in one sentence.
pub(crate) fn sentence(revert_data: &[u8]) -> String {
    failure(revert_data).sentence
}

/// What an EntryPoint refuses with, in words.
fn aa_sentence(reason: &str) -> String {
    explain_reason(reason).unwrap_or_else(|| format!("the EntryPoint refuses: {reason}"))
}

/// Finds the module's error in texts: every piece of hex in them is looked at.
pub(super) fn failure_in(texts: [&str; 2]) -> Option<Failure> {
    let pieces = texts.into_iter().flat_map(|text| text.split(['x', 'X']).skip(1));
    pieces
        .filter_map(|piece| {
            let end = piece.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(piece.len());
            hex::decode(piece.get(..end)?).ok()
        })
        .map(|data| failure(&data))
        .find(|failure| failure.error.is_some())
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{B256, U256};
    use smart_session_core::abi::ISmartSession;

    use super::*;

    #[test]
    fn a_modules_error_is_found_within_an_entry_points() {
        let inner = ISmartSession::SessionRevokedForEver { sessionId: B256::ZERO }.abi_encode();
        let outer = IEntryPoint::FailedOpWithRevert {
            opIndex: U256::ZERO,
            reason: "AA23 reverted".into(),
            inner: inner.into(),
        };

        let failure = failure(&outer.abi_encode());

        assert_eq!(failure.error, Some("SessionRevokedForEver"));
        assert!(failure.sentence.ends_with("was revoked"), "{}", failure.sentence);
    }

    #[test]
    fn codes_and_reasons_become_sentences() {
        let failed = |reason: &str| {
            let error = IEntryPoint::FailedOp { opIndex: U256::ZERO, reason: reason.into() };
            sentence(&error.abi_encode())
        };

        assert_eq!(
            failed("AA25 invalid account nonce"),
            "the nonce is used already, or not the next one of its lane (AA25)"
        );
        assert_eq!(failed("AA77 odd"), "the EntryPoint refuses: AA77 odd");
        let revert = Revert::from("no").abi_encode();
        assert_eq!(sentence(&revert), "the contract reverts: no");
        assert_eq!(sentence(&[]), "the contract reverts and gives no reason");
        assert_eq!(sentence(&[1, 2]), "the contract reverts with 0x0102");
    }

    #[test]
    fn errors_that_carry_others_without_end_are_opened_to_a_bound() {
        let mut data = ISmartSession::RefusedMaxCalls {}.abi_encode();
        for depth in 0..200 {
            let outer = IEntryPoint::FailedOpWithRevert {
                opIndex: U256::ZERO,
                reason: "AA23 reverted".into(),
                inner: data.into(),
            };
            data = outer.abi_encode();
            assert_eq!(failure(&data).error.is_some(), depth < 8, "{depth}");
        }
    }
}
