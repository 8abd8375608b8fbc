//! `onInstall`, `onUninstall`, `isModuleType`, `isInitialized`.

use alloy_primitives::{B256, Bytes, U256, keccak256};
use session_model::{Chain, Session, eip712};
use smart_session::host::off_chain::Hostio;
use smart_session_core::abi::ISmartSession as Abi;

use super::{
    ACCOUNT, ANYONE, OWNER, SALT, enabled, epoch, event, is_initialized, kept, module, signed,
};
use crate::module::{Module, whole};
use crate::refused::session;

fn install(module: &Module, data: &[u8]) -> Result<(), String> {
    let data = Bytes::copy_from_slice(data);
    module.send(ACCOUNT, &Abi::onInstallCall { data }).map(|_| ())
}

fn uninstall(module: &Module, data: &[u8]) {
    let data = Bytes::copy_from_slice(data);
    module.send(ACCOUNT, &Abi::onUninstallCall { data }).expect("it never reverts");
}

fn refused(error: &str) -> Result<(), String> {
    Err(error.into())
}

/// Install data of a validator that takes any route, with sessions.
fn with_sessions(sessions: &[Session]) -> Vec<u8> {
    let mut data = vec![1, 0, u8::try_from(sessions.len()).unwrap()];
    for session in sessions {
        let packed = whole(session);
        data.extend(u32::try_from(packed.len()).unwrap().to_be_bytes());
        data.extend(&packed);
    }
    data
}

fn sessions(count: u64, epoch: u64) -> Vec<Session> {
    let chains = vec![Chain { id: U256::from(module(0).chain.chain_id), epoch }];
    (1..=count).map(|salt| Session { salt, chains: chains.clone(), ..session() }).collect()
}

#[test]
fn install_data_is_types_route_and_count() {
    for good in [&[1, 0, 0][..], &[2, 0, 0], &[3, 2, 9, 9, 0], &[1, 0xff, 0]] {
        let module = module(0);
        assert_eq!(install(&module, good), Ok(()), "{good:?}");
        assert!(is_initialized(&module));
    }
    let mut long = vec![1, 22];
    long.extend([9; 22]);
    long.push(0);
    for (bad, error) in [
        (&[][..], "EmptyInstallData"),
        (&[0, 0, 0], "UnknownModuleTypes"),
        (&[4, 0, 0], "UnknownModuleTypes"),
        (&[1], "Truncated"),
        (&[1, 0], "Truncated"),
        (&[1, 2, 9], "Truncated"),
        (&[1, 0, 0, 0], "TrailingBytes"),
        (&[1, 0, 1, 0, 0, 0], "Truncated"),
        (&long, "RouteTooLong"),
    ] {
        let module = module(0);
        assert_eq!(install(&module, bad), refused(error), "{bad:?}");
        assert!(!is_initialized(&module));
    }
}

#[test]
fn a_type_is_installed_once_and_the_other_beside_it() {
    let validator = module(1);
    assert_eq!(install(&validator, &[1, 0, 0]), refused("AlreadyInstalled"));
    assert_eq!(install(&validator, &[3, 0, 0]), refused("AlreadyInstalled"));
    assert_eq!(install(&validator, &[2, 0, 0]), Ok(()));
    assert_eq!(install(&validator, &[2, 0, 0]), refused("AlreadyInstalled"));
}

#[test]
fn up_to_eight_sessions_are_enabled_with_the_install() {
    let module = module(0);
    assert_eq!(install(&module, &with_sessions(&sessions(9, 0))), refused("TooManySessions"));
    assert_eq!(install(&module, &with_sessions(&sessions(8, 0))), Ok(()));
    let enabled = |log| event::<Abi::SessionEnabled>(log).is_some();
    assert_eq!(module.chain.logs().iter().filter(|log| enabled(log)).count(), 8);
}

#[test]
fn a_revoked_session_is_passed_over_and_any_other_fault_is_not() {
    let module = module(0);
    let [first, second] = sessions(2, 0).try_into().unwrap();
    let call =
        Abi::revoke_1Call { account: ACCOUNT, session: whole(&first), signature: Bytes::new() };
    module.send(first.delegate, &call).unwrap();
    let before = module.chain.logs().len();

    assert_eq!(install(&module.clone(), &with_sessions(&sessions(1, 7))), refused("WrongEpoch"));
    assert_eq!(install(&module, &with_sessions(&[first, second.clone()])), Ok(()));

    let logs = module.chain.logs();
    let [log] = &logs[before..] else { panic!("one event") };
    assert_eq!(event::<Abi::SessionEnabled>(log).unwrap().session, whole(&second));
}

/// The epoch that follows another, written out.
fn next(module: &Module, former: u64, salt: B256) -> u64 {
    let chain = &module.chain;
    let words = [
        ACCOUNT.into_word().into(),
        U256::from(former),
        salt.into(),
        U256::from(chain.timestamp),
        U256::from(chain.block_number),
        U256::from(chain.base_fee),
    ];
    let hash = keccak256(words.map(|word| word.to_be_bytes::<32>()).concat());
    u64::from_be_bytes(hash[24..].try_into().unwrap())
}

