//! What is taken from calldata: routes, the end of a batch.

use alloy_primitives::{Address, Bytes};
use session_model::strategy::{GAME, PLACE};
use session_model::{Session, packed};
use smart_session_core::OffChain;
use smart_session_core::abi::ISmartSession::{self, ISmartSessionErrors as Error};
use smart_session_core::packed::Mode;
use smart_session_core::policy;
use smart_session_core::state::{AccountState, ModuleTypes, Route};

use crate::module::{Module, whole};
use crate::reading;
use crate::refused::{self, call};

#[test]
fn an_owners_signature_takes_the_accounts_route() {
    let check = |route: Option<Route<'_>>, signature: &[u8]| {
        let mut account = AccountState::default();
        account.set_route(route.expect("a proper route"));
        OffChain::ask(|environment| policy::route::check(environment, &account, signature))
    };
    let validator = [7; 20];
    let signature = [&validator[..], &[1; 65]].concat();

    assert_eq!(check(Route::new(20, &validator), &signature), Ok(()));
    assert!(matches!(check(Route::new(20, &[8; 20]), &signature), Err(Error::WrongRoute(_))));
    assert!(matches!(check(Route::new(20, &validator), &[7; 19]), Err(Error::WrongRoute(_))));
    assert_eq!(check(Route::new(0, &[]), &signature), Ok(()));
    assert_eq!(check(Route::new(0, &[]), &[]), Ok(()));
    assert!(matches!(check(Route::new(255, &[]), &signature), Err(Error::RouteClosed(_))));
}

#[test]
fn all_sets_of_module_types_are_their_byte() {
    for byte in 1..=3 {
        assert_eq!(ModuleTypes::from_byte(byte).expect("a set").to_byte(), byte);
    }
    assert_eq!(ModuleTypes::NONE.to_byte(), 0);
}

#[test]
fn both_modes_are_their_byte() {
    assert_eq!([Mode::Use, Mode::Enable].map(Mode::to_byte), [0, 1]);
}

#[test]
fn only_an_ordinary_key_with_the_delegates_address_may_call_as_the_delegate() {
    let other = Address::repeat_byte(0x0d);
    for kind in 0..3 {
        let session = Session { delegate_kind: kind, ..refused::session() };
        let ends = |caller: Address| {
            let call = ISmartSession::revoke_1Call {
                account: session.account,
                session: whole(&session),
                signature: Bytes::new(),
            };
            Module::installed(PLACE.account).send(caller, &call)
        };
        let expected = if kind == 0 { Ok(()) } else { Err("NotDelegate".into()) };
        assert_eq!(ends(session.delegate).map(|_| ()), expected, "{kind}");
        assert_eq!(ends(other).map(|_| ()), Err("NotDelegate".into()), "{kind}");
    }
}

/// Within `executionCalldata`, where the outer length says nothing about it.
#[test]
fn nothing_follows_the_last_element_of_a_batch() {
    for count in [1, 2] {
        let batch = packed::batch(&vec![call(GAME, "move(uint8)", &[1]); count]);
        assert!(reading::executions(&packed::execute(1, &batch)).is_ok());
        for extra in [1, 32, 64] {
            let longer = [batch.clone(), vec![0; extra]].concat();
            let got = reading::executions(&packed::execute(1, &longer));
            assert_eq!(got, Err("MalformedExecution".into()), "{count} {extra}");
        }
    }
}
