//! Orders: what a delegate signs so that anyone may bring a direct call.

use std::rc::Rc;

use alloy_primitives::aliases::{U24, U48};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolStruct, SolValue};
use session_model::session::NATIVE;
use session_model::signed::{SessionExecution, SessionOperation};
use session_model::strategy::{GAME, SPONSOR};
use session_model::{Budget, Operation, Session, eip712, packed};
use smart_session::host::off_chain::{Call, Chain, Hostio};
use smart_session_core::abi::ISmartSession as Abi;
use smart_session_core::state::{self, Status};
use smart_session_core::{OffChain, word};

use super::signer::Key;
use super::{
    ACCOUNT, ANYONE, MODULE, OWNER, SALT, digest, enabled, enabling, execute_call, kept, module,
    next_order, operate, signed,
};
use crate::module::{Module, error, whole};
use crate::refused::{call, operation, session};
use crate::world::{Accounts, Reaction};

/// What an order says beside the call.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) nonce: u32,
    pub(super) deadline: u64,
    pub(super) gas: u32,
    pub(super) relayer: Address,
}

const TERMS: Terms = Terms { nonce: 0, deadline: 6_000, gas: 100_000, relayer: Address::ZERO };

impl Terms {
    fn bytes(&self) -> Vec<u8> {
        [
            &self.nonce.to_be_bytes()[1..],
            &self.deadline.to_be_bytes()[2..],
            &self.gas.to_be_bytes(),
            self.relayer.as_slice(),
        ]
        .concat()
    }
}

/// Returns what the delegate signs for an operation's calls.
fn meant(session: &Session, operation: &Operation, terms: &Terms) -> SessionExecution {
    let call = execute_call(session, operation, OWNER);
    SessionExecution {
        sessionId: eip712::session_id(session),
        disclosure: keccak256(packed::disclosed(session, operation)),
        chainId: U256::from(42_161),
        mode: call.mode,
        executions: keccak256(&call.executionCalldata),
        nonce: U24::from(terms.nonce),
        deadline: U48::from(terms.deadline),
        gas: terms.gas,
        relayer: terms.relayer,
    }
}

/// Returns `executeFor` with some signature.
fn ordered(
    session: &Session,
    operation: &Operation,
    terms: &Terms,
    signature: &[u8],
) -> Abi::executeForCall {
    let call = execute_call(session, operation, OWNER);
    Abi::executeForCall {
        account: call.account,
        session: call.session,
        mode: call.mode,
        executionCalldata: call.executionCalldata,
        order: [&terms.bytes(), signature].concat().into(),
    }
}

/// Returns `executeFor` as the delegate orders it.
pub(super) fn order(
    session: &Session,
    operation: &Operation,
    terms: &Terms,
) -> Abi::executeForCall {
    let hash = meant(session, operation, terms).eip712_hash_struct();
    ordered(session, operation, terms, &signed(session.delegate, hash))
}

/// Brings an order of the session's delegate.
fn bring(module: &Module, operation: &Operation, terms: &Terms) -> Result<Vec<Bytes>, String> {
    module.send(ANYONE, &order(&session(), operation, terms))
}

fn at_nonce(module: &mut Module, nonce: u32) {
    let id = eip712::session_id(&session());
    let mut kept = module.session(ACCOUNT, id);
    kept.set_order_nonce(nonce);
    let slot = state::session_slot(&OffChain::default(), &word::from_address(ACCOUNT), &id.0);
    module.chain.set_word(slot, kept.0);
}

#[test]
fn anyone_brings_an_order_and_gets_the_accounts_answer() {
    let module = enabled(2);
    let two = Operation {
        executions: vec![call(GAME, "move(uint8)", &[1]); 2],
        indices: vec![0, 0],
        ..operation()
    };

    assert_eq!(bring(&module, &operation(), &TERMS), Ok(vec![vec![7; 33].into()]));
    let second = Terms { nonce: 1, ..TERMS };
    assert_eq!(bring(&module, &two, &second), Ok(vec![vec![7; 33].into(); 2]));

    assert_eq!(kept(&module), (1, 3, 0, 0), "calls are counted, fees are not");
    assert_eq!(next_order(&module), 2);
    assert_eq!(module.chain.world.ran.borrow().len(), 2);
}

