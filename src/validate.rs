//! `validateUserOp`: whether a user operation stays within its session.

use smart_session_core::abi::ISmartSession as Abi;
use smart_session_core::eip712::{self, Signed};
use smart_session_core::execution::Executions;
use smart_session_core::packed::Operation;
use smart_session_core::policy::{self, budget};
use smart_session_core::refusal::Refusal;
use smart_session_core::state::ModuleTypes;
use smart_session_core::user_op::UserOp;
use smart_session_core::verdict::Verdict;
use smart_session_core::{Refused, word};

use crate::host::{Host, memory};
use crate::store::Store;
use crate::{arguments, enable, signer};

/// Validates one operation of the calling account.
///
/// A bad signature is an answer, given after all other work (ERC-4337); anything else wrong is a
/// revert that says what. Counters are written whatever the signatures say: the EntryPoint drops
/// it all on failure, and an estimate with a dummy signature costs what the real one will.
#[inline]
pub(crate) fn validate_user_op<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<(), Refused> {
    let (user_op, user_op_hash) =
        UserOp::decode(arguments).ok_or_else(|| arguments::malformed_call(host))?;
    let place = host.place(&host.caller());
    if !word::equal(user_op.sender, &place.account) {
        let mut refusal = Refusal::of::<Abi::SenderNotCaller>();
        return Err(refusal.word(user_op.sender).word(&place.account).tell(host));
    }

    let executions = Executions::decode(host, user_op.call_data)?;
    let (operation, delegate_signature) = Operation::read_signed(
        host,
        user_op.signature,
        executions.len(),
        &place.account,
        memory::scratch(host),
    )?;
    let session = &operation.session;

    let store = Store::new(host, &place.account);
    let account = store.account().value;
    let mut stored = store.session(&session.id.0);
    let state = &mut stored.value;
    let types = ModuleTypes::VALIDATOR;
    policy::apply(host, &operation, &executions, types, &account, state, &place)?;
    let ledger = stored.budgets(host);
    let state = &mut stored.value;
    let window = budget::settle(host, &operation, &executions, state, &ledger)?;
    policy::apply_fee(host, session, &user_op, state)?;

    let mut verdict = Verdict::Valid;
    let gas = u64::try_from(user_op.verification_gas_limit / 2).unwrap_or(u64::MAX);
    if !enable::with_operation(host, &operation, &account, state, &place, gas)? {
        verdict = Verdict::SignatureFailed;
    }
    let signed = eip712::delegate_struct(
        host,
        Signed::Operation,
        user_op_hash,
        &session.id,
        operation.disclosed,
    );
    if !signer::delegate_signed(host, &place.module, session, &signed, &delegate_signature)? {
        verdict = Verdict::SignatureFailed;
    }

    store.save_session(&stored);
    host.answer(&verdict.validation_data(&window));
    Ok(())
}
