//! `handleAggregatedOps`: an operation that an aggregator shall vouch for instead of its signature.

use alloy_primitives::{Address, Bytes, hex};
use alloy_sol_types::SolCall;
use stylus_devchain::{Outcome, Transaction};
use testbed::Verdict;
use testbed::abi::{IEntryPoint, PackedUserOperation, UserOpsPerAggregator};

use super::case::AccountCase;

impl AccountCase {
    /// Brings an operation to the EntryPoint as one of those that an aggregator vouches for.
    fn bring_aggregated(&mut self, op: PackedUserOperation, aggregator: Address) -> Outcome {
        let group = UserOpsPerAggregator { userOps: vec![op], aggregator, signature: Bytes::new() };
        let entry_point = self.bed.entry_point;
        let call = IEntryPoint::handleAggregatedOpsCall {
            opsPerAggregator: vec![group],
            beneficiary: entry_point.bundler,
        };
        let transaction = Transaction::new(entry_point.bundler, entry_point.address)
            .with_data(call.abi_encode())
            .with_gas_limit(10_000_000);
        self.bed.chain.transact(transaction).unwrap()
    }

    /// Returns the operation of one move that enables the session, signed by the delegate.
    fn enabling_op(&self) -> PackedUserOperation {
        let call_data = self.account.execute(&self.bed.a_move(1, 10));
        let draft = self.game.enabling(1).unwrap();
        self.bed.session_op(&*self.account, &draft, &self.game.delegate, call_data).unwrap()
    }
}

pub(crate) fn an_operation_in_a_group_without_aggregator_is_validated_alike(mut case: AccountCase) {
    let op = case.enabling_op();
    let mut forged = op.clone();
    let mut signature = forged.signature.to_vec();
    let at = signature.len() - 40;
    signature[at] ^= 1;
    forged.signature = signature.into();

    let refused = case.bring_aggregated(forged, Address::ZERO);
    assert_eq!(Verdict::refused(&refused.output).summary(), "refused: AA24");
    let outcome = case.bring_aggregated(op, Address::ZERO);

    assert!(outcome.is_success(), "{case}: {}", outcome.output);
    assert_eq!(case.state(), (1, 1), "{case}");
}

/// A stranger's contract that takes every signature for a good one.
pub(crate) fn no_aggregator_vouches_for_a_delegate(mut case: AccountCase) {
    // A contract whose code is one STOP.
    let init_code = Bytes::from(hex!("600060005360016000f3"));
    let aggregator = case.bed.chain.deploy(init_code).unwrap();
    let good = case.enabling_op();
    let mut forged = good.clone();
    let length = forged.signature.len();
    forged.signature = [&forged.signature[..length - 65], &[0; 65]].concat().into();

    for op in [good, forged] {
        let outcome = case.bring_aggregated(op, aggregator);

        assert_eq!(Verdict::refused(&outcome.output).summary(), "refused: AA24", "{case}");
        assert!(outcome.frames_to(aggregator).next().is_some(), "{case}: it vouched");
    }
    assert_eq!(case.state(), (0, 0), "{case}");
}
