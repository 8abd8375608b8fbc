//! What the delegate signs, and that nothing in it can be changed.

use alloy_primitives::aliases::{U24, U48};
use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::SolStruct;
use session_model::signed::{SessionExecution, SessionOperation};
use session_model::strategy::GAME;
use session_model::{Operation, Session, eip712, packed};
use smart_session_core::abi::ISmartSession as Abi;

use super::{TERMS, Terms, meant, order, ordered};
use crate::contract::signer::Key;
use crate::contract::{ACCOUNT, ANYONE, OWNER, digest, enabled, kept, module, next_order, signed};
use crate::module::whole;
use crate::refused::{call, operation, session};

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
        ("another relayer", |_, _, terms| terms.relayer = ANYONE),
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
