//! What everyone may look up.

use alloy_primitives::{Address, B256};
use session_core::calldata::Arguments;
use session_core::eip712;
use session_core::packed::{DecodeError, MAX_BUDGETS};
use session_core::policy::budget;
use session_core::policy::budget::Ledger;
use session_core::state::BudgetState;
use session_core::verdict::Timestamp;
use session_core::word::{self, Word};

use crate::error::Error;
use crate::host::Host;
use crate::manage;
use crate::store::Store;

pub(crate) fn session_state(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let (account, session_id) = account_and_id(arguments).ok_or(Error::MalformedCall)?;
    let state = Store::new(host, account).session(session_id).value;
    let words = [
        word::from_u64(state.status.to_byte().into()),
        word::from_u64(state.calls.into()),
        word::from_u128(state.fee),
        word::from_u128(state.native),
    ];
    host.answer(words.as_flattened());
    Ok(())
}

pub(crate) fn epoch(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let account = only_account(arguments).ok_or(Error::MalformedCall)?;
    host.answer(&word::from_u64(Store::new(host, account).account().value.epoch()));
    Ok(())
}

pub(crate) fn session_id(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let (account, session) = manage::account_bytes(arguments).ok_or(Error::MalformedCall)?;
    let session = manage::read_whole(host, session, account)?;
    host.answer(&session.id.0);
    Ok(())
}

/// Answers what each budget has spent and left at a time.
pub(crate) fn budgets(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let (account, session, at) = account_session_time(arguments).ok_or(Error::MalformedCall)?;
    let session = manage::read_whole(host, session, account)?;
    let got = word::to_u64(at).ok_or(Error::MalformedCall)?;
    let at = Timestamp::new(got)
        .filter(|at| session.window.contains(*at))
        .ok_or(DecodeError::ClaimedTime { got })?;
    let stored = Store::new(host, account).session(session.id);
    let ledger = stored.budgets(host);

    // An array of structs: where it is, its length, then two words for each budget.
    let mut pairs = [[word::ZERO; 2]; 1 + MAX_BUDGETS];
    let len = session.budgets.len();
    let [head, entries @ ..] = &mut pairs;
    *head = [word::from_u64(0x20), word::from_usize(len)];
    for ((index, terms), [spent, remaining]) in session.budgets.iter().enumerate().zip(entries) {
        let amount = if terms.token == budget::NATIVE && terms.period == 0 {
            stored.value.native
        } else {
            BudgetState::from_word(&ledger.load(index)).spent_at(at, &session.window, &terms)
        };
        *spent = word::from_u128(amount);
        *remaining = word::from_u128(terms.amount.saturating_sub(amount));
    }
    let pairs = pairs.get(..len.saturating_add(1)).unwrap_or_default();
    host.answer(pairs.as_flattened().as_flattened());
    Ok(())
}

/// Answers ERC-5267: name, version and contract, and no chain.
pub(crate) fn eip712_domain(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    if !arguments.is_empty() {
        return Err(Error::MalformedCall);
    }
    let name = eip712::DOMAIN_NAME.as_bytes();
    let version = eip712::DOMAIN_VERSION.as_bytes();
    let words = [
        word::from_bytes4([0x0b, 0, 0, 0]),
        word::from_u64(7 * 32),
        word::from_u64(9 * 32),
        word::ZERO,
        word::from_address(host.address()),
        word::ZERO,
        word::from_u64(11 * 32),
        word::from_usize(name.len()),
        word::from_text(name),
        word::from_usize(version.len()),
        word::from_text(version),
        word::ZERO,
    ];
    host.answer(words.as_flattened());
    Ok(())
}

/// Reads the one argument of a function about an account.
pub(crate) fn only_account(arguments: &'static [u8]) -> Option<Address> {
    let mut arguments = Arguments::new(arguments, 1)?;
    let account = arguments.address()?;
    arguments.end().map(|()| account)
}

fn account_and_id(arguments: &'static [u8]) -> Option<(Address, B256)> {
    let mut arguments = Arguments::new(arguments, 2)?;
    let read = (arguments.address()?, arguments.hash()?);
    arguments.end().map(|()| read)
}

fn account_session_time(
    arguments: &'static [u8],
) -> Option<(Address, &'static [u8], &'static Word)> {
    let mut arguments = Arguments::new(arguments, 3)?;
    let read = (arguments.address()?, arguments.bytes()?, arguments.word()?);
    arguments.end().map(|()| read)
}
