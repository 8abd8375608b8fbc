//! One token sold for another, the proceeds to the account alone.

use alloy_primitives::{Address, U256};

use crate::refusal::Refusal;
use crate::session::builder::{PermissionBuilder, SessionBuilder};

const APPROVE: &str = "approve(address,uint256)";
/// As Uniswap's `SwapRouter02` has it.
const SWAP: &str = "exactInputSingle((address,address,uint24,address,uint256,uint256,uint160))";

/// Swaps of one token for another.
///
/// The total bounds what is approved to the router; an allowance from before is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradingBot {
    /// A router with `exactInputSingle` as Uniswap's `SwapRouter02` has it.
    pub router: Address,
    /// What is sold, an ERC-20.
    pub token_in: Address,
    /// What is bought, an ERC-20.
    pub token_out: Address,
    /// The pool's fee, in hundredths of a basis point; any pool if left out.
    pub fee: Option<u32>,
    /// The most that one swap sells.
    pub largest: U256,
    /// The least that one swap buys. With zero, trades at any price are permitted.
    pub least_out: U256,
    /// The most that is approved to the router, and so sold, in each period.
    pub amount: u128,
    /// Seconds; 0 for the whole session.
    pub period: u32,
}

impl TradingBot {
    /// Fills a session in.
    ///
    /// # Errors
    /// None: its functions are well formed.
    pub fn fill(&self, frame: SessionBuilder) -> Result<SessionBuilder, Refusal> {
        let approve = PermissionBuilder::function(self.token_in, APPROVE)?
            .argument_is_address(0, self.router)
            .argument_at_most(1, self.largest);
        let mut swap = PermissionBuilder::function(self.router, SWAP)?
            .argument_is_address(0, self.token_in)
            .argument_is_address(1, self.token_out);
        if let Some(fee) = self.fee {
            swap = swap.argument_is(2, U256::from(fee));
        }
        let swap = swap
            .argument_is_address(3, frame.account())
            .argument_at_most(4, self.largest)
            .argument_at_least(5, self.least_out);
        Ok(frame.uncounted_calls().permit(approve).permit(swap).budget_per_period(
            self.token_in,
            self.amount,
            self.period,
        ))
    }
}
