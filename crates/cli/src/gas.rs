//! What enabling and using a session costs, here and in the systems that sessions come from.
//!
//! All figures are whole transactions on Nexus with EntryPoint 0.7, one call, the program cached.
//! Ours are those of the gas snapshot. SmartSession's were measured on a Nitro dev node with the
//! cheapest session signer. Of Kernel's permissions and MetaMask's delegations nothing was measured
//! under these conditions, so nothing is said.
//!
//! What was measured is said as it is. Everything else follows from it (docs/migrating.md):
//! permissions lie on the line through one and ten; a budget that has a word of its own costs what
//! the EVM takes to write it.

use serde_json::{Value, json};
use smart_session_client::import::SourceSystem;
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::session::{Budget, Session};

const SNAPSHOT: &str = include_str!("../gas.json");

/// The version of `ArbOS` that public Arbitrum chains run.
const ARBOS: u64 = 61;

const ENABLE_ONE: &str = "enable + first use: 1 permission";
const ENABLE_TEN: &str = "enable + first use: 10 permissions";
const USE_TOKEN: &str = "use: ERC-20 transfer, recipient rule and budget";
const USE_BUDGET: &str = "use: one native budget";
const USE_COUNTED: &str = "use: counters for calls and fees";
const USE_TEN: &str = "use: 10 permissions, 1 disclosed";

/// SmartSession's enabling with the first use: one action, ten actions.
const THEIR_ENABLE: (u64, u64) = (641_957, 1_969_782);
/// SmartSession's use: one call, and a transfer of an ERC-20 with a total.
const THEIR_USE: (u64, u64) = (153_782, 176_715);

/// Gas for the first write of a word: SSTORE of a cold slot that is zero (EIP-2929, EIP-2200).
const FIRST_WRITE: u64 = 22_100;
/// Gas for a later one: SSTORE of a cold slot that is not zero.
const LATER_WRITE: u64 = 5_000;

/// A figure, and whether it was measured as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Figure {
    gas: u64,
    is_measured: bool,
}

/// Gas of whole transactions: ours and theirs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Costs {
    source: SourceSystem,
    enable: Pair,
    usage: Pair,
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    here: Figure,
    smart_session: Figure,
}

/// Returns what a session costs; nothing if the snapshot lacks a row.
pub(crate) fn compare(session: &Session, source: SourceSystem) -> Option<Costs> {
    let count = u64::try_from(session.permissions.len()).ok()?.max(1);
    let (words, has_token) = budget_words(&session.budgets);
    let plain = session.signing.is_empty() && session.chains.len() == 1;

    let enable = line((row(ENABLE_ONE)?, row(ENABLE_TEN)?), count)?;
    let enable = enable.checked_add(words.checked_mul(FIRST_WRITE)?)?;
    let here_enable = Figure {
        gas: enable,
        is_measured: plain && session.budgets.is_empty() && [1, 10].contains(&count),
    };

    let (used, counted_words, theirs) = match (has_token, session.budgets.as_slice()) {
        (true, _) => (USE_TOKEN, 1, THEIR_USE.1),
        (false, []) => (USE_COUNTED, 0, THEIR_USE.0),
        (false, _) => (USE_BUDGET, 0, THEIR_USE.0),
    };
    let further = words.saturating_sub(counted_words);
    let hidden = line((row(USE_COUNTED)?, row(USE_TEN)?), count)?.checked_sub(row(USE_COUNTED)?)?;
    let gas = row(used)?.checked_add(further.checked_mul(LATER_WRITE)?)?.checked_add(hidden)?;
    let is_row = count == 1 || (count == 10 && session.budgets.is_empty());
    let here_use = Figure { gas, is_measured: plain && is_row && further == 0 };

    let their_enable = Figure {
        gas: line(THEIR_ENABLE, count)?,
        is_measured: source == SourceSystem::SmartSession && [1, 10].contains(&count),
    };
    let their_use =
        Figure { gas: theirs, is_measured: source == SourceSystem::SmartSession && count == 1 };
    Some(Costs {
        source,
        enable: Pair { here: here_enable, smart_session: their_enable },
        usage: Pair { here: here_use, smart_session: their_use },
    })
}

/// Returns how many words budgets take at the most that one call touches, and whether there is one
/// for a token. A native budget for the whole session has its place in the session's own word.
fn budget_words(budgets: &[Budget]) -> (u64, bool) {
    let words = |of: &Budget| {
        let same = budgets.iter().filter(|it| it.token == of.token);
        same.filter(|it| it.token != NATIVE || it.period > 0)
            .fold(0_u64, |n, _| n.saturating_add(1))
    };
    let has_token = budgets.iter().any(|budget| budget.token != NATIVE);
    (budgets.iter().map(words).max().unwrap_or(0), has_token)
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
    let is_wanted =
        |row: &&Value| row["row"] == name && row["arbos"] == ARBOS && row["cached"] == true;
    rows.iter().find(is_wanted)?.get("tx_gas")?.as_u64()
}

