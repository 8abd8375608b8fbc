//! The epoch that a session names.

use crate::refused::{ask, enable};

#[test]
fn another_epoch_is_refused_at_use_and_at_enable() {
    for epoch in [1, 1 << 32, u64::MAX] {
        assert_eq!(ask(|session, _| session.chains[0].epoch = epoch), "WrongEpoch");
        assert_eq!(enable(|session| session.chains[0].epoch = epoch), "WrongEpoch");
    }
}
