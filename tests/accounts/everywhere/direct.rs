//! The direct path on every account: the delegate calls the module, which calls the account as
//! its executor.

use alloy_primitives::{B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolInterface};
use smart_session_client::{OperationDraft, SoftwareKey};
use smart_session_core::abi::ISmartSession::{self, ISmartSessionErrors as Error};
use stylus_devchain::Outcome;
use testbed::abi::IGame;
use testbed::account::{ModuleType, batch_mode, packed};
use testbed::test_bed::{ether, key};
use testbed::{Backend, Call};

use super::account_setup::AccountSetup;

/// Has the owner install the module as executor beside validator.
pub(crate) fn install(setup: &mut AccountSetup<impl Backend>) {
    let account = setup.account.clone();
    setup.bed.install_as(&*account, ModuleType::Executor).unwrap();
}

/// Has the owner uninstall the module as one type.
fn uninstall(setup: &mut AccountSetup<impl Backend>, module_type: ModuleType, data: &[u8]) {
    let data = Bytes::copy_from_slice(data);
    let call = setup.account.uninstall_module(module_type, setup.bed.module, data);
    let op = setup.owner(call);
    assert_eq!(op.verdict.summary(), "executed", "{setup}");
}

/// The call that a delegate sends for single calls and batches.
pub(crate) fn direct_call(
    setup: &AccountSetup<impl Backend>,
    draft: &OperationDraft,
    calls: &[Call],
) -> Vec<u8> {
    let (mode, calldata) = match calls {
        [call] => (B256::ZERO, packed(call)),
        calls => (batch_mode(), testbed::account::encoded(calls)),
    };
    ISmartSession::executeCall {
        account: setup.account.address(),
        session: draft.sealed(&[]),
        mode,
        executionCalldata: calldata.into(),
    }
    .abi_encode()
}

/// Sends that call with a key.
pub(crate) fn send_as(
    setup: &mut AccountSetup<impl Backend>,
    key: &SoftwareKey,
    draft: &OperationDraft,
    calls: &[Call],
) -> Outcome {
    let data = direct_call(setup, draft, calls);
    setup.bed.chain.bring_as(key, setup.bed.module, data.into()).unwrap()
}

/// Sends that call as the session's delegate.
pub(crate) fn send(
    setup: &mut AccountSetup<impl Backend>,
    draft: &OperationDraft,
    calls: &[Call],
) -> Outcome {
    let key = setup.game.delegate.clone();
    send_as(setup, &key, draft, calls)
}

/// Returns the module's error that a call reverts with.
pub(crate) fn error(outcome: &Outcome) -> Error {
    assert!(!outcome.is_success());
    Error::abi_decode_validate(&outcome.output)
        .unwrap_or_else(|_| panic!("not a module error: {}", outcome.output))
}

pub(crate) fn a_delegate_moves_without_a_bundler(mut setup: AccountSetup<impl Backend>) {
    install(&mut setup);
    let (enabling, using) = (setup.game.enabling(1).unwrap(), setup.game.using(3).unwrap());
    let a_move = setup.bed.a_move(1, 10);

    let first = send(&mut setup, &enabling, std::slice::from_ref(&a_move));
    assert!(first.is_success(), "{setup}: {:?}", first.output);
    let answer = ISmartSession::executeCall::abi_decode_returns(&first.output).unwrap();
    assert_eq!(answer, [Bytes::new()], "the one call returns nothing");
    assert_eq!((setup.state(), setup.moves()), ((1, 1), U256::from(1)));

    let asking = IGame::movesCall { player: setup.account.address() }.abi_encode();
    let batch = [a_move.clone(), a_move.clone(), a_move];
    let outcome = send(&mut setup, &using, &batch);
    assert!(outcome.is_success(), "{setup}: {:?}", outcome.output);
    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    assert_eq!(answers.len(), 3);
    assert_eq!((setup.state(), setup.moves()), ((1, 4), U256::from(4)));
    assert_eq!(setup.received(), ether(40));
    let state = setup.ask(&ISmartSession::sessionStateCall {
        account: setup.account.address(),
        sessionId: setup.game.session.id(),
    });
    assert!(state.fee.is_zero(), "the caller pays for gas");

    // What a call returns comes back.
    let using = setup.game.using(1).unwrap();
    let view = Call::new(setup.bed.game, asking);
    assert!(matches!(error(&send(&mut setup, &using, &[view])), Error::SelectorNotPermitted(_)));
}

pub(crate) fn what_called_functions_return_comes_back(mut setup: AccountSetup<impl Backend>) {
    install(&mut setup);
    let player = setup.account.address();
    setup.with_session(|session| session.permissions[0].selector = IGame::movesCall::SELECTOR);
    let enabling = setup.game.enabling(2).unwrap();
    let view = Call::new(setup.bed.game, IGame::movesCall { player }.abi_encode());

    let outcome = send(&mut setup, &enabling, &[view.clone(), view]);

    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    let none = Bytes::copy_from_slice(&[0; 32]);
    assert_eq!(answers, [none.clone(), none]);
}

