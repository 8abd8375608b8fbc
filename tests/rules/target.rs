//! The target: which contracts may be called, and which never.

use alloy_primitives::{Address, U256, address};
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;
use smart_session_core::session::Permission;
use testbed::{Call, GameSession, SmartAccount};

use super::{enable_with, try_call};
use crate::setup::{Setup, module_error};

#[test]
fn another_contract_is_refused() {
    let mut setup = Setup::enabled();
    let call = Call { target: setup.bed.owner_validator, ..setup.bed.a_move(1, 10) };

    assert_eq!(try_call(&mut setup, &call), "refused: AA23 TargetNotPermitted");
}

#[test]
fn banned_targets_are_refused_even_with_a_permission() {
    let setup = Setup::new();
    let banned = [
        setup.alice.address(),
        setup.bed.module,
        Address::ZERO,
        address!("5FF137D4b0FDCD49DcA30c7CF57E578a026d2789"),
        address!("0000000071727De22E5E9d8BAf0edAc6f37da032"),
        address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"),
        address!("433709009B8330FDa32311DF1C2AFA402eD8D009"),
    ];
    for target in banned {
        let mut setup = setup.clone();
        setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
            session.permissions = vec![Permission {
                target,
                selector: [0xff; 4],
                value_limit: U256::MAX,
                rules: vec![],
            }];
        })
        .unwrap();
        let call_data = setup.alice.execute(&Call::new(target, vec![]));

        let op = setup.act(&setup.game.enabling(1).unwrap(), call_data);

        assert_eq!(op.verdict.summary(), "refused: AA23 BannedTarget", "{target}");
    }
}

#[test]
fn every_banned_target_is_refused_although_permitted() {
    for target in [
        Address::ZERO,
        Setup::new().alice.address(),
        Setup::new().bed.module,
        address!("5FF137D4b0FDCD49DcA30c7CF57E578a026d2789"),
        address!("0000000071727De22E5E9d8BAf0edAc6f37da032"),
        address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"),
        address!("433709009B8330FDa32311DF1C2AFA402eD8D009"),
    ] {
        let mut setup = Setup::with_executor();
        setup.with_session(|session| {
            let any = Permission { target, selector: [0xff; 4], ..session.permissions[0].clone() };
            session.permissions.insert(0, any);
        });

        let outcome = setup.execute(&[Call::new(target, vec![])]);

        let E::BannedTarget(error) = module_error(&outcome) else { panic!("{target}") };
        assert_eq!(error.target, target);
    }
}

#[test]
fn an_empty_permission_list_permits_nothing() {
    assert_eq!(
        enable_with(|session| session.permissions.clear()),
        "refused: AA23 UnknownPermission"
    );
}
