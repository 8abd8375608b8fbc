//! Whose session it is.

use session_model::eip712;
use session_model::strategy::PLACE;
use smart_session_core::state::Status;

use crate::module::Module;
use crate::refused::{Case, OTHER};

#[test]
fn a_session_of_another_account_is_not_enabled_here() {
    let mut case = Case::new(|_, _| {});
    let bob = session_model::Place { account: OTHER, ..PLACE };
    let mut both = Module::installed(OTHER);
    both.set_status(PLACE.account, eip712::session_id(&case.session), Status::Enabled);
    case.module = both;

    let got = case.module.ask(&bob, &case.session, &case.operation);
    assert_eq!(got.map(|_| ()), Err("SessionNotEnabled".into()));
}
