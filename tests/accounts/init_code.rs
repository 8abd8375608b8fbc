//! EOAs that delegate their code (EIP-7702), and name that in the init code of an operation.
//!
//! From v0.8 on, the EntryPoint takes the 20 bytes `0x7702`, padded with zeros, for "this is an EOA
//! with a delegation": the hash that is signed then names the contract delegated to, and whatever
//! stands behind these bytes is called on the account before validation.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolValue};
use smart_session_core::session::Session;
use stylus_devchain::{Delegation, Transaction};
use testbed::abi::{IGame, IOzAccount, PackedUserOperation};
use testbed::account::Deployer;
use testbed::fixtures::EntryPointVersion;
use testbed::test_bed::{ether, key};
use testbed::{AccountKind, GameSession, OpOutcome};

use super::everywhere::account_setup::AccountSetup;

const KINDS: [AccountKind; 2] = [AccountKind::OpenZeppelin7702, AccountKind::Nexus7702];
const VERSIONS: [EntryPointVersion; 2] = [EntryPointVersion::V08, EntryPointVersion::V09];

/// Returns `0x7702` with zeros up to the length of an address.
fn marker() -> Bytes {
    let mut marker = vec![0x77, 0x02];
    marker.resize(20, 0);
    marker.into()
}

impl AccountSetup {
    /// Returns the operation of a move with an init code, signed by the session's delegate.
    fn op_with_init_code(&self, init_code: Bytes) -> PackedUserOperation {
        let draft = self.game.enabling(1).unwrap();
        let call_data = self.account.execute(&self.bed.a_move(1, 10));
        let key = self.account.nonce_key(self.bed.module);
        let (chain, entry_point) = (&self.bed.chain, self.bed.entry_point);
        let mut op = entry_point.user_op(chain, self.account.address(), key, call_data).unwrap();
        op.initCode = init_code;
        let hash = entry_point.user_op_hash(chain, &op).unwrap();
        let digest = draft.digest(self.bed.module, hash);
        op.signature = draft.sealed(&self.game.delegate.sign(digest).unwrap());
        op
    }

    fn bring(&mut self, op: PackedUserOperation) -> OpOutcome {
        self.bed.send(op).unwrap()
    }
}

/// Has an EOA delegate its code to a contract.
fn delegate(setup: &mut AccountSetup, to: Address) {
    let (bundler, authority) = (setup.bed.entry_point.bundler, setup.account.address());
    let nonce = setup.bed.chain.nonce(authority);
    let delegation = Delegation { authority, delegate: to, nonce };
    let transaction = Transaction::new(bundler, bundler).with_delegations(vec![delegation]);
    assert!(setup.bed.chain.transact(transaction).unwrap().is_success());
}

#[test]
fn an_operation_that_names_its_delegation_is_validated_like_any_other() {
    for version in VERSIONS {
        for kind in KINDS {
            let mut setup = AccountSetup::on(kind, version);

            let op = setup.op_with_init_code(marker());
            assert_eq!(setup.bring(op).verdict.summary(), "executed", "{setup}");
            // Two bytes are enough of it.
            let op = setup.op_with_init_code(vec![0x77, 0x02].into());
            assert_eq!(setup.bring(op).verdict.summary(), "executed", "{setup}");

            assert_eq!(setup.state(), (1, 2), "{setup}");
        }
    }
}

/// An implementation that the delegate did not mean may read the calldata otherwise.
#[test]
fn a_signature_for_one_delegation_does_not_hold_for_another() {
    for version in VERSIONS {
        let mut setup = AccountSetup::on(AccountKind::OpenZeppelin7702, version);
        let arguments = setup.bed.entry_point.address.abi_encode();
        let other =
            Deployer::contract(&mut setup.bed, "OzAccount", &arguments, B256::repeat_byte(2));
        let (named, unnamed) =
            (setup.op_with_init_code(marker()), setup.op_with_init_code(Bytes::new()));

        delegate(&mut setup, other.unwrap());

        assert_eq!(setup.clone().bring(named).verdict.summary(), "refused: AA24", "{setup}");
        assert_eq!(setup.bring(unnamed).verdict.summary(), "executed", "{setup}: it named none");
    }
}

#[test]
fn without_a_delegation_there_is_no_such_operation() {
    for version in VERSIONS {
        let mut setup = AccountSetup::on(AccountKind::OpenZeppelin7702, version);
        let op = setup.op_with_init_code(marker());

        delegate(&mut setup, Address::ZERO);

        let bundle = setup.bed.entry_point.bundle(vec![op]);
        assert!(!setup.bed.chain.call(bundle).unwrap().is_success(), "{setup}");
    }
}

