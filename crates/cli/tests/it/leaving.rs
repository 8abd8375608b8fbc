//! An account leaves the module: revokes all and uninstalls it, in one batch.

use alloy_primitives::{Address, B256};
use smart_session_client::{
    ActError, EntryPoint, EntryPointVersion, Mined, Module, Node, OwnerClient, OwnerSigning,
    SoftwareKey, account_kind,
};
use stylus_devchain::DEV_ACCOUNTS;
use testbed::{AccountKind, TestBed};

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
    let secret: B256 = world.desk.read("owner.key").trim().parse().unwrap();
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
                Left { is_installed: true, calls_to_leave: 3, epoch: 0 },
                "{kind}: all sessions, executor, validator"
            );

            let mined = leave(&world, &module).await.unwrap();

            assert!(mined.is_success, "{kind}: {:?}", mined.reason);
            let after = left(&module, world.alice).await.unwrap();
            assert!(!after.is_installed, "{kind}");
            assert_eq!(after.calls_to_leave, 1, "{kind}: no type is left");
            assert_ne!(after.epoch, 0, "{kind}: its sessions are void");
        });
    }
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
    assert_eq!(leave("print").ok()["calls"].as_array().unwrap().len(), 2);
    assert_eq!(leave("account").ok()["uninstalled"], true);

    world.make_move("session.json", "0.01 ETH").failed();
}