#[test]
fn every_kind_of_key_orders() {
    let key = Key::new("device");
    for kind in [1, 2] {
        let session = key.session(kind);
        let module = module(2);
        module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&session) }).unwrap();
        let digest = digest(meant(&session, &operation(), &TERMS).eip712_hash_struct());
        let signature = |digest: B256| match kind {
            1 => key.sign(digest.as_slice()),
            _ => key.assert(digest, 37, 0),
        };

        let forged = ordered(&session, &operation(), &TERMS, &signature(B256::ZERO));
        assert_eq!(module.send(ANYONE, &forged), Err("NotDelegatesSignature".into()), "{kind}");
        let good = ordered(&session, &operation(), &TERMS, &signature(digest));
        assert!(module.send(ANYONE, &good).is_ok(), "{kind}");
        let short = ordered(&session, &operation(), &TERMS, &[0; 65]);
        assert_eq!(module.send(ANYONE, &short), Err("MalformedDelegateSignature".into()));
    }
}

#[test]
fn nothing_that_is_signed_can_be_changed() {
    type Change = fn(&mut SessionExecution);
    let changes: [(&str, Change); 9] = [
        ("session", |it| it.sessionId = eip712::session_id(&Session { salt: 2, ..session() })),
        ("disclosure", |it| it.disclosure = keccak256([1])),
        ("chain", |it| it.chainId += U256::from(1)),
        ("mode", |it| it.mode = B256::with_last_byte(1)),
        ("executions", |it| it.executions = keccak256([])),
        ("nonce", |it| it.nonce = U24::from(1)),
        ("deadline", |it| it.deadline += U48::from(1)),
        ("gas", |it| it.gas -= 1),
        ("relayer", |it| it.relayer = ANYONE),
    ];
    let module = enabled(2);
    for (field, change) in changes {
        let mut other = meant(&session(), &operation(), &TERMS);
        change(&mut other);
        let signature = signed(session().delegate, other.eip712_hash_struct());
        let refused = module.send(ANYONE, &ordered(&session(), &operation(), &TERMS, &signature));
        assert_eq!(refused, Err("NotDelegatesSignature".into()), "{field}");
    }
    assert_eq!((kept(&module).1, next_order(&module)), (0, 0));
}

/// Each field as it stands in the call, changed after it was signed.
#[test]
fn nothing_that_is_brought_can_be_changed() {
    type Change = fn(&mut Session, &mut Operation, &mut Terms);
    let changes: [(&str, Change); 9] = [
        ("another session of the key", |session, _, _| session.salt = 2),
        ("another permission", |_, operation, _| operation.indices = vec![1]),
        ("a hidden permission", |_, operation, _| operation.hidden.permissions = vec![1]),
        ("enabling", |_, operation, _| operation.enables = true),
        ("another argument", |_, operation, _| {
            operation.executions = vec![call(GAME, "move(uint8)", &[8])];
        }),
        ("more time", |_, _, terms| terms.deadline += 1),
        ("less gas", |_, _, terms| terms.gas -= 1),
        ("more gas", |_, _, terms| terms.gas += 1),
        ("the relayer of somebody else", |_, _, terms| terms.relayer = ANYONE),
    ];
    let mut twice = session();
    twice.permissions.push(twice.permissions[0].clone());
    let other = Session { salt: 2, ..twice.clone() };
    let module = module(2);
    for session in [&twice, &other] {
        module.send(ACCOUNT, &Abi::enable_0Call { session: whole(session) }).unwrap();
    }
    let hash = meant(&twice, &operation(), &TERMS).eip712_hash_struct();
    let signature = signed(twice.delegate, hash);
    for (what, change) in changes {
        let (mut session, mut operation, mut terms) = (twice.clone(), operation(), TERMS);
        change(&mut session, &mut operation, &mut terms);
        let refused = module.send(ANYONE, &ordered(&session, &operation, &terms, &signature));
        assert_eq!(refused, Err("NotDelegatesSignature".into()), "{what}");
    }
    let good = ordered(&twice, &operation(), &TERMS, &signature);
    let mut elsewhere = module.clone();
    elsewhere.chain.module = Address::repeat_byte(0x5d);
    assert_eq!(elsewhere.send(ANYONE, &good), Err("NotDelegatesSignature".into()), "a module");
    assert!(module.send(ANYONE, &good).is_ok());
}

