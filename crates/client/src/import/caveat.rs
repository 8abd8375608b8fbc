//! The caveats that a session can say.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use smart_session_core::abi::IERC20;
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::policy::selector::PLAIN_TRANSFER;

use super::delegation_calls::{Calls, is_reserved};
use super::draft::{BudgetGrant, Draft, Every};
use super::enforcer::Enforcer;
use super::range::say_word;
use super::smart_session_policy::number;

/// Where a caveat stands, and what its enforcer is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) path: &'a str,
    pub(super) terms: &'a [u8],
    pub(super) delegate: Address,
}

/// Narrows a draft and its calls to what a caveat allows.
pub(super) fn read(draft: &mut Draft<'_>, calls: &mut Calls, enforcer: Enforcer, told: Told<'_>) {
    if read_terms(draft, calls, enforcer, told).is_none() {
        let meaning = format!("{} bytes, not what {enforcer:?} takes", told.terms.len());
        draft.findings.refuse(format!("{}.terms", told.path), meaning, "make it anew");
    }
}

/// Answers nothing if the terms have another shape.
fn read_terms(
    draft: &mut Draft<'_>,
    calls: &mut Calls,
    enforcer: Enforcer,
    Told { path, terms, delegate }: Told<'_>,
) -> Option<()> {
    match enforcer {
        Enforcer::AllowedTargets => {
            let targets: Vec<Address> = split::<20>(terms)?.map(Address::from).collect();
            calls.allow_targets(&targets);
        }
        Enforcer::AllowedMethods => {
            let selectors: Vec<[u8; 4]> = split::<4>(terms)?.collect();
            calls.allow_selectors(&selectors);
            refuse_reserved(draft, path, &selectors);
        }
        Enforcer::AllowedCalldata => {
            let (start, bytes) = terms.split_first_chunk::<32>().filter(|it| !it.1.is_empty())?;
            read_calldata(draft, calls, path, U256::from_be_bytes(*start), bytes);
        }
        Enforcer::ExactCalldata if terms.is_empty() => calls.allow_selectors(&[PLAIN_TRANSFER]),
        Enforcer::ExactCalldata => draft.findings.refuse(
            path,
            "one exact calldata: a session bounds words, not the length",
            "use allowedCalldata if bytes behind it do no harm, or let the account make the call",
        ),
        Enforcer::ValueLte => calls.limit_value(word(terms)?),
        Enforcer::NativeTokenTransferAmount => limit_native(draft, calls, path, word(terms)?, None),
        Enforcer::NativeTokenPeriodTransfer => {
            let (amount, every) = period(terms)?;
            limit_native(draft, calls, path, amount, Some(every));
        }
        Enforcer::Erc20TransferAmount => {
            let (token, rest) = terms.split_first_chunk::<20>()?;
            limit_token(draft, calls, path, Address::from(*token), word(rest)?, None);
        }
        Enforcer::Erc20PeriodTransfer => {
            let (token, rest) = terms.split_first_chunk::<20>()?;
            let (amount, every) = period(rest)?;
            limit_token(draft, calls, path, Address::from(*token), amount, Some(every));
        }
        Enforcer::Timestamp => {
            let (after, before) = terms.split_first_chunk::<16>().filter(|it| it.1.len() == 16)?;
            read_times(draft, path, number(after), number(before));
        }
        Enforcer::LimitedCalls => {
            let limit = word(terms)?;
            draft.count_calls(limit);
            let limit = say_word(limit);
            let words = format!("{limit} calls: a batch counts each of its calls");
            draft.findings.narrower(path, format!("{limit} redemptions"), words);
        }
        Enforcer::Redeemer => {
            if !split::<20>(terms)?.any(|each| Address::from(each) == delegate) {
                draft.findings.refuse(
                    path,
                    "the delegate itself may not redeem it, only those it delegates to further",
                    "grant the session to the redeemer",
                );
            }
        }
        Enforcer::Nonce => draft.findings.same(
            path,
            "ended by raising the nonce",
            "ended by revoking all sessions (see that the nonce is still the current one)",
        ),
    }
    Some(())
}

