//! The policies of SmartSession.

use alloy_primitives::{Address, U256, address};
use alloy_sol_types::sol;
use alloy_sol_types::{SolType, SolValue, sol_data};
use serde_json::Value;

use super::call_grant::WordBound;
use super::draft::Draft;
use super::range::{Range, Relation, every, span};

sol! {
    struct ActionConfig { uint256 valueLimitPerUse; ParamRules paramRules; }
    struct ParamRules { uint256 length; ParamRule[16] rules; }
    struct ParamRule { uint8 condition; uint64 offset; bool isLimited; bytes32 reference; LimitUsage usage; }
    struct LimitUsage { uint256 limit; uint256 used; }
}

/// The policy contracts: module-sdk 0.4 ships two sets of addresses.
const CONTRACTS: [(Kind, [Address; 2]); 6] = [
    (
        Kind::Sudo,
        [
            address!("0000000000feec8d74e3143fbabbca515358d869"),
            address!("0000003111cd8e92337c100f22b7a9dbf8dee301"),
        ],
    ),
    (
        Kind::UniversalAction,
        [
            address!("0000000000714cf48fcf88a0bfba70d313415032"),
            address!("0000006dda6c463511c4e9b05cfc34c1247fcf1f"),
        ],
    ),
    (
        Kind::SpendingLimits,
        [
            address!("000000000033212e272655d8a22402db819477a6"),
            address!("00000088d48cf102a8cdb0137a9b173f957c6343"),
        ],
    ),
    (
        Kind::ValueLimit,
        [
            address!("000000000021dc45451291bcdfc9f0b46d6f0278"),
            address!("730da93267e7e513e932301b47f2ac7d062abc83"),
        ],
    ),
    (
        Kind::UsageLimit,
        [
            address!("00000000001d4479fa2a947026204d0283cede4b"),
            address!("1f34ef8311345a3a4a4566af321b313052f51493"),
        ],
    ),
    (
        Kind::TimeFrame,
        [
            address!("0000000000d30f611fa3bf652ac6879428586930"),
            address!("8177451511de0577b911c254e9551d981c26dc72"),
        ],
    ),
];

#[derive(Clone, Copy, Debug)]
enum Kind {
    Sudo,
    UniversalAction,
    SpendingLimits,
    ValueLimit,
    UsageLimit,
    TimeFrame,
}

/// A policy, and where it stands in the input.
#[derive(Debug)]
pub(super) struct Policy {
    pub(super) path: String,
    pub(super) terms: Terms,
}

/// What a policy demands.
#[derive(Debug)]
pub(super) enum Terms {
    Sudo,
    UniversalAction { value_limit: U256, words: Vec<WordBound> },
    SpendingLimits(Vec<(Address, U256)>),
    ValueLimit(U256),
    UsageLimit(U256),
    TimeFrame { valid_after: U256, valid_until: U256 },
}

/// Reads policies; what cannot be read is refused. All of them must agree.
pub(super) fn read_policies(
    draft: &mut Draft<'_>,
    path: &str,
    policies: Option<&Value>,
) -> Vec<Policy> {
    let mut seen: Vec<Address> = Vec::new();
    let mut read = Vec::new();
    for (i, entry) in draft.findings.list(path, policies).iter().enumerate() {
        let path = format!("{path}[{i}]");
        let policy = draft.findings.address(&format!("{path}.policy"), entry.get("policy"));
        let data = draft.findings.bytes(&format!("{path}.initData"), entry.get("initData"));
        let (Some(policy), Some(data)) = (policy, data) else { continue };
        if seen.contains(&policy) {
            draft.findings.refuse(
                &path,
                "the same policy contract twice: the second data overwrite the first",
                "keep the one that is meant",
            );
        }
        seen.push(policy);
        let known = CONTRACTS.iter().find(|(_, addresses)| addresses.contains(&policy));
        let Some((kind, _)) = known else {
            draft.findings.refuse(
                &path,
                format!("what the policy {policy} checks is not known"),
                "say it by argument rules, budgets and the window",
            );
            continue;
        };
        if let Some(terms) = read_terms(draft, &path, *kind, &data) {
            read.push(Policy { path, terms });
        }
    }
    read
}

