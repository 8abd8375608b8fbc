//! NFTs for one receiver, so many times.

use alloy_primitives::{Address, U256};

use super::total;
use crate::refusal::Refusal;
use crate::session::builder::{PermissionBuilder, SessionBuilder};

/// What mints unless another function is named.
const MINT: &str = "mint(address,uint256)";

/// Calls that mint NFTs for one receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchMint {
    /// The contract of the NFTs.
    pub collection: Address,
    /// A function whose first argument is the receiver; `mint(address,uint256)` if left out.
    pub function: Option<String>,
    /// Who gets what is minted; the account if left out.
    pub receiver: Option<Address>,
    /// The number of calls.
    pub calls: u32,
    /// The most that one call mints, where the second argument says how many.
    pub each: Option<U256>,
    /// The most wei with one call.
    pub price: U256,
}

impl BatchMint {
    /// Fills a session in.
    ///
    /// # Errors
    /// [`Refusal`] for what is no function, and for a total that no budget can say.
    pub fn fill(&self, frame: SessionBuilder) -> Result<SessionBuilder, Refusal> {
        let function = self.function.as_deref().unwrap_or(MINT);
        let receiver = self.receiver.unwrap_or_else(|| frame.account());
        let mut mint = PermissionBuilder::function(self.collection, function)?
            .with_value(self.price)
            .argument_is_address(0, receiver);
        if let Some(each) = self.each {
            mint = mint.argument_at_most(1, each);
        }
        let frame = frame.most_calls(self.calls).permit(mint);
        if self.price.is_zero() {
            return Ok(frame);
        }
        let prices = total("prices", self.price.checked_mul(U256::from(self.calls)))?;
        Ok(frame.native_budget(prices))
    }
}
