//! The core and the naive model, asked the same.

use alloy_primitives::U512;
use proptest::prelude::*;
use session_model::history::{Event, Status as ModelStatus};
use session_model::session::NATIVE;
use session_model::strategy::PLACE;
use session_model::{History, Operation, Session, eip712, judge};
use smart_session_core::state::Status;

use crate::module::Module;

/// The core and the model, with one session in both.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) session: Session,
    pub(crate) module: Module,
    pub(crate) history: History,
    pub(crate) accepted: Vec<Operation>,
}

impl Pair {
    /// Both know the session as enabled, whether or not it could have been.
    pub(crate) fn in_force(session: &Session) -> Self {
        let mut pair = Self::signed(session);
        let id = eip712::session_id(session);
        pair.module.set_status(PLACE.account, id, Status::Enabled);
        pair.history.events.push(Event::Enabled(id));
        pair
    }

    /// The session is signed, and nothing more.
    pub(crate) fn signed(session: &Session) -> Self {
        let module = Module::installed(PLACE.account);
        let (history, accepted) = (History::installed(), vec![]);
        Self { session: session.clone(), module, history, accepted }
    }

    /// Asks both, compares, and keeps what is accepted. Returns whether it is.
    pub(crate) fn ask(&mut self, operation: &Operation) -> Result<bool, TestCaseError> {
        let expected = judge(&self.session, operation, &self.history, &PLACE);
        let got = self.module.ask(&PLACE, &self.session, operation);
        match (&expected, &got) {
            (Ok(window), Ok(answer)) => {
                prop_assert_eq!(*window, answer.window);
                self.module.keep(answer);
                let id = eip712::session_id(&self.session);
                if self.history.status(id) == ModelStatus::Unknown {
                    self.history.events.push(Event::Enabled(id));
                }
                let used = Event::Used(id, Box::new(operation.clone()));
                self.history.events.push(used);
                self.accepted.push(operation.clone());
            }
            (Err(_), Err(_)) => {}
            _ => prop_assert!(false, "the model says {expected:?}, the core {got:?}"),
        }
        self.compare_words()?;
        Ok(expected.is_ok())
    }

    /// The words kept are the sums over the history.
    pub(crate) fn compare_words(&self) -> Result<(), TestCaseError> {
        let id = eip712::session_id(&self.session);
        let kept = self.module.session(PLACE.account, id);
        prop_assert_eq!(U512::from(kept.calls()), self.history.calls(id, &self.session));
        prop_assert_eq!(U512::from(kept.fee()), self.history.fees(id, &self.session));
        for (index, budget) in self.session.budgets.iter().enumerate() {
            let (spent, period) = self.history.spent(id, &self.session, budget);
            if budget.token == NATIVE && budget.period == 0 {
                // Two of them share the word, but are never enabled.
                let twins = self.session.budgets.iter();
                if twins.filter(|other| other.token == NATIVE && other.period == 0).count() == 1 {
                    prop_assert_eq!(U512::from(kept.native()), spent);
                }
            } else {
                let got = self.module.budget(PLACE.account, id, index);
                prop_assert_eq!((U512::from(got.0), got.1), (spent, period));
            }
        }
        Ok(())
    }
}
