//! What a session of SmartSession may call.

use alloy_primitives::{Address, U256, address};
use alloy_sol_types::SolCall;
use serde_json::Value;
use smart_session_core::abi::IERC20;
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::policy::selector::PLAIN_TRANSFER;

use super::call_grant::{CallGrant, WordBound};
use super::draft::{BudgetGrant, Draft};
use super::range::say_word;
use super::smart_session_policy::{Policy, Terms, apply_time_frame, read_policies, refuse_unset};

/// The target that stands for every other one.
const ANY_TARGET: Address = address!("0000000000000000000000000000000000000001");
/// The selector that stands for calls without calldata.
const NO_CALLDATA: [u8; 4] = [0xff; 4];
/// SmartSession itself, which its sessions may not call: module-sdk's address, and that of 1.0.
const SMART_SESSION: [Address; 2] = [
    address!("00000000008bdaba73cd9815d79069c247eb4bda"),
    address!("00000000002b0ecfbd0496ee71e01257da0e37de"),
];
/// The functions that a spending limit knows.
const SPENDING: [[u8; 4]; 3] = [
    IERC20::transferCall::SELECTOR,
    IERC20::transferFromCall::SELECTOR,
    IERC20::approveCall::SELECTOR,
];

/// A limit that a source keeps for one action, and where it stands.
type Kept = (String, U256);

/// An action whose policies are read: what one call may be, and what is counted over calls.
#[derive(Debug)]
struct Action {
    path: String,
    target: Address,
    selector: [u8; 4],
    value_limit: U256,
    words: Vec<WordBound>,
    uses: Option<Kept>,
    value: Option<Kept>,
    tokens: Option<Kept>,
}

/// Reads the actions. All policies of an action must agree, so they narrow one grant.
pub(super) fn read(draft: &mut Draft<'_>, actions: Option<&Value>) {
    let list = draft.findings.list("actions", actions);
    let mut read: Vec<Action> = Vec::new();
    for (i, source) in list.iter().enumerate() {
        let path = format!("actions[{i}]");
        let Some(action) = read_action(draft, path, source, list.len() == 1) else { continue };
        let is_twin =
            |other: &Action| other.target == action.target && other.selector == action.selector;
        if read.iter().any(is_twin) {
            draft.findings.refuse(
                &action.path,
                "a second action for one function: its policies come to the first one’s, or \
                 overwrite them",
                "say all policies of the function in one action",
            );
        }
        read.push(action);
    }
    keep_uses(draft, &read);
    keep_value(draft, &read);
    keep_tokens(draft, &read);
    for Action { path, target, selector, value_limit, words, .. } in read {
        draft.grants.push(CallGrant { path, target, selector, value_limit, words });
    }
}

fn read_action(
    draft: &mut Draft<'_>,
    path: String,
    source: &Value,
    is_only: bool,
) -> Option<Action> {
    let target =
        draft.findings.address(&format!("{path}.actionTarget"), source.get("actionTarget"));
    let selector = draft
        .findings
        .array::<4>(&format!("{path}.actionTargetSelector"), source.get("actionTargetSelector"));
    let place = format!("{path}.actionPolicies");
    let policies = read_policies(draft, &place, source.get("actionPolicies"));
    if source.get("actionPolicies").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        let meaning = "an action without policies permits nothing";
        draft.findings.refuse(place, meaning, "drop it, or say sudo");
    }
    let (target, selector) = (target?, selector?);
    if !is_callable(draft, &path, target, selector) {
        return None;
    }
    let is_transfer = selector == NO_CALLDATA;
    let selector = if is_transfer { PLAIN_TRANSFER } else { selector };
    let mut action = Action {
        path,
        target,
        selector,
        value_limit: U256::MAX,
        words: Vec::new(),
        uses: None,
        value: None,
        tokens: None,
    };
    for policy in policies {
        apply(draft, &mut action, policy, is_only);
    }
    if is_transfer && !action.words.is_empty() {
        let meaning = "rules about the arguments of a call without any";
        draft.findings.refuse(&action.path, meaning, "drop the action");
    }
    Some(action)
}

