//! Wallet requests (ERC-7715) as sessions, and sessions as granted responses.
//!
//! | request | session |
//! |---|---|
//! | `erc20-token-allowance` | `transfer` of the token, a budget for it |
//! | `erc20-token-periodic` | the same, the budget in periods from the start on |
//! | `native-token-allowance`, `-periodic` | plain transfers to named receivers, a budget |
//! | rule `expiry` | the end of the window; a request without it is refused |
//! | rule `payee` | an argument rule for the receiver of tokens, a permission for each receiver |
//! | streams, ERC-721, any other rule or term | no equal: refused |
//!
//! Numbers are read as JSON numbers, decimal or hex text alike. Epoch and salt of the session come
//! from the wallet, never from a request.
//!
//! A response's `context` is the [text](crate::text) of the grant, as bytes. Nothing redeems it
//! by ERC-7710: `delegationManager` is zero, and the delegate acts as a session's delegate does.

mod fields;
mod request;
mod response;

pub use request::{PermissionRequest, WalletTerms};

use crate::refusal::{Refusal, RefusalCode};

/// `transfer(address,uint256)` of ERC-20.
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];

fn no_equal(reason: impl Into<String>, remedy: impl Into<String>) -> Refusal {
    Refusal::new(RefusalCode::NoEqual, reason, remedy)
}
