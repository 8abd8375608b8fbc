//! How much a session may move in all, or in each period.
//!
//! A budget bounds what the session moves by calling the token: not permits that it signs, nor
//! allowances that exist already. An allowance that it gives outlives it.

use alloy_primitives::{Address, address};

use super::Violation;
use crate::execution::Executions;
use crate::packed::{MAX_BUDGETS, Operation, PackedBudget};
use crate::state::{BudgetState, SessionState};
use crate::verdict::{Timestamp, ValidityWindow};
use crate::word::{self, Word};

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

/// Counts what an operation moves against the session's budgets.
///
/// Returns the window in which the operation may run: that of the session, and of each period
/// that it claims. The EntryPoint so proves the claimed time, which is never compared with a
/// clock here.
///
/// # Errors
/// [`Violation`] if a budget is exceeded, a claimed period is past, or a budgeted token is called
/// in a way that moves who knows what.
pub fn settle(
    operation: &Operation<'_>,
    executions: &Executions<'_>,
    state: &mut SessionState,
    ledger: &impl Ledger,
) -> Result<ValidityWindow, Violation> {
    let session = &operation.session;
    let mut window = session.window;
    let mut sums = [0; MAX_BUDGETS];
    for (execution, item) in executions.iter().enumerate() {
        let item = item?;
        for (budget, (sum, terms)) in sums.iter_mut().zip(session.budgets.iter()).enumerate() {
            let moved = if terms.token == NATIVE {
                word::to_u128(item.value)
            } else if terms.token == item.target {
                erc20_amount(execution, &item.target, item.call_data)?
            } else {
                continue;
            };
            *sum = moved.and_then(|moved| moved.checked_add(*sum)).ok_or(Violation::Budget {
                budget,
                got: u128::MAX,
                allowed: terms.amount,
            })?;
        }
    }
    for (budget, (sum, terms)) in sums.into_iter().zip(session.budgets.iter()).enumerate() {
        if sum == 0 {
            continue;
        }
        if terms.token == NATIVE && terms.period == 0 {
            state.native = add(budget, state.native, sum, &terms)?;
            continue;
        }
        let mut spent = BudgetState::from_word(&ledger.load(budget));
        if let (Some(time), 1..) = (operation.claimed_time, terms.period) {
            let (period, start) = period_of(time, session.window.valid_after(), terms.period);
            if period < spent.period {
                return Err(Violation::PeriodPassed { budget, got: period, allowed: spent.period });
            }
            if period > spent.period {
                spent = BudgetState { spent: 0, period };
            }
            window = window.within(start, terms.period);
        }
        spent.spent = add(budget, spent.spent, sum, &terms)?;
        ledger.save(budget, &spent.to_word());
    }
    Ok(window)
}

fn add(budget: usize, spent: u128, sum: u128, terms: &PackedBudget) -> Result<u128, Violation> {
    match spent.checked_add(sum) {
        Some(after) if after <= terms.amount => Ok(after),
        got => {
            Err(Violation::Budget { budget, got: got.unwrap_or(u128::MAX), allowed: terms.amount })
        }
    }
}

/// Returns which period of a budget a moment is in, and when that period starts.
pub fn period_of(time: Timestamp, anchor: Timestamp, period: u32) -> (u64, Timestamp) {
    let elapsed = time.seconds().saturating_sub(anchor.seconds());
    let seconds = u64::from(period);
    let index = elapsed.checked_div(seconds).unwrap_or(0);
    let start = anchor.seconds().saturating_add(index.saturating_mul(seconds));
    (index, Timestamp::new(start).unwrap_or(Timestamp::MAX))
}

/// What a call moves of an ERC-20: the amount that it transfers, or allows somebody to.
///
/// Returns the amount, `None` at 2^128 and more. Nothing is given back, not even by an allowance
/// that is lowered.
fn erc20_amount(
    execution: usize,
    token: &Address,
    call_data: &[u8],
) -> Result<Option<u128>, Violation> {
    let (words, rest) = call_data.get(4..).unwrap_or_default().as_chunks::<32>();
    let amount = match (call_data.first_chunk::<4>(), words) {
        (Some(&(erc20::TRANSFER | erc20::APPROVE | erc20::INCREASE_ALLOWANCE)), [_, amount])
        | (Some(&erc20::TRANSFER_FROM), [_, _, amount])
            if rest.is_empty() =>
        {
            amount
        }
        _ => return Err(Violation::TokenCall { execution, token: *token }),
    };
    Ok(word::to_u128(amount))
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
