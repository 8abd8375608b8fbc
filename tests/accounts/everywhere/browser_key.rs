//! A delegate whose key a browser keeps: P-256, as `WebCrypto` signs.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use alloy_primitives::{B256, Bytes};
use smart_session_client::{Delegate, OperationDraft, P256Key};
use smart_session_core::packed::DelegateKind;
use testbed::abi::PackedUserOperation;
use testbed::{Backend, Verdict};

use super::account_setup::AccountSetup;

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

impl<B: Backend> AccountSetup<B> {
    /// Signs another session, whose delegate is a browser's key.
    pub(crate) fn with_browser_session(&mut self) {
        self.with_session(|session| {
            session.delegate_kind = DelegateKind::P256;
            session.delegate = key().address();
        });
    }

    /// Returns an operation that the browser's key has signed.
    pub(crate) fn browser_op(
        &self,
        draft: &OperationDraft,
        call_data: Bytes,
    ) -> PackedUserOperation {
        let nonce_key = self.account.nonce_key(self.bed.module);
        let sender = self.account.address();
        let mut op = self.bed.user_op(sender, nonce_key, call_data).unwrap();
        let hash = self.bed.entry_point.user_op_hash(&self.bed.chain, &op).unwrap();
        let signature = now(key().sign_digest(draft.digest(self.bed.module, hash))).unwrap();
        op.signature = draft.sealed(&signature);
        op
    }
}

pub(crate) fn a_browsers_key_enables_and_moves(mut setup: AccountSetup<impl Backend>) {
    setup.with_browser_session();
    let call_data = setup.account.execute(&setup.bed.a_move(1, 10));
    let op = setup.browser_op(&setup.game.enabling(1).unwrap(), call_data.clone());
    let mut forged = op.clone();
    let mut signature = forged.signature.to_vec();
    // The last bit of s; x and y follow it.
    let at = signature.len() - 65;
    signature[at] ^= 1;
    forged.signature = signature.into();

    let refused = setup.bed.clone().send(forged).unwrap();
    assert_eq!(refused.verdict.summary(), "refused: AA24");
    assert_eq!(setup.bed.send(op).unwrap().verdict, Verdict::Executed);
    let op = setup.browser_op(&setup.game.using(1).unwrap(), call_data);
    assert_eq!(setup.bed.send(op).unwrap().verdict, Verdict::Executed);
    assert_eq!(setup.state(), (1, 2));
}
