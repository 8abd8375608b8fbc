//! Installed, revoked, uninstalled, installed again.

use alloy_primitives::{Address, B256, Bytes, U256, hex, keccak256};
use alloy_sol_types::{SolCall, SolEvent};
use devchain::Transaction;
use harness::abi::IValidator;
use harness::{GameSession, SmartAccount};
use session_core::abi::ISmartSession::{self, ISmartSessionErrors as E};
use session_core::session::ArgumentRule;

use crate::scene::{Scene, module_error};

fn install(data: &[u8]) -> Vec<u8> {
    IValidator::onInstallCall { data: Bytes::copy_from_slice(data) }.abi_encode()
}

fn uninstall(data: &[u8]) -> Vec<u8> {
    IValidator::onUninstallCall { data: Bytes::copy_from_slice(data) }.abi_encode()
}

fn revoke(session_id: B256) -> Vec<u8> {
    ISmartSession::revoke_0Call { sessionId: session_id }.abi_encode()
}

fn revoke_all(salt: B256) -> Vec<u8> {
    ISmartSession::revokeAll_0Call { salt }.abi_encode()
}

const CAROL: Address = Address::repeat_byte(0xca);

#[test]
fn it_is_a_validator_and_an_executor_and_nothing_else() {
    let scene = Scene::new();
    for module_type in 0..=10_u64 {
        let call = ISmartSession::isModuleTypeCall { moduleTypeId: U256::from(module_type) };
        assert_eq!(scene.ask(&call), [1, 2].contains(&module_type), "{module_type}");
    }
    let huge = U256::from(1) + (U256::from(1) << 64);
    assert!(!scene.ask(&ISmartSession::isModuleTypeCall { moduleTypeId: huge }));
}

#[test]
fn it_is_initialized_where_it_is_installed() {
    let scene = Scene::new();

    assert!(scene.ask(&ISmartSession::isInitializedCall { account: scene.alice.address() }));
    assert!(!scene.ask(&ISmartSession::isInitializedCall { account: CAROL }));
}

#[test]
fn a_second_install_reverts() {
    let scene = Scene::new();

    for types in [1, 3] {
        let outcome = scene.call_module(scene.alice.address(), install(&[types, 0, 0]));
        assert!(matches!(module_error(&outcome), E::AlreadyInstalled(e) if e.moduleTypes == 1));
    }
}

#[test]
fn install_data_is_read_exactly() {
    let scene = Scene::new();
    let try_install = |data: &[u8]| scene.call_module(CAROL, install(data));

    for good in [&[1, 0, 0][..], &[2, 0, 0], &[3, 0, 0], &[1, 2, 9, 9, 0], &[1, 0xff, 0]] {
        assert!(try_install(good).is_success(), "{good:?}");
    }
    assert!(matches!(module_error(&try_install(&[])), E::EmptyInstallData(_)));
    assert!(matches!(module_error(&try_install(&[0, 0, 0])), E::UnknownModuleTypes(_)));
    assert!(matches!(module_error(&try_install(&[4, 0, 0])), E::UnknownModuleTypes(_)));
    assert!(matches!(module_error(&try_install(&[1, 2, 9])), E::Truncated(_)));
    assert!(matches!(module_error(&try_install(&[1])), E::Truncated(_)));
    assert!(matches!(module_error(&try_install(&[1, 0, 0, 0])), E::TrailingBytes(_)));
    let mut long = vec![1, 22];
    long.extend([9; 23]);
    *long.last_mut().unwrap() = 0;
    assert!(
        matches!(module_error(&try_install(&long)), E::RouteTooLong(e) if e.got == U256::from(22))
    );
}

#[test]
fn a_call_with_something_appended_is_refused() {
    let scene = Scene::new();
    // What ERC-2771 forwarders and account fallbacks do: 20 bytes of the original sender.
    let session = scene.game.session.pack().unwrap().into();
    let enable = ISmartSession::enable_0Call { session }.abi_encode();
    let all = revoke_all(B256::repeat_byte(1));
    for mut data in [install(&[1, 0, 0]), uninstall(&[]), revoke(B256::ZERO), enable, all] {
        data.extend([0xaa; 20]);
        let outcome = scene.call_module(scene.alice.address(), data);
        assert!(matches!(module_error(&outcome), E::MalformedCall(_)));
    }
}

