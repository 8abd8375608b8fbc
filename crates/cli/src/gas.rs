//! What enabling and using a session costs, here and in SmartSession v1.
//!
//! Our figures are those of the gas snapshot, for a cached program. SmartSession's were measured on a
//! Nitro dev node with the cheapest session signer (docs/migrating.md). All are whole transactions on
//! Nexus with EntryPoint 0.7, of a session with one permission and with ten; between and beyond, a
//! straight line.

use serde_json::{Value, json};
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::session::Session;

const SNAPSHOT: &str = include_str!("../../../tests/snapshots/gas.json");

const ENABLE_ONE: &str = "enable + first use: 1 permission";
const ENABLE_TEN: &str = "enable + first use: 10 permissions";
const USE_TOKEN: &str = "use: ERC-20 transfer, recipient rule and budget";
const USE_BUDGET: &str = "use: one native budget";
const USE_COUNTED: &str = "use: counters for calls and fees";

/// SmartSession's enabling with the first use: one action, ten actions.
const THEIR_ENABLE: (u64, u64) = (641_957, 1_969_782);
/// SmartSession's use: one call, and a transfer of an ERC-20 with a total.
const THEIR_USE: (u64, u64) = (153_782, 176_715);

/// Gas of whole transactions: ours and theirs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Costs {
    enable: (u64, u64),
    usage: (u64, u64),
}

/// Returns what a session costs; nothing if the snapshot lacks a row.
pub(crate) fn compare(session: &Session) -> Option<Costs> {
    let count = u64::try_from(session.permissions.len()).ok()?.max(1);
    let ours = (row(ENABLE_ONE)?, row(ENABLE_TEN)?);
    let has_token = session.budgets.iter().any(|budget| budget.token != NATIVE);
    let (used, theirs) = match (has_token, session.budgets.is_empty()) {
        (true, _) => (USE_TOKEN, THEIR_USE.1),
        (false, false) => (USE_BUDGET, THEIR_USE.0),
        (false, true) => (USE_COUNTED, THEIR_USE.0),
    };
    let enable = (line(ours, count)?, line(THEIR_ENABLE, count)?);
    Some(Costs { enable, usage: (row(used)?, theirs) })
}

/// A figure for a number of permissions, from those for one and for ten.
fn line((one, ten): (u64, u64), count: u64) -> Option<u64> {
    let further = ten.checked_sub(one)?.checked_mul(count.checked_sub(1)?)?;
    one.checked_add(further.checked_div(9)?)
}

fn row(name: &str) -> Option<u64> {
    let snapshot: Value = serde_json::from_str(SNAPSHOT).ok()?;
    let (_, module) = snapshot.as_object()?.iter().next()?;
    let rows = module.get("rows")?.as_array()?;
    let is_wanted = |row: &&Value| row["row"] == name && row["cached"] == true;
    rows.iter().find(is_wanted)?.get("tx_gas")?.as_u64()
}

impl Costs {
    /// Returns the costs in words.
    pub(crate) fn say(&self) -> String {
        let Self { enable, usage } = self;
        format!(
            "gas, here and in SmartSession v1: enable and first use about {} and {}, \
             use about {} and {}",
            enable.0, enable.1, usage.0, usage.1
        )
    }

    /// Returns the costs for programs.
    pub(crate) fn document(&self) -> Value {
        let both = |(ours, theirs): (u64, u64)| json!({ "here": ours, "smartSession": theirs });
        json!({ "enableAndFirstUse": both(self.enable), "use": both(self.usage) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_snapshot_has_the_rows() {
        for name in [ENABLE_ONE, ENABLE_TEN, USE_TOKEN, USE_BUDGET, USE_COUNTED] {
            assert!(row(name).is_some_and(|gas| gas > 21_000), "{name}");
        }
    }

    #[test]
    fn a_figure_lies_on_the_line_through_those_for_one_and_ten() {
        assert_eq!(line((100, 190), 1), Some(100));
        assert_eq!(line((100, 190), 10), Some(190));
        assert_eq!(line((100, 190), 4), Some(130));
        assert_eq!(line(THEIR_ENABLE, 10), Some(1_969_782));
    }
}
