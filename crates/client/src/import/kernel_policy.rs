//! The policies of Kernel permissions.

use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolType, SolValue, sol, sol_data};
use smart_session_core::policy::selector::{ANY, PLAIN_TRANSFER};

use super::call_grant::{CallGrant, WordBound};
use super::draft::{Draft, Payer};
use super::kernel_entry::Entry;
use super::range::{Range, Relation, every, one_of, say_word};
use super::smart_session_policy::{number, word_at};

sol! {
    struct KernelCall { bytes1 callType; address target; bytes4 selector; uint256 valueLimit; KernelRule[] rules; }
    struct KernelRule { uint8 condition; uint64 offset; bytes32[] params; }
}

/// A list of values.
const ONE_OF: u8 = 6;
/// A part of a string or of bytes, by its hash.
const SLICE_EQUAL: u8 = 7;

/// Reads the permissions of a call policy 0.0.4 or 0.0.5.
pub(super) fn read_calls(draft: &mut Draft<'_>, Entry { path, data, .. }: &Entry) {
    type Calls = (sol_data::Array<KernelCall>,);
    let Ok((calls,)) = Calls::abi_decode_params(data) else {
        let meaning = "no list of permissions as 0.0.4 and 0.0.5 have it";
        return draft.findings.refuse(path, meaning, "make it anew");
    };
    for (i, call) in calls.iter().enumerate() {
        let place = format!("{path}.permissions[{i}]");
        let is_twin = |other: &&KernelCall| {
            (other.callType, other.target, other.selector)
                == (call.callType, call.target, call.selector)
        };
        if calls.iter().take(i).any(|other| is_twin(&other)) {
            draft.findings.refuse(
                &place,
                "a second permission for one function: the policy takes only one",
                "say both in one permission, or grant two sessions",
            );
        }
        if !is_callable(draft, &place, call) {
            continue;
        }
        let mut words = Vec::new();
        for (j, rule) in call.rules.iter().enumerate() {
            words.extend(read_rule(draft, &format!("{place}.rules[{j}]"), rule));
        }
        draft.grants.push(CallGrant {
            path: place,
            target: call.target,
            selector: call.selector.0,
            value_limit: call.valueLimit,
            words,
        });
    }
}

fn is_callable(draft: &mut Draft<'_>, path: &str, call: &KernelCall) -> bool {
    let findings = &mut draft.findings;
    let before = findings.refusals.len();
    // A plain call; batches are checked as plain calls, one by one.
    if call.callType.0 != [0] {
        let meaning = match call.callType.0 {
            [0xff] => "a delegatecall".into(),
            [other] => format!("call type {other:#04x}, which no call is checked as"),
        };
        let remedy = "grant plain calls (0x00): no session delegates the account’s code";
        findings.refuse(format!("{path}.callType"), meaning, remedy);
    }
    if call.target == Address::ZERO {
        findings.refuse(
            format!("{path}.target"),
            "every target that has no permission of its own for this function",
            "name each target: no session permits \"any target\"",
        );
    }
    if call.selector.0 == ANY {
        findings.refuse(
            format!("{path}.selector"),
            "the function 0xffffffff, a selector that stands for any call here",
            "name another function",
        );
    }
    if call.selector.0 == PLAIN_TRANSFER {
        if call.rules.is_empty() {
            let source = "no calldata, or calldata that begins with four zero bytes";
            findings.narrower(path, source, "no calldata");
        } else {
            let meaning = "rules about arguments without a function";
            findings.refuse(path, meaning, "name the function");
        }
    }
    findings.refusals.len() == before
}

fn read_rule(draft: &mut Draft<'_>, path: &str, rule: &KernelRule) -> Option<WordBound> {
    if rule.condition == SLICE_EQUAL {
        draft.findings.refuse(
            path,
            "a part of a string or of bytes must hash to a value",
            "bound whole words instead, or grant a function that takes no such argument",
        );
        return None;
    }
    let index = word_at(draft, path, rule.offset)?;
    let values: Vec<U256> = rule.params.iter().map(|&value| value.into()).collect();
    let ranges = ranges_of(rule.condition, &values);
    if ranges.is_none() {
        draft.findings.refuse(
            path,
            format!(
                "condition {} with {} values, which the policy does not take",
                rule.condition,
                values.len()
            ),
            "use conditions 0 to 5 with one value, or 6 with a list",
        );
    }
    Some(WordBound { index, ranges: ranges.unwrap_or_else(every) })
}

