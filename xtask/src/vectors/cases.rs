//! The sessions, and what is done within them.

use std::error::Error;

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, B256, U256, address, keccak256};
use alloy_sol_types::{Eip712Domain, SolStruct, SolValue, eip712_domain};
use smart_session_core::packed::{DelegateKind, Paymaster};
use smart_session_core::session::{
    ArgumentRule, Budget, Chain, Disclosure, Permission, Session, SigningScope,
};
use smart_session_core::window::{Timestamp, ValidityWindow};

use super::signed::Permit;
use crate::keys::Key;

/// The module's address.
pub(crate) const MODULE: Address = Address::repeat_byte(0x5e);
const ALICE: Address = Address::repeat_byte(0xa1);
const GAME: Address = Address::repeat_byte(0x9a);
const TOKEN: Address = Address::repeat_byte(0x70);
const NATIVE: Address = Address::repeat_byte(0xee);
const ARBITRUM: u64 = 42_161;
const START: u64 = 1_700_000_000;
const END: u64 = 1_700_007_200;
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];

/// A session with all that is recorded of it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) key: Key,
    pub(crate) session: Session,
    pub(crate) shown: Vec<Disclosure<'static>>,
    pub(crate) act: Option<Act>,
    pub(crate) message: Option<Message>,
}

/// An operation.
pub(crate) struct Act {
    pub(crate) disclosure: Disclosure<'static>,
    pub(crate) permissions: Vec<u8>,
    pub(crate) claimed_time: Option<u64>,
    pub(crate) owner_signature: Option<Vec<u8>>,
}

/// A message that an app asks the account's signature of.
pub(crate) struct Message {
    pub(crate) disclosure: Disclosure<'static>,
    pub(crate) scope: u8,
    pub(crate) words: Vec<B256>,
    pub(crate) hash: B256,
}

/// Alice lets a game's key make a hundred moves in two hours, with at most 0.01 ETH each.
pub(crate) fn game() -> Result<Session, Box<dyn Error>> {
    let ether_hundredth = 10_000_000_000_000_000_u64;
    Ok(Session {
        account: ALICE,
        chains: vec![chain(ARBITRUM, 0)],
        delegate: Key(DelegateKind::Secp256k1).address()?,
        delegate_kind: DelegateKind::Secp256k1,
        window: window(START, END)?,
        max_calls: 100,
        fee_limit: U96::from(ether_hundredth),
        paymaster: Paymaster::None,
        permissions: vec![Permission {
            target: GAME,
            selector: [0x1a, 0x2b, 0x3c, 0x4d],
            value_limit: U256::from(ether_hundredth),
            rules: vec![],
        }],
        budgets: vec![],
        signing: vec![],
        salt: 7,
    })
}

/// All cases, from the simplest on.
pub(crate) fn all() -> Result<Vec<Case>, Box<dyn Error>> {
    Ok(vec![
        simple("a game session, one move", game()?, used(&[0])),
        simple("a game session, a batch of five", game()?, used(&[0, 0, 0, 0, 0])),
        simple("a game session, enabled by its first move", game()?, enabling(&[0], 65)),
        simple("enabled with the longest owner signature", game()?, enabling(&[0], 4096)),
        several_chains()?,
        ten_permissions()?,
        budgets()?,
        fees_uncounted()?,
        any_paymaster()?,
        p256()?,
        passkey()?,
        permit()?,
        two_scopes()?,
        longest_numbers()?,
        longest_lists()?,
    ])
}

fn several_chains() -> Result<Case, Box<dyn Error>> {
    let chains = vec![chain(1, 3), chain(ARBITRUM, u64::MAX), chain(42_170, 0)];
    let session = Session { chains, ..game()? };
    let act = Act { disclosure: on_arbitrum(None, None), ..used(&[0]) };
    let other_chain = Disclosure { chain_id: Some(U256::from(1)), ..Disclosure::WHOLE };
    let shown = vec![Disclosure::WHOLE, on_arbitrum(None, None), other_chain];
    Ok(Case { shown, ..simple("three chains, one shown", session, act) })
}