#[test]
fn an_order_on_another_chain_or_for_another_account_is_none() {
    let both = {
        let mut session = session();
        session.chains.push(session_model::Chain { id: U256::from(1), epoch: 0 });
        session
    };
    let mut module = module(2);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&both) }).unwrap();
    module.chain.chain_id = 1;
    let refused = module.send(ANYONE, &order(&both, &operation(), &TERMS));
    assert_eq!(refused, Err("NotDelegatesSignature".into()), "the session holds there too");

    let module = enabled(2);
    module.send(ANYONE, &Abi::onInstallCall { data: vec![2, 0, 0].into() }).unwrap();
    let other = Abi::executeForCall { account: ANYONE, ..order(&session(), &operation(), &TERMS) };
    assert_eq!(module.send(ANYONE, &other), Err("SessionNotEnabled".into()), "another id");
}

#[test]
fn a_signature_of_another_type_orders_nothing() {
    let module = enabled(2);
    let as_operation = SessionOperation {
        userOpHash: B256::ZERO,
        sessionId: eip712::session_id(&session()),
        disclosure: keccak256(packed::disclosed(&session(), &operation())),
    };
    for signer in [session().delegate, OWNER] {
        let signature = signed(signer, as_operation.eip712_hash_struct());
        let refused = module.send(ANYONE, &ordered(&session(), &operation(), &TERMS, &signature));
        assert_eq!(refused, Err("NotDelegatesSignature".into()));
    }
    let hash = meant(&session(), &operation(), &TERMS).eip712_hash_struct();
    let by_owner = ordered(&session(), &operation(), &TERMS, &signed(OWNER, hash));
    assert_eq!(module.send(OWNER, &by_owner), Err("NotDelegatesSignature".into()));
}

#[test]
fn orders_run_in_sequence_and_no_other_way_moves_the_nonce() {
    let module = enabled(3);
    let nth = |nonce: u32| Terms { nonce, ..TERMS };
    assert!(bring(&module, &operation(), &nth(0)).is_ok());
    for nonce in [0, 2] {
        assert_eq!(bring(&module, &operation(), &nth(nonce)), Err("WrongOrderNonce".into()));
    }
    let direct = execute_call(&session(), &operation(), OWNER);
    module.send(session().delegate, &direct).unwrap();
    let op = operate(&session(), &operation(), OWNER, session().delegate);
    assert_eq!(module.chain.send(ACCOUNT, &op).unwrap()[31], 0);
    assert_eq!(next_order(&module), 1);
    assert!(bring(&module, &operation(), &nth(1)).is_ok());

    // Each session counts its own.
    let other = Session { salt: 2, ..session() };
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&other) }).unwrap();
    assert!(module.send(ANYONE, &order(&other, &operation(), &nth(0))).is_ok());
    assert_eq!(next_order(&module), 2);
}

#[test]
fn the_last_nonce_is_never_used() {
    let mut module = enabled(2);
    let end = (1 << 24) - 1;
    at_nonce(&mut module, end - 1);
    let last = Terms { nonce: end - 1, ..TERMS };
    assert!(bring(&module, &operation(), &last).is_ok());
    assert_eq!(next_order(&module), end);

    for nonce in [0, end - 1, end] {
        let refused = bring(&module, &operation(), &Terms { nonce, ..TERMS });
        assert_eq!(refused, Err("OrdersUsedUp".into()), "{nonce}");
    }
    let direct = execute_call(&session(), &operation(), OWNER);
    assert!(module.send(session().delegate, &direct).is_ok(), "the session goes on");
    assert_eq!(kept(&module), (1, 2, 0, 0), "the nonce runs into nothing");
}

