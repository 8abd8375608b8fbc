//! EOAs that delegate their code (EIP-7702), and name that in the init code of an operation.
//!
//! From v0.8 on, the EntryPoint takes the 20 bytes `0x7702`, padded with zeros, for "this is an EOA
//! with a delegation": the hash that is signed then names the contract delegated to, and whatever
//! stands behind these bytes is called on the account before validation.

use alloy_primitives::{Address, B256, Bytes, keccak256};
use alloy_sol_types::SolValue;
use devchain::{Delegation, Transaction};
use harness::abi::PackedUserOperation;
use harness::account::Ground;
use harness::fixtures::EntryPointVersion;
use harness::{AccountKind, OpOutcome};

use super::play::Play;

const KINDS: [AccountKind; 2] = [AccountKind::OpenZeppelin7702, AccountKind::Nexus7702];
const VERSIONS: [EntryPointVersion; 2] = [EntryPointVersion::V08, EntryPointVersion::V09];

/// Returns `0x7702` with zeros up to the length of an address.
fn marker() -> Bytes {
    let mut marker = vec![0x77, 0x02];
    marker.resize(20, 0);
    marker.into()
}

impl Play {
    /// Returns the operation of a move with an init code, signed by the session's delegate.
    fn op_with_init_code(&self, init_code: Bytes) -> PackedUserOperation {
        let draft = self.game.enabling(1).unwrap();
        let call_data = self.account.execute(&self.stage.a_move(1, 10));
        let key = self.account.nonce_key(self.stage.module);
        let (chain, entry_point) = (&self.stage.chain, self.stage.entry_point);
        let mut op = entry_point.user_op(chain, self.account.address(), key, call_data).unwrap();
        op.initCode = init_code;
        let hash = entry_point.user_op_hash(chain, &op).unwrap();
        let digest = draft.digest(self.stage.module, hash);
        op.signature = draft.sealed(&self.game.delegate.sign(digest).unwrap());
        op
    }

    fn bring(&mut self, op: PackedUserOperation) -> OpOutcome {
        self.stage.send(op).unwrap()
    }
}

/// Has an EOA delegate its code to a contract.
fn delegate(play: &mut Play, to: Address) {
    let (bundler, authority) = (play.stage.entry_point.bundler, play.account.address());
    let nonce = play.stage.chain.nonce(authority);
    let delegation = Delegation { authority, delegate: to, nonce };
    let transaction = Transaction::new(bundler, bundler).with_delegations(vec![delegation]);
    assert!(play.stage.chain.transact(transaction).unwrap().is_success());
}

#[test]
fn an_operation_that_names_its_delegation_is_validated_like_any_other() {
    for version in VERSIONS {
        for kind in KINDS {
            let mut play = Play::on(kind, version);

            let op = play.op_with_init_code(marker());
            assert_eq!(play.bring(op).verdict.summary(), "executed", "{play}");
            // Two bytes are enough of it.
            let op = play.op_with_init_code(vec![0x77, 0x02].into());
            assert_eq!(play.bring(op).verdict.summary(), "executed", "{play}");

            assert_eq!(play.state(), (1, 2), "{play}");
        }
    }
}

/// An implementation that the delegate did not mean may read the calldata otherwise.
#[test]
fn a_signature_for_one_delegation_does_not_hold_for_another() {
    for version in VERSIONS {
        let mut play = Play::on(AccountKind::OpenZeppelin7702, version);
        let arguments = play.stage.entry_point.address.abi_encode();
        let other =
            Ground::contract(&mut play.stage, "OzAccount", &arguments, B256::repeat_byte(2));
        let (named, unnamed) =
            (play.op_with_init_code(marker()), play.op_with_init_code(Bytes::new()));

        delegate(&mut play, other.unwrap());

        assert_eq!(play.clone().bring(named).verdict.summary(), "refused: AA24", "{play}");
        assert_eq!(play.bring(unnamed).verdict.summary(), "executed", "{play}: it named none");
    }
}

#[test]
fn without_a_delegation_there_is_no_such_operation() {
    for version in VERSIONS {
        let mut play = Play::on(AccountKind::OpenZeppelin7702, version);
        let op = play.op_with_init_code(marker());

        delegate(&mut play, Address::ZERO);

        let bundle = play.stage.entry_point.bundle(vec![op]);
        assert!(!play.stage.chain.call(bundle).unwrap().is_success(), "{play}");
    }
}

#[test]
fn entry_point_0_7_takes_the_marker_for_a_factory() {
    for kind in KINDS {
        let mut play = Play::on(kind, EntryPointVersion::V07);
        let op = play.op_with_init_code(marker());

        assert_eq!(play.bring(op).verdict.summary(), "refused: AA10", "{play}");
    }
}

/// What the init code says to the account is under the delegate's signature, too.
#[test]
fn what_is_called_before_validation_is_signed() {
    for version in VERSIONS {
        let mut play = Play::on(AccountKind::OpenZeppelin7702, version);
        let mut op = play.op_with_init_code(marker());
        // `accountId()`, which changes nothing.
        op.initCode = [&marker()[..], &keccak256("accountId()")[..4]].concat().into();

        assert_eq!(play.clone().bring(op).verdict.summary(), "refused: AA24", "{play}");
        let init_code = [&marker()[..], &keccak256("accountId()")[..4]].concat();
        let op = play.op_with_init_code(init_code.into());
        assert_eq!(play.bring(op).verdict.summary(), "executed", "{play}");
    }
}
