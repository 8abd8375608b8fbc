//! Arbitrary sessions and operations near the rules: most hold, and those that do not miss by
//! little.

use alloy_primitives::{Address, B256, U256};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::Place;
use crate::operation::{Execution, Gas, Hidden, Operation, selector};
use crate::session::{
    ANY_CALLDATA, ANY_PAYMASTER, Budget, Chain, ENTRY_POINTS, NATIVE, PLAIN_TRANSFER, Permission,
    Rule, Scope, Session, UNCOUNTED_FEES,
};

/// Where everything happens.
pub const PLACE: Place = Place {
    account: Address::repeat_byte(0xac),
    module: Address::repeat_byte(0x5e),
    chain_id: 42_161,
};
/// Who acts.
pub const DELEGATE: Address = Address::repeat_byte(0xde);
/// A contract.
pub const GAME: Address = Address::repeat_byte(0x6a);
/// An ERC-20.
pub const TOKEN: Address = Address::repeat_byte(0x70);
/// A paymaster.
pub const SPONSOR: Address = Address::repeat_byte(0x5b);

/// Mostly one of the first, seldom one of the others.
fn mostly<T: Clone + std::fmt::Debug + 'static>(
    these: Vec<T>,
    seldom: Vec<T>,
) -> impl Strategy<Value = T> {
    // The first ones stand for the others where those are none.
    let seldom = if seldom.is_empty() { these.clone() } else { seldom };
    prop_oneof![12 => select(these), 1 => select(seldom)]
}

/// Numbers at which something changes, and any others.
pub fn number() -> impl Strategy<Value = U256> {
    let edges = vec![
        U256::ZERO,
        U256::from(1),
        U256::from(3),
        U256::from(5),
        U256::from(100),
        U256::from(u64::MAX),
        U256::from(1) << 64,
        (U256::from(1) << 96) - U256::from(1),
        U256::from(u128::MAX),
        U256::from(1) << 128,
        U256::MAX - U256::from(1),
        U256::MAX,
    ];
    let any_width = (any::<[u8; 32]>(), 0..=256_usize).prop_map(|(bytes, bits)| {
        if bits == 0 { U256::ZERO } else { U256::from_be_bytes(bytes) >> (256 - bits) }
    });
    prop_oneof![3 => select(edges), 4 => (0_u64..8).prop_map(U256::from), 1 => any_width]
}

fn banned() -> Vec<Address> {
    let mut banned = vec![Address::ZERO, PLACE.account, PLACE.module];
    banned.extend(ENTRY_POINTS);
    banned
}

fn selectors() -> Vec<[u8; 4]> {
    vec![
        selector("transfer(address,uint256)"),
        selector("transferFrom(address,address,uint256)"),
        selector("approve(address,uint256)"),
        selector("increaseAllowance(address,uint256)"),
        selector("move(uint8)"),
        ANY_CALLDATA,
        PLAIN_TRANSFER,
    ]
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let rule = (0_u8..3, number(), number(), any::<bool>()).prop_map(|(index, a, b, ordered)| {
        let (min, max) = if ordered { (a.min(b), a.max(b)) } else { (a, b) };
        Rule { index, min, max }
    });
    prop_oneof![3 => Just(vec![]), 1 => vec(rule, 1..4)]
}

fn permission() -> impl Strategy<Value = Permission> {
    let target = mostly(vec![GAME, TOKEN, TOKEN, NATIVE], banned());
    (target, select(selectors()), number(), rules()).prop_map(
        |(target, selector, value_limit, rules)| {
            let exact = ![ANY_CALLDATA, PLAIN_TRANSFER].contains(&selector);
            let stays = exact || value_limit == U256::from(3);
            let rules = if stays { rules } else { vec![] };
            Permission { target, selector, value_limit, rules }
        },
    )
}

fn budget() -> impl Strategy<Value = Budget> {
    let token = mostly(vec![TOKEN, TOKEN, NATIVE, NATIVE, GAME], banned());
    let amount = mostly(
        vec![1, 5, 8, 100, (1 << 96) - 1, 1 << 64],
        vec![0, 1 << 96, u128::MAX, u128::MAX - 1],
    );
    let period = mostly(vec![0, 0, 60, 61, 3600, u32::MAX], vec![1, 59]);
    (token, amount, period).prop_map(|(token, amount, period)| Budget { token, amount, period })
}

fn chains() -> impl Strategy<Value = Vec<Chain>> {
    let here = Chain { id: U256::from(PLACE.chain_id), epoch: 0 };
    let other = Chain { id: U256::from(1), epoch: 7 };
    // The same chain to whoever narrows to 64 bits.
    let wrapped = Chain { id: (U256::from(1) << 64) + here.id, epoch: 0 };
    let stale = Chain { epoch: 1, ..here };
    mostly(
        vec![vec![here], vec![other, here], vec![here, other], vec![wrapped, here]],
        vec![
            vec![],
            vec![other],
            vec![wrapped],
            vec![stale],
            vec![here, here],
            vec![here, stale],
            vec![stale, here],
            vec![other, here, other],
        ],
    )
}