#[test]
fn a_call_whose_padding_is_somebodys_address_is_refused() {
    let scene = Scene::new();
    // 12 bytes and 20 of a sender are a whole word: the suffix stands where padding should.
    for encoded in [install(&[1, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]), uninstall(&[0; 12])] {
        assert_eq!(encoded.len(), 4 + 3 * 32);
        let mut data = encoded[..4 + 2 * 32 + 12].to_vec();
        data.extend([0xaa; 20]);

        let outcome = scene.call_module(CAROL, data);

        assert!(matches!(module_error(&outcome), E::MalformedCall(_)));
    }
    let mut game = scene.game.clone();
    let padded = |game: &GameSession| game.session.pack().unwrap().len() % 32 == 12;
    let mut salt = 1_u64;
    while !padded(&game) {
        game.session.permissions[0].value_limit =
            (game.session.permissions[0].value_limit << 8_usize) + U256::from(1);
        salt += 1;
        assert!(salt < 40, "some width fits");
    }
    let session = game.session.pack().unwrap();
    let len = session.len();
    let mut data = ISmartSession::enable_0Call { session: session.into() }.abi_encode();
    data.truncate(4 + 2 * 32 + len);
    data.extend([0xaa; 20]);
    let outcome = scene.call_module(scene.alice.address(), data);
    assert!(matches!(module_error(&outcome), E::MalformedCall(_)));
}

#[test]
fn the_accounts_own_word_is_no_session() {
    let scene = Scene::new();
    let tag = keccak256("SmartSession.account");
    let account = scene.alice.address();

    let outcome = scene.call_module(account, revoke(tag));
    assert!(matches!(module_error(&outcome), E::MalformedCall(_)));
    let view = ISmartSession::sessionStateCall { account, sessionId: tag }.abi_encode();
    assert!(matches!(module_error(&scene.call_module(account, view)), E::MalformedCall(_)));
}

#[test]
fn value_is_refused() {
    let scene = Scene::new();
    let call = Transaction::new(scene.stage.entry_point.bundler, scene.stage.module)
        .with_data(revoke(B256::ZERO))
        .with_value(U256::from(1))
        .with_gas_limit(1_000_000);

    assert!(matches!(module_error(&scene.stage.chain.call(call).unwrap()), E::NotPayable(_)));
}

#[test]
fn an_unknown_function_is_named() {
    let scene = Scene::new();

    let outcome = scene.call_module(CAROL, vec![1, 2, 3, 4]);
    assert!(matches!(module_error(&outcome), E::UnknownFunction(e) if e.selector == [1, 2, 3, 4]));
    assert!(matches!(module_error(&scene.call_module(CAROL, vec![1, 2, 3])), E::MalformedCall(_)));
    assert!(matches!(module_error(&scene.call_module(CAROL, vec![])), E::MalformedCall(_)));
}

#[test]
fn a_revoked_session_is_refused_from_then_on() {
    let mut scene = Scene::enabled();
    let session_id = scene.game.session.id();

    let op = scene.owner_calls_module(revoke(session_id));

    assert_eq!(op.verdict.summary(), "executed");
    let log = op.outcome.logs.iter().find(|log| log.address == scene.stage.module).unwrap();
    let event = ISmartSession::SessionRevoked::decode_log(log).unwrap();
    assert_eq!(event.account, scene.alice.address());
    assert_eq!(event.revoker, scene.alice.address());
    assert_eq!((event.sessionId, event.formerStatus), (session_id, 1));
    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
    assert_eq!(scene.enable_and_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
    assert_eq!(scene.state(), (2, 1));
}

#[test]
fn a_session_can_be_revoked_before_it_was_ever_enabled() {
    let mut scene = Scene::new();

    scene.owner_calls_module(revoke(scene.game.session.id()));

    assert_eq!(scene.enable_and_move().verdict.summary(), "refused: AA23 SessionRevokedForEver");
}

#[test]
fn revoking_twice_changes_nothing_and_says_nothing() {
    let mut scene = Scene::enabled();
    scene.owner_calls_module(revoke(scene.game.session.id()));

    let op = scene.owner_calls_module(revoke(scene.game.session.id()));

    assert_eq!(op.verdict.summary(), "executed");
    assert!(crate::scene::topics(&op.outcome, scene.stage.module).is_empty());
}

#[test]
fn a_stranger_revokes_only_a_session_of_its_own() {
    let mut scene = Scene::enabled();

    scene.send_module(CAROL, revoke(scene.game.session.id()));

    assert_eq!(scene.a_move().verdict.summary(), "executed");
}

#[test]
fn nothing_revives_when_the_module_is_installed_again() {
    let mut scene = Scene::enabled();
    let account = scene.alice.address();
    let call = scene.alice.uninstall_validator(scene.stage.module, Bytes::new());
    assert_eq!(scene.stage.owner_op(&scene.alice, call).unwrap().verdict.summary(), "executed");
    assert!(!scene.ask(&ISmartSession::isInitializedCall { account }));
    scene.stage.install(&scene.alice.clone()).unwrap();

    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 WrongEpoch");
    assert_eq!(scene.enable_and_move().verdict.summary(), "refused: AA23 WrongEpoch");

    let epoch = scene.ask(&ISmartSession::epochCall { account });
    scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
        session.chains[0].epoch = epoch;
    })
    .unwrap();
    assert_eq!(scene.enable_and_move().verdict.summary(), "executed", "a new session holds");
}

