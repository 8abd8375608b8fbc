//! The direct path as ERC-7710 has it: this contract is the delegation manager, and a permission
//! context is an account and its packed session.

use smart_session_core::Refused;
use smart_session_core::abi::ISmartSession as Abi;
use smart_session_core::refusal::{Refusal, refuse};
use smart_session_core::word;

use crate::arguments::{self, DirectCall, Redemption};
use crate::execute::{self, Authority};
use crate::host::Host;

/// Redeems permission contexts, called by their delegate: each acts after the one before, and all do
/// or none.
#[inline]
pub(crate) fn redeem<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let Redemption { contexts, modes, execution_calldatas } =
        arguments::redemption(host, arguments)?;
    if contexts.is_empty() {
        return Err(refuse::<Abi::NoContext>(host));
    }
    let lengths = [contexts.len(), modes.len(), execution_calldatas.len()];
    let [count, others @ ..] = lengths;
    if others != [count; 2] {
        let mut refusal = Refusal::of::<Abi::ArrayLengthsDiffer>();
        let [contexts, modes, calldatas] = lengths;
        return Err(refusal.size(contexts).size(modes).size(calldatas).tell(host));
    }
    let calls = contexts.zip(modes).zip(execution_calldatas).enumerate();
    for (index, ((context, mode), execution_calldata)) in calls {
        let Some((address, session)) = context.split_first_chunk::<20>() else {
            return Err(Refusal::of::<Abi::MalformedContext>().size(index).tell(host));
        };
        let mut account = word::ZERO;
        word::put_right(&mut account, address);
        let call = DirectCall { account: &account, session, mode, execution_calldata };
        execute::act(host, &call, Authority::Context)?;
    }
    // What the search for permissions refused on its way is no answer.
    host.answer(&[]);
    Ok(())
}
