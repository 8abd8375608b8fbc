//! ERC-1271 through a session.
//!
//! The delegate is the adversary: the module itself computes the digest from the domain and the
//! type that the owner named and from words that are written out, and compares it with what the
//! caller asks about.

use smart_session_core::Refused;
use smart_session_core::eip712::{self, Signed};
use smart_session_core::kernel;
use smart_session_core::packed::{Message, Mode};
use smart_session_core::policy::{self, rules};
use smart_session_core::state::ModuleTypes;
use smart_session_core::word;

use crate::arguments::Question;
use crate::host::{Host, memory};
use crate::store::Store;
use crate::{arguments, signer};

/// The answer that means "not valid".
const NOT_VALID: [u8; 4] = [0xff; 4];

/// Answers `isValidSignatureWithSender` of the calling account. Nothing that is wrong with a
/// signature is a revert.
#[inline]
pub(crate) fn answer<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    let question = arguments::question(host, arguments)?;
    // A refusal only says no here; the answer that follows takes its place.
    let is_valid = is_valid(host, &question).unwrap_or(false);
    host.answer(&word::from_bytes4(if is_valid { signer::MAGIC } else { NOT_VALID }));
    Ok(())
}

/// Storage is read last: most questions are not for a session.
#[inline]
fn is_valid<'h>(host: impl Host<'h>, question: &Question<'h>) -> Result<bool, Refused> {
    let &Question { sender, hash, signature } = question;
    let place = host.place(&host.caller());
    if [&place.account, &place.module].into_iter().any(|it| word::equal(it, sender)) {
        return Ok(false);
    }
    let message = Message::read(host, signature, &place.account, memory::scratch(host))?;
    let session = &message.session;
    let own_domain = eip712::domain_separator(host, &place.module).0;
    if word::equal(message.scope.domain_separator(), &own_domain)
        // Its word is a digest of anything: what a session signs is written out.
        || kernel::is_wrapper_type(message.scope.type_hash())
    {
        return Ok(false);
    }
    rules::check(host, 0, message.words, &message.scope.rules)?;
    let digest = message.digest(host).0;
    let is_asked_for =
        word::equal(&digest, hash) || kernel::is_wrapper(host, hash, &digest, &place);
    if !is_asked_for || !session.window.contains(host.clock()) {
        return Ok(false);
    }

    let store = Store::new(host, &place.account);
    let types = ModuleTypes::VALIDATOR;
    policy::account::check(host, session, types, &store.account().value, &place)?;
    policy::status::check(host, session, &store.session(&session.id.0).value, Mode::Use)?;

    let signed =
        eip712::delegate_struct(host, Signed::Message, hash, &session.id, message.disclosed);
    signer::delegate_signed(host, &place.module, session, &signed, &message.delegate_signature)
}
