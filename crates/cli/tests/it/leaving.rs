//! An account leaves the module: revokes all and uninstalls it, in one batch.

use alloy_primitives::{Address, B256};
use smart_session_client::{
    ActError, EntryPoint, EntryPointVersion, Mined, Module, Node, OwnerClient, OwnerSigning,
    SoftwareKey, account_kind,
};
use smart_session_core::abi::ISmartSession;
use stylus_devchain::{ArbOs, DEV_ACCOUNTS};
use testbed::account::ModuleType;
use testbed::entry_point::two_u128;
use testbed::{AccountKind, SmartAccount, TestBed, Verdict};

use crate::world::World;

/// What is left of the module on an account.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    is_installed: bool,
    calls_to_leave: usize,
    epoch: u64,
}

async fn left(module: &Module<'_>, account: Address) -> Result<Left, ActError> {
    let kind = account_kind(module.node, account).await?;
    Ok(Left {
        is_installed: module.is_installed(account).await?,
        calls_to_leave: module.leave_calls(kind, account).await?.len(),
        epoch: module.epoch(account).await?,
    })
}

async fn leave(world: &World, module: &Module<'_>) -> Result<Mined, ActError> {
    let kind = account_kind(module.node, world.alice).await?;
    let secret: B256 = world.work.read("owner.key").trim().parse().unwrap();
    let owner = OwnerClient {
        entry_point: EntryPoint::canonical(module.node, EntryPointVersion::V07),
        account: world.alice,
        kind,
        validator: world.owner_validator,
        signing: OwnerSigning::of(kind, world.owner_validator),
        key: &SoftwareKey::new(secret).unwrap(),
    };
    let sender = SoftwareKey::new(DEV_ACCOUNTS[0].private_key).unwrap();
    owner.act(&module.leave_calls(kind, world.alice).await?, &sender).await
}

#[test]
fn every_kind_of_account_leaves_the_module_as_validator_and_executor() {
    for kind in AccountKind::ALL {
        let mut bed = TestBed::set().unwrap();
        let module = bed.module;
        let account = bed.account(kind, "alice").unwrap();
        let world = World::on(&format!("leaving-{kind}"), bed, account.as_ref());
        world.sign(&module.to_string(), &[]);
        world.enable_with(&["--executor"]).ok();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let node = Node::at(&world.url).unwrap();
            let module = Module { node: &node, address: module };
            let before = left(&module, world.alice).await.unwrap();
            assert_eq!(
                before,
                Left { is_installed: true, calls_to_leave: 4, epoch: 0 },
                "{kind}: all sessions, the module told, executor, validator"
            );

            let mined = leave(&world, &module).await.unwrap();

            assert!(mined.is_success, "{kind}: {:?}", mined.reason);
            let after = left(&module, world.alice).await.unwrap();
            assert!(!after.is_installed, "{kind}");
            assert_eq!(after.calls_to_leave, 2, "{kind}: no type is left");
            assert_ne!(after.epoch, 0, "{kind}: its sessions are void");
        });
    }
}

/// What becomes of an account that is brought to leave with so much gas for its calls.
fn left_with(
    bed: &TestBed,
    account: &dyn SmartAccount,
    calls: &[testbed::Call],
    call_gas: u128,
) -> (Verdict, bool) {
    let mut bed = bed.clone();
    let call_data = account.execute_batch(calls);
    let key = account.owner_nonce_key();
    let entry_point = bed.entry_point;
    let mut op = entry_point.user_op(&bed.chain, account.address(), key, call_data).unwrap();
    op.accountGasLimits = two_u128(1_000_000, call_gas);
    let hash = entry_point.user_op_hash(&bed.chain, &op).unwrap();
    op.signature = account.owner().sign(hash).unwrap().into();
    let verdict = bed.send(op).unwrap().verdict;
    let is_initialized = ISmartSession::isInitializedCall { account: account.address() };
    (verdict, bed.ask(bed.module, &is_initialized).unwrap())
}

/// Some accounts swallow what goes wrong in a module's `onUninstall`, and a bundler that looks for the
/// least gas that passes finds so little that it runs out there: Nexus, where the program is not cached.
/// Under `ArbOS` 51: later versions start a program that ran earlier in the block at the cached price.
#[test]
fn leaving_with_the_least_gas_that_passes_leaves_nothing_behind() {
    let mut swallowing = vec![];
    for kind in AccountKind::ALL {
        let mut bed = TestBed::set_under(ArbOs::V51).unwrap();
        let module = bed.module;
        let account = bed.account(kind, "alice").unwrap();
        bed.install(&*account).unwrap();
        bed.install_as(&*account, ModuleType::Executor).unwrap();
        bed.chain.evict_program(module).unwrap();
        let world = World::on(&format!("leaving-least-{kind}"), bed.clone(), account.as_ref());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let calls = runtime.block_on(async {
            let node = Node::at(&world.url).unwrap();
            let module = Module { node: &node, address: module };
            let kind = account_kind(&node, world.alice).await.unwrap();
            module.leave_calls(kind, world.alice).await.unwrap()
        });
        let calls: Vec<_> =
            calls.into_iter().map(|call| testbed::Call::new(call.target, call.data)).collect();
        let with = |calls: &[testbed::Call], gas| left_with(&bed, &*account, calls, gas);
        let least = |calls: &[testbed::Call]| {
            let (mut low, mut high) = (10_000, 3_000_000);
            while high - low > 1 {
                let gas = low + (high - low) / 2;
                if with(calls, gas).0 == Verdict::Executed { high = gas } else { low = gas }
            }
            high
        };

        let high = least(&calls);
        for gas in (high..high + 20_000).step_by(701) {
            let (verdict, is_initialized) = with(&calls, gas);
            assert_eq!(verdict, Verdict::Executed, "{kind}: {gas}");
            assert!(!is_initialized, "{kind}: with {gas} gas the module was not told");
        }
        // Without the account's own word to the module.
        let untold = [&calls[..1], &calls[2..]].concat();
        if with(&untold, least(&untold)).1 {
            swallowing.push(kind);
        }
    }
    assert!(swallowing.contains(&AccountKind::Nexus), "what it is for: {swallowing:?}");
}

#[test]
fn leaving_takes_the_accounts_own_operation() {
    let mut bed = TestBed::set().unwrap();
    let module = bed.module.to_string();
    let account = bed.account(AccountKind::Nexus, "alice").unwrap();
    let world = World::on("leaving", bed, account.as_ref());
    world.sign(&module, &[]);
    world.enable().ok();
    let keys = ["--owner-key-file", "owner.key", "--sender-key-file", "gas.key"];
    let leave = |by: &str| {
        let arguments = ["revoke", "session.json", "--all", "--uninstall", "--by", by];
        world.run(&[&arguments[..], &keys].concat())
    };

    leave("relay").fails_with("only the account itself uninstalls the module");
    assert_eq!(leave("print").ok()["calls"].as_array().unwrap().len(), 3);
    assert_eq!(leave("account").ok()["uninstalled"], true);

    world.make_move("session.json", "0.01 ETH").failed();
}
