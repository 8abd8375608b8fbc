//! How a session comes into force.

use alloy_primitives::aliases::U96;
use alloy_primitives::{Bytes, U256};
use alloy_sol_types::{SolCall, SolEvent, SolStruct, eip712_domain};
use harness::{GameSession, SmartAccount};
use session_core::abi::{self, ISmartSession};
use session_core::packed::Paymaster;
use session_core::session::{ArgumentRule, Budget, Chain, Session, SigningScope};

use crate::scene::Scene;

/// Has the delegate enable a session with something changed before the owner signs it.
fn enable_with(change: impl FnOnce(&mut Session)) -> String {
    let mut scene = Scene::new();
    scene.game = GameSession::with(&scene.stage, &scene.alice, change).unwrap();
    scene.enable_and_move().verdict.summary()
}

#[test]
fn the_session_id_is_that_of_an_independent_eip_712() {
    let mut scene = Scene::new();
    let op = scene.enable_and_move();
    let log = op.outcome.logs.iter().find(|log| log.address == scene.stage.module).unwrap();
    let event = ISmartSession::SessionEnabled::decode_log(log).unwrap();

    // alloy's SolStruct, from the declared struct.
    assert_eq!(event.sessionId, scene.game.session.to_abi().eip712_hash_struct());
    assert_eq!(event.account, scene.alice.address());
    assert_eq!(event.delegate, scene.game.delegate.address());
    assert_eq!(event.session.to_vec(), scene.game.session.pack().unwrap());
}

#[test]
fn what_the_owner_signs_is_the_session_as_typed_data() {
    let scene = Scene::new();
    let domain = eip712_domain! {
        name: "Smart Session", version: "1", verifying_contract: scene.stage.module,
    };

    let digest = scene.game.session.to_abi().eip712_signing_hash(&domain);

    assert_eq!(scene.alice.owner_signature(digest).unwrap(), scene.game.owner_signature);
}

#[test]
fn a_second_enable_is_a_use() {
    let mut scene = Scene::enabled();

    let op = scene.enable_and_move();

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(scene.state(), (1, 2));
    let module = scene.stage.module;
    assert!(crate::scene::topics(&op.outcome, module).is_empty(), "no second event");
}

#[test]
fn a_second_enable_asks_no_owner() {
    let mut scene = Scene::enabled();
    scene.game.owner_signature = Bytes::from(vec![0; 85]);

    assert_eq!(scene.enable_and_move().verdict.summary(), "executed");
}

#[test]
fn a_wrong_owner_signature_is_a_failed_signature_and_enables_nothing() {
    let mut scene = Scene::new();
    let digest = session_client::session_digest(scene.stage.module, &scene.game.session);
    scene.game.owner_signature = scene.alice.owner_signature(digest).unwrap();
    let mut wrong = scene.game.owner_signature.to_vec();
    wrong[40] ^= 1;
    scene.game.owner_signature = wrong.into();

    let outcome = scene.validate(scene.move_op(&scene.game.enabling(1).unwrap()));
    assert!(outcome.is_success(), "not a revert");
    assert_eq!(outcome.output[31], 1, "SIG_VALIDATION_FAILED");
    assert!(crate::scene::topics(&outcome, scene.stage.module).is_empty());

    assert_eq!(scene.enable_and_move().verdict.summary(), "refused: AA24");
    assert_eq!(scene.state(), (0, 0));
}

#[test]
fn status_stays_unknown_where_the_account_ignores_the_verdict() {
    let mut scene = Scene::new();
    let mut wrong = scene.game.owner_signature.to_vec();
    wrong[40] ^= 1;
    scene.game.owner_signature = wrong.into();
    let op = scene.move_op(&scene.game.enabling(1).unwrap());
    let call = harness::abi::IValidator::validateUserOpCall {
        userOpHash: scene.stage.entry_point.user_op_hash(&scene.stage.chain, &op).unwrap(),
        userOp: op,
    };
    let data = alloy_sol_types::SolCall::abi_encode(&call);

    // As an account would that calls the module outside the EntryPoint.
    let outcome = scene.send_module(scene.alice.address(), data);

    assert!(outcome.is_success());
    assert_eq!(scene.state(), (0, 1), "the counter moved, the status did not");
}

#[test]
fn another_accounts_session_is_a_failed_owner_signature() {
    let mut scene = Scene::new();
    let draft = scene.game.enabling(1).unwrap();
    let call_data = scene.bob.execute(&scene.stage.a_move(1, 10));

    let op = scene.stage.act(&scene.bob, &draft, &scene.game.delegate, call_data).unwrap();

    assert_eq!(op.verdict.summary(), "refused: AA24");
}