#[test]
fn an_order_lives_until_its_deadline_within_the_window() {
    let at = |timestamp: u64, deadline: u64| {
        let mut module = enabled(2);
        module.chain.timestamp = timestamp;
        bring(&module, &operation(), &Terms { deadline, ..TERMS }).map(|_| ())
    };
    assert_eq!(at(6_000, 6_000), Ok(()));
    assert_eq!(at(6_001, 6_000), Err("DeadlinePassed".into()));
    let late = (1 << 48) - 1;
    assert_eq!(at(999, late), Err("OutsideWindow".into()));
    assert_eq!(at(1_000, late), Ok(()));
    assert_eq!(at(10_000, late), Ok(()));
    assert_eq!(at(10_001, late), Err("OutsideWindow".into()));
}

#[test]
fn the_relayer_that_is_named_brings_it_and_nobody_else() {
    let module = enabled(2);
    let named = Terms { relayer: SPONSOR, gas: 0, ..TERMS };
    let call = order(&session(), &operation(), &named);
    for caller in [ANYONE, OWNER, ACCOUNT, session().delegate, Address::ZERO] {
        assert_eq!(module.send(caller, &call), Err("WrongRelayer".into()), "{caller}");
    }
    assert!(module.send(SPONSOR, &call).is_ok());

    let unbound = Terms { nonce: 1, gas: 0, ..TERMS };
    assert_eq!(bring(&module, &operation(), &unbound), Err("NoMinimumGas".into()));
}

/// EIP-150: a call gets at most what is left less a 64th of it.
#[test]
fn the_call_gets_at_least_the_gas_that_is_ordered() {
    let data = order(&session(), &operation(), &TERMS).executionCalldata.len();
    // Selector, mode, offset, length, and the padded calldata.
    let calldata = 4 + 3 * 32 + data.next_multiple_of(32);
    let least = 101_588 + 6_000 + u64::try_from(calldata / 32).unwrap();
    for (left, is_enough) in [(0, false), (least - 1, false), (least, true), (least + 1, true)] {
        let mut module = enabled(2);
        module.chain.gas_left = left;
        let got = bring(&module, &operation(), &TERMS).map(|_| ());
        let expected = if is_enough { Ok(()) } else { Err("TooLittleGas".into()) };
        assert_eq!(got, expected, "{left}");
        assert_eq!(next_order(&module), u32::from(is_enough), "nothing is spent");
    }
    // Whoever is trusted with the gas needs none but the reserve.
    let trusted = Terms { gas: 0, relayer: ANYONE, ..TERMS };
    let mut module = enabled(2);
    module.chain.gas_left = 6_000 + u64::try_from(calldata / 32).unwrap() - 1;
    assert_eq!(bring(&module, &operation(), &trusted), Err("TooLittleGas".into()));
    module.chain.gas_left += 1;
    assert!(bring(&module, &operation(), &trusted).is_ok());
}

#[test]
fn gas_is_looked_at_last_and_only_for_orders() {
    let module = enabled(2);
    module.chain.take_hostios();
    bring(&module, &operation(), &TERMS).unwrap();
    let hostios = module.chain.take_hostios();
    let write = hostios.iter().position(|it| matches!(it, Hostio::Write(_))).unwrap();
    let [.., gas, ran] = hostios[..] else { panic!("{hostios:?}") };
    assert_eq!((gas, ran), (Hostio::GasLeft, Hostio::Call(ACCOUNT)));
    assert_eq!(write, hostios.len() - 3, "{hostios:?}");

    let direct = execute_call(&session(), &operation(), OWNER);
    module.send(session().delegate, &direct).unwrap();
    assert!(!module.chain.take_hostios().contains(&Hostio::GasLeft));
    let mut poor = module.clone();
    poor.chain.gas_left = 0;
    assert!(poor.send(session().delegate, &direct).is_ok());
}

