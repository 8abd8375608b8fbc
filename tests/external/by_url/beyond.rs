//! Beyond the game session: budgets, other ways to enable and to end, the direct path, and
//! signatures for apps.

use alloy_primitives::{B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolStruct};
use smart_session_client::{MessageDraft, domain};
use smart_session_core::abi::{ISmartSession, RevokeAllSessions, RevokeSession};
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::session::{ArgumentRule, Budget, SigningScope};
use testbed::abi::IErc1271;
use testbed::account::{ModuleType, packed};
use testbed::{AccountKind, Call};

use super::{Play, refused};

/// Plays all of it with an account whose module was installed anew; its epoch is not 0 any more.
pub(super) fn play(play: &Play<'_>, kind: AccountKind, epoch: u64) {
    budgets(play, kind, epoch);
    other_ways_to_enable(play, kind, epoch);
    direct_path(play, kind, epoch);
    signatures(play, kind, epoch);
    revoke_all(play, kind, epoch);
}

impl Play<'_> {
    /// Has the owner make the account call the module.
    fn owner_calls(&self, call: &impl SolCall) -> String {
        let call = Call::new(self.bed.module, call.abi_encode());
        self.owner(self.alice.execute(&call))
    }

    fn owner(&self, call_data: Bytes) -> String {
        let op = self.bed.owner_op(&*self.alice, call_data).expect("the owner signs");
        self.bed.send(op).expect("the node answers").summary()
    }

    /// Has the funded key bring something to the module.
    fn bring(&self, call: &impl SolCall) -> Result<(), Bytes> {
        match self.bed.remote.send(self.bed.module, U256::ZERO, call.abi_encode()) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.revert_data().cloned().expect("the module reverts")),
        }
    }

    fn owners_signature(&self, data: &impl SolStruct) -> Bytes {
        let digest = data.eip712_signing_hash(&domain(self.bed.module));
        self.alice.owner_signature(digest).expect("the owner signs")
    }

    fn packed_session(&self) -> Bytes {
        self.game.session.pack().expect("it is packed").into()
    }
}

/// A total over the session, and the same for each minute: the smaller one holds.
fn budgets(play: &Play<'_>, kind: AccountKind, epoch: u64) {
    let board = play.bed.board().expect("the node answers");
    let milli = |count: u128| count.saturating_mul(1_000_000_000_000_000);
    let play = play.session(|session| {
        session.salt = 10;
        session.chains[0].epoch = epoch;
        session.budgets = vec![
            Budget { token: NATIVE, amount: milli(3), period: 0 },
            Budget { token: NATIVE, amount: milli(2), period: 3_600 },
        ];
    });
    let two = play.alice.execute(&board.a_move(1, 2));
    let one = play.alice.execute(&board.a_move(1, 1));
    let now = board.now.saturating_add(1);
    let enabling = play.enabling().at_time(now);
    let using = play.game.using(1).expect("it is packed").at_time(now);

    assert_eq!(play.play(&enabling, two), "executed", "{kind}");
    assert_eq!(play.play(&using, one), refused(kind, "BudgetExceeded"), "{kind}: the hour's");
}

/// By the account's own call, and by anyone with the owner's signature; each ended by a signature.
fn other_ways_to_enable(play: &Play<'_>, kind: AccountKind, epoch: u64) {
    let board = play.bed.board().expect("the node answers");
    let a_move = play.alice.execute(&board.a_move(1, 1));
    let account = play.alice.address();

    let own = play.session(|session| {
        session.salt = 20;
        session.chains[0].epoch = epoch;
    });
    let enable = ISmartSession::enable_0Call { session: own.packed_session() };
    assert_eq!(own.owner_calls(&enable), "executed", "{kind}");
    let using = own.game.using(1).expect("it is packed");
    assert_eq!(own.play(&using, a_move.clone()), "executed", "{kind}");
    let revocation = RevokeSession { account, sessionId: own.game.session.id() };
    let signature = own.owners_signature(&revocation);
    let session_id = revocation.sessionId;
    let revoke = ISmartSession::revokeForCall { account, sessionId: session_id, signature };
    own.bring(&revoke).unwrap_or_else(|data| panic!("{kind}: {data}"));
    assert_eq!(own.state().0, 2, "{kind}");

    let relayed = play.session(|session| {
        session.salt = 21;
        session.chains[0].epoch = epoch;
    });
    let session = relayed.packed_session();
    let signature = relayed.game.owner_signature.clone();
    let mut forged = signature.to_vec();
    forged.pop();
    forged.push(0);
    let enable = |signature: Bytes| ISmartSession::enable_1Call {
        account,
        session: session.clone(),
        signature,
    };
    relayed.bring(&enable(forged.into())).expect_err("not the owner's");
    relayed.bring(&enable(signature)).unwrap_or_else(|data| panic!("{kind}: {data}"));
    assert_eq!(relayed.state(), (1, 0), "{kind}");
    let digest = RevokeSession { account, sessionId: relayed.game.session.id() }
        .eip712_signing_hash(&domain(play.bed.module));
    let delegates = relayed.game.delegate.sign(digest).expect("the delegate signs");
    let signature = Bytes::copy_from_slice(&delegates);
    let renounce = ISmartSession::revoke_1Call { account, session, signature };
    relayed.bring(&renounce).unwrap_or_else(|data| panic!("{kind}: {data}"));
    assert_eq!(relayed.state(), (2, 0), "{kind}");
}

