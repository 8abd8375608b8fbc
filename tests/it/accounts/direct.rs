//! The direct path on every account: the delegate calls the module, which calls the account as
//! its executor.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolInterface};
use devchain::{Outcome, Transaction};
use harness::Call;
use harness::abi::IGame;
use harness::account::{ModuleType, batch_mode, packed};
use harness::stage::{ether, key};
use session_client::OperationDraft;
use session_core::abi::ISmartSession::{self, ISmartSessionErrors as Error};

use super::play::Play;

/// Module type executor, with the owner's enable route and no sessions.
fn install_data(play: &Play) -> Bytes {
    let route = play.account.owner_route();
    let length = u8::try_from(route.len()).unwrap();
    [&[2, length][..], &route, &[0]].concat().into()
}

/// Has the owner install the module as executor beside validator.
pub(super) fn install(play: &mut Play) {
    let data = install_data(play);
    let call = play.account.install_module(ModuleType::Executor, play.stage.module, data);
    let op = play.owner(call);
    assert_eq!(op.verdict.summary(), "executed", "{play}");
}

/// Has the owner uninstall the module as one type.
fn uninstall(play: &mut Play, module_type: ModuleType, data: &[u8]) {
    let data = Bytes::copy_from_slice(data);
    let call = play.account.uninstall_module(module_type, play.stage.module, data);
    let op = play.owner(call);
    assert_eq!(op.verdict.summary(), "executed", "{play}");
}

/// The call that a delegate sends for single calls and batches.
pub(super) fn direct_call(play: &Play, draft: &OperationDraft, calls: &[Call]) -> Vec<u8> {
    let (mode, calldata) = match calls {
        [call] => (B256::ZERO, packed(call)),
        calls => (batch_mode(), harness::account::encoded(calls)),
    };
    ISmartSession::executeCall {
        account: play.account.address(),
        session: draft.sealed(&[]),
        mode,
        executionCalldata: calldata.into(),
    }
    .abi_encode()
}

/// Sends that call as somebody.
pub(super) fn send_as(
    play: &mut Play,
    from: Address,
    draft: &OperationDraft,
    calls: &[Call],
) -> Outcome {
    let data = direct_call(play, draft, calls);
    play.stage.chain.set_balance(from, ether(10_000));
    let call = Transaction::new(from, play.stage.module).with_data(data);
    play.stage.chain.transact(call.with_gas_limit(5_000_000)).unwrap()
}

fn send(play: &mut Play, draft: &OperationDraft, calls: &[Call]) -> Outcome {
    send_as(play, play.game.delegate.address(), draft, calls)
}

/// Returns the module's error that a call reverts with.
fn error(outcome: &Outcome) -> Error {
    assert!(!outcome.is_success());
    Error::abi_decode_validate(&outcome.output)
        .unwrap_or_else(|_| panic!("not a module error: {}", outcome.output))
}

pub(crate) fn a_delegate_moves_without_a_bundler(mut play: Play) {
    install(&mut play);
    let (enabling, using) = (play.game.enabling(1).unwrap(), play.game.using(3).unwrap());
    let a_move = play.stage.a_move(1, 10);

    let first = send(&mut play, &enabling, std::slice::from_ref(&a_move));
    assert!(first.is_success(), "{play}: {:?}", first.output);
    let answer = ISmartSession::executeCall::abi_decode_returns(&first.output).unwrap();
    assert_eq!(answer, [Bytes::new()], "the one call returns nothing");
    assert_eq!((play.state(), play.moves()), ((1, 1), U256::from(1)));

    let asking = IGame::movesCall { player: play.account.address() }.abi_encode();
    let batch = [a_move.clone(), a_move.clone(), a_move];
    let outcome = send(&mut play, &using, &batch);
    assert!(outcome.is_success(), "{play}: {:?}", outcome.output);
    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    assert_eq!(answers.len(), 3);
    assert_eq!((play.state(), play.moves()), ((1, 4), U256::from(4)));
    assert_eq!(play.stage.chain.balance(play.stage.game), ether(40));
    let state = play.ask(&ISmartSession::sessionStateCall {
        account: play.account.address(),
        sessionId: play.game.session.id(),
    });
    assert!(state.fee.is_zero(), "the caller pays for gas");

    // What a call returns comes back.
    let using = play.game.using(1).unwrap();
    let view = Call::new(play.stage.game, asking);
    assert!(matches!(error(&send(&mut play, &using, &[view])), Error::SelectorNotPermitted(_)));
}

pub(crate) fn what_called_functions_return_comes_back(mut play: Play) {
    install(&mut play);
    let player = play.account.address();
    play.with_session(|session| session.permissions[0].selector = IGame::movesCall::SELECTOR);
    let enabling = play.game.enabling(2).unwrap();
    let view = Call::new(play.stage.game, IGame::movesCall { player }.abi_encode());

    let outcome = send(&mut play, &enabling, &[view.clone(), view]);

    let answers = ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
    let none = Bytes::copy_from_slice(&[0; 32]);
    assert_eq!(answers, [none.clone(), none]);
}

