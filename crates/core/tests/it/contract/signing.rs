//! ERC-1271 through a session: the conditions, and that storage is read last.

use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::SolStruct;
use session_model::signed::SessionSignature;
use session_model::{Scope, Session, eip712, packed};
use smart_session::host::off_chain::Hostio;
use smart_session_core::abi::ISmartSession as Abi;

use super::{ACCOUNT, ANYONE, MODULE, SALT, module, nothing, signed};
use crate::module::{Module, whole};
use crate::refused::session;

const APP: B256 = B256::repeat_byte(0xd0);
const TYPE: B256 = B256::repeat_byte(0x70);

/// A session that may sign messages of one word up to 9 of an app.
fn signing() -> Session {
    let rule = session_model::Rule { index: 0, min: U256::ZERO, max: U256::from(9) };
    let scope = Scope { domain_separator: APP, type_hash: TYPE, rules: vec![rule] };
    Session { signing: vec![scope], ..session() }
}

/// A module with the session in force.
fn in_force(session: &Session) -> Module {
    let module = module(1);
    module.send(ACCOUNT, &Abi::enable_0Call { session: whole(session) }).unwrap();
    module
}

/// What a message of words is, as the app hashes it.
fn hash(domain: B256, type_hash: B256, word: u64) -> B256 {
    let contents =
        keccak256([type_hash.as_slice(), &U256::from(word).to_be_bytes::<32>()].concat());
    keccak256([&[0x19, 0x01], domain.as_slice(), contents.as_slice()].concat())
}

/// A question to the module, with whatever signature the delegate gives.
#[derive(Clone)]
struct Question {
    sender: Address,
    hash: B256,
    session: Session,
    word: u64,
    signer: Address,
}

impl Question {
    fn good() -> Self {
        let session = signing();
        let signer = session.delegate;
        Self { sender: ANYONE, hash: hash(APP, TYPE, 7), session, word: 7, signer }
    }

    fn signature(&self) -> Vec<u8> {
        let mut bytes = vec![2];
        bytes.extend(packed::session(&self.session, &nothing()));
        bytes.extend([0, 1]);
        bytes.extend(U256::from(self.word).to_be_bytes::<32>());
        let meant = SessionSignature {
            hash: self.hash,
            sessionId: eip712::session_id(&self.session),
            disclosure: keccak256(&bytes),
        };
        bytes.extend(signed(self.signer, meant.eip712_hash_struct()));
        bytes
    }

    fn ask(&self, module: &Module) -> bool {
        answer(module, self.sender, self.hash, self.signature())
    }
}

fn answer(module: &Module, sender: Address, hash: B256, signature: Vec<u8>) -> bool {
    let signature = Bytes::from(signature);
    let call = Abi::isValidSignatureWithSenderCall { sender, hash, signature };
    let answer = module.send(ACCOUNT, &call).expect("it never reverts");
    assert!([[0x16, 0x26, 0xba, 0x7e], [0xff; 4]].contains(&answer.0), "{answer}");
    answer == [0x16, 0x26, 0xba, 0x7e]
}

fn loads(module: &Module) -> usize {
    let hostios = module.chain.take_hostios();
    hostios.iter().filter(|hostio| matches!(hostio, Hostio::Load(_))).count()
}

#[test]
fn a_session_signs_what_its_scope_says() {
    assert!(Question::good().ask(&in_force(&signing())));
}

