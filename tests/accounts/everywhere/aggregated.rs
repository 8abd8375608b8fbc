//! `handleAggregatedOps`: an operation that an aggregator shall vouch for instead of its signature.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;
use stylus_devchain::Outcome;
use testbed::abi::{IEntryPoint, PackedUserOperation, UserOpsPerAggregator};
use testbed::{Backend, Verdict};

use super::account_setup::AccountSetup;

impl<B: Backend> AccountSetup<B> {
    /// Brings an operation to the EntryPoint as one of those that an aggregator vouches for.
    pub(crate) fn bring_aggregated(
        &mut self,
        op: PackedUserOperation,
        aggregator: Address,
    ) -> Outcome {
        let group = UserOpsPerAggregator { userOps: vec![op], aggregator, signature: Bytes::new() };
        let entry_point = self.bed.entry_point;
        let call = IEntryPoint::handleAggregatedOpsCall {
            opsPerAggregator: vec![group],
            beneficiary: entry_point.bundler,
        };
        self.bed.chain.bring(entry_point.address, U256::ZERO, call.abi_encode().into()).unwrap()
    }

    /// Returns the operation of one move that enables the session, signed by the delegate.
    pub(crate) fn enabling_op(&self) -> PackedUserOperation {
        let call_data = self.account.execute(&self.bed.a_move(1, 10));
        let draft = self.game.enabling(1).unwrap();
        self.bed.session_op(&*self.account, &draft, &self.game.delegate, call_data).unwrap()
    }
}

pub(crate) fn an_operation_in_a_group_without_aggregator_is_validated_alike(
    mut setup: AccountSetup<impl Backend>,
) {
    let op = setup.enabling_op();
    let mut forged = op.clone();
    let mut signature = forged.signature.to_vec();
    let at = signature.len() - 40;
    signature[at] ^= 1;
    forged.signature = signature.into();

    let refused = setup.bring_aggregated(forged, Address::ZERO);
    assert_eq!(Verdict::refused(&refused.output).summary(), "refused: AA24");
    let outcome = setup.bring_aggregated(op, Address::ZERO);

    assert!(outcome.is_success(), "{setup}: {}", outcome.output);
    assert_eq!(setup.state(), (1, 1), "{setup}");
}
