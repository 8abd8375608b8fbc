//! Several payees, one budget.

use alloy_primitives::{Address, U256};

use super::{TRANSFER, total};
use crate::refusal::Refusal;
use crate::session::builder::{PermissionBuilder, SessionBuilder};

/// Transfers of an ERC-20 to several payees, from one budget: the sum of the salaries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payroll {
    /// An ERC-20.
    pub token: Address,
    /// Who is paid; at most 64.
    pub payees: Vec<Payee>,
    /// Seconds, at least 60; the first period begins when the session does.
    pub period: u32,
}

/// One who is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payee {
    /// Who gets the tokens.
    pub payee: Address,
    /// The most in one payment, in the token's smallest unit.
    pub salary: U256,
}

impl Payroll {
    /// Fills a session in.
    ///
    /// # Errors
    /// [`Refusal`] for a total that no budget can say.
    pub fn fill(&self, frame: SessionBuilder) -> Result<SessionBuilder, Refusal> {
        let mut frame = frame.uncounted_calls();
        for Payee { payee, salary } in &self.payees {
            let transfer = PermissionBuilder::function(self.token, TRANSFER)?;
            frame =
                frame.permit(transfer.argument_is_address(0, *payee).argument_at_most(1, *salary));
        }
        let mut salaries = self.payees.iter().map(|it| it.salary);
        let sum = salaries.try_fold(U256::ZERO, U256::checked_add);
        Ok(frame.budget_per_period(self.token, total("salaries", sum)?, self.period))
    }
}
