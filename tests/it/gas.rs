//! The gas table: each row within its budget, and as the snapshot knows it; and what does not
//! grow.

use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use harness::fixtures::Fixtures;
use harness::rows::measure;
use harness::snapshot::{Comparison, Snapshot, build};
use harness::{GameSession, SmartAccount};
use session_client::OperationDraft;
use session_core::abi::ISmartSession;
use session_core::session::{Disclosure, Permission};

use crate::scene::Scene;

#[test]
fn every_row_is_within_its_budget_and_as_the_snapshot_knows_it() {
    let rows = measure().unwrap();

    let over: Vec<_> = rows.iter().filter(|row| row.is_over()).collect();
    assert!(over.is_empty(), "over their budgets: {over:#?}");
    let (sha256, build) = build(&Fixtures::load().unwrap(), rows).unwrap();
    match Snapshot::load().unwrap().compare(&sha256, &build) {
        Comparison::Equal => {}
        Comparison::Close { toolchain } => println!(
            "skipped 1: gas equal to the unit: {toolchain} is not in the snapshot, all rows are \
             within 3 %"
        ),
        Comparison::Different(told) => panic!(
            "not as tests/snapshots/gas.json says:\n  {}\nlook at it, then: scripts/gas --bless",
            told.join("\n  ")
        ),
    }
}

/// Gas of the module's frame for one move under the scene's session, enabled and used before.
fn module_gas(scene: &mut Scene, draft: &OperationDraft) -> u64 {
    let call_data = scene.alice.execute(&scene.stage.a_move(1, 0));
    let op = scene.act(draft, call_data);
    assert_eq!(op.verdict.summary(), "executed");
    op.module_gas.unwrap()
}

#[test]
fn a_use_costs_the_same_with_1_and_with_1_000_sessions_on_the_account() {
    let mut scene = Scene::enabled();
    let draft = scene.game.using(1).unwrap();
    module_gas(&mut scene, &draft);
    let one = module_gas(&mut scene, &draft);

    let account = scene.alice.address();
    for salt in 2..1_001 {
        let game = GameSession::new(&scene.stage, &scene.alice, salt).unwrap();
        let session = game.session.pack().unwrap().into();
        let enable = ISmartSession::enable_0Call { session }.abi_encode();
        assert!(scene.send_module(account, enable).is_success(), "{salt}");
    }

    assert_eq!(module_gas(&mut scene, &draft), one);
}

#[test]
fn an_undisclosed_permission_costs_at_most_60_gas_beside_its_calldata() {
    let measured = |permissions: u8| {
        let mut scene = Scene::new();
        scene.game = GameSession::with(&scene.stage, &scene.alice, |session| {
            for byte in 1..permissions {
                session.permissions.push(Permission {
                    target: Address::repeat_byte(byte),
                    selector: [byte; 4],
                    value_limit: alloy_primitives::U256::MAX,
                    rules: vec![],
                });
            }
        })
        .unwrap();
        let account = scene.alice.address();
        let session = scene.game.session.pack().unwrap().into();
        let enable = ISmartSession::enable_0Call { session }.abi_encode();
        assert!(scene.send_module(account, enable).is_success());
        let shown = Disclosure { permissions: Some(&[0]), ..Disclosure::WHOLE };
        let draft = OperationDraft::draft_use(&scene.game.session, &shown, &[0]).unwrap();
        module_gas(&mut scene, &draft);
        module_gas(&mut scene, &draft)
    };

    let (few, many) = (measured(2), measured(64));

    assert!(few < many && many <= few + 62 * 60, "{few} {many}");
}