pub(crate) fn the_direct_path_refuses_what_validation_does(mut setup: AccountSetup<impl Backend>) {
    install(&mut setup);
    let using = setup.game.using(1).unwrap();
    let good = setup.bed.a_move(1, 10);
    let one = std::slice::from_ref(&good);

    assert!(matches!(error(&send(&mut setup, &using, one)), Error::SessionNotEnabled(_)));
    setup.enable_and_move();

    let mallory = key("mallory").unwrap();
    let stranger = send_as(&mut setup, &mallory, &using, one);
    let delegate = setup.game.delegate.address();
    assert!(matches!(
        error(&stranger),
        Error::NotDelegate(e) if e.got == mallory.address() && e.allowed == delegate
    ));
    let too_much = setup.bed.a_move(1, 11);
    assert!(matches!(error(&send(&mut setup, &using, &[too_much])), Error::ValueOverLimit(_)));
    let own = Call { target: setup.account.address(), ..good.clone() };
    assert!(matches!(error(&send(&mut setup, &using, &[own])), Error::BannedTarget(_)));
    let two = [good.clone(), good.clone()];
    assert!(matches!(error(&send(&mut setup, &using, &two)), Error::Truncated(_)));
    assert_eq!(setup.state(), (1, 1), "nothing was counted");
    assert_eq!(setup.moves(), U256::from(1));
}

pub(crate) fn a_wrong_owner_signature_enables_nothing_directly(
    mut setup: AccountSetup<impl Backend>,
) {
    install(&mut setup);
    let mut signature = setup.game.owner_signature.to_vec();
    *signature.last_mut().unwrap() ^= 1;
    setup.game.owner_signature = signature.into();
    let enabling = setup.game.enabling(1).unwrap();

    let a_move = setup.bed.a_move(1, 10);

    let outcome = send(&mut setup, &enabling, &[a_move]);

    assert!(!outcome.is_success());
    assert_eq!((setup.state(), setup.moves()), ((0, 0), U256::ZERO));
}

pub(crate) fn a_failing_call_reverts_all_of_it(mut setup: AccountSetup<impl Backend>) {
    install(&mut setup);
    setup.with_session(|session| session.permissions[0].selector = IGame::withdrawCall::SELECTOR);
    let too_much = IGame::withdrawCall { amount: ether(1) }.abi_encode();
    let enabling = setup.game.enabling(1).unwrap();

    let call = Call::new(setup.bed.game, too_much);

    let outcome = send(&mut setup, &enabling, &[call]);

    assert!(!outcome.is_success());
    assert_eq!(setup.state(), (0, 0), "counters and enabling are undone");
    assert!(outcome.logs.is_empty());
}

pub(crate) fn each_type_is_installed_and_uninstalled_alone(mut setup: AccountSetup<impl Backend>) {
    let one = [setup.bed.a_move(1, 10)];
    setup.enable_and_move();
    let using = setup.game.using(1).unwrap();
    let not_executor = error(&send(&mut setup, &using, &one));
    assert!(matches!(not_executor, Error::NotInstalled(e) if e.moduleTypes == 2), "{setup}");

    install(&mut setup);
    assert!(send(&mut setup, &using, &one).is_success(), "{setup}");

    uninstall(&mut setup, ModuleType::Executor, &[2]);
    let gone = error(&send(&mut setup, &using, &one));
    assert!(matches!(gone, Error::NotInstalled(e) if e.moduleTypes == 2));
    assert_eq!(setup.a_move().verdict.summary(), "executed", "the validator stays");

    // Without the validator no session of the former epoch holds, not even directly.
    install(&mut setup);
    uninstall(&mut setup, ModuleType::Validator, &[1]);
    assert!(matches!(error(&send(&mut setup, &using, &one)), Error::WrongEpoch(_)));
    let account = setup.account.address();
    let epoch = setup.ask(&ISmartSession::epochCall { account });
    setup.with_session(|session| session.chains[0].epoch = epoch);
    let enabling = setup.game.enabling(1).unwrap();
    assert!(send(&mut setup, &enabling, &one).is_success(), "the executor stays: {setup}");
    assert!(!setup.a_move().verdict.summary().starts_with("executed"));
}

pub(crate) fn uninstalling_with_any_other_data_closes_both_paths(
    mut setup: AccountSetup<impl Backend>,
) {
    let one = [setup.bed.a_move(1, 10)];
    setup.enable_and_move();
    install(&mut setup);
    uninstall(&mut setup, ModuleType::Executor, &[]);
    let using = setup.game.using(1).unwrap();

    assert!(matches!(error(&send(&mut setup, &using, &one)), Error::NotInstalled(_)));
    assert!(setup.a_move().verdict.summary().starts_with("refused"), "{setup}");
}
