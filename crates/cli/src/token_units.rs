//! In which unit amounts of tokens are told: the tokens' own word, where a node is asked.

use alloy_primitives::Address;
use smart_session_client::{Grant, Names, Node, token_decimals};
use smart_session_core::policy::budget::NATIVE;

use crate::failure::Failure;

/// The decimals that a file says for a token, where the token does not say the same: an amount would
/// be read as another one.
#[derive(Debug)]
pub(crate) struct Doubt {
    token: Address,
    by_file: u8,
    by_token: Option<u8>,
}

impl Doubt {
    /// Refuses decimals that the token contradicts.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self.by_token {
            Some(_) => Err(Failure::new(
                self.say(),
                "correct decimals and amount, and read again what is granted",
            )),
            None => Ok(()),
        }
    }

    pub(crate) fn say(&self) -> String {
        let Self { token, by_file, by_token } = self;
        match by_token {
            Some(decimals) => {
                format!("token {token} has {decimals} decimals, the session says {by_file}")
            }
            None => format!(
                "token {token} does not tell its decimals here: that it has {by_file} is what the \
                 session says"
            ),
        }
    }
}

/// Asks the tokens of the budgets for their decimals.
pub(crate) async fn by_tokens(
    grant: &Grant,
    names: Names,
    node: &Node,
) -> Result<(Names, Vec<Doubt>), Failure> {
    let (mut decimals, mut doubts) = (Vec::new(), Vec::new());
    for (i, budget) in grant.session.budgets.iter().enumerate() {
        let token = budget.token;
        let by_file = names.decimals(i);
        if token == NATIVE {
            decimals.push(by_file);
            continue;
        }
        let by_token = token_decimals(node, token).await?;
        decimals.push(by_token.or(by_file));
        if let Some(by_file) = by_file.filter(|_| by_token != by_file) {
            doubts.push(Doubt { token, by_file, by_token });
        }
    }
    Ok((names.with_decimals(decimals), doubts))
}