impl Figure {
    fn say(self) -> String {
        if self.is_measured {
            format!("{} (measured)", self.gas)
        } else {
            format!("about {} (follows from measured ones)", self.gas)
        }
    }

    fn document(self) -> Value {
        json!({ "gas": self.gas, "measured": self.is_measured })
    }
}

impl Costs {
    /// The source system, where nothing of it was measured.
    fn unknown(&self) -> Option<&'static str> {
        match self.source {
            SourceSystem::SmartSession => None,
            SourceSystem::KernelPermission | SourceSystem::Delegation => Some(self.source.name()),
            // It is a way of asking, and costs what the wallet's own system costs.
            SourceSystem::PermissionRequest => Some("the wallet's own system"),
        }
    }

    /// Returns the costs in words, a line for each.
    pub(crate) fn say(&self) -> String {
        let pair = |what: &str, pair: Pair| {
            let (here, theirs) = (pair.here.say(), pair.smart_session.say());
            format!("gas to {what}: here {here}, in SmartSession v1 {theirs}")
        };
        let mut lines = vec![pair("enable and use first", self.enable), pair("use", self.usage)];
        lines.extend(self.unknown().map(|system| format!("gas in {system}: not known")));
        lines.join("\n")
    }

    /// Returns the costs for programs. What is not known is null.
    pub(crate) fn document(&self) -> Value {
        let all = |pair: Pair| {
            let (here, theirs) = (pair.here.document(), pair.smart_session.document());
            match self.unknown() {
                None => json!({ "here": here, "smartSession": theirs }),
                Some(_) => json!({ "here": here, "smartSession": theirs, "source": null }),
            }
        };
        json!({ "enableAndFirstUse": all(self.enable), "use": all(self.usage) })
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, U256};
    use smart_session_client::{PermissionBuilder, SessionBuilder};

    use super::*;

    const TOKEN: Address = Address::repeat_byte(0x70);

    fn session(permissions: u8) -> SessionBuilder {
        let frame = SessionBuilder::new(Address::repeat_byte(1), Address::repeat_byte(2));
        let frame = frame.on_chain(1, 0).from(1).until(2).most_calls(1).most_fees(U256::from(1));
        (0..permissions).fold(frame, |session, byte| {
            session.permit(PermissionBuilder::selector(Address::repeat_byte(byte), [1; 4]))
        })
    }

    fn costs(session: SessionBuilder, source: SourceSystem) -> Costs {
        compare(&session.build().unwrap(), source).unwrap()
    }

    #[test]
    fn the_snapshot_has_the_rows() {
        for name in [ENABLE_ONE, ENABLE_TEN, USE_TOKEN, USE_BUDGET, USE_COUNTED, USE_TEN] {
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

    #[test]
    fn what_was_measured_is_said_as_it_is_and_what_was_not_is_told() {
        let one = costs(session(1), SourceSystem::SmartSession);
        let ten = costs(session(10), SourceSystem::SmartSession);
        let four = costs(session(4), SourceSystem::SmartSession);

        let measured = |name| Figure { gas: row(name).unwrap(), is_measured: true };
        assert_eq!(one.enable.here, measured(ENABLE_ONE));
        assert_eq!(one.usage.here, measured(USE_COUNTED));
        assert_eq!(ten.enable.here, measured(ENABLE_TEN));
        assert_eq!(ten.usage.here, measured(USE_TEN));
        assert_eq!(one.enable.smart_session, Figure { gas: 641_957, is_measured: true });
        assert!(!four.enable.here.is_measured && !four.usage.here.is_measured);
        assert!(four.say().contains("follows from measured ones"), "{}", four.say());
        assert!(one.say().contains("641957 (measured)"), "{}", one.say());
    }

    #[test]
    fn a_budgets_word_is_written_for_the_first_time_when_it_is_enabled() {
        let plain = costs(session(1), SourceSystem::Delegation);
        let native = costs(session(1).native_budget(5), SourceSystem::Delegation);
        let token = costs(session(1).budget(TOKEN, 5), SourceSystem::Delegation);
        let both = costs(
            session(1).budget(TOKEN, 5).budget_per_period(TOKEN, 1, 60),
            SourceSystem::Delegation,
        );

        let more = |costs: Costs| costs.enable.here.gas - plain.enable.here.gas;
        assert_eq!([more(native), more(token), more(both)], [0, 22_100, 44_200]);
        assert_eq!(both.usage.here.gas - token.usage.here.gas, 5_000);
        assert!(token.usage.here.is_measured && !both.usage.here.is_measured);
    }

    #[test]
    fn what_nobody_measured_is_not_known() {
        let told = costs(session(1), SourceSystem::KernelPermission);

        assert!(told.say().ends_with("gas in Kernel permissions: not known"), "{}", told.say());
        assert_eq!(told.document()["use"]["source"], Value::Null);
        assert!(told.document()["use"].as_object().unwrap().contains_key("source"));
        assert!(!told.enable.smart_session.is_measured, "SmartSession has no such session");
    }
}
