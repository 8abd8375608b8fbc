//! A second device of the owner, best a passkey.

use alloy_primitives::{Address, U256};
use smart_session_core::policy::budget::NATIVE;

use super::TRANSFER;
use crate::refusal::Refusal;
use crate::session::builder::{PermissionBuilder, SessionBuilder};

/// Seconds.
const DAY: u32 = 86_400;

/// Amounts for each day, and no approvals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondDevice {
    /// Native value, and to whom. No session sends it to just anybody.
    pub native: Option<DailyNative>,
    /// ERC-20s that may be transferred to anybody.
    pub tokens: Vec<DailyToken>,
}

/// Native value for each day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyNative {
    /// The most wei in a day.
    pub daily: u128,
    /// Who may receive it.
    pub receivers: Vec<Address>,
}

/// A token for each day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyToken {
    /// An ERC-20.
    pub token: Address,
    /// The most in a day, in its smallest unit.
    pub daily: u128,
}

impl SecondDevice {
    /// Fills a session in.
    ///
    /// # Errors
    /// None: its functions are well formed.
    pub fn fill(&self, frame: SessionBuilder) -> Result<SessionBuilder, Refusal> {
        let mut frame = frame.uncounted_calls();
        if let Some(DailyNative { daily, receivers }) = &self.native {
            for receiver in receivers {
                let transfer = PermissionBuilder::plain_transfer(*receiver);
                frame = frame.permit(transfer.with_value(U256::from(*daily)));
            }
            frame = frame.budget_per_period(NATIVE, *daily, DAY);
        }
        for DailyToken { token, daily } in &self.tokens {
            frame = frame
                .permit(PermissionBuilder::function(*token, TRANSFER)?)
                .budget_per_period(*token, *daily, DAY);
        }
        Ok(frame)
    }
}