/// Each of these is refused by a rule that comes before the next one's.
#[test]
fn an_order_is_checked_from_the_call_to_the_gas() {
    type Break = fn(&mut Module, &mut Abi::executeForCall);
    let breaks: [(&str, Break); 12] = [
        ("UnsupportedExecutionMode", |_, call| call.mode = B256::repeat_byte(1)),
        ("UnknownMode", |_, call| {
            call.session = [&[9], &call.session[1..]].concat().into();
        }),
        ("MalformedOrder", |_, call| call.order = vec![0; 32].into()),
        ("MalformedDelegateSignature", |_, call| {
            call.order = [&call.order[..], &[0]].concat().into();
        }),
        ("WrongRelayer", |_, call| change(call, |order| order[13] = 1)),
        ("DeadlinePassed", |_, call| change(call, |order| order[3..9].fill(0))),
        ("OutsideWindow", |module, _| module.chain.timestamp = 10_001),
        ("WrongOrderNonce", |_, call| change(call, |order| order[2] = 7)),
        ("SessionRevokedForEver", |module, _| {
            module.set_status(ACCOUNT, eip712::session_id(&session()), Status::Revoked);
        }),
        ("MalformedExecution", |_, call| call.executionCalldata = vec![0; 51].into()),
        ("NotDelegatesSignature", |_, call| change(call, |order| order[40] ^= 1)),
        ("TooLittleGas", |module, _| module.chain.gas_left = 0),
    ];
    for first in 0..breaks.len() {
        let mut module = enabled(2);
        let late = Terms { deadline: 20_000, ..TERMS };
        let mut call = order(&session(), &operation(), &late);
        // The last first: an order that is cut off has nothing left to change.
        for (_, break_it) in breaks[first..].iter().rev() {
            break_it(&mut module, &mut call);
        }
        assert_eq!(module.send(ANYONE, &call), Err(breaks[first].0.into()));
        assert_eq!(next_order(&module), 0);
    }
}

fn change(call: &mut Abi::executeForCall, change: impl FnOnce(&mut [u8])) {
    let mut order = call.order.to_vec();
    change(&mut order);
    call.order = order.into();
}

#[test]
fn an_order_enables_with_the_owners_signature() {
    let module = module(2);
    assert_eq!(bring(&module, &operation(), &TERMS), Err("SessionNotEnabled".into()));
    let mut forged = order(&session(), &enabling(), &TERMS);
    let last = forged.session.len() - 30;
    let mut blob = forged.session.to_vec();
    blob[last] ^= 1;
    forged.session = blob.into();
    assert_eq!(module.send(ANYONE, &forged), Err("NotOwnersSignature".into()));
    assert_eq!((kept(&module), next_order(&module)), ((0, 0, 0, 0), 0));

    assert!(bring(&module, &enabling(), &TERMS).is_ok());
    assert_eq!((kept(&module), next_order(&module)), ((1, 1, 0, 0), 1));
    let again = Terms { nonce: 1, ..TERMS };
    assert!(bring(&module, &enabling(), &again).is_ok(), "of an enabled session it is a use");
}

/// The owner's signature is not in what the delegate signs: another good one does as well.
#[test]
fn the_owners_signature_is_not_what_the_delegate_signs() {
    let module = module(2);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&session()) }).unwrap();
    let mut call = order(&session(), &enabling(), &TERMS);
    let blob = &call.session[..call.session.len() - 67];
    call.session = [blob, &[0, 0]].concat().into();
    assert!(module.send(ANYONE, &call).is_ok());
}

#[test]
fn fees_and_paymaster_do_not_apply() {
    let sponsored = Session { paymaster: SPONSOR, fee_limit: 1, ..session() };
    let module = module(2);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&sponsored) }).unwrap();
    assert!(module.send(ANYONE, &order(&sponsored, &operation(), &TERMS)).is_ok());
}