pub(crate) fn the_direct_path_refuses_what_validation_does(mut play: Play) {
    install(&mut play);
    let using = play.game.using(1).unwrap();
    let good = play.stage.a_move(1, 10);
    let one = std::slice::from_ref(&good);

    assert!(matches!(error(&send(&mut play, &using, one)), Error::SessionNotEnabled(_)));
    play.enable_and_move();

    let mallory = key("mallory").unwrap().address();
    let stranger = send_as(&mut play, mallory, &using, one);
    let delegate = play.game.delegate.address();
    assert!(matches!(
        error(&stranger),
        Error::NotDelegate(e) if e.got == mallory && e.allowed == delegate
    ));
    let too_much = play.stage.a_move(1, 11);
    assert!(matches!(error(&send(&mut play, &using, &[too_much])), Error::ValueOverLimit(_)));
    let own = Call { target: play.account.address(), ..good.clone() };
    assert!(matches!(error(&send(&mut play, &using, &[own])), Error::BannedTarget(_)));
    let two = [good.clone(), good.clone()];
    assert!(matches!(error(&send(&mut play, &using, &two)), Error::Truncated(_)));
    assert_eq!(play.state(), (1, 1), "nothing was counted");

    let after = play.game.session.window.valid_until().seconds() + 1;
    let now = play.stage.chain.timestamp();
    play.stage.chain.warp(after - now);
    assert!(matches!(error(&send(&mut play, &using, one)), Error::OutsideWindow(e)
        if e.got == U256::from(after)));
    assert_eq!(play.moves(), U256::from(1));
}

pub(crate) fn a_wrong_owner_signature_enables_nothing_directly(mut play: Play) {
    install(&mut play);
    let mut signature = play.game.owner_signature.to_vec();
    *signature.last_mut().unwrap() ^= 1;
    play.game.owner_signature = signature.into();
    let enabling = play.game.enabling(1).unwrap();

    let a_move = play.stage.a_move(1, 10);

    let outcome = send(&mut play, &enabling, &[a_move]);

    assert!(!outcome.is_success());
    assert_eq!((play.state(), play.moves()), ((0, 0), U256::ZERO));
}

pub(crate) fn a_failing_call_reverts_all_of_it(mut play: Play) {
    install(&mut play);
    play.with_session(|session| session.permissions[0].selector = IGame::withdrawCall::SELECTOR);
    let too_much = IGame::withdrawCall { amount: ether(1) }.abi_encode();
    let enabling = play.game.enabling(1).unwrap();

    let call = Call::new(play.stage.game, too_much);

    let outcome = send(&mut play, &enabling, &[call]);

    assert!(!outcome.is_success());
    assert_eq!(play.state(), (0, 0), "counters and enabling are undone");
    assert!(outcome.logs.is_empty());
}

pub(crate) fn each_type_is_installed_and_uninstalled_alone(mut play: Play) {
    let one = [play.stage.a_move(1, 10)];
    play.enable_and_move();
    let using = play.game.using(1).unwrap();
    let not_executor = error(&send(&mut play, &using, &one));
    assert!(matches!(not_executor, Error::NotInstalled(e) if e.moduleTypes == 2), "{play}");

    install(&mut play);
    assert!(send(&mut play, &using, &one).is_success(), "{play}");

    uninstall(&mut play, ModuleType::Executor, &[2]);
    let gone = error(&send(&mut play, &using, &one));
    assert!(matches!(gone, Error::NotInstalled(e) if e.moduleTypes == 2));
    assert_eq!(play.a_move().verdict.summary(), "executed", "the validator stays");

    // Without the validator no session of the former epoch holds, not even directly.
    install(&mut play);
    uninstall(&mut play, ModuleType::Validator, &[1]);
    assert!(matches!(error(&send(&mut play, &using, &one)), Error::WrongEpoch(_)));
    let account = play.account.address();
    let epoch = play.ask(&ISmartSession::epochCall { account });
    play.with_session(|session| session.chains[0].epoch = epoch);
    let enabling = play.game.enabling(1).unwrap();
    assert!(send(&mut play, &enabling, &one).is_success(), "the executor stays: {play}");
    assert!(!play.a_move().verdict.summary().starts_with("executed"));
}

pub(crate) fn uninstalling_with_any_other_data_closes_both_paths(mut play: Play) {
    let one = [play.stage.a_move(1, 10)];
    play.enable_and_move();
    install(&mut play);
    uninstall(&mut play, ModuleType::Executor, &[]);
    let using = play.game.using(1).unwrap();

    assert!(matches!(error(&send(&mut play, &using, &one)), Error::NotInstalled(_)));
    assert!(play.a_move().verdict.summary().starts_with("refused"), "{play}");
}

pub(crate) fn an_uninstall_within_a_strangers_direct_call_ends_the_sessions(mut play: Play) {
    play.enable_and_move();
    let module = play.stage.module;
    let call_data = play.account.uninstall_module(ModuleType::Validator, module, vec![1].into());
    let op = play.stage.signed_owner_op(&*play.account, call_data).unwrap();

    let is_bundled = crate::attacks::reentry::wrapped(&mut play.stage, op.clone());

    let takes_contracts = play.stage.entry_point.version.takes_bundles_from_contracts();
    assert_eq!(is_bundled, takes_contracts, "{play}");
    if !is_bundled {
        assert_eq!(play.stage.send(op).unwrap().verdict.summary(), "executed", "{play}: unspent");
    }
    let account = play.account.address();
    assert!(!play.ask(&ISmartSession::isInitializedCall { account }), "{play}");
    install(&mut play);
    let draft = play.game.using(1).unwrap();
    let one = [play.stage.a_move(1, 0)];
    assert!(matches!(error(&send(&mut play, &draft, &one)), Error::WrongEpoch(_)), "{play}");
}
