//! What is particular to one account.

use alloy_primitives::{Address, B256, Bytes, hex};
use alloy_sol_types::{SolCall, SolInterface};
use devchain::{Delegation, Transaction};
use harness::abi::{IAccount7579, IEntryPoint};
use harness::fixtures::EntryPointVersion;
use harness::{AccountKind, GameSession, SmartAccount, Stage, Verdict};
use session_client::{error_name, session_digest};
use session_core::abi::ISmartSession;

use super::play::Play;

const OPENZEPPELIN: &str = "@openzeppelin/contracts.AccountERC7579Hooked.v1.0.0";

#[test]
fn every_account_says_which_one_it_is() {
    for (kind, id) in [
        (AccountKind::OpenZeppelin, OPENZEPPELIN),
        (AccountKind::Nexus, "biconomy.nexus.1.0.0"),
        (AccountKind::Safe7579, "rhinestone.safe7579.v1.0.0"),
        (AccountKind::Kernel, "kernel.advanced.v0.3.1"),
        (AccountKind::Reference, "uMSA.advanced/withHook.v0.1"),
        (AccountKind::OpenZeppelin7702, OPENZEPPELIN),
        (AccountKind::Nexus7702, "biconomy.nexus.1.0.0"),
    ] {
        let play = Play::on(kind, EntryPointVersion::V07);
        let said = play.stage.ask(play.account.address(), &IAccount7579::accountIdCall {});
        assert_eq!(said.unwrap(), id, "{kind}");
    }
}

#[test]
fn an_eoa_with_an_accounts_code_keeps_its_address_and_owns_itself() {
    for kind in [AccountKind::OpenZeppelin7702, AccountKind::Nexus7702] {
        let play = Play::on(kind, EntryPointVersion::V07);
        let (address, owner) = (play.account.address(), play.account.owner().address());
        let code = play.stage.chain.code(address);

        assert_eq!(address, owner);
        assert_eq!((code.len(), &code[..3]), (23, &[0xef, 0x01, 0x00][..]), "EIP-7702");
    }
}

/// Has an EOA delegate its code, or take the delegation back by naming nobody (EIP-7702).
fn delegate(play: &mut Play, to: Address) {
    let (bundler, authority) = (play.stage.entry_point.bundler, play.account.address());
    let nonce = play.stage.chain.nonce(authority);
    let delegation = Delegation { authority, delegate: to, nonce };
    let transaction = Transaction::new(bundler, bundler).with_delegations(vec![delegation]);
    assert!(play.stage.chain.transact(transaction).unwrap().is_success());
}

#[test]
fn sessions_of_an_eoa_rest_while_it_delegates_to_nobody_and_come_back_unless_revoked() {
    let mut play = Play::on(AccountKind::OpenZeppelin7702, EntryPointVersion::V07);
    play.enable_and_move();
    let code = play.stage.chain.code(play.account.address());
    let implementation = Address::from_slice(&code[3..]);

    delegate(&mut play, Address::ZERO);
    assert!(play.stage.chain.code(play.account.address()).is_empty());
    assert!(matches!(play.a_move().verdict, Verdict::Refused { .. }), "there is no account");

    // An EOA may call the module as itself, and that is its account.
    let mut revoked = play.clone();
    let revoke_all = ISmartSession::revokeAll_0Call { salt: B256::repeat_byte(1) }.abi_encode();
    let call = Transaction::new(play.account.address(), play.stage.module).with_data(revoke_all);
    assert!(revoked.stage.chain.transact(call).unwrap().is_success());
    for (mut play, expected) in [(play, "executed"), (revoked, "refused: AA23 WrongEpoch")] {
        delegate(&mut play, implementation);
        assert_eq!(play.a_move().verdict.summary(), expected);
    }
}

#[test]
fn a_safe_keeps_the_modules_reasons_to_itself() {
    let mut play = Play::on(AccountKind::Safe7579, EntryPointVersion::V07);

    let op = play.a_move();

    let error = IEntryPoint::IEntryPointErrors::abi_decode(&op.outcome.output).unwrap();
    let IEntryPoint::IEntryPointErrors::FailedOpWithRevert(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error_name(&error.inner), None, "whoever sends the operation learns nothing");
    assert_eq!(op.verdict.summary(), "refused: AA23 SessionNotEnabled", "but the trace shows it");
}

#[test]
fn the_owners_of_a_safe_enable_without_a_validator() {
    let mut stage = Stage::set().unwrap();
    let safe = stage.safe_account("alice").unwrap();
    // 20 zero bytes as the enable route: only the Safe's own owners are asked.
    let mut data = vec![0x01, 20];
    data.extend([0; 20]);
    data.push(0);
    let install = safe.install_validator(stage.module, data.into());
    stage.expect_executed("installing the module", &safe, install).unwrap();
    let mut game = GameSession::new(&stage, &safe, 1).unwrap();
    let call_data = safe.execute(&stage.a_move(1, 10));

    let draft = game.enabling(1).unwrap();
    let op = stage.act(&safe, &draft, &game.delegate, call_data.clone()).unwrap();
    assert_eq!(op.verdict.summary(), "refused: AA23 WrongRoute", "the validator is not asked");

    let digest = session_digest(stage.module, &game.session);
    game.owner_signature = safe.owners_signature(digest).unwrap();
    let draft = game.enabling(1).unwrap();
    let op = stage.act(&safe, &draft, &game.delegate, call_data).unwrap();
    assert_eq!(op.verdict, Verdict::Executed);
}

#[test]
fn kernel_asks_its_validator_about_a_digest_of_its_own() {
    let mut play = Play::on(AccountKind::Kernel, EntryPointVersion::V07);
    let digest = session_digest(play.stage.module, &play.game.session);
    let route = play.account.owner_route();
    let bare = play.account.owner().sign(digest).unwrap();
    play.game.owner_signature = Bytes::from([&route[..], &bare].concat());

    assert_eq!(play.enable_and_move().verdict.summary(), "refused: AA24");
}

#[test]
fn an_execute_user_op_prefix_is_run_by_nexus_and_the_reference_account_alone() {
    for (kind, expected) in [
        (AccountKind::OpenZeppelin, "reverted"),
        (AccountKind::Nexus, "executed"),
        (AccountKind::Safe7579, "reverted"),
        // It expects the prefix where the validator has a hook, and there alone.
        (AccountKind::Kernel, "refused: AA23"),
        (AccountKind::Reference, "executed"),
    ] {
        let mut play = Play::on(kind, EntryPointVersion::V07);
        play.enable_and_move();
        let draft = play.game.using(1).unwrap();
        let execute = play.account.execute(&play.stage.a_move(1, 10));
        let prefixed = Bytes::from([&hex!("8dd7712f"), &execute[..]].concat());

        let op = play.act_data(&draft, prefixed);

        assert_eq!(op.verdict.summary(), expected, "{kind}");
    }
}