fn ten_permissions() -> Result<Case, Box<dyn Error>> {
    let permissions = (0..10).map(|index| Permission {
        target: Address::repeat_byte(0xb0 | index),
        selector: match index {
            8 => [0xff; 4],
            9 => [0; 4],
            _ => TRANSFER,
        },
        value_limit: U256::from(index),
        rules: (0..index.min(8))
            .map(|word| rule(word, u64::from(word), u64::from(index)))
            .collect(),
    });
    let session = Session { permissions: permissions.collect(), ..game()? };
    let shown = vec![
        on_arbitrum(Some(&[]), None),
        on_arbitrum(Some(&[2]), Some(&[])),
        on_arbitrum(Some(&[7, 8, 9]), None),
    ];
    let act = Act { disclosure: on_arbitrum(Some(&[2, 9]), Some(&[])), ..used(&[9, 2]) };
    Ok(Case { shown, ..simple("ten permissions, two shown", session, act) })
}

fn budgets() -> Result<Case, Box<dyn Error>> {
    let budgets = vec![
        Budget { token: NATIVE, amount: (1 << 96) - 1, period: 0 },
        Budget { token: NATIVE, amount: 1, period: 60 },
        Budget { token: TOKEN, amount: 100_000_000, period: 86_400 },
        Budget { token: TOKEN, amount: u128::MAX, period: u32::MAX },
    ];
    let transfer = Permission {
        target: TOKEN,
        selector: TRANSFER,
        value_limit: U256::ZERO,
        rules: vec![rule(1, 0, 50_000_000)],
    };
    let session = Session { budgets, permissions: vec![transfer], ..game()? };
    let act = Act { claimed_time: Some(START + 100), ..used(&[0]) };
    Ok(simple("budgets of ether and a token, for the session and by period", session, act))
}

fn fees_uncounted() -> Result<Case, Box<dyn Error>> {
    let paymaster = Paymaster::One(Address::repeat_byte(0x5a));
    let session =
        Session { paymaster, fee_limit: U96::MAX, max_calls: u32::MAX, salt: 0, ..game()? };
    Ok(simple("one paymaster, nothing counted", session, used(&[0])))
}

fn any_paymaster() -> Result<Case, Box<dyn Error>> {
    let session = Session { paymaster: Paymaster::Any, ..game()? };
    Ok(simple("any paymaster", session, used(&[0])))
}

fn p256() -> Result<Case, Box<dyn Error>> {
    of_kind("a P-256 delegate", DelegateKind::P256, game()?, used(&[0]))
}

fn passkey() -> Result<Case, Box<dyn Error>> {
    of_kind("a passkey, enabled by its first move", DelegateKind::WebAuthn, game()?, {
        enabling(&[0], 65)
    })
}

/// A session that may do nothing but sign permits of one token for one spender.
fn permit() -> Result<Case, Box<dyn Error>> {
    let spender = Address::repeat_byte(0x59);
    let permit = Permit {
        owner: ALICE,
        spender,
        value: U256::from(25_000_000),
        nonce: U256::from(3),
        deadline: U256::from(END),
    };
    let domain = usd_coin();
    let scope = SigningScope {
        domain_separator: domain.separator(),
        type_hash: keccak256(Permit::eip712_encode_type().as_bytes()),
        rules: vec![
            ArgumentRule {
                index: 1,
                min: spender.into_word().into(),
                max: spender.into_word().into(),
            },
            rule(2, 0, 50_000_000),
        ],
    };
    let session = Session { permissions: vec![], signing: vec![scope], ..game()? };
    let message = Message {
        disclosure: on_arbitrum(None, None),
        scope: 0,
        words: words(&permit.abi_encode()),
        hash: permit.eip712_signing_hash(&domain),
    };
    let name = "nothing may be called, permits of one token may be signed";
    let message = Some(message);
    Ok(Case { act: None, message, ..simple(name, session, used(&[])) })
}

fn two_scopes() -> Result<Case, Box<dyn Error>> {
    let Case { session: Session { signing, .. }, message, .. } = permit()?;
    let other = SigningScope {
        domain_separator: B256::repeat_byte(0xd0),
        type_hash: B256::repeat_byte(0x7e),
        rules: vec![],
    };
    let signing = [vec![other], signing].concat();
    let session = Session { signing, ..game()? };
    let disclosure = on_arbitrum(Some(&[]), Some(&[1]));
    let message = message.map(|message| Message { disclosure, scope: 1, ..message });
    let shown = vec![on_arbitrum(None, Some(&[])), on_arbitrum(Some(&[0]), Some(&[0]))];
    let act = Act { disclosure: on_arbitrum(Some(&[0]), Some(&[])), ..used(&[0]) };
    let name = "a passkey that may move and sign";
    let case = of_kind(name, DelegateKind::WebAuthn, session, act)?;
    Ok(Case { shown, message, ..case })
}

