//! One price in each period, to one payee.

use alloy_primitives::{Address, U256};

use super::TRANSFER;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::builder::{PermissionBuilder, SessionBuilder};

/// One transfer of an ERC-20 in each period.
///
/// It ends after so many periods, so it sets the end of the session. A period that passes unpaid
/// is lost to the payee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// An ERC-20.
    pub token: Address,
    /// Who is paid.
    pub payee: Address,
    /// What is paid in each period, in the token's smallest unit.
    pub price: u128,
    /// Seconds, at least 60; the first period begins when the session does.
    pub period: u32,
    /// How many periods are paid for.
    pub payments: u32,
}

impl Subscription {
    /// Fills a session in.
    ///
    /// # Errors
    /// [`RefusalCode::RefusedWindow`] if there is nothing to pay for.
    pub fn fill(&self, frame: SessionBuilder) -> Result<SessionBuilder, Refusal> {
        let Self { token, payee, price, period, payments } = *self;
        let lasting = u64::from(period).saturating_mul(payments.into());
        if lasting == 0 {
            return Err(Refusal::new(
                RefusalCode::RefusedWindow,
                format!("{payments} payments, one each {period} seconds, are no time at all"),
                "give at least one payment, and a period of at least 60 seconds",
            ));
        }
        let transfer = PermissionBuilder::function(token, TRANSFER)?
            .argument_is_address(0, payee)
            .argument_is(1, U256::from(price));
        Ok(frame
            .lasting(lasting)
            .most_calls(payments)
            .permit(transfer)
            .budget_per_period(token, price, period))
    }
}