fn scopes() -> impl Strategy<Value = Vec<Scope>> {
    let scope =
        (any::<[u8; 32]>(), any::<[u8; 32]>(), rules()).prop_map(|(domain, hash, rules)| Scope {
            domain_separator: B256::new(domain),
            type_hash: B256::new(hash),
            rules,
        });
    prop_oneof![2 => Just(vec![]), 1 => vec(scope, 0..3)]
}

/// Returns any session that is near the rules.
pub fn session() -> impl Strategy<Value = Session> {
    let window = (
        mostly(vec![0_u64, 1_000, 1_767_225_600], vec![(1 << 47) - 61, (1 << 47) - 2]),
        mostly(vec![1_u64, 59, 60, 120, 7_200, 10_000_000], vec![]),
    );
    let limits = (
        mostly(vec![1_u32, 3, 10, 100, u32::MAX - 1, u32::MAX], vec![0]),
        mostly(vec![1_000_u128, 1_000_000, UNCOUNTED_FEES - 1, UNCOUNTED_FEES], vec![0, 1]),
        mostly(vec![Address::ZERO, SPONSOR, ANY_PAYMASTER], vec![]),
        any::<u64>(),
    );
    let delegate = mostly(vec![DELEGATE], vec![Address::ZERO, PLACE.account, PLACE.module]);
    let who = (delegate, 0_u8..3);
    let lists = (chains(), vec(permission(), 0..5), vec(budget(), 0..4), scopes());
    (who, window, limits, lists).prop_map(|(who, window, limits, lists)| {
        let (delegate, delegate_kind) = who;
        let (max_calls, fee_limit, paymaster, salt) = limits;
        let (chains, permissions, budgets, signing) = lists;
        let last = (1 << 47) - 1;
        Session {
            account: PLACE.account,
            chains,
            delegate,
            delegate_kind,
            valid_after: window.0,
            valid_until: (window.0 + window.1).min(last),
            max_calls,
            fee_limit,
            paymaster,
            permissions,
            budgets,
            signing,
            salt,
        }
    })
}

/// How one call is drawn; the session's permissions say what is near them.
#[derive(Clone, Debug)]
struct Draw {
    index: prop::sample::Index,
    beyond: bool,
    strays: u8,
    words: Vec<U256>,
    value: U256,
    cut: usize,
    stray_target: Address,
    stray_selector: [u8; 4],
}

fn draw() -> impl Strategy<Value = Draw> {
    (
        (any::<prop::sample::Index>(), prop::bool::weighted(0.03), 0_u8..32),
        vec(number(), 3),
        number(),
        (0_usize..40, mostly(vec![GAME, TOKEN, NATIVE], banned()), select(selectors())),
    )
        .prop_map(|((index, beyond, strays), words, value, strayed)| {
            let (cut, stray_target, stray_selector) = strayed;
            Draw { index, beyond, strays, words, value, cut, stray_target, stray_selector }
        })
}

impl Draw {
    /// Returns the index that is named, and a call that is near its permission.
    fn near(&self, session: &Session) -> (u8, Execution) {
        let count = session.permissions.len();
        let index = if count == 0 { 0 } else { self.index.index(count) };
        let permission = session.permissions.get(index);
        let target = permission.map_or(GAME, |permission| permission.target);
        let wanted = permission.map_or(PLAIN_TRANSFER, |permission| permission.selector);
        let limit = permission.map_or(U256::ZERO, |permission| permission.value_limit);

        let target = if self.strays == 0 { self.stray_target } else { target };
        let wanted = if self.strays == 1 { self.stray_selector } else { wanted };
        // Often as much as a limit allows, or one more.
        let value = match self.strays {
            2 => limit.saturating_add(U256::from(1)),
            3..=5 => limit,
            6..=20 => self.value.min(limit),
            21..=29 => U256::ZERO,
            _ => self.value,
        };
        let data = self.data(wanted, permission.map_or(&[], |permission| &permission.rules));
        let named = if self.beyond { count } else { index };
        (u8::try_from(named).unwrap_or(u8::MAX), Execution { target, value, data: data.into() })
    }

    fn data(&self, wanted: [u8; 4], rules: &[Rule]) -> Vec<u8> {
        let function = match wanted {
            PLAIN_TRANSFER if self.strays == 6 => return vec![0; self.cut],
            PLAIN_TRANSFER => return vec![],
            ANY_CALLDATA if self.strays < 4 => return vec![0xff; self.cut],
            ANY_CALLDATA => self.stray_selector,
            exact => exact,
        };
        let is_from = function == selector("transferFrom(address,address,uint256)");
        let mut words = self.words.clone();
        words.truncate(if is_from { 3 } else { 2 });
        for rule in rules {
            if let Some(word) = words.get_mut(usize::from(rule.index))
                && self.strays > 8
            {
                *word = (*word).clamp(rule.min, rule.max.max(rule.min));
            }
        }
        let mut data = function.to_vec();
        data.extend(words.iter().flat_map(U256::to_be_bytes::<32>));
        match self.strays {
            7 => data.truncate(data.len().saturating_sub(self.cut)),
            8 => data.extend(vec![0; self.cut]),
            _ => {}
        }
        data
    }
}

