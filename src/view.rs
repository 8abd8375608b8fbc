//! What everyone may look up.

use alloy_primitives::{Address, B256};
use session_core::calldata::Arguments;
use session_core::word;

use crate::error::Error;
use crate::host::Host;
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

/// Reads the one argument of a function about an account.
pub(crate) fn only_account(arguments: &'static [u8]) -> Option<Address> {
    let mut arguments = Arguments::new(arguments, 1)?;
    let account = arguments.address()?;
    arguments.end().map(|()| account)
}

fn account_and_id(arguments: &'static [u8]) -> Option<(Address, B256)> {
    let mut arguments = Arguments::new(arguments, 2)?;
    let read = (arguments.address()?, arguments.session_id()?);
    arguments.end().map(|()| read)
}
