//! Requests that are granted as they are, or not at all.

use alloy_primitives::{Address, U256};
use smart_session_core::session::Session;

use crate::import::Asked;
use crate::refusal::{Refusal, RefusalCode};

/// An amount that a session grants, and the seconds of its period; 0 for one total.
pub(super) struct Amount {
    pub(super) amount: u128,
    pub(super) period: U256,
}

/// Checks that a session grants exactly what a request asks for, if that allows no adjustment: the
/// amount, the period, the start, the end, and who may be paid.
///
/// # Errors
/// [`RefusalCode::NotPermitted`] for the first that differs, with what was asked and what is granted.
pub(super) fn check_unadjusted(
    session: &Session,
    granted: Option<Amount>,
    payees: Option<Vec<Address>>,
    asked: &Asked,
) -> Result<(), Refusal> {
    if asked.is_adjustment_allowed {
        return Ok(());
    }
    if let (Some(asked), Some(granted)) = (&asked.total, granted) {
        compare(&asked.path, &asked.amount, &granted.amount)?;
        compare("permission.data.periodDuration", &asked.period, &granted.period)?;
    }
    if let Some(first) = asked.first {
        let granted = U256::from(session.window.valid_after().seconds());
        compare("permission.data.startTime", &first, &granted)?;
    }
    let say = |last: U256| last.saturating_add(U256::ONE).to_string();
    let ends = asked.last.map_or_else(|| "none".into(), say);
    compare("rules (expiry)", &ends, &say(U256::from(session.window.valid_until().seconds())))?;
    compare("rules (payee)", &say_payees(asked.payees.clone()), &say_payees(payees))
}

/// In an order that does not depend on how they were listed.
fn say_payees(payees: Option<Vec<Address>>) -> String {
    let Some(mut payees) = payees else { return "none".into() };
    payees.sort();
    payees.dedup();
    let names: Vec<String> = payees.iter().map(ToString::to_string).collect();
    names.join(", ")
}

fn compare(place: &str, asked: &impl ToString, granted: &impl ToString) -> Result<(), Refusal> {
    let (asked, granted) = (asked.to_string(), granted.to_string());
    if asked == granted {
        return Ok(());
    }
    Err(other(&format!("{granted} as {place}"), &format!("{asked} without adjustment")))
}

/// Refuses a session of another permission than a request asks for.
pub(super) fn other(granted: &str, asked: &str) -> Refusal {
    Refusal::new(
        RefusalCode::NotPermitted,
        format!("the session grants {granted}, and {asked} is asked for"),
        "grant a session of the request (session request read)",
    )
}