fn gas() -> impl Strategy<Value = Gas> {
    let limit = || mostly(vec![0_u128, 1, 10, 100], vec![u128::MAX, 1 << 127]);
    let pre = mostly(
        vec![U256::ZERO, U256::from(1), U256::from(50)],
        vec![U256::MAX, U256::from(1) << 128],
    );
    (limit(), limit(), pre, mostly(vec![0_u128, 1, 2], vec![u128::MAX, 1 << 64])).prop_map(
        |(verification, call, pre_verification, max_fee)| match max_fee {
            // The core stops at 2^128 units of gas, at any price; no EntryPoint takes so many.
            0 => Gas { verification: 1, call: 1, pre_verification: U256::from(1), max_fee },
            _ => Gas { verification, call, pre_verification, max_fee },
        },
    )
}

fn paymaster_data(wanted: Address) -> impl Strategy<Value = Vec<u8>> {
    let other = Address::repeat_byte(0x5c);
    let proper = |who: Address, gas: [u8; 2]| {
        let mut data = who.to_vec();
        data.resize(52, 0);
        data[35] = gas[0];
        data[51] = gas[1];
        data
    };
    let right = match wanted {
        Address::ZERO => vec![vec![]],
        ANY_PAYMASTER => vec![vec![], proper(SPONSOR, [1, 2]), proper(other, [0, 0])],
        one => {
            vec![proper(one, [3, 0]), proper(one, [0, 0]), [proper(one, [0, 7]), vec![9]].concat()]
        }
    };
    let mut cut = proper(SPONSOR, [0, 0]);
    cut.truncate(51);
    let mut dear = proper(SPONSOR, [0, 0]);
    dear[20] = 0xff;
    mostly(
        right,
        vec![
            vec![],
            proper(other, [0, 0]),
            proper(Address::ZERO, [0, 0]),
            cut,
            vec![1],
            vec![0; 20],
            dear,
        ],
    )
}

/// Returns any operation that is near what a session allows.
pub fn operation(session: &Session) -> impl Strategy<Value = Operation> + use<> {
    let session = session.clone();
    let size = prop_oneof![3 => 1_usize..2, 2 => 1_usize..5];
    let draws = size.prop_flat_map(|size| vec(draw(), size));
    let shows = vec(any::<bool>(), 8);
    let after = session.valid_after;
    let length = session.valid_until - after;
    let time = prop_oneof![
        6 => (0..=length).prop_map(move |elapsed| after + elapsed),
        6 => (0..=length.min(200)).prop_map(move |elapsed| after + elapsed),
        1 => select(vec![after, after + length, after.saturating_sub(1), after + length + 1]),
    ];
    (
        (any::<bool>(), prop::bool::weighted(0.3), prop::bool::weighted(0.05)),
        draws,
        shows,
        (time, gas(), paymaster_data(session.paymaster)),
    )
        .prop_map(
            move |((enables, hides, hides_all), draws, shows, (time, gas, paymaster))| {
                let (indices, executions) = draws.iter().map(|draw| draw.near(&session)).unzip();
                let hides = hides && !enables;
                let hidden = |len: usize| -> Vec<usize> {
                    (0..len).filter(|at| hides && shows.get(*at) == Some(&false)).collect()
                };
                let here = |at: &usize| {
                    let chain = session.chains.get(*at);
                    chain.is_some_and(|chain| chain.id != U256::from(PLACE.chain_id))
                };
                let hidden = Hidden {
                    chains: if hides_all {
                        hidden(session.chains.len())
                    } else {
                        hidden(session.chains.len()).into_iter().filter(here).collect()
                    },
                    permissions: hidden(session.permissions.len()),
                    all_permissions: hides_all && !session.permissions.is_empty(),
                    scopes: hidden(session.signing.len()),
                    all_scopes: hides && !session.signing.is_empty(),
                };
                Operation {
                    enables,
                    hidden,
                    executions,
                    indices,
                    claimed_time: session.has_periods().then_some(time),
                    gas,
                    paymaster_and_data: paymaster.into(),
                }
            },
        )
}

/// Returns a session and operations under it.
pub fn with_operations(
    session: impl Strategy<Value = Session>,
    most: usize,
) -> impl Strategy<Value = (Session, Vec<Operation>)> {
    session.prop_flat_map(move |session| {
        let operations = vec(operation(&session), 1..=most);
        (Just(session), operations)
    })
}
