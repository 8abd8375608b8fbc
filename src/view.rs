//! What everyone may look up.

use smart_session_core::Refused;
use smart_session_core::eip712;
use smart_session_core::packed::{MAX_BUDGETS, PackedSession};
use smart_session_core::policy::budget::{self, Ledger};
use smart_session_core::window::Timestamp;
use smart_session_core::word::{self, Constant};

use crate::arguments;
use crate::host::{Host, memory};
use crate::store::Store;

#[inline]
pub(crate) fn session_state<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let (account, session_id) = arguments::account_session_id(host, arguments)?;
    let state = Store::new(host, account).session(session_id).value;
    let words = [
        word::from_u64(state.status().to_byte().into()),
        word::from_u64(state.calls().into()),
        word::from_u128(state.fee()),
        word::from_u128(state.native()),
        word::from_u64(state.order_nonce().into()),
    ];
    host.answer(words.as_flattened());
    Ok(())
}

#[inline]
pub(crate) fn epoch<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let account = arguments::account(host, arguments)?;
    host.answer(&word::from_u64(Store::new(host, account).account().value.epoch()));
    Ok(())
}

#[inline]
pub(crate) fn session_id<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let (account, session) = arguments::account_session(host, arguments)?;
    let session = PackedSession::read_whole(session, account, host, memory::scratch(host))?;
    host.answer(&session.id.0);
    Ok(())
}

/// Answers what each budget has spent and left in the period of a time.
#[inline]
pub(crate) fn budgets<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let (account, session, at) = arguments::account_session_time(host, arguments)?;
    let session = PackedSession::read_whole(session, account, host, memory::scratch(host))?;
    // What is past the last moment is in the last period, like the last moment.
    let time = Timestamp::new(at).unwrap_or(Timestamp::MAX);
    let stored = Store::new(host, account).session(&session.id.0);
    let ledger = stored.budgets(host);

    // An array of structs: where it is, its length, then two words for each budget.
    let mut pairs = [[word::ZERO; 2]; 1 + MAX_BUDGETS];
    let len = session.budgets.len();
    let [head, entries @ ..] = &mut pairs;
    *head = [word::from_u64(0x20), word::from_usize(len)];
    let budgets = session.budgets.entries(host).flatten();
    for ((index, terms), [spent, remaining]) in budgets.enumerate().zip(entries) {
        let amount =
            budget::spent_at(&terms, &stored.value, &ledger.load(index), time, &session.window);
        *spent = word::from_u128(amount);
        let left = word::low_u128(terms.amount()).saturating_sub(amount);
        *remaining = word::from_u128(left);
    }
    let pairs = pairs.get(..len.saturating_add(1)).unwrap_or_default();
    host.answer(pairs.as_flattened().as_flattened());
    Ok(())
}

/// The domain's texts, as constants that do not stand in the data segment.
const NAME: Constant = Constant::of_text(eip712::DOMAIN_NAME);
const VERSION: Constant = Constant::of_text(eip712::DOMAIN_VERSION);

/// Answers ERC-5267: name, version and contract, and no chain.
#[inline]
pub(crate) fn eip712_domain<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    arguments::none(host, arguments)?;
    let words = [
        word::from_bytes4([0x0b, 0, 0, 0]),
        word::from_u64(7 * 32),
        word::from_u64(9 * 32),
        word::ZERO,
        host.module(),
        word::ZERO,
        word::from_u64(11 * 32),
        word::from_usize(eip712::DOMAIN_NAME.len()),
        NAME.word(),
        word::from_usize(eip712::DOMAIN_VERSION.len()),
        VERSION.word(),
        word::ZERO,
    ];
    host.answer(words.as_flattened());
    Ok(())
}
