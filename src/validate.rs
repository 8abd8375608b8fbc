//! `validateUserOp`: whether a user operation stays within its session.

use session_core::eip712;
use session_core::execution::Executions;
use session_core::packed::{Mode, Operation};
use session_core::policy::{self, budget};
use session_core::state::Status;
use session_core::user_op::UserOp;
use session_core::verdict::Verdict;

use crate::error::Error;
use crate::host::{self, Host};
use crate::store::Store;
use crate::{event, signer};

/// Validates one operation of the calling account.
///
/// A bad signature is an answer, given after all other work (ERC-4337); anything else wrong is a
/// revert that says what. Counters are written whatever the signatures say: the EntryPoint drops
/// it all on failure, and an estimate with a dummy signature costs what the real one will.
pub(crate) fn validate_user_op(host: Host, arguments: &'static [u8]) -> Result<(), Error> {
    let (user_op, user_op_hash) = UserOp::decode(arguments).ok_or(Error::MalformedCall)?;
    let place = host.place(host.caller());
    if user_op.sender != place.account {
        return Err(Error::SenderNotCaller { got: user_op.sender, allowed: place.account });
    }

    let executions = Executions::decode(user_op.call_data)?;
    let scratch = host::scratch();
    let operation =
        Operation::read(user_op.signature, executions.len(), place.account, &host, scratch)?;
    let session_id = operation.session.id;

    if operation.mode == Mode::Enable {
        operation.session.check_structure(place.account, place.module)?;
    }

    let store = Store::new(host, place.account);
    let account = store.account();
    let mut session = store.session(session_id);
    session.value =
        policy::check(&operation, &user_op, &executions, &account.value, &session.value, &place)?;
    let window = if operation.session.budgets.is_empty() {
        operation.session.window
    } else {
        let ledger = session.budgets(host);
        budget::settle(&operation, &executions, &mut session.value, &ledger)?
    };

    let domain = eip712::domain_separator(&host, place.module);
    let mut verdict = Verdict::Valid;
    // Enabling an enabled session is using it: two operations can be prepared before the first
    // one lands.
    if operation.mode == Mode::Enable && session.value.status == Status::Unknown {
        let digest = eip712::digest(&host, &domain, &session_id);
        let signature = operation.owner_signature;
        signer::check_route(&account.value.route(), signature)?;
        let gas = u64::try_from(user_op.verification_gas_limit / 2).unwrap_or(u64::MAX);
        if signer::owner_signed(host, place.account, digest, signature, gas)? {
            session.value.status = Status::Enabled;
            event::session_enabled(host, place.account, &operation.session);
        } else {
            verdict = Verdict::SignatureFailed;
        }
    }

    let disclosure = operation.disclosure(&host);
    let struct_hash = eip712::session_operation(&host, user_op_hash, session_id, disclosure);
    let digest = eip712::digest(&host, &domain, &struct_hash);
    let delegate = operation.session.delegate;
    if !signer::delegate_signed(host, delegate, digest, &operation.delegate_signature)? {
        verdict = Verdict::SignatureFailed;
    }

    store.save_session(&session);
    host.answer(&verdict.validation_data(&window));
    Ok(())
}