#[test]
fn a_session_of_another_chain_is_refused() {
    assert_eq!(
        enable_with(|session| session.chains[0].chain_id = U256::from(42_161)),
        "refused: AA23 ChainNotListed"
    );
}

#[test]
fn a_chain_id_over_64_bits_is_not_this_chain() {
    assert_eq!(
        enable_with(|session| session.chains[0].chain_id += U256::from(1) << 64),
        "refused: AA23 ChainNotListed"
    );
}

#[test]
fn a_session_for_no_chain_is_refused() {
    assert_eq!(enable_with(|session| session.chains.clear()), "refused: AA23 ChainNotListed");
}

#[test]
fn a_session_of_another_epoch_is_refused() {
    assert_eq!(enable_with(|session| session.chains[0].epoch = 1), "refused: AA23 WrongEpoch");
}

#[test]
fn two_entries_for_one_chain_are_refused() {
    assert_eq!(
        enable_with(|session| {
            let here = session.chains[0];
            session.chains.push(Chain { chain_id: U256::from(42_161), epoch: 0 });
            session.chains.push(Chain { epoch: 5, ..here });
        }),
        "refused: AA23 DuplicateChain"
    );
}

#[test]
fn a_session_for_several_chains_holds_on_each() {
    assert_eq!(
        enable_with(|session| {
            session.chains.insert(0, Chain { chain_id: U256::from(42_161), epoch: 9 });
        }),
        "executed"
    );
}

#[test]
fn a_delegate_that_is_nobody_the_account_or_the_module_is_refused() {
    let scene = Scene::new();
    for delegate in [alloy_primitives::Address::ZERO, scene.alice.address(), scene.stage.module] {
        assert_eq!(
            enable_with(|session| session.delegate = delegate),
            "refused: AA23 RefusedDelegate",
            "{delegate}"
        );
    }
}

#[test]
fn a_session_for_no_calls_is_refused() {
    assert_eq!(enable_with(|session| session.max_calls = 0), "refused: AA23 RefusedMaxCalls");
}

#[test]
fn uncounted_fees_need_one_named_paymaster() {
    for paymaster in [Paymaster::None, Paymaster::Any] {
        assert_eq!(
            enable_with(|session| {
                session.fee_limit = U96::MAX;
                session.paymaster = paymaster;
            }),
            "refused: AA23 FeesUncounted"
        );
    }
}

#[test]
fn an_empty_permission_list_permits_nothing() {
    assert_eq!(
        enable_with(|session| session.permissions.clear()),
        "refused: AA23 UnknownPermission"
    );
}

#[test]
fn a_signature_off_the_enable_route_is_refused() {
    let mut scene = Scene::new();
    let mut signature = scene.game.owner_signature.to_vec();
    signature[0] ^= 1;
    scene.game.owner_signature = signature.into();

    assert_eq!(scene.enable_and_move().verdict.summary(), "refused: AA23 WrongRoute");
}

#[test]
fn a_session_that_may_sign_is_enabled_like_any_other() {
    assert_eq!(
        enable_with(|session| {
            session.signing = vec![SigningScope {
                domain_separator: [1; 32].into(),
                type_hash: [2; 32].into(),
                rules: vec![],
            }];
        }),
        "executed"
    );
}

#[test]
fn the_account_enables_a_session_by_its_own_call() {
    let mut scene = Scene::new();
    let session = scene.game.session.pack().unwrap();
    let enable = ISmartSession::enable_0Call { session: session.into() }.abi_encode();

    let op = scene.owner_calls_module(enable.clone());

    assert_eq!(op.verdict.summary(), "executed");
    assert_eq!(crate::scene::topics(&op.outcome, scene.stage.module).len(), 1);
    assert_eq!(scene.a_move().verdict.summary(), "executed");
    let op = scene.owner_calls_module(enable);
    assert!(crate::scene::topics(&op.outcome, scene.stage.module).is_empty(), "idempotent");
    assert_eq!(scene.state(), (1, 1), "and nothing is counted anew");
}

#[test]
fn a_strangers_call_enables_only_a_session_of_its_own() {
    let mut scene = Scene::new();
    let session = scene.game.session.pack().unwrap();
    let enable = ISmartSession::enable_0Call { session: session.into() }.abi_encode();

    let outcome = scene.send_module(scene.bob.address(), enable);

    assert!(outcome.is_success(), "the same words are another session, of Bob's");
    assert_eq!(scene.state(), (0, 0));
    assert_eq!(scene.a_move().verdict.summary(), "refused: AA23 SessionNotEnabled");
}

