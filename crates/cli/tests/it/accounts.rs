//! The command with every kind of account, not told which kind it is.

use harness::{AccountKind, Stage};

use crate::world::World;

#[test]
fn sessions_are_granted_used_and_ended_on_every_kind_of_account() {
    for kind in AccountKind::ALL {
        let mut stage = Stage::set().unwrap();
        let module = stage.module.to_string();
        let account = stage.account(kind, "alice").unwrap();
        let world = World::on(&format!("account-{kind}"), stage, account.as_ref());

        // The account installs the module by its owner's operation, and enables with that.
        world.sign(&module, &["--salt", "1"]);
        world.enable().ok();
        world.make_move("session.json", "0.01 ETH").ok();
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
