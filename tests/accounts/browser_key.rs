//! A delegate whose key a browser keeps: P-256, as `WebCrypto` signs.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use alloy_primitives::{B256, Bytes};
use smart_session_client::{Delegate, OperationDraft, P256Key};
use smart_session_core::packed::DelegateKind;
use testbed::Verdict;
use testbed::abi::PackedUserOperation;

use super::case::AccountCase;

fn key() -> P256Key {
    P256Key::new(B256::repeat_byte(0x42)).unwrap()
}

/// Waits for a key that is in memory and answers at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("a key in memory has nothing to wait for"),
    }
}

impl AccountCase {
    /// Signs another session, whose delegate is a browser's key.
    pub(super) fn with_browser_session(&mut self) {
        self.with_session(|session| {
            session.delegate_kind = DelegateKind::P256;
            session.delegate = key().address();
        });
    }

    /// Returns an operation that the browser's key has signed.
    pub(super) fn browser_op(
        &self,
        draft: &OperationDraft,
        call_data: Bytes,
    ) -> PackedUserOperation {
        let (chain, entry_point) = (&self.bed.chain, self.bed.entry_point);
        let nonce_key = self.account.nonce_key(self.bed.module);
        let sender = self.account.address();
        let mut op = entry_point.user_op(chain, sender, nonce_key, call_data).unwrap();
        let hash = entry_point.user_op_hash(chain, &op).unwrap();
        let signature = now(key().sign_digest(draft.digest(self.bed.module, hash))).unwrap();
        op.signature = draft.sealed(&signature);
        op
    }
}

pub(crate) fn a_browsers_key_enables_and_moves(mut case: AccountCase) {
    case.with_browser_session();
    let call_data = case.account.execute(&case.bed.a_move(1, 10));
    let op = case.browser_op(&case.game.enabling(1).unwrap(), call_data.clone());
    let mut forged = op.clone();
    let mut signature = forged.signature.to_vec();
    // The last bit of s; x and y follow it.
    let at = signature.len() - 65;
    signature[at] ^= 1;
    forged.signature = signature.into();

    let refused = case.clone().bed.send(forged).unwrap();
    assert_eq!(refused.verdict.summary(), "refused: AA24");
    assert_eq!(case.bed.send(op).unwrap().verdict, Verdict::Executed);
    let op = case.browser_op(&case.game.using(1).unwrap(), call_data);
    assert_eq!(case.bed.send(op).unwrap().verdict, Verdict::Executed);
    assert_eq!(case.state(), (1, 2));
}
