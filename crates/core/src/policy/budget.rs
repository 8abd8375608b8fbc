//! How much a session may move in all, or in each period.
//!
//! A budget bounds what the session moves by calling the token: not permits that it signs, nor
//! allowances that exist already. An allowance that it gives outlives it.

use alloy_primitives::{Address, address};

use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::execution::{Execution, Executions};
use crate::packed::{Entry, Operation};
use crate::refusal::{Refusal, Refused};
use crate::state::{BudgetState, SessionState};
use crate::window::{Timestamp, ValidityWindow};
use crate::word::{self, Constant, Word};

/// The token address that stands for native value.
pub const NATIVE: Address = address!("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");

/// Seconds of the shortest period.
pub const SHORTEST_PERIOD: u32 = 60;

/// Where the budgets' words are kept, one for each budget of a session.
pub trait Ledger {
    /// Returns the word of a budget.
    fn load(&self, budget: usize) -> Word;
    /// Writes the word of a budget.
    fn save(&self, budget: usize, word: &Word);
}

/// Returns whether a budget is native value for the whole session, which is counted in the
/// session's own word.
pub(crate) fn is_in_session_word(terms: &Entry<'_>) -> bool {
    is_native(terms) && word::low_u64(terms.period()) == 0
}

fn is_native(terms: &Entry<'_>) -> bool {
    const NATIVE_WORD: Constant = Constant::of_address(NATIVE);

    NATIVE_WORD.is(terms.token())
}

/// Counts what an operation moves against the session's budgets.
///
/// Returns the window in which the operation may run: that of the session, and of each period
/// that it claims. The EntryPoint so proves the claimed time, which is never compared with a
/// clock here.
///
/// # Errors
/// If a budget is exceeded, a claimed period is past, or a budgeted token is called in a way whose
/// amount cannot be told.
#[inline(never)]
pub fn settle<E: Environment>(
    environment: E,
    operation: &Operation<'_>,
    executions: &Executions<'_>,
    state: &mut SessionState,
    ledger: &impl Ledger,
) -> Result<ValidityWindow, Refused> {
    let session = &operation.session;
    let mut window = session.window;
    for (budget, terms) in session.budgets.entries(environment).flatten().enumerate() {
        let sum = moved(environment, budget, &terms, executions)?;
        if sum == 0 {
            continue;
        }
        if is_in_session_word(&terms) {
            state.set_native(add(environment, budget, state.native(), sum, &terms)?);
            continue;
        }
        let mut spent = BudgetState::from_word(&ledger.load(budget));
        let seconds = word::low_u64(terms.period());
        if let (Some(time), 1..) = (operation.time, seconds) {
            let Period { index, first, last } = Period::of(time, &session.window, seconds);
            if index < spent.period {
                let mut refusal = Refusal::of::<Abi::PeriodPassed>();
                let refusal = refusal.size(budget).number(index).number(spent.period);
                return Err(refusal.tell(environment));
            }
            if index > spent.period {
                spent = BudgetState { spent: 0, period: index };
            }
            window = window.within(first, last);
        }
        spent.spent = add(environment, budget, spent.spent, sum, &terms)?;
        ledger.save(budget, &spent.to_word());
    }
    Ok(window)
}

/// Returns how much of a budget is spent in the period of a time, from the session's word and the
/// budget's.
pub fn spent_at(
    terms: &Entry<'_>,
    state: &SessionState,
    word: &Word,
    time: Timestamp,
    window: &ValidityWindow,
) -> u128 {
    if is_in_session_word(terms) {
        return state.native();
    }
    let spent = BudgetState::from_word(word);
    // A budget for the whole session is in period 0 at any time.
    let period = Period::of(time, window, word::low_u64(terms.period()));
    if period.index > spent.period { 0 } else { spent.spent }
}

