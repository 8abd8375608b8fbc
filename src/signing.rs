//! ERC-1271 through a session.
//!
//! The delegate is the adversary: the module itself computes the digest from the domain and the
//! type that the owner named and from words that are written out, and compares it with what the
//! caller asks about.

use session_core::Refused;
use session_core::calldata::Arguments;
use session_core::eip712::{self, Signed};
use session_core::kernel;
use session_core::packed::{Message, Mode};
use session_core::policy;
use session_core::state::ModuleTypes;
use session_core::word::{self, Word};

use crate::host::{self, Host};
use crate::store::Store;
use crate::{malformed_call, signer};

/// The answer that means "not valid".
const NOT_VALID: [u8; 4] = [0xff; 4];

/// Answers `isValidSignatureWithSender` of the calling account. Nothing that is wrong with a
/// signature is a revert.
pub(crate) fn answer(host: Host, arguments: &'static [u8]) -> Result<(), Refused> {
    let question = Question::read(arguments).ok_or_else(|| malformed_call(host))?;
    // A refusal only says no here; the answer that follows takes its place.
    let is_valid = question.is_valid(host).unwrap_or(false);
    host.answer(&word::from_bytes4(if is_valid { signer::MAGIC } else { NOT_VALID }));
    Ok(())
}

/// What the account asks.
struct Question {
    sender: &'static Word,
    hash: &'static Word,
    signature: &'static [u8],
}

impl Question {
    fn read(arguments: &'static [u8]) -> Option<Self> {
        let mut arguments = Arguments::new(arguments, 3)?;
        let question = Self {
            sender: arguments.address()?,
            hash: arguments.word()?,
            signature: arguments.bytes()?,
        };
        arguments.end().map(|()| question)
    }

    fn is_valid(&self, host: Host) -> Result<bool, Refused> {
        let place = host.place(&host.caller());
        if [&place.account, &place.module].into_iter().any(|it| word::equal(it, self.sender)) {
            return Ok(false);
        }
        let message = Message::read(host, self.signature, &place.account, host::scratch())?;
        let session = &message.session;
        let own_domain = eip712::domain_separator(host, &place.module).0;
        if word::equal(message.domain_separator(), &own_domain)
            // Its word is a digest of anything: what a session signs is written out.
            || kernel::is_wrapper_type(message.type_hash())
        {
            return Ok(false);
        }
        message.check_rules(host)?;
        let digest = message.digest(host).0;
        let is_asked_for =
            word::equal(&digest, self.hash) || kernel::is_wrapper(host, self.hash, &digest, &place);
        if !is_asked_for || !session.window.contains(host.clock()) {
            return Ok(false);
        }

        let store = Store::new(host, &place.account);
        let types = ModuleTypes::VALIDATOR;
        policy::check_account(host, session, types, &store.account().value, &place)?;
        policy::check_status(host, session, &store.session(&session.id.0).value, Mode::Use)?;

        let signed = eip712::delegate_struct(
            host,
            Signed::Message,
            self.hash,
            &session.id,
            message.disclosed,
        );
        let signature = &message.delegate_signature;
        signer::delegate_signed(host, &place.module, session, &signed, signature)
    }
}
