//! What everyone may look up.

use alloy_primitives::aliases::U48;
use alloy_primitives::{Address, FixedBytes, U256};
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession::{self, ISmartSessionErrors as E};
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::session::Budget;
use testbed::test_bed::ether;
use testbed::{GameSession, SmartAccount};

use crate::setup::{Setup, module_error};

const TOKEN: Address = Address::repeat_byte(0x70);

/// A session with a budget of each kind, and one move of 0.01 ETH made.
fn spent() -> Setup {
    let mut setup = Setup::new();
    setup.game = GameSession::with(&setup.bed, &setup.alice, |session| {
        let budget = |token, amount: U256, period| Budget { token, amount: amount.to(), period };
        session.budgets = vec![
            budget(NATIVE, ether(25), 0),
            budget(NATIVE, ether(20), 3600),
            budget(TOKEN, U256::from(7), 0),
        ];
    })
    .unwrap();
    let now = setup.bed.chain.timestamp();
    let draft = setup.game.enabling(1).unwrap().at_time(now);
    let call = setup.alice.execute(&setup.bed.a_move(1, 10));
    assert_eq!(setup.act(&draft, call).verdict.summary(), "executed");
    setup
}

fn budgets(setup: &Setup, seconds: u64) -> Vec<(U256, U256)> {
    let call = ISmartSession::budgetsCall {
        account: setup.alice.address(),
        session: setup.game.session.pack().unwrap().into(),
        at: U48::from(seconds),
    };
    let uses = setup.ask(&call);
    uses.iter().map(|used| (U256::from(used.spent), U256::from(used.remaining))).collect()
}

#[test]
fn each_budget_tells_what_is_spent_and_what_remains() {
    let setup = spent();
    let start = setup.game.session.window.valid_after().seconds();

    let whole = (ether(10), ether(15));
    let token = (U256::ZERO, U256::from(7));
    assert_eq!(budgets(&setup, start), [whole, (ether(10), ether(10)), token]);
    assert_eq!(budgets(&setup, start + 3599), [whole, (ether(10), ether(10)), token]);
    assert_eq!(budgets(&setup, start + 3600), [whole, (U256::ZERO, ether(20)), token]);
}

#[test]
fn before_the_window_is_its_first_period_and_after_it_its_last() {
    let setup = spent();
    let window = setup.game.session.window;
    let (start, end) = (window.valid_after().seconds(), window.valid_until().seconds());

    assert_eq!(budgets(&setup, 0), budgets(&setup, start));
    assert_eq!(budgets(&setup, start - 1), budgets(&setup, start));
    for after in [end + 1, (1 << 47) - 1, 1 << 47, (1 << 48) - 1] {
        assert_eq!(budgets(&setup, after), budgets(&setup, end), "{after}");
    }
}

#[test]
fn a_time_of_more_than_48_bits_is_no_time() {
    let setup = spent();
    let call = ISmartSession::budgetsCall {
        account: setup.alice.address(),
        session: setup.game.session.pack().unwrap().into(),
        at: U48::ZERO,
    };
    let mut data = call.abi_encode();
    // The third argument: bit 48 of it.
    data[4 + 2 * 32 + 25] = 1;

    let outcome = setup.call_module(Address::ZERO, data);

    assert!(matches!(module_error(&outcome), E::MalformedCall(_)));
}

#[test]
fn a_session_without_budgets_has_an_empty_list() {
    let setup = Setup::new();
    let start = setup.game.session.window.valid_after().seconds();

    assert_eq!(budgets(&setup, start), []);
}

#[test]
fn the_session_id_is_that_of_the_typed_data() {
    let setup = spent();
    let account = setup.alice.address();
    let session = setup.game.session.pack().unwrap();

    let call = ISmartSession::sessionIdCall { account, session: session.clone().into() };
    // `Session::id` is alloy's EIP-712.
    assert_eq!(setup.ask(&call), setup.game.session.id());

    let cut = ISmartSession::sessionIdCall { account, session: session[1..].to_vec().into() };
    assert!(!setup.call_module(account, cut.abi_encode()).is_success());
}

#[test]
fn the_domain_is_told_as_erc_5267_wants_it() {
    let setup = Setup::new();

    let domain = setup.ask(&ISmartSession::eip712DomainCall {});

    assert_eq!(domain.fields, FixedBytes([0x0b]), "name, version, verifyingContract");
    assert_eq!((&*domain.name, &*domain.version), ("Smart Session", "1"));
    assert_eq!(domain.verifyingContract, setup.bed.module);
    assert_eq!(domain.chainId, U256::ZERO);
    assert!(domain.salt.is_zero() && domain.extensions.is_empty());
}
