//! Which permission covers which call.

use alloy_primitives::{U256, hex};
use smart_session_core::policy::selector::covers;
use smart_session_core::session::{Permission, Session};

use crate::account::call::Call;
use crate::refusal::{Refusal, RefusalCode};
use crate::unit::ether;

/// Finds, for each call, the first permission that covers it.
///
/// Totals (calls, fees, budgets) are not looked at: only the chain knows what is spent.
///
/// # Errors
/// [`RefusalCode::NotPermitted`] if a call has none, saying why not.
pub fn cover_calls(session: &Session, calls: &[Call]) -> Result<Vec<u8>, Refusal> {
    calls.iter().enumerate().map(|(i, call)| cover(session, i, call)).collect()
}

fn cover(session: &Session, execution: usize, call: &Call) -> Result<u8, Refusal> {
    let mut reasons = Vec::new();
    for (index, permission) in (0_u8..).zip(&session.permissions) {
        match why_not_covered(permission, call) {
            None => return Ok(index),
            Some(miss) if miss.rank > 0 => {
                reasons.push(format!("permission {index} {}", miss.reason));
            }
            Some(_) => {}
        }
    }
    let why = if reasons.is_empty() {
        format!("none is for {}", call.target)
    } else {
        reasons.join("; ")
    };
    Err(Refusal::new(
        RefusalCode::NotPermitted,
        format!("no permission covers execution {execution}: {why}"),
        "change the call, or ask the owner for a session that permits it",
    ))
}

/// Returns, for each call, the permission that covers it, or the one that comes nearest: the
/// module then says which of its rules is broken. `None` if the session permits nothing.
pub fn nearest_permissions(session: &Session, calls: &[Call]) -> Option<Vec<u8>> {
    let nearest = |call: &Call| {
        (0_u8..)
            .zip(&session.permissions)
            .max_by_key(|(index, permission)| {
                let rank = why_not_covered(permission, call).map_or(u8::MAX, |miss| miss.rank);
                (rank, u8::MAX.saturating_sub(*index))
            })
            .map(|(index, _)| index)
    };
    calls.iter().map(nearest).collect()
}

/// How a permission fails to cover a call.
struct Miss {
    /// How far it came: 0 another target, 1 another function, 2 too much value, 3 an argument.
    rank: u8,
    reason: String,
}

/// Says why a permission does not cover a call, `None` if it does.
fn why_not_covered(permission: &Permission, call: &Call) -> Option<Miss> {
    let miss = |rank, reason| Some(Miss { rank, reason });
    if permission.target != call.target {
        return miss(0, format!("is for {}", permission.target));
    }
    if !covers(permission.selector, &call.data) {
        return miss(
            1,
            format!(
                "is for function 0x{}, not 0x{}",
                hex::encode(permission.selector),
                hex::encode(call.data.get(..4).unwrap_or(&call.data))
            ),
        );
    }
    if call.value > permission.value_limit {
        let (allowed, got) = (ether(permission.value_limit), ether(call.value));
        return miss(2, format!("allows {allowed} ETH, not {got}"));
    }
    for rule in &permission.rules {
        let index = rule.index;
        let Some(word) = call.argument(index) else {
            return miss(3, format!("bounds argument word {index}, which is past the end"));
        };
        if word < rule.min || word > rule.max {
            return miss(3, format!("does not allow {word} as argument word {index}"));
        }
    }
    None
}

impl Call {
    /// Returns the argument word at 4 + 32 · index.
    fn argument(&self, index: u8) -> Option<U256> {
        let at = usize::from(index).checked_mul(32)?.checked_add(4)?;
        let word = self.data.get(at..)?.first_chunk::<32>()?;
        Some(U256::from_be_bytes(*word))
    }
}