/// Every number as long as its field.
fn longest_numbers() -> Result<Case, Box<dyn Error>> {
    let longest = ArgumentRule { index: u8::MAX, min: U256::MAX, max: U256::MAX };
    let session = Session {
        chains: vec![Chain { chain_id: U256::MAX, epoch: u64::MAX }],
        window: window((1 << 47) - 2, (1 << 47) - 1)?,
        max_calls: u32::MAX - 1,
        fee_limit: U96::MAX.saturating_sub(U96::from(1)),
        permissions: vec![Permission {
            target: GAME,
            selector: [0xff, 0xff, 0xff, 0xfe],
            value_limit: U256::MAX,
            rules: vec![longest; 16],
        }],
        budgets: vec![Budget { token: TOKEN, amount: u128::MAX, period: u32::MAX }],
        signing: vec![SigningScope {
            domain_separator: B256::repeat_byte(0xff),
            type_hash: B256::repeat_byte(0xff),
            rules: vec![longest; 16],
        }],
        salt: u64::MAX,
        ..game()?
    };
    let act = Act { claimed_time: Some((1 << 47) - 2), ..enabling(&[0; 32], 65) };
    Ok(simple("every number as long as its field", session, act))
}

/// Every list as long as its cap.
fn longest_lists() -> Result<Case, Box<dyn Error>> {
    let [move_] = game()?.permissions.try_into().map_err(|_| "the game session has one")?;
    let permissions =
        (0..64).map(|value| Permission { value_limit: U256::from(value), ..move_.clone() });
    let budgets = (60..76).map(|period| Budget { token: TOKEN, amount: 1, period });
    let scope = SigningScope {
        domain_separator: B256::repeat_byte(0xd0),
        type_hash: B256::repeat_byte(0x7e),
        rules: vec![],
    };
    let session = Session {
        chains: (0..16).map(|index| chain(ARBITRUM | index << 16, index)).collect(),
        permissions: permissions.collect(),
        budgets: budgets.collect(),
        signing: vec![scope; 16],
        ..game()?
    };
    let disclosure = on_arbitrum(Some(&[63]), Some(&[]));
    let act = Act { disclosure, claimed_time: Some(END), ..used(&[63]) };
    Ok(simple("every list as long as its cap", session, act))
}

// ---- parts ----

fn simple(name: &'static str, session: Session, act: Act) -> Case {
    let key = Key(session.delegate_kind);
    Case { name, key, session, shown: vec![], act: Some(act), message: None }
}

fn of_kind(
    name: &'static str,
    delegate_kind: DelegateKind,
    session: Session,
    act: Act,
) -> Result<Case, Box<dyn Error>> {
    let delegate = Key(delegate_kind).address()?;
    Ok(simple(name, Session { delegate, delegate_kind, ..session }, act))
}

fn used(permissions: &[u8]) -> Act {
    Act {
        disclosure: Disclosure::WHOLE,
        permissions: permissions.to_vec(),
        claimed_time: None,
        owner_signature: None,
    }
}

fn enabling(permissions: &[u8], signature_length: usize) -> Act {
    Act { owner_signature: Some(vec![0x0e; signature_length]), ..used(permissions) }
}

fn on_arbitrum(
    permissions: Option<&'static [u8]>,
    signing: Option<&'static [u8]>,
) -> Disclosure<'static> {
    Disclosure { chain_id: Some(U256::from(ARBITRUM)), permissions, signing }
}

fn chain(chain_id: u64, epoch: u64) -> Chain {
    Chain { chain_id: U256::from(chain_id), epoch }
}

fn rule(index: u8, min: u64, max: u64) -> ArgumentRule {
    ArgumentRule { index, min: U256::from(min), max: U256::from(max) }
}

fn window(start: u64, end: u64) -> Result<ValidityWindow, Box<dyn Error>> {
    let times = Timestamp::new(start).zip(Timestamp::new(end));
    let window = times.and_then(|(start, end)| ValidityWindow::new(start, end));
    window.ok_or_else(|| "no window".into())
}

fn usd_coin() -> Eip712Domain {
    eip712_domain! {
        name: "USD Coin",
        version: "2",
        chain_id: ARBITRUM,
        verifying_contract: address!("af88d065e77c8cC2239327C5EDb3A432268e5831"),
    }
}

/// Cuts encoded data into words.
fn words(encoded: &[u8]) -> Vec<B256> {
    encoded.chunks_exact(32).map(B256::from_slice).collect()
}
