//! Moves in a game.

use alloy_primitives::{Address, U256};

use super::total;
use crate::refusal::Refusal;
use crate::session::builder::{PermissionBuilder, SessionBuilder};

/// Moves in a game: some functions of one contract, with any arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GameMoves {
    /// The game.
    pub game: Address,
    /// The functions that are moves, as in `move(uint8)`.
    pub functions: Vec<String>,
    /// The total number of moves.
    pub moves: u32,
    /// The most wei with one move.
    pub stake: U256,
    /// The most wei in total; as many stakes as moves if left out.
    pub stakes: Option<U256>,
}

impl GameMoves {
    /// Fills a session in.
    ///
    /// # Errors
    /// [`Refusal`] for what is no function, and for a total that no budget can say.
    pub fn fill(&self, frame: SessionBuilder) -> Result<SessionBuilder, Refusal> {
        let mut frame = frame.most_calls(self.moves);
        for function in &self.functions {
            let permission = PermissionBuilder::function(self.game, function)?;
            frame = frame.permit(permission.with_value(self.stake));
        }
        let all = || self.stake.checked_mul(U256::from(self.moves));
        let stakes = total("stakes", self.stakes.or_else(all))?;
        Ok(if stakes == 0 { frame } else { frame.native_budget(stakes) })
    }
}