fn is_callable(draft: &mut Draft<'_>, path: &str, target: Address, selector: [u8; 4]) -> bool {
    if target == ANY_TARGET {
        draft.findings.refuse(
            format!("{path}.actionTarget"),
            "every target that has no action of its own (the fallback action)",
            "name each target and function: no session permits \"any target\"",
        );
        return false;
    }
    if SMART_SESSION.contains(&target) {
        let meaning = "SmartSession itself, which refuses that";
        draft.findings.refuse(format!("{path}.actionTarget"), meaning, "drop it");
        return false;
    }
    if selector == PLAIN_TRANSFER {
        draft.findings.refuse(
            format!("{path}.actionTargetSelector"),
            "calldata that begins with four zero bytes; zero stands for no calldata here",
            "for a transfer without calldata, SmartSession’s selector is 0xffffffff",
        );
        return false;
    }
    true
}

fn apply(draft: &mut Draft<'_>, action: &mut Action, policy: Policy, is_only: bool) {
    let Policy { path, terms } = policy;
    match terms {
        Terms::Sudo => {}
        Terms::UniversalAction { value_limit, words } => {
            action.words.extend(words);
            action.value_limit = action.value_limit.min(value_limit);
        }
        Terms::TimeFrame { .. } => apply_time_frame(draft, &path, &terms, is_only),
        Terms::UsageLimit(U256::ZERO) | Terms::ValueLimit(U256::ZERO) => refuse_unset(draft, &path),
        Terms::UsageLimit(limit) => action.uses = Some((path, limit)),
        Terms::ValueLimit(limit) => {
            action.value = Some((path, limit));
            action.value_limit = action.value_limit.min(limit);
        }
        Terms::SpendingLimits(limits) => {
            // A token named twice has the last limit.
            let own = limits.iter().rev().find(|(token, _)| *token == action.target);
            let limit = own.map(|(_, limit)| *limit).filter(|limit| !limit.is_zero());
            let Some(limit) = limit.filter(|_| SPENDING.contains(&action.selector)) else {
                return draft.findings.refuse(
                    path,
                    "a spending limit that is not for this function of this token: every call fails",
                    "drop the action, or name the token and transfer, transferFrom or approve",
                );
            };
            action.tokens = Some((path, limit));
            action.value_limit = U256::ZERO;
        }
    }
}

/// Uses are counted for each action there, and for the whole session here.
fn keep_uses(draft: &mut Draft<'_>, actions: &[Action]) {
    let counted: Vec<&Kept> = actions.iter().filter_map(|action| action.uses.as_ref()).collect();
    for (path, limit) in &counted {
        if counted.len() < actions.len() {
            draft.findings.refuse(
                path,
                format!("{limit} uses of this action, while others are not counted"),
                format!("grant this action in a session of its own, with maxCalls {limit}"),
            );
            continue;
        }
        draft.count_calls(*limit);
        let words = format!("{limit} uses");
        if counted.len() == 1 {
            draft.findings.same(path, words, format!("{limit} calls"));
        } else {
            let together = format!("{limit} calls of all actions together");
            draft.findings.narrower(path, words, together);
        }
    }
}

/// Native value is totalled for each action there, and for the whole session here.
fn keep_value(draft: &mut Draft<'_>, actions: &[Action]) {
    let sending = actions.iter().filter(|action| !action.value_limit.is_zero());
    let kept: Vec<&Kept> = sending.clone().filter_map(|action| action.value.as_ref()).collect();
    let count = sending.count();
    for (path, limit) in &kept {
        let words = format!("{} wei in total", say_word(*limit));
        if kept.len() < count {
            draft.findings.refuse(
                path,
                format!("{words} for this action, while others send value without a total"),
                "grant this action in a session of its own, with a budget for native value",
            );
            continue;
        }
        let (path, amount) = (path.clone(), *limit);
        if kept.len() == 1 {
            draft.findings.same(&path, words, "a budget of that");
        } else {
            draft.findings.narrower(&path, words, "one budget for all actions together");
        }
        draft.budgets.push(BudgetGrant { path, token: NATIVE, amount, every: None });
    }
}

/// Tokens are totalled for each action there, and for the whole session here.
fn keep_tokens(draft: &mut Draft<'_>, actions: &[Action]) {
    for Action { target, tokens, .. } in actions {
        let Some((path, amount)) = tokens.clone() else { continue };
        let words = format!("{} of the token in total", say_word(amount));
        if actions.iter().filter(|other| other.target == *target).count() == 1 {
            draft.findings.same(&path, words, "a budget of that");
        } else {
            let together = "one budget for all functions of the token together";
            draft.findings.narrower(&path, words, together);
        }
        draft.budgets.push(BudgetGrant { path, token: *target, amount, every: None });
    }
}
