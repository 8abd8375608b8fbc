//! The command with every kind of account, not told which kind it is.

use alloy_primitives::{U256, hex};
use alloy_sol_types::SolCall;
use serde_json::json;
use testbed::abi::{IAccount7579, ICountingHook};
use testbed::account::{KernelAccount, ModuleType};
use testbed::test_bed::install_data;
use testbed::{AccountKind, TestBed};

use crate::world::World;

const DELEGATE: &str = "0x000000000000000000000000000000000000f00d";
/// Safe: `keccak256("fallback_manager.handler.address")`.
const FALLBACK_HANDLER: &str = "0x6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5";

/// The installed validator of its owner, and a Safe's adapter.
fn own_contracts(world: &World) -> Vec<String> {
    let params = json!([world.alice, FALLBACK_HANDLER, "latest"]);
    let stored = world.request("eth_getStorageAt", &params);
    let handler = format!("0x{}", &stored.as_str().unwrap()[26..]);
    let is_there = !handler.trim_matches(['0', 'x']).is_empty();
    let handler = is_there.then_some(handler);
    [world.owner_validator.to_string()].into_iter().chain(handler).collect()
}

#[test]
fn sessions_are_granted_used_and_ended_on_every_kind_of_account() {
    for kind in AccountKind::ALL {
        let mut bed = TestBed::set().unwrap();
        let module = bed.module.to_string();
        let account = bed.account(kind, "alice").unwrap();
        let world = World::on(&format!("account-{kind}"), bed, account.as_ref());

        // The account installs the module by its owner's operation, and enables with that.
        world.sign(&module, &["--salt", "1"]);
        world.enable().ok();
        world.make_move("session.json", "0.01 ETH").ok();
        // A contract that the account is made of takes its calls for its owner's.
        for target in own_contracts(&world) {
            let (account, target) = (world.alice.to_string(), target.as_str());
            let grant = ["--account", &account, "--delegate", DELEGATE, "--target", target];
            world
                .run(&[&["new", "--call", "move(uint8)"], &grant[..]].concat())
                .fails_with("which the account itself is made of");
        }
        // The next session is enabled by its first use, with the owner's signature.
        world.sign_again(&module, &["--salt", "2"]);
        assert_eq!(world.check_move("0.01 ETH").ok()["enables"], true, "{kind}");
        world.make_move("session.json", "0.01 ETH").ok();
        let keys = ["--owner-key-file", "owner.key", "--sender-key-file", "gas.key"];
        world.run(&[&["revoke", "session.json"][..], &keys].concat()).ok();

        let shown = world.run(&["show", "session.json"]).ok();
        assert_eq!(shown["onChain"]["status"], "revoked", "{kind}");
        assert_eq!(shown["onChain"]["callsRemaining"], 99, "{kind}");
        world.make_move("session.json", "0.01 ETH").fails_with("was revoked");
    }
}

/// Kernel wants its prefix where the module's installation has a hook, and asks the hook.
#[test]
fn a_session_is_used_on_kernel_where_the_module_has_a_hook() {
    let mut bed = TestBed::set().unwrap();
    let account = bed.account(AccountKind::Kernel, "alice").unwrap();
    let hook = bed.deploy("CountingHook").unwrap();
    let data = KernelAccount::hooked_install_data(
        hook,
        ModuleType::Validator,
        install_data(&*account, ModuleType::Validator),
    );
    let install = IAccount7579::installModuleCall {
        moduleTypeId: ModuleType::Validator.id(),
        module: bed.module,
        initData: data,
    };
    bed.expect_executed("installing", &*account, install.abi_encode().into()).unwrap();
    let module = bed.module.to_string();
    let world = World::on("kernel-hook", bed, account.as_ref());
    let checks = || {
        let call = ICountingHook::preChecksCall { account: account.address() }.abi_encode();
        let call = json!({ "to": hook, "data": hex::encode_prefixed(call) });
        world.request("eth_call", &json!([call, "latest"]))
    };
    let times = |number: u64| json!(alloy_primitives::B256::from(U256::from(number)));

    world.sign(&module, &["--salt", "1"]);
    assert_eq!(world.check_move("0.01 ETH").ok()["enables"], true);
    world.make_move("session.json", "0.01 ETH").ok();
    assert_eq!(checks(), times(1));
    world.make_move("session.json", "0.01 ETH").ok();
    assert_eq!(checks(), times(2));
}