#[test]
fn uninstalling_ends_what_the_data_names_and_moves_the_epoch_with_the_validator() {
    let salted = |types: u8| [&[types][..], SALT.as_slice()].concat();
    // Installed, uninstall data, what is left, and the salt if the epoch moves.
    let cases = [
        (1, salted(1), 0, Some(SALT)),
        (1, vec![1], 0, Some(keccak256([1]))),
        (3, salted(1), 2, Some(SALT)),
        (3, salted(2), 1, None),
        (3, vec![2], 1, None),
        (3, salted(3), 0, Some(SALT)),
        (2, salted(2), 0, Some(SALT)),
        (2, vec![2], 0, Some(keccak256([2]))),
        // Not installed: both.
        (1, salted(2), 0, Some(SALT)),
        (2, salted(1), 0, Some(SALT)),
        (1, salted(3), 0, Some(SALT)),
        (0, salted(1), 0, Some(SALT)),
        // No uninstall data: both.
        (3, vec![], 0, Some(keccak256([]))),
        (3, vec![0], 0, Some(keccak256([0]))),
        (3, vec![4], 0, Some(keccak256([4]))),
        (3, salted(4), 0, Some(keccak256(salted(4)))),
        (3, vec![1; 32], 0, Some(keccak256([1; 32]))),
        (3, vec![1; 34], 0, Some(keccak256([1; 34]))),
    ];
    for (installed, data, left, salt) in cases {
        let module = module(installed);
        uninstall(&module, &data);

        let expected = salt.map_or(0, |salt| next(&module, 0, salt));
        assert_eq!(epoch(&module), expected, "{installed} {data:?}");
        assert_eq!(is_initialized(&module), left != 0, "{installed} {data:?}");
        for types in [1, 2] {
            let again = install(&module.clone(), &[types, 0, 0]);
            assert_eq!(again.is_ok(), left & types == 0, "{installed} {data:?} {types}");
        }
        let moved = module.chain.logs().last().and_then(event::<Abi::EpochMoved>);
        assert_eq!(
            moved.map(|moved| (moved.account, moved.formerEpoch, moved.epoch)),
            salt.map(|_| (ACCOUNT, 0, expected))
        );
    }
}

#[test]
fn the_epoch_follows_the_former_one() {
    let module = module(1);
    uninstall(&module, &[1]);
    let first = epoch(&module);
    install(&module, &[1, 0, 0]).unwrap();
    assert_eq!(epoch(&module), first, "an install does not move it");

    module.send(ACCOUNT, &Abi::revokeAll_0Call { salt: SALT }).unwrap();

    assert_eq!(epoch(&module), next(&module, first, SALT));
}

/// Without a salt the next epoch can be computed, and a session signed for it: so a reinstall begins
/// with a revocation of all that has a salt.
#[test]
fn a_session_signed_for_the_foreseeable_epoch_is_not_live_after_a_reinstall_with_a_salt() {
    let module = enabled(1);
    let foreseen = next(&module, 0, keccak256([1]));
    let [ahead] = sessions(1, foreseen).try_into().unwrap();
    let signature = signed(OWNER, eip712::session_id(&ahead));
    let enable = Abi::enable_1Call { account: ACCOUNT, session: whole(&ahead), signature };
    uninstall(&module, &[1]);
    assert_eq!(epoch(&module), foreseen);

    let bare = module.clone();
    install(&bare, &[1, 0, 0]).unwrap();
    assert!(bare.send(ANYONE, &enable).is_ok(), "what the revocation is for");

    // The batch that the documents prescribe.
    install(&module, &[1, 0, 0]).unwrap();
    module.send(ACCOUNT, &Abi::revokeAll_0Call { salt: SALT }).unwrap();
    assert_eq!(module.send(ANYONE, &enable).map(|_| ()), refused("WrongEpoch"));
}

#[test]
fn nothing_revives_with_a_second_install() {
    let module = enabled(1);
    uninstall(&module, &[1]);
    install(&module, &[1, 0, 0]).unwrap();

    let call = Abi::enable_0Call { session: whole(&session()) };
    assert_eq!(module.send(ACCOUNT, &call).map(|_| ()), refused("WrongEpoch"));
    assert_eq!(kept(&module).0, 1, "its word stays, and means nothing");
}

/// The last install's route holds, also where it says less.
#[test]
fn the_last_route_wins() {
    let module = module(0);
    install(&module, &[1, 2, 7, 7, 0]).unwrap();
    install(&module, &[2, 0xff, 0]).unwrap();
    let enable = |module: &Module| {
        let call = Abi::enable_1Call {
            account: ACCOUNT,
            session: whole(&session()),
            signature: vec![7; 65].into(),
        };
        module.send(ANYONE, &call).map(|_| ())
    };
    assert_eq!(enable(&module), refused("RouteClosed"));
    uninstall(&module, &[2]);
    install(&module, &[2, 2, 7, 8, 0]).unwrap();
    assert_eq!(enable(&module), refused("WrongRoute"));
}

#[test]
fn it_is_a_validator_and_an_executor_and_nothing_else() {
    let module = module(0);
    let is = |id: U256| module.view(&Abi::isModuleTypeCall { moduleTypeId: id }).unwrap();
    for id in 0..=10_u64 {
        assert_eq!(is(U256::from(id)), [1, 2].contains(&id), "{id}");
    }
    assert!(!is(U256::from(1) << 64));
    assert!(!is((U256::from(1) << 64) + U256::from(1)));
}

#[test]
fn a_word_is_written_only_if_it_changed() {
    let module = enabled(3);
    module.chain.take_hostios();
    let call = Abi::enable_0Call { session: whole(&session()) };
    module.send(ACCOUNT, &call).unwrap();

    let written = module.chain.take_hostios();
    assert!(!written.iter().any(|hostio| matches!(hostio, Hostio::Write(_))), "{written:?}");
}