/// Asks a contract whose code is `NUMBER`: on Arbitrum that is the parent chain's block.
fn evm_block_number(scene: &mut Scene) -> U256 {
    let init_code = hex!("6843600052602060 00f3600052 6009 6017 f3");
    let contract = scene.stage.chain.deploy(Bytes::from(init_code)).unwrap();
    let outcome = scene.stage.chain.call(Transaction::new(CAROL, contract)).unwrap();
    U256::from_be_slice(&outcome.output)
}

/// The epoch that follows epoch 0 in the block of now, for a salt.
fn expected_epoch(scene: &mut Scene, salt: B256) -> u64 {
    let words = [
        scene.alice.address().into_word().into(),
        U256::ZERO,
        salt.into(),
        U256::from(scene.stage.chain.timestamp()),
        evm_block_number(scene),
        U256::from(100_000_000),
    ];
    let hash = keccak256(words.map(|word| word.to_be_bytes::<32>()).concat());
    u64::from_be_bytes(hash[24..].try_into().unwrap())
}

/// Has Alice's account call the module; returns the epochs that its event tells.
fn moved_epoch(scene: &mut Scene, data: Vec<u8>) -> (u64, u64) {
    let account = scene.alice.address();
    let outcome = scene.send_module(account, data);
    let log = outcome.logs.iter().find(|log| log.address == scene.stage.module).unwrap();
    let event = ISmartSession::EpochMoved::decode_log(log).unwrap();
    assert_eq!(event.account, account);
    assert_eq!(scene.ask(&ISmartSession::epochCall { account }), event.epoch);
    (event.formerEpoch, event.epoch)
}

#[test]
fn the_next_epoch_is_the_hash_of_six_words() {
    let mut scene = Scene::new();
    let salt = B256::repeat_byte(0x5a);

    let moved = moved_epoch(&mut scene, revoke_all(salt));

    assert_eq!(moved, (0, expected_epoch(&mut scene, salt)));
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
        let mut scene = Scene::new();
        let account = scene.alice.address();

        let moved = moved_epoch(&mut scene, uninstall(&data));

        assert_eq!(moved, (0, expected_epoch(&mut scene, salt)), "{data:?}");
        assert!(!scene.ask(&ISmartSession::isInitializedCall { account }), "{data:?}");
        assert!(scene.send_module(account, install(&[3, 0, 0])).is_success(), "{data:?}");
    }
}

#[test]
fn revoking_all_voids_every_session_and_none_can_be_signed_in_advance() {
    let mut scene = Scene::enabled();
    let account = scene.alice.address();

    let op = scene.owner_calls_module(revoke_all(B256::repeat_byte(0x5a)));

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 WrongEpoch");
    let epoch = scene.ask(&ISmartSession::epochCall { account });
    assert!(epoch > u64::from(u32::MAX), "not the next number: {epoch}");
    for guess in [0, 1, 2] {
        scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
            session.chains[0].epoch = guess;
        })
        .unwrap();
        assert_eq!(scene.enable_and_move().verdict.summary(), "refused: AA23 WrongEpoch");
    }
}

/// Sessions of the account's epoch, which differ in their salt.
fn sessions_of_now(scene: &Scene, count: u64) -> Vec<GameSession> {
    let epoch = scene.ask(&ISmartSession::epochCall { account: scene.alice.address() });
    let of_salt = |salt| {
        GameSession::with(&scene.stage, &scene.alice, |session| {
            session.chains[0].epoch = epoch;
            session.salt = salt;
        })
        .unwrap()
    };
    (1..=count).map(of_salt).collect()
}