fn read_calldata(draft: &mut Draft<'_>, calls: &mut Calls, path: &str, start: U256, bytes: &[u8]) {
    if calls.fix_bytes(path, start, bytes) {
        let selectors = calls.selectors.clone().unwrap_or_default();
        return refuse_reserved(draft, path, &selectors);
    }
    draft.findings.refuse(
        path,
        format!("{} bytes from byte {start} of the calldata on", bytes.len()),
        "begin at byte 0 with a whole selector, or at an argument (4 + 32 · n, n up to 255)",
    );
}

fn refuse_reserved(draft: &mut Draft<'_>, path: &str, selectors: &[[u8; 4]]) {
    for selector in selectors.iter().filter(|selector| is_reserved(**selector)) {
        let selector = alloy_primitives::hex::encode_prefixed(selector);
        draft.findings.refuse(
            path,
            format!("the function {selector}, a selector that stands for something else here"),
            "name another function",
        );
    }
}

/// The interval is open there: neither bound is within it. A zero stands for no bound.
fn read_times(draft: &mut Draft<'_>, path: &str, after: U256, before: U256) {
    if !after.is_zero() {
        draft.begin_at(after.saturating_add(U256::ONE));
    }
    if let Some(last) = before.checked_sub(U256::ONE) {
        draft.end_with(last);
    }
    let words = format!("after {after}, before {before} (0: no bound)");
    draft.findings.same(path, words, "the same seconds");
}

fn limit_native(
    draft: &mut Draft<'_>,
    calls: &mut Calls,
    path: &str,
    amount: U256,
    every: Option<Every>,
) {
    if !start_periods(draft, path, every) {
        return;
    }
    calls.limit_value(amount);
    if !amount.is_zero() {
        draft.budgets.push(BudgetGrant { path: path.into(), token: NATIVE, amount, every });
    }
    let words = format!("{} wei{}", say_word(amount), say_every(every));
    draft.findings.same(path, words, "a budget of that");
}

fn limit_token(
    draft: &mut Draft<'_>,
    calls: &mut Calls,
    path: &str,
    token: Address,
    amount: U256,
    every: Option<Every>,
) {
    if !start_periods(draft, path, every) {
        return;
    }
    calls.allow_targets(&[token]);
    calls.allow_selectors(&[IERC20::transferCall::SELECTOR]);
    calls.value_limit = U256::ZERO;
    draft.budgets.push(BudgetGrant { path: path.into(), token, amount, every });
    let (amount, every) = (say_word(amount), say_every(every));
    let words = format!("transfers of {token}, {amount}{every}, with any value");
    draft.findings.narrower(path, words, "the same, without value");
}

fn start_periods(draft: &mut Draft<'_>, path: &str, every: Option<Every>) -> bool {
    let Some(Every { period, start }) = every else { return true };
    draft.begin_at(start);
    if period.is_zero() || start.is_zero() {
        draft.findings.refuse(
            format!("{path}.terms"),
            "a start or a period of zero, which the enforcer refuses",
            "give both in seconds",
        );
        return false;
    }
    true
}

/// Returns an amount and its periods in words.
pub(super) fn say_every(every: Option<Every>) -> String {
    every.map_or_else(
        || " in total".into(),
        |Every { period, start }| format!(" in each {} seconds from {start} on", say_word(period)),
    )
}

fn period(terms: &[u8]) -> Option<(U256, Every)> {
    let words: Vec<U256> = split::<32>(terms)?.map(U256::from_be_bytes).collect();
    let [amount, period, start] = *words.as_slice() else { return None };
    Some((amount, Every { period, start }))
}

fn word(terms: &[u8]) -> Option<U256> {
    terms.try_into().ok().map(U256::from_be_bytes::<32>)
}

/// Splits bytes into parts of one length: at least one, and nothing left over.
fn split<const N: usize>(bytes: &[u8]) -> Option<impl Iterator<Item = [u8; N]>> {
    let (parts, rest) = bytes.as_chunks::<N>();
    (rest.is_empty() && !parts.is_empty()).then(|| parts.iter().copied())
}