fn ranges_of(condition: u8, values: &[U256]) -> Option<Vec<Range>> {
    if condition == ONE_OF {
        return Some(one_of(values.iter().copied()));
    }
    let relation = Relation::numbered(condition)?;
    let [value] = values else { return None };
    Some(relation.ranges(*value))
}

/// Reads a gas policy: a total for gas, and who must pay for it.
pub(super) fn read_gas(draft: &mut Draft<'_>, Entry { path, data, .. }: &Entry) {
    let Ok((allowed, is_enforced, paymaster)) = <(u128, bool, Address)>::abi_decode_params(data)
    else {
        return refuse_data(draft, path);
    };
    let allowed = U256::from(allowed);
    draft.limit_fees(allowed);
    draft.findings.narrower(
        path,
        format!("gas for {} wei, the paymaster's part not counted", say_word(allowed)),
        "a fee limit of at most that, all parts counted",
    );
    if is_enforced {
        draft.payer_path.clone_from(path);
        draft.payer =
            if paymaster == Address::ZERO { Payer::Required } else { Payer::One(paymaster) };
    }
}

/// Reads a timestamp policy. A zero stands for no bound.
pub(super) fn read_timestamp(draft: &mut Draft<'_>, Entry { path, data, .. }: &Entry) {
    let Ok((valid_after, valid_until)) = <(U256, U256)>::abi_decode_params(data) else {
        return refuse_data(draft, path);
    };
    if valid_after.bit_len() > 48 || valid_until.bit_len() > 48 {
        return refuse_data(draft, path);
    }
    draft.begin_at(valid_after);
    let mut words = format!("from {valid_after} on");
    if !valid_until.is_zero() {
        draft.end_with(valid_until);
        words = format!("from {valid_after} until {valid_until}");
    }
    draft.findings.same(path, words.clone(), words);
}

/// Reads a rate limit: so many operations, each an interval after the one before.
pub(super) fn read_rate_limit(draft: &mut Draft<'_>, Entry { path, data, .. }: &Entry) {
    let Ok(bytes) = <[u8; 18]>::try_from(data.as_ref()) else { return refuse_data(draft, path) };
    let [interval, count, start] = sixths(&bytes);
    if !interval.is_zero() && count > U256::ONE {
        return refuse_pace(draft, path, count, interval);
    }
    draft.begin_at(start);
    draft.count_calls(count);
    draft.findings.narrower(
        path,
        format!("{count} operations from {start} on"),
        format!("{count} calls: a batch counts each of its calls"),
    );
}

/// Reads a rate limit that begins anew after each interval.
pub(super) fn read_rate_limit_with_reset(draft: &mut Draft<'_>, Entry { path, data, .. }: &Entry) {
    let Ok(bytes) = <[u8; 12]>::try_from(data.as_ref()) else { return refuse_data(draft, path) };
    let [interval, count] = sixths(&bytes);
    refuse_pace(draft, path, count, interval);
}

/// Reads numbers of six bytes each.
fn sixths<const N: usize>(bytes: &[u8]) -> [U256; N] {
    let mut numbers = [U256::ZERO; N];
    for (slot, chunk) in numbers.iter_mut().zip(bytes.chunks(6)) {
        *slot = number(chunk);
    }
    numbers
}

fn refuse_pace(draft: &mut Draft<'_>, path: &str, count: U256, interval: U256) {
    draft.findings.refuse(
        path,
        format!(
            "{count} operations at a pace, one interval being {interval} seconds: calls have no \
             pace here"
        ),
        "limit what moves in each period by a budget, or grant a session for each interval with \
         maxCalls",
    );
}

fn refuse_data(draft: &mut Draft<'_>, path: &str) {
    let meaning = "the data of the policy have another shape";
    draft.findings.refuse(path, meaning, "make the policy anew");
}