/// Install data of a validator that takes any route, with sessions.
fn data(games: &[GameSession]) -> Vec<u8> {
    let mut data = vec![1, 0, u8::try_from(games.len()).unwrap()];
    for game in games {
        let packed = game.session.pack().unwrap();
        data.extend(u32::try_from(packed.len()).unwrap().to_be_bytes());
        data.extend(packed);
    }
    data
}

#[test]
fn a_revoked_session_in_install_data_is_passed_over() {
    let mut scene = Scene::new();
    let account = scene.alice.address();
    scene.send_module(account, uninstall(&[]));
    let games = sessions_of_now(&scene, 3);
    // Its delegate knows it, and ends it before the account installs the module.
    let delegate = games[1].delegate.address();
    let renounce = ISmartSession::revoke_1Call {
        account,
        session: games[1].session.pack().unwrap().into(),
        signature: Bytes::new(),
    };
    assert!(scene.send_module(delegate, renounce.abi_encode()).is_success());

    let outcome = scene.send_module(account, install(&data(&games)));

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(crate::scene::topics(&outcome, scene.stage.module).len(), 2, "two are enabled");
    for (game, status) in games.into_iter().zip([1, 2, 1]) {
        scene.game = game;
        assert_eq!(scene.state().0, status);
    }
}

#[test]
fn a_session_of_more_than_65535_bytes_is_enabled_with_the_install() {
    let mut scene = Scene::new();
    let account = scene.alice.address();
    scene.send_module(account, uninstall(&[]));
    let mut games = sessions_of_now(&scene, 1);
    let rule = ArgumentRule { index: 0, min: U256::MAX, max: U256::MAX };
    let permission = &mut games[0].session.permissions[0];
    permission.rules = vec![rule; 16];
    games[0].session.permissions = vec![permission.clone(); 64];
    assert!(games[0].session.pack().unwrap().len() > 65_535);

    let call = Transaction::new(account, scene.stage.module).with_data(install(&data(&games)));
    let outcome = scene.stage.chain.transact(call.with_gas_limit(30_000_000)).unwrap();

    assert!(outcome.is_success(), "{}", outcome.output);
    scene.game = games.remove(0);
    assert_eq!(scene.state().0, 1);
}

#[test]
fn sessions_in_install_data_are_enabled() {
    let mut scene = Scene::new();
    let account = scene.alice.address();
    scene.send_module(account, uninstall(&[]));
    let games = sessions_of_now(&scene, 8);

    let nine = [games.as_slice(), &games[..1]].concat();
    let outcome = scene.call_module(account, install(&data(&nine)));
    assert!(matches!(module_error(&outcome), E::TooManySessions(_)));
    let mut trailing = data(&games);
    trailing.push(0);
    let outcome = scene.call_module(account, install(&trailing));
    assert!(matches!(module_error(&outcome), E::TrailingBytes(_)));

    let outcome = scene.send_module(account, install(&data(&games)));

    assert!(outcome.is_success(), "{}", outcome.output);
    assert_eq!(crate::scene::topics(&outcome, scene.stage.module).len(), 8);
    for game in games {
        scene.game = game;
        assert_eq!(scene.a_move().verdict.summary(), "executed");
    }
}

#[test]
fn a_module_that_is_not_installed_enables_nothing() {
    let scene = Scene::new();
    let session = scene.game.session.pack().unwrap();
    let enable = ISmartSession::enable_0Call { session: session.into() }.abi_encode();

    assert!(matches!(module_error(&scene.call_module(CAROL, enable)), E::NotInstalled(_)));
}

#[test]
fn a_module_that_is_not_installed_validates_nothing() {
    let mut scene = Scene::enabled();
    scene.send_module(scene.alice.address(), uninstall(&[1]));

    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 NotInstalled");
}

#[test]
fn an_erc_1271_question_is_answered_with_no() {
    let scene = Scene::enabled();
    let call = IValidator::isValidSignatureWithSenderCall {
        sender: CAROL,
        hash: B256::repeat_byte(1),
        signature: Bytes::from(vec![2; 65]),
    };

    let outcome = scene.call_module(scene.alice.address(), call.abi_encode());

    assert!(outcome.is_success());
    assert_eq!(outcome.output[..4], [0xff; 4]);
}