fn read_terms(draft: &mut Draft<'_>, path: &str, kind: Kind, data: &[u8]) -> Option<Terms> {
    type Limits = (sol_data::Array<sol_data::Address>, sol_data::Array<sol_data::Uint<256>>);
    let shape = match kind {
        Kind::Sudo => return Some(Terms::Sudo),
        Kind::UniversalAction => {
            let config = <ActionConfig as SolValue>::abi_decode(data).ok();
            if let Some(config) = config.filter(|it| it.paramRules.length <= U256::from(16)) {
                return Some(read_universal_action(draft, path, &config));
            }
            "an action with its rules"
        }
        Kind::SpendingLimits => {
            if let Ok((tokens, limits)) = Limits::abi_decode_params(data)
                && tokens.len() == limits.len()
            {
                return Some(Terms::SpendingLimits(tokens.into_iter().zip(limits).collect()));
            }
            "as many limits as tokens"
        }
        Kind::ValueLimit => {
            if data.len() == 32 {
                return Some(Terms::ValueLimit(number(data)));
            }
            "a limit of 32 bytes"
        }
        Kind::UsageLimit => {
            if data.len() == 16 {
                return Some(Terms::UsageLimit(number(data)));
            }
            "a limit of 16 bytes"
        }
        Kind::TimeFrame => {
            if let Some((until, after)) = data.split_first_chunk::<6>()
                && after.len() == 6
            {
                let (valid_until, valid_after) = (number(until), number(after));
                return Some(Terms::TimeFrame { valid_after, valid_until });
            }
            "two times of 6 bytes each"
        }
    };
    let meaning = format!("the data of the policy are not {shape}");
    draft.findings.refuse(format!("{path}.initData"), meaning, "make them anew");
    None
}

/// Reads a big-endian number of at most 32 bytes.
pub(super) fn number(bytes: &[u8]) -> U256 {
    U256::try_from_be_slice(bytes).unwrap_or(U256::MAX)
}

fn read_universal_action(draft: &mut Draft<'_>, path: &str, config: &ActionConfig) -> Terms {
    let ActionConfig { valueLimitPerUse, paramRules } = config;
    if paramRules.length.is_zero() {
        draft.findings.refuse(
            path,
            "a universal action without rules refuses every call: the contract takes it for unset",
            "drop it and limit the value otherwise, or give it a rule",
        );
    }
    let mut words = Vec::new();
    for (i, rule) in paramRules.rules.iter().take(paramRules.length.saturating_to()).enumerate() {
        let path = format!("{path}.rules[{i}]");
        if rule.isLimited {
            draft.findings.refuse(
                &path,
                format!(
                    "a total of {} over the argument at byte {}",
                    rule.usage.limit, rule.offset
                ),
                "if it is the amount of an ERC-20, use a spending limit (a budget); else bound \
                 each call",
            );
        }
        let Some(index) = word_at(draft, &path, rule.offset) else { continue };
        let ranges = ranges_of(rule.condition, rule.reference.into());
        if ranges.is_none() {
            let meaning = format!("the condition {}, which is unknown", rule.condition);
            draft.findings.refuse(&path, meaning, "use 0 to 6");
        }
        words.push(WordBound { index, ranges: ranges.unwrap_or_else(every) });
    }
    Terms::UniversalAction { value_limit: *valueLimitPerUse, words }
}

/// Returns the word that an offset into the arguments stands for.
pub(super) fn word_at(draft: &mut Draft<'_>, path: &str, offset: u64) -> Option<u8> {
    let index = u8::try_from(offset >> 5).ok().filter(|_| offset.is_multiple_of(32));
    if index.is_none() {
        draft.findings.refuse(
            path,
            format!("a rule about byte {offset} of the arguments"),
            "rules here are about whole words: a multiple of 32, at most 8160",
        );
    }
    index
}

fn ranges_of(condition: u8, reference: U256) -> Option<Vec<Range>> {
    // A range: two halves of 128 bits.
    if condition == 6 {
        let low = reference & U256::from(u128::MAX);
        return Some(span(reference.wrapping_shr(128), low));
    }
    Relation::numbered(condition).map(|relation| relation.ranges(reference))
}

/// Narrows the window to a time frame. A zero stands for no bound.
pub(super) fn apply_time_frame(draft: &mut Draft<'_>, path: &str, terms: &Terms, is_whole: bool) {
    let Terms::TimeFrame { valid_after, valid_until } = *terms else { return };
    if valid_after.is_zero() && valid_until.is_zero() {
        return refuse_unset(draft, path);
    }
    draft.begin_at(valid_after);
    let mut words = format!("from {valid_after} on");
    if !valid_until.is_zero() {
        draft.end_with(valid_until);
        words = format!("from {valid_after} until {valid_until}");
    }
    if is_whole {
        draft.findings.same(path, words.clone(), words);
    } else {
        draft.findings.narrower(path, words.clone(), format!("{words}, for the whole session"));
    }
}

/// A policy that is told zero takes itself for unset, and refuses everything.
pub(super) fn refuse_unset(draft: &mut Draft<'_>, path: &str) {
    draft.findings.refuse(
        path,
        "a limit of zero: the policy takes it for unset and refuses everything",
        "drop what it is for, or say the limit that is meant",
    );
}
