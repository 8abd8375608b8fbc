//! An aggregator that vouches for operations.

use alloy_primitives::{Bytes, hex};
use testbed::Verdict;

use super::everywhere::account_setup::AccountSetup;

/// A stranger's contract that takes every signature for a good one.
pub(crate) fn no_aggregator_vouches_for_a_delegate(mut setup: AccountSetup) {
    // A contract whose code is one STOP.
    let init_code = Bytes::from(hex!("600060005360016000f3"));
    let aggregator = setup.bed.chain.deploy(init_code).unwrap();
    let good = setup.enabling_op();
    let mut forged = good.clone();
    let length = forged.signature.len();
    forged.signature = [&forged.signature[..length - 65], &[0; 65]].concat().into();

    for op in [good, forged] {
        let outcome = setup.bring_aggregated(op, aggregator);

        assert_eq!(Verdict::refused(&outcome.output).summary(), "refused: AA24", "{setup}");
        assert!(outcome.frames_to(aggregator).next().is_some(), "{setup}: it vouched");
    }
    assert_eq!(setup.state(), (0, 0), "{setup}");
}