#[test]
fn a_revoked_session_is_not_enabled_again_by_the_account() {
    let mut scene = Scene::enabled();
    let session_id = scene.game.session.id();
    scene.owner_calls_module(ISmartSession::revoke_0Call { sessionId: session_id }.abi_encode());
    let session = scene.game.session.pack().unwrap();
    let enable = ISmartSession::enable_0Call { session: session.into() }.abi_encode();

    let outcome = scene.call_module(scene.alice.address(), enable);

    assert_eq!(session_client::error_name(&outcome.output), Some("SessionRevokedForEver"));
}

#[test]
fn a_wrong_signature_of_a_low_or_high_s_is_a_failed_signature() {
    let scene = Scene::enabled();
    let op = scene.move_op(&scene.game.using(1).unwrap());
    let at = op.signature.len() - 65;
    // The twin of a signature: s' = n - s, v' = 55 - v. It recovers to the same key.
    let order = U256::from_be_bytes(alloy_primitives::hex!(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
    ));
    let mut twin = op.signature.to_vec();
    let s = U256::from_be_slice(&twin[at + 32..at + 64]);
    twin[at + 32..at + 64].copy_from_slice(&(order - s).to_be_bytes::<32>());
    twin[at + 64] = 55 - twin[at + 64];
    let mut op = op;
    op.signature = twin.into();

    let outcome = scene.validate(op);

    assert!(outcome.is_success());
    assert_eq!(outcome.output[31], 1, "SIG_VALIDATION_FAILED");
}

#[test]
fn a_dummy_signature_costs_what_a_real_one_does_to_within_30_gas() {
    let scene = Scene::enabled();
    let draft = scene.game.using(1).unwrap();
    let real = scene.move_op(&draft);
    let mut dummy = real.clone();
    dummy.signature = draft.dummy();
    let module_gas = |op| {
        let outcome = scene.validate(op);
        assert!(outcome.is_success());
        let intrinsic: u64 = 21_000
            + outcome.frames[0]
                .input
                .iter()
                .map(|byte| if *byte == 0 { 4 } else { 16 })
                .sum::<u64>();
        outcome.gas_used - intrinsic
    };

    let (real, dummy) = (module_gas(real), module_gas(dummy));

    // Comparing two addresses takes longer the later they differ.
    assert!(real.abs_diff(dummy) <= 30, "{real} {dummy}");
}

#[test]
fn argument_rules_need_one_function() {
    let rule = ArgumentRule { index: 0, min: U256::ZERO, max: U256::from(8) };
    for selector in [[0xff; 4], [0; 4]] {
        assert_eq!(
            enable_with(|session| {
                session.permissions[0].selector = selector;
                session.permissions[0].rules = vec![rule];
            }),
            "refused: AA23 RulesWithoutSelector"
        );
    }
}

#[test]
fn budgets_that_can_mean_nothing_are_refused() {
    let native = alloy_primitives::Address::repeat_byte(0xee);
    let scene = Scene::new();
    let good = Budget { token: native, amount: 1, period: 0 };
    let refused = "refused: AA23 RefusedBudget";

    for bad in [
        Budget { amount: 0, ..good },
        Budget { amount: 1 << 96, ..good },
        Budget { token: alloy_primitives::Address::ZERO, ..good },
        Budget { token: scene.alice.address(), ..good },
        Budget { token: scene.stage.module, ..good },
    ] {
        assert_eq!(enable_with(|session| session.budgets = vec![bad]), refused, "{bad:?}");
    }
    for period in [1, 59] {
        let mut scene = scene.clone();
        scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
            session.budgets = vec![Budget { period, ..good }];
        })
        .unwrap();
        let now = scene.stage.chain.timestamp();
        let draft = scene.game.enabling(1).unwrap().at_time(now);
        let call_data = scene.alice.execute(&scene.stage.a_move(1, 0));
        assert_eq!(scene.act(&draft, call_data).verdict.summary(), refused, "{period}");
    }
    assert_eq!(
        enable_with(|session| session.budgets = vec![good, good]),
        "refused: AA23 DuplicateBudget"
    );
}

#[test]
fn the_typed_data_names_every_field() {
    assert_eq!(
        abi::Session::eip712_encode_type(),
        "Session(address account,Chain[] chains,address delegate,uint8 delegateKind,\
         uint48 validAfter,uint48 validUntil,uint32 maxCalls,uint96 feeLimit,address paymaster,\
         Permission[] permissions,Budget[] budgets,SigningScope[] signing,uint64 salt)\
         ArgumentRule(uint8 index,uint256 min,uint256 max)\
         Budget(address token,uint128 amount,uint32 period)\
         Chain(uint256 chainId,uint64 epoch)\
         Permission(address target,bytes4 selector,uint256 valueLimit,ArgumentRule[] rules)\
         SigningScope(bytes32 domainSeparator,bytes32 typeHash,ArgumentRule[] rules)"
    );
}