/// The funded key is the delegate here: it calls itself.
fn direct_path(play: &Play<'_>, kind: AccountKind, epoch: u64) {
    let board = play.bed.board().expect("the node answers");
    let delegate = play.bed.remote.sender();
    let play = play.session(|session| {
        session.salt = 30;
        session.chains[0].epoch = epoch;
        session.delegate = delegate;
    });
    let execute = |session: Bytes, thousandths: u64| ISmartSession::executeCall {
        account: play.alice.address(),
        session,
        mode: B256::ZERO,
        executionCalldata: packed(&board.a_move(1, thousandths)).into(),
    };
    let enabling = play.enabling().sealed(&[]);
    let using = play.game.using(1).expect("it is packed").sealed(&[]);
    let closed = play.bring(&execute(enabling.clone(), 1)).expect_err("no executor yet");
    assert_eq!(smart_session_client::error_name(&closed), Some("NotInstalled"), "{kind}");

    let route = play.alice.owner_route();
    let length = u8::try_from(route.len()).expect("a short route");
    let data = [&[2, length][..], &route, &[0]].concat().into();
    let install = play.alice.install_module(ModuleType::Executor, play.bed.module, data);
    assert_eq!(play.owner(install), "executed", "{kind}");

    let before = play.moves();
    play.bring(&execute(enabling, 1)).unwrap_or_else(|data| panic!("{kind}: {data}"));
    play.bring(&execute(using.clone(), 1)).unwrap_or_else(|data| panic!("{kind}: {data}"));
    let too_much = play.bring(&execute(using, 11)).expect_err("over the limit");
    assert_eq!(smart_session_client::error_name(&too_much), Some("ValueOverLimit"), "{kind}");
    assert_eq!((play.state(), play.moves()), ((1, 2), before.saturating_add(U256::from(2))));
}

/// The account answers for what its delegate signs, within its bounds.
fn signatures(play: &Play<'_>, kind: AccountKind, epoch: u64) {
    let (domain_separator, type_hash) = (B256::repeat_byte(1), B256::repeat_byte(2));
    let play = play.session(|session| {
        session.salt = 40;
        session.chains[0].epoch = epoch;
        let rules = vec![ArgumentRule { index: 0, min: U256::ZERO, max: U256::from(9) }];
        session.signing = vec![SigningScope { domain_separator, type_hash, rules }];
    });
    let enable = ISmartSession::enable_0Call { session: play.packed_session() };
    assert_eq!(play.owner_calls(&enable), "executed", "{kind}");
    for (number, is_valid) in [(9_u64, true), (10, false)] {
        let word = B256::from(U256::from(number));
        let contents = keccak256([type_hash, word].concat());
        let hash = keccak256([&[0x19, 0x01], &domain_separator[..], &contents[..]].concat());
        let draft = MessageDraft::new(&play.game.session, 0, &[word]).expect("it is packed");
        let digest = draft.digest(play.bed.module, play.alice.asked_about(hash));
        let sealed = draft.sealed(&play.game.delegate.sign(digest).expect("it signs"));
        let signature = [&play.alice.route(play.bed.module)[..], &sealed].concat().into();
        let call = IErc1271::isValidSignatureCall { hash, signature };
        let answer = play.bed.ask(play.alice.address(), &call);
        let valid = answer.is_ok_and(|answer| answer == [0x16, 0x26, 0xba, 0x7e]);
        assert_eq!(valid, is_valid, "{kind}: {number}");
    }
}

/// With the owner's signature, by anyone: every session of the epoch is void.
fn revoke_all(play: &Play<'_>, kind: AccountKind, epoch: u64) {
    let (account, chain_id) = (play.alice.address(), play.bed.remote.chain_id());
    let salt = B256::repeat_byte(0x5a);
    let all = RevokeAllSessions { account, chainId: U256::from(chain_id), epoch, salt };
    let signature = play.owners_signature(&all);
    let revoke = ISmartSession::revokeAll_1Call { account, salt, signature };

    play.bring(&revoke).unwrap_or_else(|data| panic!("{kind}: {data}"));

    let replayed = play.bring(&revoke).expect_err("it names the former epoch");
    let error = smart_session_client::error_name(&replayed);
    assert!(matches!(error, Some("NotOwnersSignature" | "OwnerCheckFailed")), "{kind}: {error:?}");
    let board = play.bed.board().expect("the node answers");
    let late = play.session(|session| {
        session.salt = 50;
        session.chains[0].epoch = epoch;
    });
    let a_move = play.alice.execute(&board.a_move(1, 1));
    assert_eq!(late.play(&late.enabling(), a_move), refused(kind, "WrongEpoch"), "{kind}");
}
