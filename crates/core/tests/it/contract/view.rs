//! What everyone may look up.

use alloy_primitives::aliases::U48;
use alloy_primitives::{Address, FixedBytes, U256};
use session_model::session::NATIVE;
use session_model::strategy::TOKEN;
use session_model::{Budget, Operation, Session, eip712};
use smart_session_core::abi::ISmartSession as Abi;

use super::{ACCOUNT, ANYONE, MODULE, OWNER, enabled, id, kept, module, operate};
use crate::module::{Module, whole};
use crate::refused::{operation, session};

#[test]
fn a_sessions_word_is_told_field_by_field() {
    let budgeted =
        Session { budgets: vec![Budget { token: NATIVE, amount: 10, period: 0 }], ..session() };
    let module = module(1);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&budgeted) }).unwrap();
    let call = operate(&budgeted, &operation(), OWNER, budgeted.delegate);
    module.chain.send(ACCOUNT, &call).unwrap();

    let session_id = eip712::session_id(&budgeted);
    let state =
        module.view(&Abi::sessionStateCall { account: ACCOUNT, sessionId: session_id }).unwrap();
    assert_eq!((state.status, state.calls), (1, 1));
    assert_eq!((state.fee.to::<u64>(), state.nativeSpent.to::<u64>()), (3, 1));

    assert_eq!(kept(&enabled(1)), (1, 0, 0, 0));
    let other =
        module.view(&Abi::sessionStateCall { account: ANYONE, sessionId: session_id }).unwrap();
    assert_eq!(other.status, 0);
}

/// What each budget of a session has spent and left.
fn budgets(module: &Module, session: &Session, at: u64) -> Vec<(u128, u128)> {
    let call = Abi::budgetsCall { account: ACCOUNT, session: whole(session), at: U48::from(at) };
    let uses = module.view(&call).unwrap();
    uses.into_iter().map(|it| (it.spent, it.remaining)).collect()
}

#[test]
fn budgets_tell_what_is_spent_and_left_in_the_period_of_a_time() {
    let budgeted = Session {
        budgets: vec![
            Budget { token: NATIVE, amount: 10, period: 0 },
            Budget { token: NATIVE, amount: 7, period: 60 },
            Budget { token: TOKEN, amount: u128::MAX, period: 0 },
        ],
        ..session()
    };
    let module = module(1);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&budgeted) }).unwrap();
    let timed = Operation { claimed_time: Some(1_060), ..operation() };
    let call = operate(&budgeted, &timed, OWNER, budgeted.delegate);
    module.chain.send(ACCOUNT, &call).unwrap();

    let token = (0, u128::MAX);
    for at in [0, 1_060, 1_119] {
        assert_eq!(budgets(&module, &budgeted, at), [(1, 9), (1, 6), token], "{at}");
    }
    for at in [1_120, 10_000, 10_001, (1 << 47) - 1, 1 << 47, (1 << 48) - 1] {
        assert_eq!(budgets(&module, &budgeted, at), [(1, 9), (0, 7), token], "{at}");
    }
    assert_eq!(budgets(&module, &session(), 0), [], "no budgets");
    let most = (0..16).map(|of| Budget { token: TOKEN, amount: 5, period: 60 + of }).collect();
    let full = Session { budgets: most, ..session() };
    assert_eq!(budgets(&module, &full, 0), [(0, 5); 16]);
}

#[test]
fn the_id_is_that_of_the_typed_data_and_needs_the_whole_session() {
    let module = module(0);
    let ask = |session| module.view(&Abi::sessionIdCall { account: ACCOUNT, session });
    assert_eq!(ask(whole(&session())), Ok(id()));
    let hidden = session_model::operation::Hidden { all_permissions: true, ..super::nothing() };
    let hidden = session_model::packed::session(&session(), &hidden).into();
    assert_eq!(ask(hidden), Err("HiddenPart".into()));
}

#[test]
fn the_domain_is_told_as_erc_5267_wants_it() {
    let domain = module(0).view(&Abi::eip712DomainCall {}).unwrap();
    assert_eq!(domain.fields, FixedBytes([0x0b]), "name, version, verifyingContract");
    assert_eq!((&*domain.name, &*domain.version), ("Smart Session", "1"));
    assert_eq!((domain.verifyingContract, domain.chainId), (MODULE, U256::ZERO));
    assert!(domain.salt.is_zero() && domain.extensions.is_empty());
}

#[test]
fn installation_and_epoch_are_told_for_each_account() {
    let module = module(2);
    let is = |account: Address| module.view(&Abi::isInitializedCall { account }).unwrap();
    assert!(is(ACCOUNT) && !is(ANYONE));
    module.send(ANYONE, &Abi::revokeAll_0Call { salt: super::SALT }).unwrap();
    assert_eq!(super::epoch(&module), 0);
    assert_ne!(module.view(&Abi::epochCall { account: ANYONE }), Ok(0));
}
