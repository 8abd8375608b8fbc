//! The epoch: sessions of a former one are void, and the next cannot be foreseen.

use alloy_primitives::{B256, Bytes, U256, hex, keccak256};
use alloy_sol_types::SolEvent;
use smart_session_core::abi::ISmartSession;
use stylus_devchain::Transaction;
use testbed::{GameSession, SmartAccount};

use super::{CAROL, enable_with, install, revoke_all, uninstall};
use crate::setup::Setup;

/// Asks a contract whose code is `NUMBER`: on Arbitrum that is the parent chain's block.
fn evm_block_number(setup: &mut Setup) -> U256 {
    let init_code = hex!("6843600052602060 00f3600052 6009 6017 f3");
    let contract = setup.bed.chain.deploy(Bytes::from(init_code)).unwrap();
    let outcome = setup.bed.chain.call(Transaction::new(CAROL, contract)).unwrap();
    U256::from_be_slice(&outcome.output)
}

/// The epoch that follows epoch 0 in the block of now, for a salt.
fn expected_epoch(setup: &mut Setup, salt: B256) -> u64 {
    let words = [
        setup.alice.address().into_word().into(),
        U256::ZERO,
        salt.into(),
        U256::from(setup.bed.chain.timestamp()),
        evm_block_number(setup),
        U256::from(100_000_000),
    ];
    let hash = keccak256(words.map(|word| word.to_be_bytes::<32>()).concat());
    u64::from_be_bytes(hash[24..].try_into().unwrap())
}

/// Has Alice's account call the module; returns the epochs that its event tells.
fn moved_epoch(setup: &mut Setup, data: Vec<u8>) -> (u64, u64) {
    let account = setup.alice.address();
    let outcome = setup.send_module(account, data);
    let log = outcome.logs.iter().find(|log| log.address == setup.bed.module).unwrap();
    let event = ISmartSession::EpochMoved::decode_log(log).unwrap();
    assert_eq!(event.account, account);
    assert_eq!(setup.ask(&ISmartSession::epochCall { account }), event.epoch);
    (event.formerEpoch, event.epoch)
}

#[test]
fn a_session_of_another_epoch_is_refused() {
    assert_eq!(enable_with(|session| session.chains[0].epoch = 1), "refused: AA23 WrongEpoch");
}

#[test]
fn nothing_revives_when_the_module_is_installed_again() {
    let mut setup = Setup::enabled();
    let account = setup.alice.address();
    let call = setup.alice.uninstall_validator(setup.bed.module, Bytes::new());
    assert_eq!(setup.bed.owner_op(&setup.alice, call).unwrap().verdict.summary(), "executed");
    assert!(!setup.ask(&ISmartSession::isInitializedCall { account }));
    setup.bed.install(&setup.alice.clone()).unwrap();

    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 WrongEpoch");
    assert_eq!(setup.enable_and_move().verdict.summary(), "refused: AA23 WrongEpoch");

    let epoch = setup.ask(&ISmartSession::epochCall { account });
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        session.chains[0].epoch = epoch;
    })
    .unwrap();
    assert_eq!(setup.enable_and_move().verdict.summary(), "executed", "a new session holds");
}

#[test]
fn the_next_epoch_is_the_hash_of_six_words() {
    let mut setup = Setup::new();
    let salt = B256::repeat_byte(0x5a);

    let moved = moved_epoch(&mut setup, revoke_all(salt));

    assert_eq!(moved, (0, expected_epoch(&mut setup, salt)));
}

#[test]
fn uninstall_data_carries_the_salt_and_is_hashed_where_it_does_not() {
    let salt = B256::repeat_byte(0x5a);
    let salted = |types: u8| [&[types][..], salt.as_slice()].concat();
    let hashed = |data: &[u8]| (data.to_vec(), keccak256(data));
    let cases = [
        (salted(1), salt),
        (salted(3), salt),
        // Types that are not installed mean both, and the salt is a salt.
        (salted(2), salt),
        hashed(&[]),
        hashed(&[1]),
        hashed(&[2]),
        hashed(&[3]),
        // No uninstall data: no type, or another length.
        hashed(&salted(0)),
        hashed(&salted(4)),
        hashed(&[1; 32]),
        hashed(&[1; 34]),
    ];
    for (data, salt) in cases {
        let mut setup = Setup::new();
        let account = setup.alice.address();

        let moved = moved_epoch(&mut setup, uninstall(&data));

        assert_eq!(moved, (0, expected_epoch(&mut setup, salt)), "{data:?}");
        assert!(!setup.ask(&ISmartSession::isInitializedCall { account }), "{data:?}");
        assert!(setup.send_module(account, install(&[3, 0, 0])).is_success(), "{data:?}");
    }
}

#[test]
fn revoking_all_voids_every_session_and_none_can_be_signed_in_advance() {
    let mut setup = Setup::enabled();
    let account = setup.alice.address();

    let op = setup.owner_calls_module(revoke_all(B256::repeat_byte(0x5a)));

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(setup.a_move().verdict.summary(), "refused: AA23 WrongEpoch");
    let epoch = setup.ask(&ISmartSession::epochCall { account });
    assert!(epoch > u64::from(u32::MAX), "not the next number: {epoch}");
    for guess in [0, 1, 2] {
        setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
            session.chains[0].epoch = guess;
        })
        .unwrap();
        assert_eq!(setup.enable_and_move().verdict.summary(), "refused: AA23 WrongEpoch");
    }
}
