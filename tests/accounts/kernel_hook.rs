//! Kernel with a hook before and behind what a validator's operations run.
//!
//! Kernel then wants the `executeUserOp` prefix in front of the account's calldata, and refuses it
//! where there is no hook. The hook belongs to one installation: the validator's does not bind
//! the executor.

use std::sync::Arc;

use alloy_primitives::{Address, Bytes, FixedBytes, U256};
use alloy_sol_types::SolCall;
use testbed::abi::{IAccount7579, ICountingHook, IKernel};
use testbed::account::{KernelAccount, ModuleType};
use testbed::fixtures::EntryPointVersion;
use testbed::test_bed::install_data;
use testbed::{AccountKind, Call, GameSession, SmartAccount, TestBed};

use super::case::AccountCase;

/// `executeUserOp(PackedUserOperation,bytes32)`, as ERC-4337 computes it.
const EXECUTE_USER_OP: [u8; 4] = [0x8d, 0xd7, 0x71, 0x2f];

/// A case on Kernel whose installation of the module has a hook.
struct Hooked {
    case: AccountCase,
    hook: Address,
}

fn install(bed: &mut TestBed, account: &dyn SmartAccount, module_type: ModuleType, hook: Address) {
    let install = IAccount7579::installModuleCall {
        moduleTypeId: module_type.id(),
        module: bed.module,
        initData: KernelAccount::hooked_install_data(
            hook,
            module_type,
            install_data(account, module_type),
        ),
    };
    bed.expect_executed("installing with a hook", account, install.abi_encode().into()).unwrap();
}

impl Hooked {
    fn new() -> Self {
        let mut bed = TestBed::set_for(EntryPointVersion::V07).unwrap();
        let account = bed.account(AccountKind::Kernel, "alice").unwrap();
        let hook = bed.deploy("CountingHook").unwrap();
        install(&mut bed, &*account, ModuleType::Validator, hook);
        let game = GameSession::new(&bed, &*account, 1).unwrap();
        let case = AccountCase { kind: AccountKind::Kernel, bed, account, game };
        Self { case, hook }
    }

    /// How often the hook was asked before and behind.
    fn checks(&self) -> (U256, U256) {
        let account = self.case.account.address();
        let bed = &self.case.bed;
        (
            bed.ask(self.hook, &ICountingHook::preChecksCall { account }).unwrap(),
            bed.ask(self.hook, &ICountingHook::postChecksCall { account }).unwrap(),
        )
    }

    /// Has the delegate send calls behind the prefix.
    fn act(&mut self, calls: &[Call]) -> String {
        let draft = self.case.game.enabling(calls.len()).unwrap();
        let call_data = match calls {
            [call] => self.case.account.execute(call),
            calls => self.case.account.execute_batch(calls),
        };
        let prefixed = [&EXECUTE_USER_OP[..], &call_data].concat();
        self.case.act_data(&draft, prefixed.into()).verdict.summary()
    }
}

#[test]
fn kernel_tells_the_hook_of_a_validator() {
    let hooked = Hooked::new();
    let account = hooked.case.account.address();
    let module = hooked.case.bed.module;
    let validation_id = FixedBytes::from_slice(&[&[1], module.as_slice()].concat());
    let call = IKernel::validationConfigCall { validationId: validation_id };

    assert_eq!(hooked.case.bed.ask(account, &call).unwrap().hook, hooked.hook);
    let without = AccountCase::on(AccountKind::Kernel, EntryPointVersion::V07);
    let told = without.bed.ask(without.account.address(), &call).unwrap();
    assert_eq!(told.hook, Address::with_last_byte(1), "no hook is needed");
}

#[test]
fn with_a_hook_kernel_runs_the_prefix_and_nothing_without_it() {
    let mut hooked = Hooked::new();
    let bare = hooked.case.enable_and_move();
    assert_eq!(bare.verdict.summary(), "refused: AA23", "without the prefix");

    let a_move = hooked.case.bed.a_move(1, 10);
    assert_eq!(hooked.act(std::slice::from_ref(&a_move)), "executed");
    assert_eq!(hooked.act(&[a_move.clone(), a_move]), "executed");

    assert_eq!((hooked.case.state(), hooked.case.moves()), ((1, 3), U256::from(3)));
    assert_eq!(hooked.checks(), (U256::from(2), U256::from(2)), "once for each operation");
}

#[test]
fn behind_the_prefix_a_session_has_its_limits() {
    let mut hooked = Hooked::new();
    let bed = &hooked.case.bed;
    let (too_much, own) =
        (bed.a_move(1, 11), Call::new(hooked.case.account.address(), Bytes::new()));

    assert_eq!(hooked.act(&[too_much]), "refused: AA23 ValueOverLimit");
    assert_eq!(hooked.act(&[own]), "refused: AA23 BannedTarget");
    assert_eq!(hooked.checks(), (U256::ZERO, U256::ZERO));
}

#[test]
fn the_validators_hook_does_not_bind_an_executor_installed_without_one() {
    let mut without = Hooked::new();
    let mut with = Hooked::new();
    let account = Arc::clone(&without.case.account);
    without.case.bed.install_as(&*account, ModuleType::Executor).unwrap();
    install(&mut with.case.bed, &*account, ModuleType::Executor, with.hook);

    for (mut hooked, asked) in [(without, 0), (with, 1)] {
        let delegate = hooked.case.game.delegate.address();
        let draft = hooked.case.game.enabling(1).unwrap();
        let call = [hooked.case.bed.a_move(1, 10)];

        let outcome = super::direct::send_as(&mut hooked.case, delegate, &draft, &call);

        assert!(outcome.is_success(), "{}", outcome.output);
        assert_eq!(hooked.checks(), (U256::from(asked), U256::from(asked)));
    }
}
