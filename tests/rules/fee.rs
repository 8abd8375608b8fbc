//! The fee limit: the most that gas may cost over the life of a session.

use alloy_primitives::aliases::U96;
use smart_session_core::abi::ISmartSession;
use smart_session_core::packed::Paymaster;
use testbed::SmartAccount;

use super::enable_with;
use crate::setup::Setup;

#[test]
fn fees_are_counted_as_all_gas_fields_times_the_highest_price() {
    let setup = Setup::enabled();
    let (account, session_id) = (setup.alice.address(), setup.game.session.id());

    let state = setup.ask(&ISmartSession::sessionStateCall { account, sessionId: session_id });

    // 400,000 + 600,000 + 60,000 gas at 0.1 gwei.
    assert_eq!(state.fee.to::<u64>(), 106_000_000_000_000);
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
