//! Whether a session holds on a chain.

use alloy_primitives::U256;
use smart_session_core::session::Session;

use crate::refusal::{Refusal, RefusalCode};

/// Checks that a session holds on a chain.
///
/// # Errors
/// [`RefusalCode::ChainNotListed`].
pub fn check_chain_listed(session: &Session, chain_id: U256) -> Result<(), Refusal> {
    if session.chains.iter().any(|chain| chain.chain_id == chain_id) {
        return Ok(());
    }
    let listed: Vec<String> =
        session.chains.iter().map(|chain| chain.chain_id.to_string()).collect();
    Err(Refusal::new(
        RefusalCode::ChainNotListed,
        format!("the session does not hold on chain {chain_id}"),
        format!("act on chain {}, or ask the owner for a session for this one", listed.join(", ")),
    ))
}
