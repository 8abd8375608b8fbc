//! Wallet requests and responses of ERC-7715, and the contexts of ERC-7710 in them.
//!
//! A request becomes a session by the [import](crate::import), which has one meaning for each of
//! its terms; [`read_request`] finds it in what an app sends. A response grants a session:
//!
//! | response | session |
//! |---|---|
//! | `context` | account ‖ mode ‖ packed session, and the owner's signature where it has one |
//! | `delegationManager` | the module: its `redeemDelegations` takes the context (ERC-7710) |
//! | `chainId`, `from`, `to` | the chain, the account, the delegate |
//! | rule `expiry` | the second after the last one of the window |
//!
//! Redeeming takes a delegate with a secp256k1 key, since it calls the module itself, and the
//! module installed as an executor.

mod adjustment;
mod context;
mod granted;
mod parties;
mod request;
mod response;

pub use request::read_request;

use crate::refusal::{Refusal, RefusalCode};

/// `transfer(address,uint256)` of ERC-20.
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];

fn no_equal(reason: impl Into<String>, remedy: impl Into<String>) -> Refusal {
    Refusal::new(RefusalCode::NoEqual, reason, remedy)
}
