//! Sessions as readable JSON, with units.
//!
//! ```
//! use smart_session_client::file;
//!
//! let text = r#"{
//!   "module": "0x5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e",
//!   "account": "0x00000000000000000000000000000000000a11ce",
//!   "chains": [{ "chain": 42161, "epoch": 0 }],
//!   "delegate": "0x000000000000000000000000000000000000f00d",
//!   "from": "2026-01-01T00:00:00Z",
//!   "expiry": "2026-01-01T02:00:00Z",
//!   "maxCalls": 100,
//!   "feeLimit": "0.01 ETH",
//!   "permissions": [{
//!     "target": "0x0000000000000000000000000000000000009a3e",
//!     "call": "move(uint8)",
//!     "value": "0.01 ETH",
//!     "rules": [{ "argument": 0, "min": 1, "max": 10 }]
//!   }]
//! }"#;
//!
//! let grant = file::read(text)?;
//!
//! assert_eq!(grant.session.max_calls, 100);
//! assert_eq!(file::read(&file::write(&grant))?, grant);
//! # Ok::<(), file::FileError>(())
//! ```
//!
//! | field | written as |
//! |---|---|
//! | times | RFC 3339 in any offset, or unix seconds, before the year 2100; a fraction of a second is cut off |
//! | ether | `0.01 ETH`, `5 gwei`, `7 wei` |
//! | token amounts | with `decimals`: `12.5`; without: the smallest unit |
//! | periods | `90s`, `2h`, `1d 12h`, `4w` |
//! | what is not counted | `uncounted` |
//! | numbers, `chain`, `salt` | decimal or hex |
//! | `epoch` | decimal or hex, as text: it is a hash of 64 bits, which many JSON readers round |
//! | bounds of `rules` | a value of the argument's type where `call` names the function (`-5`, `true`, `"0x12345678"` for a `bytes4`), otherwise a whole number |
//! | `call` | `move(uint8)`, a selector, `plain transfer`, or `any` |
//! | `paymaster` | `none` (or left out), `any`, or an address |
//!
//! Nothing that bounds a session has a default. Unknown fields are refused.

mod amount;
mod call;
mod document;
mod party;
mod rule;
pub(in crate::session) mod scalar;

use crate::refusal::Refusal;
use crate::session::grant::Grant;
use crate::session::names::Names;

use document::Document;

/// Why a text is no session file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is no such JSON; the place is part of the sentence.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// What it says is no session.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Reads a session file.
///
/// # Errors
/// [`FileError`], with line and column where a field cannot be read.
pub fn read(text: &str) -> Result<Grant, FileError> {
    Ok(read_with_names(text)?.0)
}

/// Reads a session file, and what it says beyond the session.
///
/// # Errors
/// [`FileError`], with line and column where a field cannot be read.
pub fn read_with_names(text: &str) -> Result<(Grant, Names), FileError> {
    let document = parse(text)?;
    let names = document.names();
    Ok((document.into_grant()?, names))
}

/// A byte-order mark before the text, as some editors write it, does not matter.
fn parse(text: &str) -> Result<Document, serde_json::Error> {
    serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Writes a session file. Names of functions are not kept in a session: they come out as
/// selectors.
pub fn write(grant: &Grant) -> String {
    to_text(&Document::of(grant))
}

/// Writes a session file with names of functions and decimals of tokens.
pub fn write_with_names(grant: &Grant, names: &Names) -> String {
    to_text(&Document::of(grant).with_names(&grant.session, names))
}

/// Writes what was read from a session file again, with the names and units of its text and
/// what the grant has now.
///
/// # Errors
/// [`FileError`] if the text is no session file.
pub fn rewrite(text: &str, grant: &Grant) -> Result<String, FileError> {
    let document = parse(text)?;
    Ok(to_text(&Document::of(grant).with_names_of(&document)))
}

fn to_text(document: &Document) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
