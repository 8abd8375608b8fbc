//! What is particular to one account.

use alloy_primitives::{Address, B256, Bytes, hex};
use alloy_sol_types::{SolCall, SolInterface};
use smart_session_client::{error_name, session_digest};
use smart_session_core::abi::ISmartSession;
use stylus_devchain::{Delegation, Transaction};
use testbed::abi::{IAccount7579, IEntryPoint};
use testbed::fixtures::EntryPointVersion;
use testbed::{AccountKind, GameSession, SmartAccount, TestBed, Verdict};

use super::everywhere::account_setup::AccountSetup;

const OPENZEPPELIN: &str = "@openzeppelin/contracts.AccountERC7579Hooked.v1.0.0";

#[test]
fn every_account_says_which_one_it_is() {
    for (kind, id) in [
        (AccountKind::OpenZeppelin, OPENZEPPELIN),
        (AccountKind::Nexus, "biconomy.nexus.1.0.0"),
        (AccountKind::Safe7579, "rhinestone.safe7579.v1.0.0"),
        (AccountKind::Kernel, "kernel.advanced.v0.3.1"),
        (AccountKind::Msa, "uMSA.advanced/withHook.v0.1"),
        (AccountKind::OpenZeppelin7702, OPENZEPPELIN),
        (AccountKind::Nexus7702, "biconomy.nexus.1.0.0"),
    ] {
        let setup = AccountSetup::on(kind, EntryPointVersion::V07);
        let said = setup.bed.ask(setup.account.address(), &IAccount7579::accountIdCall {});
        assert_eq!(said.unwrap(), id, "{kind}");
    }
}

#[test]
fn an_eoa_with_an_accounts_code_keeps_its_address_and_owns_itself() {
    for kind in [AccountKind::OpenZeppelin7702, AccountKind::Nexus7702] {
        let setup = AccountSetup::on(kind, EntryPointVersion::V07);
        let (address, owner) = (setup.account.address(), setup.account.owner().address());
        let code = setup.bed.chain.code(address);

        assert_eq!(address, owner);
        assert_eq!((code.len(), &code[..3]), (23, &[0xef, 0x01, 0x00][..]), "EIP-7702");
    }
}

/// Has an EOA delegate its code, or take the delegation back by naming nobody (EIP-7702).
fn delegate(setup: &mut AccountSetup, to: Address) {
    let (bundler, authority) = (setup.bed.entry_point.bundler, setup.account.address());
    let nonce = setup.bed.chain.nonce(authority);
    let delegation = Delegation { authority, delegate: to, nonce };
    let transaction = Transaction::new(bundler, bundler).with_delegations(vec![delegation]);
    assert!(setup.bed.chain.transact(transaction).unwrap().is_success());
}

#[test]
fn sessions_of_an_eoa_rest_while_it_delegates_to_nobody_and_come_back_unless_revoked() {
    let mut setup = AccountSetup::on(AccountKind::OpenZeppelin7702, EntryPointVersion::V07);
    setup.enable_and_move();
    let code = setup.bed.chain.code(setup.account.address());
    let implementation = Address::from_slice(&code[3..]);

    delegate(&mut setup, Address::ZERO);
    assert!(setup.bed.chain.code(setup.account.address()).is_empty());
    assert!(matches!(setup.a_move().verdict, Verdict::Refused { .. }), "there is no account");

    // An EOA may call the module as itself, and that is its account.
    let mut revoked = setup.clone();
    let revoke_all = ISmartSession::revokeAll_0Call { salt: B256::repeat_byte(1) }.abi_encode();
    let call = Transaction::new(setup.account.address(), setup.bed.module).with_data(revoke_all);
    assert!(revoked.bed.chain.transact(call).unwrap().is_success());
    for (mut setup, expected) in [(setup, "executed"), (revoked, "refused: AA23 WrongEpoch")] {
        delegate(&mut setup, implementation);
        assert_eq!(setup.a_move().verdict.summary(), expected);
    }
}

#[test]
fn a_safe_keeps_the_modules_reasons_to_itself() {
    let mut setup = AccountSetup::on(AccountKind::Safe7579, EntryPointVersion::V07);

    let op = setup.a_move();

    let error = IEntryPoint::IEntryPointErrors::abi_decode(&op.outcome.output).unwrap();
    let IEntryPoint::IEntryPointErrors::FailedOpWithRevert(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error_name(&error.inner), None, "whoever sends the operation learns nothing");
    assert_eq!(op.verdict.summary(), "refused: AA23 SessionNotEnabled", "but the trace shows it");
}

#[test]
fn the_owners_of_a_safe_enable_without_a_validator() {
    let mut bed = TestBed::set().unwrap();
    let safe = bed.safe_account("alice").unwrap();
    // 20 zero bytes as the enable route: only the Safe's own owners are asked.
    let mut data = vec![0x01, 20];
    data.extend([0; 20]);
    data.push(0);
    let install = safe.install_validator(bed.module, data.into());
    bed.expect_executed("installing the module", &safe, install).unwrap();
    let mut game = GameSession::new(&bed, &safe, 1).unwrap();
    let call_data = safe.execute(&bed.a_move(1, 10));

    let draft = game.enabling(1).unwrap();
    let op = bed.act(&safe, &draft, &game.delegate, call_data.clone()).unwrap();
    assert_eq!(op.verdict.summary(), "refused: AA23 WrongRoute", "the validator is not asked");

    let digest = session_digest(bed.module, &game.session);
    game.owner_signature = safe.owners_signature(digest).unwrap();
    let draft = game.enabling(1).unwrap();
    let op = bed.act(&safe, &draft, &game.delegate, call_data).unwrap();
    assert_eq!(op.verdict, Verdict::Executed);
}

#[test]
fn kernel_asks_its_validator_about_a_digest_of_its_own() {
    let mut setup = AccountSetup::on(AccountKind::Kernel, EntryPointVersion::V07);
    let digest = session_digest(setup.bed.module, &setup.game.session);
    let route = setup.account.owner_route();
    let bare = setup.account.owner().sign(digest).unwrap();
    setup.game.owner_signature = Bytes::from([&route[..], &bare].concat());

    assert_eq!(setup.enable_and_move().verdict.summary(), "refused: AA24");
}

#[test]
fn an_execute_user_op_prefix_is_run_by_nexus_and_the_reference_account_alone() {
    for (kind, expected) in [
        (AccountKind::OpenZeppelin, "reverted"),
        (AccountKind::Nexus, "executed"),
        (AccountKind::Safe7579, "reverted"),
        // It expects the prefix where the validator has a hook, and there alone.
        (AccountKind::Kernel, "refused: AA23"),
        (AccountKind::Msa, "executed"),
    ] {
        let mut setup = AccountSetup::on(kind, EntryPointVersion::V07);
        setup.enable_and_move();
        let draft = setup.game.using(1).unwrap();
        let execute = setup.account.execute(&setup.bed.a_move(1, 10));
        let prefixed = Bytes::from([&hex!("8dd7712f"), &execute[..]].concat());

        let op = setup.act_data(&draft, prefixed);

        assert_eq!(op.verdict.summary(), expected, "{kind}");
    }
}
