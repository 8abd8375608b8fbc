//! The client's way to speak to accounts, against the testbed's, which the accounts understand.

use alloy_primitives::{Address, B256};
use testbed::AccountKind;
use testbed::abi::IAccount7579;
use testbed::fixtures::EntryPointVersion;

use super::everywhere::account_setup::AccountSetup;

#[test]
fn the_client_speaks_to_every_account_as_it_wants_to_be_spoken_to() {
    let validator = Address::repeat_byte(0x5e);
    let digest = B256::repeat_byte(0xd1);
    for kind in AccountKind::ALL {
        let setup = AccountSetup::on(kind, EntryPointVersion::V07);
        let (account, owner) = (setup.account.address(), setup.account.owner());
        let id = setup.bed.ask(account, &IAccount7579::accountIdCall {}).unwrap();

        let client = smart_session_client::AccountKind::from_account_id(&id);
        let client = client.unwrap_or_else(|| panic!("{kind}: {id} is not recognised"));

        assert_eq!(client.nonce_key(validator, 0).unwrap(), setup.account.nonce_key(validator));
        assert_eq!(client.enable_route(validator), setup.account.route(validator), "{kind}");
        let asked = client.owner_digest(setup.bed.chain.chain_id(), account, digest);
        assert_eq!(asked, setup.account.asked_about(digest), "{kind}");
        let signature = owner.sign(asked).unwrap();
        assert_eq!(
            client.owner_signature(setup.account.owner_validator(), &signature),
            setup.account.owner_signature(digest).unwrap(),
            "{kind}"
        );
    }
}
