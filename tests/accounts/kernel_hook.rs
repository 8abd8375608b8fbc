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
use testbed::{AccountKind, Call, SmartAccount, TestBed};

use super::everywhere::account_setup::AccountSetup;

/// `executeUserOp(PackedUserOperation,bytes32)`, as ERC-4337 computes it.
const EXECUTE_USER_OP: [u8; 4] = [0x8d, 0xd7, 0x71, 0x2f];

/// A setup on Kernel whose installation of the module has a hook.
struct Hooked {
    setup: AccountSetup,
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
        Self { setup: AccountSetup::of(AccountKind::Kernel, bed, account), hook }
    }

    /// How often the hook was asked before and behind.
    fn checks(&self) -> (U256, U256) {
        let account = self.setup.account.address();
        let bed = &self.setup.bed;
        (
            bed.ask(self.hook, &ICountingHook::preChecksCall { account }).unwrap(),
            bed.ask(self.hook, &ICountingHook::postChecksCall { account }).unwrap(),
        )
    }

    /// Has the delegate send calls behind the prefix.
    fn act(&mut self, calls: &[Call]) -> String {
        let draft = self.setup.game.enabling(calls.len()).unwrap();
        let call_data = match calls {
            [call] => self.setup.account.execute(call),
            calls => self.setup.account.execute_batch(calls),
        };
        let prefixed = [&EXECUTE_USER_OP[..], &call_data].concat();
        self.setup.act_data(&draft, prefixed.into()).verdict.summary()
    }
}

#[test]
fn kernel_tells_the_hook_of_a_validator() {
    let hooked = Hooked::new();
    let account = hooked.setup.account.address();
    let module = hooked.setup.bed.module;
    let validation_id = FixedBytes::from_slice(&[&[1], module.as_slice()].concat());
    let call = IKernel::validationConfigCall { validationId: validation_id };

    assert_eq!(hooked.setup.bed.ask(account, &call).unwrap().hook, hooked.hook);
    let without = AccountSetup::on(AccountKind::Kernel, EntryPointVersion::V07);
    let told = without.bed.ask(without.account.address(), &call).unwrap();
    assert_eq!(told.hook, Address::with_last_byte(1), "no hook is needed");
}

#[test]
fn with_a_hook_kernel_runs_the_prefix_and_nothing_without_it() {
    let mut hooked = Hooked::new();
    let bare = hooked.setup.enable_and_move();
    assert_eq!(bare.verdict.summary(), "refused: AA23", "without the prefix");

    let a_move = hooked.setup.bed.a_move(1, 10);
    assert_eq!(hooked.act(std::slice::from_ref(&a_move)), "executed");
    assert_eq!(hooked.act(&[a_move.clone(), a_move]), "executed");

    assert_eq!((hooked.setup.state(), hooked.setup.moves()), ((1, 3), U256::from(3)));
    assert_eq!(hooked.checks(), (U256::from(2), U256::from(2)), "once for each operation");
}

#[test]
fn behind_the_prefix_a_session_has_its_limits() {
    let mut hooked = Hooked::new();
    let bed = &hooked.setup.bed;
    let (too_much, own) =
        (bed.a_move(1, 11), Call::new(hooked.setup.account.address(), Bytes::new()));

    assert_eq!(hooked.act(&[too_much]), "refused: AA23 ValueOverLimit");
    assert_eq!(hooked.act(&[own]), "refused: AA23 BannedTarget");
    assert_eq!(hooked.checks(), (U256::ZERO, U256::ZERO));
}

#[test]
fn the_validators_hook_does_not_bind_an_executor_installed_without_one() {
    let mut without = Hooked::new();
    let mut with = Hooked::new();
    let account = Arc::clone(&without.setup.account);
    without.setup.bed.install_as(&*account, ModuleType::Executor).unwrap();
    install(&mut with.setup.bed, &*account, ModuleType::Executor, with.hook);

    for (mut hooked, asked) in [(without, 0), (with, 1)] {
        let draft = hooked.setup.game.enabling(1).unwrap();
        let call = [hooked.setup.bed.a_move(1, 10)];

        let outcome = super::everywhere::direct::send(&mut hooked.setup, &draft, &call);

        assert!(outcome.is_success(), "{}", outcome.output);
        assert_eq!(hooked.checks(), (U256::from(asked), U256::from(asked)));
    }
}
