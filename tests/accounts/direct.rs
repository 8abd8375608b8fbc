//! The direct path on every account: the delegate calls the module, which calls the account as
//! its executor.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolInterface};
use smart_session_client::OperationDraft;
use smart_session_core::abi::ISmartSession::{self, ISmartSessionErrors as Error};
use stylus_devchain::{Outcome, Transaction};
use testbed::Call;
use testbed::abi::IGame;
use testbed::account::{ModuleType, batch_mode, packed};
use testbed::test_bed::{ether, key};

use super::case::AccountCase;

/// Module type executor, with the owner's enable route and no sessions.
fn install_data(case: &AccountCase) -> Bytes {
    let route = case.account.owner_route();
    let length = u8::try_from(route.len()).unwrap();
    [&[2, length][..], &route, &[0]].concat().into()
}

/// Has the owner install the module as executor beside validator.
pub(super) fn install(case: &mut AccountCase) {
    let data = install_data(case);
    let call = case.account.install_module(ModuleType::Executor, case.bed.module, data);
    let op = case.owner(call);
    assert_eq!(op.verdict.summary(), "executed", "{case}");
}

/// Has the owner uninstall the module as one type.
fn uninstall(case: &mut AccountCase, module_type: ModuleType, data: &[u8]) {
    let data = Bytes::copy_from_slice(data);
    let call = case.account.uninstall_module(module_type, case.bed.module, data);
    let op = case.owner(call);
    assert_eq!(op.verdict.summary(), "executed", "{case}");
}

/// The call that a delegate sends for single calls and batches.
pub(super) fn direct_call(case: &AccountCase, draft: &OperationDraft, calls: &[Call]) -> Vec<u8> {
    let (mode, calldata) = match calls {
        [call] => (B256::ZERO, packed(call)),
        calls => (batch_mode(), testbed::account::encoded(calls)),
    };
    ISmartSession::executeCall {
        account: case.account.address(),
        session: draft.sealed(&[]),
        mode,
        executionCalldata: calldata.into(),
    }
    .abi_encode()
}

/// Sends that call as somebody.
pub(super) fn send_as(
    case: &mut AccountCase,
    from: Address,
    draft: &OperationDraft,
    calls: &[Call],
) -> Outcome {
    let data = direct_call(case, draft, calls);
    case.bed.chain.set_balance(from, ether(10_000));
    let call = Transaction::new(from, case.bed.module).with_data(data);
    case.bed.chain.transact(call.with_gas_limit(5_000_000)).unwrap()
}

fn send(case: &mut AccountCase, draft: &OperationDraft, calls: &[Call]) -> Outcome {
    send_as(case, case.game.delegate.address(), draft, calls)
}

/// Returns the module's error that a call reverts with.
fn error(outcome: &Outcome) -> Error {
    assert!(!outcome.is_success());
    Error::abi_decode_validate(&outcome.output)
        .unwrap_or_else(|_| panic!("not a module error: {}", outcome.output))
}

pub(crate) fn a_delegate_moves_without_a_bundler(mut case: AccountCase) {
    install(&mut case);
    let (enabling, using) = (case.game.enabling(1).unwrap(), case.game.using(3).unwrap());
    let a_move = case.bed.a_move(1, 10);

    let first = send(&mut case, &enabling, std::slice::from_ref(&a_move));
    assert!(first.is_success(), "{case}: {:?}", first.output);
    let answer = ISmartSession::executeCall::abi_decode_returns(&first.output).unwrap();
    assert_eq!(answer, [Bytes::new()], "the one call returns nothing");
    assert_eq!((case.state(), case.moves()), ((1, 1), U256::from(1)));

    let asking = IGame::movesCall { player: case.account.address() }.abi_encode();
    let batch = [a_move.clone(), a_move.clone(), a_move];
    let outcome = send(&mut case, &using, &batch);
    assert!(outcome.is_success(), "{case}: {:?}", outcome.output);
    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    assert_eq!(answers.len(), 3);
    assert_eq!((case.state(), case.moves()), ((1, 4), U256::from(4)));
    assert_eq!(case.bed.chain.balance(case.bed.game), ether(40));
    let state = case.ask(&ISmartSession::sessionStateCall {
        account: case.account.address(),
        sessionId: case.game.session.id(),
    });
    assert!(state.fee.is_zero(), "the caller pays for gas");

    // What a call returns comes back.
    let using = case.game.using(1).unwrap();
    let view = Call::new(case.bed.game, asking);
    assert!(matches!(error(&send(&mut case, &using, &[view])), Error::SelectorNotPermitted(_)));
}

pub(crate) fn what_called_functions_return_comes_back(mut case: AccountCase) {
    install(&mut case);
    let player = case.account.address();
    case.with_session(|session| session.permissions[0].selector = IGame::movesCall::SELECTOR);
    let enabling = case.game.enabling(2).unwrap();
    let view = Call::new(case.bed.game, IGame::movesCall { player }.abi_encode());

    let outcome = send(&mut case, &enabling, &[view.clone(), view]);

    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    let none = Bytes::copy_from_slice(&[0; 32]);
    assert_eq!(answers, [none.clone(), none]);
}