#[test]
fn an_order_that_fails_spends_nothing_and_may_be_tried_again() {
    let mut module = enabled(2);
    let fails = Reaction(Rc::new(|_: &Chain<Accounts>, _: &Call<'_>| Err(vec![1, 2, 3])));
    module.chain.world.reactions.insert(ACCOUNT, fails);
    let data = order(&session(), &operation(), &TERMS).abi_encode();
    assert_eq!(module.chain.send(ANYONE, &data), Err(vec![1, 2, 3]));
    let idle = Reaction(Rc::new(|_: &Chain<Accounts>, _: &Call<'_>| Ok(vec![])));
    module.chain.world.reactions.insert(ACCOUNT, idle);
    assert_eq!(bring(&module, &operation(), &TERMS), Err("NothingExecuted".into()));
    assert_eq!((kept(&module), next_order(&module)), ((1, 0, 0, 0), 0));

    module.chain.world.reactions.clear();
    assert!(bring(&module, &operation(), &TERMS).is_ok());
}

#[test]
fn no_order_outlives_its_session() {
    let after = |end: fn(&Module)| {
        let module = enabled(3);
        end(&module);
        bring(&module, &operation(), &TERMS).map(|_| ())
    };
    let uninstall = |data: &'static [u8]| Abi::onUninstallCall { data: data.into() };
    assert_eq!(
        after(|module| {
            let id = eip712::session_id(&session());
            module.send(ACCOUNT, &Abi::revoke_0Call { sessionId: id }).unwrap();
        }),
        Err("SessionRevokedForEver".into())
    );
    assert_eq!(
        after(|module| {
            module.send(ACCOUNT, &Abi::revokeAll_0Call { salt: SALT }).unwrap();
        }),
        Err("WrongEpoch".into())
    );

    // Uninstalling the executor alone keeps the epoch, whole uninstalling does not.
    for (data, back) in [(&[2][..], Ok(())), (&[], Err("WrongEpoch".into()))] {
        let module = enabled(3);
        module.send(ACCOUNT, &uninstall(data)).unwrap();
        assert_eq!(bring(&module, &operation(), &TERMS), Err("NotInstalled".into()));
        module.send(ACCOUNT, &Abi::onInstallCall { data: vec![2, 0, 0].into() }).unwrap();
        assert_eq!(bring(&module, &operation(), &TERMS).map(|_| ()), back);
    }
}

/// An account that brings more from within its call.
fn brings(calls: Vec<Vec<u8>>) -> Reaction {
    let reaction = move |chain: &Chain<Accounts>, _: &Call<'_>| {
        for call in &calls {
            chain.send(ANYONE, call)?;
        }
        Ok(vec![Bytes::new()].abi_encode())
    };
    Reaction(Rc::new(reaction))
}

#[test]
fn an_order_from_within_an_order_is_counted_and_none_runs_twice() {
    let budgeted =
        Session { budgets: vec![Budget { token: NATIVE, amount: 3, period: 0 }], ..session() };
    let nth = |nonce: u32| order(&budgeted, &operation(), &Terms { nonce, ..TERMS }).abi_encode();
    let outcome = |inner: Vec<Vec<u8>>| {
        let mut module = module(2);
        module.send(ACCOUNT, &Abi::enable_0Call { session: whole(&budgeted) }).unwrap();
        // The first call of the account brings these; theirs bring nothing.
        let first = std::cell::Cell::new(true);
        let Reaction(bring) = brings(inner);
        let reaction = move |chain: &Chain<Accounts>, call: &Call<'_>| {
            if first.replace(false) {
                bring(chain, call)
            } else {
                Ok(vec![Bytes::new()].abi_encode())
            }
        };
        module.chain.world.reactions.insert(ACCOUNT, Reaction(Rc::new(reaction)));
        let outcome = module.chain.send(ANYONE, &nth(0));
        let call =
            Abi::sessionStateCall { account: ACCOUNT, sessionId: eip712::session_id(&budgeted) };
        let state = module.view(&call).unwrap();
        let counted = (state.calls, state.nativeSpent.to::<u64>(), state.orderNonce.to::<u32>());
        (outcome.map(|_| ()).map_err(|data| error(&data)), counted)
    };

    assert_eq!(outcome(vec![nth(1), nth(2)]), (Ok(()), (3, 3, 3)));
    assert_eq!(outcome(vec![nth(0)]), (Err("WrongOrderNonce".into()), (0, 0, 0)));
    let fourth = outcome(vec![nth(1), nth(2), nth(3)]);
    assert_eq!(fourth, (Err("BudgetExceeded".into()), (0, 0, 0)));
}

#[test]
fn the_account_is_asked_statically_before_anything_is_written() {
    let module = module(2);
    module.chain.take_hostios();
    bring(&module, &enabling(), &TERMS).unwrap();

    let hostios = module.chain.take_hostios();
    let asked = hostios.iter().rposition(|it| matches!(it, Hostio::StaticCall(..))).unwrap();
    let written = hostios.iter().position(|it| matches!(it, Hostio::Write(_))).unwrap();
    assert!(asked < written, "{hostios:?}");
    assert!(hostios.contains(&Hostio::StaticCall(ACCOUNT, u64::MAX)));
    assert_ne!(MODULE, ACCOUNT);
}
