//! Who may be a delegate.

use alloy_primitives::Address;
use session_model::strategy::PLACE;

use crate::refused::enable;

#[test]
fn a_delegate_that_is_zero_the_account_or_the_module_is_refused_at_enable() {
    for nobody in [Address::ZERO, PLACE.account, PLACE.module] {
        assert_eq!(enable(|session| session.delegate = nobody), "RefusedDelegate", "{nobody}");
    }
}
