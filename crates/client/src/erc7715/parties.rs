//! Who a request or a response is of and for.

use alloy_primitives::Address;
use serde_json::Value;
use smart_session_core::session::Session;

use crate::json_value::{read_whole, tell};
use crate::refusal::{Refusal, RefusalCode};
use crate::session::address::parse_address;
use crate::session::chain_listed::check_chain_listed;

/// Checks that a session is for the chain, the account (if one is named) and the delegate of a
/// request or a response.
///
/// # Errors
/// [`Refusal`] for the first that is not the session's, or cannot be read.
pub(super) fn check_parties(session: &Session, document: &Value) -> Result<(), Refusal> {
    let chain_id = document.get("chainId").and_then(read_whole).ok_or_else(|| {
        Refusal::new(
            RefusalCode::NumberTooWide,
            format!("chainId is {}, not a number of 256 bits", told(document, "chainId")),
            "give it in hex or decimal",
        )
    })?;
    check_chain_listed(session, chain_id)?;
    let is_named = document.get("from").is_some_and(|from| !from.is_null());
    if is_named && read_address(document, "from")? != session.account {
        return Err(Refusal::new(
            RefusalCode::WrongAccount,
            format!("the session is for {}, {} is named", session.account, told(document, "from")),
            "grant a session of that account, or take the response as the wallet gave it",
        ));
    }
    if read_address(document, "to")? != session.delegate {
        return Err(Refusal::new(
            RefusalCode::WrongKey,
            format!(
                "the session's delegate is {}, {} is named",
                session.delegate,
                told(document, "to")
            ),
            "grant a session to who asks, or take the response as the wallet gave it",
        ));
    }
    Ok(())
}

/// Reads the address in a field.
///
/// # Errors
/// [`RefusalCode::MalformedAddress`] if it is none.
pub(super) fn read_address(document: &Value, field: &str) -> Result<Address, Refusal> {
    let text = document.get(field).and_then(Value::as_str);
    text.and_then(|text| parse_address(text).ok()).ok_or_else(|| {
        Refusal::new(
            RefusalCode::MalformedAddress,
            format!("{field} is {}, not an address", told(document, field)),
            "give 20 bytes in hex, in one case or with the right checksum",
        )
    })
}

fn told(document: &Value, field: &str) -> String {
    tell(document.get(field))
}
