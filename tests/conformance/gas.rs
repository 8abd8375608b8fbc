//! The gas table: each row within its budget, and as the snapshot knows it; and what does not
//! grow.

use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use smart_session_client::OperationDraft;
use smart_session_core::abi::ISmartSession;
use smart_session_core::session::{Disclosure, Permission};
use testbed::fixtures::Fixtures;
use testbed::rows::measure;
use testbed::snapshot::{Comparison, Snapshot, build};
use testbed::{GameSession, SmartAccount};

use crate::setup::Setup;

#[test]
fn every_row_is_within_its_budget_and_as_the_snapshot_knows_it() {
    let rows = measure().unwrap();

    let over: Vec<_> = rows.iter().filter(|row| row.is_over()).collect();
    assert!(over.is_empty(), "over their budgets: {over:#?}");
    let (sha256, build) = build(&Fixtures::load().unwrap(), rows).unwrap();
    match Snapshot::load().unwrap().compare(&sha256, &build) {
        // Another toolchain than those in the snapshot: scripts/test counts that as a skip.
        Comparison::Equal | Comparison::Close { .. } => {}
        Comparison::Different(told) => panic!(
            "not as tests/snapshots/gas.json says:\n  {}\nlook at it, then: scripts/gas --bless",
            told.join("\n  ")
        ),
    }
}

/// Gas of the module's frame for one move under the setup's session, enabled and used before.
fn module_gas(setup: &mut Setup, draft: &OperationDraft) -> u64 {
    let call_data = setup.alice.execute(&setup.bed.a_move(1, 0));
    let op = setup.act(draft, call_data);
    assert_eq!(op.verdict.summary(), "executed");
    op.module_gas.unwrap()
}

#[test]
fn a_use_costs_the_same_with_1_and_with_1_000_sessions_on_the_account() {
    let mut setup = Setup::enabled();
    let draft = setup.game.using(1).unwrap();
    module_gas(&mut setup, &draft);
    let one = module_gas(&mut setup, &draft);

    let account = setup.alice.address();
    for salt in 2..1_001 {
        let game = GameSession::new(&setup.bed, &setup.alice, salt).unwrap();
        let session = game.session.pack().unwrap().into();
        let enable = ISmartSession::enable_0Call { session }.abi_encode();
        assert!(setup.send_module(account, enable).is_success(), "{salt}");
    }

    assert_eq!(module_gas(&mut setup, &draft), one);
}

#[test]
fn an_undisclosed_permission_costs_at_most_60_gas_beside_its_calldata() {
    let measured = |permissions: u8| {
        let mut setup = Setup::new();
        setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
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
        let account = setup.alice.address();
        let session = setup.game.session.pack().unwrap().into();
        let enable = ISmartSession::enable_0Call { session }.abi_encode();
        assert!(setup.send_module(account, enable).is_success());
        let shown = Disclosure { permissions: Some(&[0]), ..Disclosure::WHOLE };
        let draft = OperationDraft::draft_use(&setup.game.session, &shown, &[0]).unwrap();
        module_gas(&mut setup, &draft);
        module_gas(&mut setup, &draft)
    };

    let (few, many) = (measured(2), measured(64));

    assert!(few < many && many <= few + 62 * 60, "{few} {many}");
}
