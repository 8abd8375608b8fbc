//! One function, any arguments, no value.

use alloy_primitives::Address;

use crate::refusal::Refusal;
use crate::session::builder::{PermissionBuilder, SessionBuilder};

/// Calls of one function, with any arguments and without value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutomationKeeper {
    /// The contract.
    pub target: Address,
    /// The function, as in `harvest(uint256)`.
    pub function: String,
    /// The total number of calls; uncounted if left out.
    pub calls: Option<u32>,
}

impl AutomationKeeper {
    /// Fills a session in.
    ///
    /// # Errors
    /// [`RefusalCode::MalformedFunction`](crate::RefusalCode::MalformedFunction).
    pub fn fill(&self, frame: SessionBuilder) -> Result<SessionBuilder, Refusal> {
        let frame = match self.calls {
            Some(calls) => frame.most_calls(calls),
            None => frame.uncounted_calls(),
        };
        Ok(frame.permit(PermissionBuilder::function(self.target, &self.function)?))
    }
}