#[test]
fn entry_point_0_7_takes_the_marker_for_a_factory() {
    for kind in KINDS {
        let mut setup = AccountSetup::on(kind, EntryPointVersion::V07);
        let op = setup.op_with_init_code(marker());

        assert_eq!(setup.bring(op).verdict.summary(), "refused: AA10", "{setup}");
    }
}

/// What the init code says to the account is under the delegate's signature, too.
#[test]
fn what_is_called_before_validation_is_signed() {
    for version in VERSIONS {
        let mut setup = AccountSetup::on(AccountKind::OpenZeppelin7702, version);
        let mut op = setup.op_with_init_code(marker());
        // `accountId()`, which changes nothing.
        op.initCode = [&marker()[..], &keccak256("accountId()")[..4]].concat().into();

        assert_eq!(setup.clone().bring(op).verdict.summary(), "refused: AA24", "{setup}");
        let init_code = [&marker()[..], &keccak256("accountId()")[..4]].concat();
        let op = setup.op_with_init_code(init_code.into());
        assert_eq!(setup.bring(op).verdict.summary(), "executed", "{setup}");
    }
}

/// Installs the module as the account's first validator, with a session.
fn initialization(module: Address, game: &GameSession) -> Vec<u8> {
    let packed = game.session.pack().unwrap();
    let length = u32::try_from(packed.len()).unwrap().to_be_bytes();
    // Closed to signatures: the account has no other validator that could be asked.
    let data = [&[1, 0xff, 1][..], &length, &packed].concat();
    IOzAccount::initializeAccountCall { validator: module, initData: data.into() }.abi_encode()
}

/// One operation initialises the account of an EOA, installs the module with a session, and moves
/// within it.
#[test]
fn the_first_operation_of_an_eoa_initialises_its_account() {
    for version in VERSIONS {
        let mut setup = AccountSetup::on(AccountKind::OpenZeppelin7702, version);
        let newcomer = key("newcomer").unwrap().address();
        let designator = setup.bed.chain.code(setup.account.address());
        let (chain, entry_point) = (&mut setup.bed.chain, setup.bed.entry_point);
        chain.set_balance(newcomer, ether(10_000));
        let delegate = Address::from_slice(&designator[3..]);
        let delegation = Delegation { authority: newcomer, delegate, nonce: chain.nonce(newcomer) };
        let bundler = entry_point.bundler;
        let transaction = Transaction::new(bundler, bundler).with_delegations(vec![delegation]);
        assert!(chain.transact(transaction).unwrap().is_success());
        let mut game = setup.game.clone();
        game.session.account = newcomer;
        let draft = game.using(1).unwrap();
        let call_data = setup.account.execute(&setup.bed.a_move(1, 10));
        let nonce_key = setup.account.nonce_key(setup.bed.module);
        let first = entry_point.user_op(&setup.bed.chain, newcomer, nonce_key, call_data).unwrap();
        let sign = |init_code: Vec<u8>| {
            let mut op = PackedUserOperation { initCode: init_code.into(), ..first.clone() };
            let hash = entry_point.user_op_hash(&setup.bed.chain, &op).unwrap();
            let digest = draft.digest(setup.bed.module, hash);
            op.signature = draft.sealed(&game.delegate.sign(digest).unwrap());
            op
        };
        let initializing = initialization(setup.bed.module, &game);
        let bare = sign(marker().to_vec());
        let whole = sign([&marker()[..], &initializing].concat());
        let mut swapped = whole.clone();
        let other = Session { salt: 99, ..game.session.clone() };
        let other = GameSession { session: other, ..game.clone() };
        let instead = initialization(setup.bed.module, &other);
        swapped.initCode = [&marker()[..], &instead].concat().into();

        let refused = setup.clone().bring(bare).verdict.summary();
        assert!(refused.starts_with("refused"), "{setup}: nothing is installed: {refused}");
        let refused = setup.clone().bring(swapped).verdict.summary();
        assert!(refused.starts_with("refused"), "{setup}: another session: {refused}");
        assert_eq!(setup.bring(whole).verdict.summary(), "executed", "{setup}");

        let moves = IGame::movesCall { player: newcomer };
        assert_eq!(setup.bed.ask(setup.bed.game, &moves).unwrap(), U256::from(1), "{setup}");
    }
}
