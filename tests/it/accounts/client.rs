//! The client's way to speak to accounts, against the harness's, which the accounts understand.

use alloy_primitives::{Address, B256};
use harness::AccountKind;
use harness::abi::IAccount7579;
use harness::fixtures::EntryPointVersion;

use super::play::Play;

#[test]
fn the_client_speaks_to_every_account_as_it_wants_to_be_spoken_to() {
    let validator = Address::repeat_byte(0x5e);
    let digest = B256::repeat_byte(0xd1);
    for kind in AccountKind::ALL {
        let play = Play::on(kind, EntryPointVersion::V07);
        let (account, owner) = (play.account.address(), play.account.owner());
        let id = play.stage.ask(account, &IAccount7579::accountIdCall {}).unwrap();

        let client = session_client::AccountKind::from_account_id(&id);
        let client = client.unwrap_or_else(|| panic!("{kind}: {id} is not recognised"));

        assert_eq!(client.nonce_key(validator, 0).unwrap(), play.account.nonce_key(validator));
        assert_eq!(client.enable_route(validator), play.account.route(validator), "{kind}");
        let asked = client.owner_digest(play.stage.chain.chain_id(), account, digest);
        assert_eq!(asked, play.account.asked_about(digest), "{kind}");
        let signature = owner.sign(asked).unwrap();
        assert_eq!(
            client.owner_signature(play.account.owner_validator(), &signature),
            play.account.owner_signature(digest).unwrap(),
            "{kind}"
        );
    }
}