#[test]
fn each_condition_alone_makes_it_no() {
    let good = Question::good();
    for (what, bad) in [
        ("the account asks", Question { sender: ACCOUNT, ..good.clone() }),
        ("the module asks", Question { sender: MODULE, ..good.clone() }),
        ("another hash", Question { hash: hash(APP, TYPE, 8), ..good.clone() }),
        ("other words", Question { word: 8, ..good.clone() }),
        (
            "a word out of its bounds",
            Question { word: 10, hash: hash(APP, TYPE, 10), ..good.clone() },
        ),
        ("another signer", Question { signer: ANYONE, ..good.clone() }),
    ] {
        assert!(!bad.ask(&in_force(&signing())), "{what}");
    }
    assert!(!good.ask(&module(1)), "never enabled");
    let revoked = in_force(&signing());
    let session_id = eip712::session_id(&signing());
    revoked.send(ACCOUNT, &Abi::revoke_0Call { sessionId: session_id }).unwrap();
    assert!(!good.ask(&revoked), "revoked");
    let void = in_force(&signing());
    void.send(ACCOUNT, &Abi::revokeAll_0Call { salt: SALT }).unwrap();
    assert!(!good.ask(&void), "of a former epoch");
    let executor = in_force(&signing());
    executor.send(ACCOUNT, &Abi::onInstallCall { data: vec![2, 0, 0].into() }).unwrap();
    executor.send(ACCOUNT, &Abi::onUninstallCall { data: vec![1].into() }).unwrap();
    assert!(!good.ask(&executor), "no validator");
}

#[test]
fn the_window_holds_both_ends_included() {
    for (time, is_in) in [(999, false), (1_000, true), (10_000, true), (10_001, false)] {
        let mut module = in_force(&signing());
        module.chain.timestamp = time;
        assert_eq!(Question::good().ask(&module), is_in, "{time}");
    }
}

#[test]
fn a_session_signs_neither_a_session_nor_a_wrapper_of_anything() {
    let own = alloy_sol_types::eip712_domain! {
        name: "Smart Session", version: "1", verifying_contract: MODULE,
    };
    for (domain, type_hash) in [(own.separator(), TYPE), (APP, keccak256("Kernel(bytes32 hash)"))] {
        let scope = Scope { domain_separator: domain, type_hash, rules: vec![] };
        let session = Session { signing: vec![scope], ..session() };
        let module = in_force(&session);
        let question = Question { hash: hash(domain, type_hash, 7), session, ..Question::good() };
        module.chain.take_hostios();
        assert!(!question.ask(&module));
        assert_eq!(loads(&module), 0, "nothing is read for it");
    }
}

/// Kernel hands on its own EIP-712 digest of what the app asks.
#[test]
fn kernels_wrapper_of_the_hash_is_taken_and_another_accounts_is_not() {
    alloy_sol_types::sol! { struct Kernel { bytes32 hash; } }
    let module = in_force(&signing());
    let wrapped = |account: Address| {
        let domain = alloy_sol_types::eip712_domain! {
            name: "Kernel", version: "0.3.1", chain_id: module.chain.chain_id,
            verifying_contract: account,
        };
        Kernel { hash: hash(APP, TYPE, 7) }.eip712_signing_hash(&domain)
    };
    assert!(Question { hash: wrapped(ACCOUNT), ..Question::good() }.ask(&module));
    assert!(!Question { hash: wrapped(ANYONE), ..Question::good() }.ask(&module));
}

#[test]
fn storage_is_read_for_nothing_but_what_the_session_could_sign() {
    let module = in_force(&signing());
    let good = Question::good();
    module.chain.take_hostios();
    for question in [
        Question { sender: ACCOUNT, ..good.clone() },
        Question { sender: MODULE, ..good.clone() },
        Question { hash: B256::ZERO, ..good.clone() },
    ] {
        assert!(!question.ask(&module));
        assert_eq!(loads(&module), 0);
    }
    assert!(good.ask(&module));
    assert_eq!(loads(&module), 2);
}

#[test]
fn nothing_wrong_with_a_signature_is_a_revert() {
    let module = in_force(&signing());
    let good = Question::good();
    let signature = good.signature();
    for length in 0..signature.len() {
        assert!(!answer(&module, ANYONE, good.hash, signature[..length].to_vec()), "{length}");
    }
    let longer = [signature.clone(), vec![0]].concat();
    assert!(!answer(&module, ANYONE, good.hash, longer));
    assert!(!answer(&module, ANYONE, B256::repeat_byte(0x77), vec![]), "a probe");
    assert!(answer(&module, ANYONE, good.hash, signature));
}

#[test]
fn a_check_that_fails_for_want_of_gas_is_a_no_here() {
    let mut module = in_force(&signing());
    module.chain.world.failing.push(alloy_primitives::Address::with_last_byte(1));
    assert!(!Question::good().ask(&module));
}