pub(crate) fn the_direct_path_refuses_what_validation_does(mut case: AccountCase) {
    install(&mut case);
    let using = case.game.using(1).unwrap();
    let good = case.bed.a_move(1, 10);
    let one = std::slice::from_ref(&good);

    assert!(matches!(error(&send(&mut case, &using, one)), Error::SessionNotEnabled(_)));
    case.enable_and_move();

    let mallory = key("mallory").unwrap().address();
    let stranger = send_as(&mut case, mallory, &using, one);
    let delegate = case.game.delegate.address();
    assert!(matches!(
        error(&stranger),
        Error::NotDelegate(e) if e.got == mallory && e.allowed == delegate
    ));
    let too_much = case.bed.a_move(1, 11);
    assert!(matches!(error(&send(&mut case, &using, &[too_much])), Error::ValueOverLimit(_)));
    let own = Call { target: case.account.address(), ..good.clone() };
    assert!(matches!(error(&send(&mut case, &using, &[own])), Error::BannedTarget(_)));
    let two = [good.clone(), good.clone()];
    assert!(matches!(error(&send(&mut case, &using, &two)), Error::Truncated(_)));
    assert_eq!(case.state(), (1, 1), "nothing was counted");

    let after = case.game.session.window.valid_until().seconds() + 1;
    let now = case.bed.chain.timestamp();
    case.bed.chain.warp(after - now);
    assert!(matches!(error(&send(&mut case, &using, one)), Error::OutsideWindow(e)
        if e.got == U256::from(after)));
    assert_eq!(case.moves(), U256::from(1));
}

pub(crate) fn a_wrong_owner_signature_enables_nothing_directly(mut case: AccountCase) {
    install(&mut case);
    let mut signature = case.game.owner_signature.to_vec();
    *signature.last_mut().unwrap() ^= 1;
    case.game.owner_signature = signature.into();
    let enabling = case.game.enabling(1).unwrap();

    let a_move = case.bed.a_move(1, 10);

    let outcome = send(&mut case, &enabling, &[a_move]);

    assert!(!outcome.is_success());
    assert_eq!((case.state(), case.moves()), ((0, 0), U256::ZERO));
}

pub(crate) fn a_failing_call_reverts_all_of_it(mut case: AccountCase) {
    install(&mut case);
    case.with_session(|session| session.permissions[0].selector = IGame::withdrawCall::SELECTOR);
    let too_much = IGame::withdrawCall { amount: ether(1) }.abi_encode();
    let enabling = case.game.enabling(1).unwrap();

    let call = Call::new(case.bed.game, too_much);

    let outcome = send(&mut case, &enabling, &[call]);

    assert!(!outcome.is_success());
    assert_eq!(case.state(), (0, 0), "counters and enabling are undone");
    assert!(outcome.logs.is_empty());
}

pub(crate) fn each_type_is_installed_and_uninstalled_alone(mut case: AccountCase) {
    let one = [case.bed.a_move(1, 10)];
    case.enable_and_move();
    let using = case.game.using(1).unwrap();
    let not_executor = error(&send(&mut case, &using, &one));
    assert!(matches!(not_executor, Error::NotInstalled(e) if e.moduleTypes == 2), "{case}");

    install(&mut case);
    assert!(send(&mut case, &using, &one).is_success(), "{case}");

    uninstall(&mut case, ModuleType::Executor, &[2]);
    let gone = error(&send(&mut case, &using, &one));
    assert!(matches!(gone, Error::NotInstalled(e) if e.moduleTypes == 2));
    assert_eq!(case.a_move().verdict.summary(), "executed", "the validator stays");

    // Without the validator no session of the former epoch holds, not even directly.
    install(&mut case);
    uninstall(&mut case, ModuleType::Validator, &[1]);
    assert!(matches!(error(&send(&mut case, &using, &one)), Error::WrongEpoch(_)));
    let account = case.account.address();
    let epoch = case.ask(&ISmartSession::epochCall { account });
    case.with_session(|session| session.chains[0].epoch = epoch);
    let enabling = case.game.enabling(1).unwrap();
    assert!(send(&mut case, &enabling, &one).is_success(), "the executor stays: {case}");
    assert!(!case.a_move().verdict.summary().starts_with("executed"));
}

pub(crate) fn uninstalling_with_any_other_data_closes_both_paths(mut case: AccountCase) {
    let one = [case.bed.a_move(1, 10)];
    case.enable_and_move();
    install(&mut case);
    uninstall(&mut case, ModuleType::Executor, &[]);
    let using = case.game.using(1).unwrap();

    assert!(matches!(error(&send(&mut case, &using, &one)), Error::NotInstalled(_)));
    assert!(case.a_move().verdict.summary().starts_with("refused"), "{case}");
}

pub(crate) fn an_uninstall_within_a_strangers_direct_call_ends_the_sessions(mut case: AccountCase) {
    case.enable_and_move();
    let module = case.bed.module;
    let call_data = case.account.uninstall_module(ModuleType::Validator, module, vec![1].into());
    let op = case.bed.signed_owner_op(&*case.account, call_data).unwrap();

    let is_bundled = crate::attacks::reentry::wrapped(&mut case.bed, op.clone());

    let takes_contracts = case.bed.entry_point.version.takes_bundles_from_contracts();
    assert_eq!(is_bundled, takes_contracts, "{case}");
    if !is_bundled {
        assert_eq!(case.bed.send(op).unwrap().verdict.summary(), "executed", "{case}: unspent");
    }
    let account = case.account.address();
    assert!(!case.ask(&ISmartSession::isInitializedCall { account }), "{case}");
    install(&mut case);
    let draft = case.game.using(1).unwrap();
    let one = [case.bed.a_move(1, 0)];
    assert!(matches!(error(&send(&mut case, &draft, &one)), Error::WrongEpoch(_)), "{case}");
}