/// Returns how much all executions move of what a budget is for.
#[inline]
fn moved<E: Environment>(
    environment: E,
    budget: usize,
    terms: &Entry<'_>,
    executions: &Executions<'_>,
) -> Result<u128, Refused> {
    let mut sum = 0_u128;
    for (index, execution) in executions.iter(environment).enumerate() {
        let execution = execution?;
        let amount = if is_native(terms) {
            execution.value
        } else if word::equal(&execution.target, terms.token()) {
            erc20_amount(environment, index, &execution)?
        } else {
            continue;
        };
        sum = word::to_u128(amount)
            .and_then(|amount| amount.checked_add(sum))
            .ok_or_else(|| exceeded(environment, budget, u128::MAX, terms))?;
    }
    Ok(sum)
}

#[inline]
fn add(
    environment: impl Environment,
    budget: usize,
    spent: u128,
    sum: u128,
    terms: &Entry<'_>,
) -> Result<u128, Refused> {
    match spent.checked_add(sum) {
        Some(after) if after <= word::low_u128(terms.amount()) => Ok(after),
        after => Err(exceeded(environment, budget, after.unwrap_or(u128::MAX), terms)),
    }
}

/// Refuses: `got` is spent with the operation, 2^128 − 1 where it is that or more.
#[inline(never)]
fn exceeded(environment: impl Environment, budget: usize, got: u128, terms: &Entry<'_>) -> Refused {
    let mut refusal = Refusal::of::<Abi::BudgetExceeded>();
    refusal.size(budget).u128(got).word(terms.amount()).tell(environment)
}

/// One of the periods that a session's window is divided into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Which one, counted from 0.
    pub index: u64,
    /// Its first moment.
    pub first: Timestamp,
    /// Its last moment.
    pub last: Timestamp,
}

impl Period {
    /// Returns the period of so many seconds that a moment is in; with 0 seconds, the whole window.
    ///
    /// A window of n · `seconds` has n periods, and one that is longer has one more. Both ends of a
    /// window count, so its last second would be a period of its own: it belongs to the period
    /// before. What is before the window is in the first period, what is after it in the last.
    pub fn of(time: Timestamp, window: &ValidityWindow, seconds: u64) -> Self {
        let (start, end) = (window.valid_after().seconds(), window.valid_until().seconds());
        let index_after = |elapsed: u64| elapsed.checked_div(seconds).unwrap_or(0);
        let highest = index_after(end.saturating_sub(start).saturating_sub(1));
        let index = index_after(time.seconds().saturating_sub(start)).min(highest);
        // No more than `end`, which is a moment.
        let first = start.saturating_add(index.saturating_mul(seconds));
        let last =
            if index == highest { end } else { first.saturating_add(seconds).saturating_sub(1) };
        let moment = |seconds| Timestamp::new(seconds).unwrap_or(Timestamp::MAX);
        Self { index, first: moment(first), last: moment(last) }
    }
}

/// What a call moves of an ERC-20: the amount that it transfers, or gives an allowance of. Nothing
/// is given back, not even by an allowance that is lowered.
#[inline]
fn erc20_amount<'a>(
    environment: impl Environment,
    index: usize,
    execution: &Execution<'a>,
) -> Result<&'a Word, Refused> {
    let (selector, arguments) =
        execution.call_data.split_first_chunk::<4>().unwrap_or((&[0; 4], &[]));
    match (*selector, arguments.as_chunks::<32>()) {
        (erc20::TRANSFER | erc20::APPROVE | erc20::INCREASE_ALLOWANCE, ([_, amount], []))
        | (erc20::TRANSFER_FROM, ([_, _, amount], [])) => Ok(amount),
        _ => {
            let mut refusal = Refusal::of::<Abi::UncountableTokenCall>();
            Err(refusal.size(index).word(&execution.target).tell(environment))
        }
    }
}

/// The functions of an ERC-20 that move amounts a budget can count.
mod erc20 {
    use alloy_sol_types::SolCall;

    use crate::abi::IERC20;

    pub(super) const TRANSFER: [u8; 4] = IERC20::transferCall::SELECTOR;
    pub(super) const TRANSFER_FROM: [u8; 4] = IERC20::transferFromCall::SELECTOR;
    pub(super) const APPROVE: [u8; 4] = IERC20::approveCall::SELECTOR;
    pub(super) const INCREASE_ALLOWANCE: [u8; 4] = IERC20::increaseAllowanceCall::SELECTOR;
}
