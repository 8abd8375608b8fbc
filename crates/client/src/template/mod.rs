//! What sessions are commonly for: a few terms, and everything else follows.
//!
//! Each template fills in what a session grants; account, delegate, chains, window and gas are
//! the [`SessionBuilder`](crate::SessionBuilder)'s own. `docs/recipes.md` tells for each what it
//! grants and what it does not stop. The TypeScript package has the same templates: both give what
//! `tests/vectors/templates.json` says.
//!
//! ```
//! use alloy_primitives::{U256, address};
//! use smart_session_client::{SessionBuilder, template::AutomationKeeper};
//!
//! let alice = address!("00000000000000000000000000000000000a11ce");
//! let keeper = address!("000000000000000000000000000000000000f00d");
//! let frame = SessionBuilder::new(alice, keeper)
//!     .on_chain(42_161, 0)
//!     .from(1_767_225_600)
//!     .lasting(30 * 86_400)
//!     .most_fees(U256::from(10_000_000_000_000_000_u64));
//!
//! let session = AutomationKeeper {
//!     target: address!("0000000000000000000000000000000000009a3e"),
//!     function: "harvest(uint256)".into(),
//!     calls: Some(24),
//! }
//! .fill(frame)?
//! .build()?;
//!
//! assert_eq!(session.max_calls, 24);
//! # Ok::<(), smart_session_client::Refusal>(())
//! ```

mod automation_keeper;
mod batch_mint;
mod game_moves;
mod payroll;
mod second_device;
mod sign_in_and_permits;
mod subscription;
mod trading_bot;

pub use automation_keeper::AutomationKeeper;
pub use batch_mint::BatchMint;
pub use game_moves::GameMoves;
pub use payroll::{Payee, Payroll};
pub use second_device::{DailyNative, DailyToken, SecondDevice};
pub use sign_in_and_permits::{
    MessageType, Permit, Permit2Transfer, SignInAndPermits, domain_separator,
};
pub use subscription::Subscription;
pub use trading_bot::TradingBot;

use alloy_primitives::U256;

use crate::refusal::{Refusal, RefusalCode};

/// Transfers of an ERC-20.
const TRANSFER: &str = "transfer(address,uint256)";

/// Returns a total that a budget can say.
fn total(what: &str, amount: Option<U256>) -> Result<u128, Refusal> {
    amount.and_then(|amount| u128::try_from(amount).ok()).ok_or_else(|| {
        Refusal::new(
            RefusalCode::NumberTooWide,
            format!("the total of {what} is 2^128 or more"),
            "ask for less",
        )
    })
}
