//! What may happen in a story.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::Signer;

/// Sessions that each account has at a time.
pub(super) const SLOTS: usize = 3;

/// Something that happens. Accounts are 0 and 1, sessions 0 to 2 of an account.
#[derive(Clone, Debug)]
pub enum Act {
    /// Time passes.
    Warp(u64),
    /// An account installs the module.
    Install(usize),
    /// It uninstalls it.
    Uninstall(usize),
    /// The owner draws up a session anew, for the epoch of now.
    Draw(usize, usize),
    /// An account enables.
    Enable(usize, usize),
    /// The stranger makes that call.
    EnableAsStranger(usize, usize),
    /// A third party relays a signature.
    EnableRelayed(usize, usize, Signer),
    /// An operation is sent.
    Operate {
        /// To this account.
        account: usize,
        /// Presenting a session of this one.
        of: usize,
        /// This one.
        slot: usize,
        /// Whether it enables too.
        enables: bool,
        /// Who signs the session.
        owner: Signer,
        /// Who signs the operation.
        delegate: Signer,
        /// Whether the delegate's signature is for the next session.
        swapped: bool,
        /// Whether permissions are hidden that no call names.
        hides: bool,
        /// The claimed time less the time of now.
        claim: i64,
        /// The calls.
        calls: Vec<Call>,
    },
    /// Calls are made on the direct path.
    Direct {
        /// By this account.
        account: usize,
        /// Presenting a session of this one.
        of: usize,
        /// This one.
        slot: usize,
        /// In which way.
        way: Way,
        /// Whether it enables too.
        enables: bool,
        /// Who signs the session.
        owner: Signer,
        /// Who calls, or signs the order.
        delegate: Signer,
        /// Whether permissions are hidden that no call names.
        hides: bool,
        /// The calls.
        calls: Vec<Call>,
    },
    /// An account revokes.
    Revoke(usize, usize),
    /// The stranger makes that call.
    RevokeAsStranger(usize, usize),
    /// A third party relays a signature.
    RevokeRelayed(usize, usize, Signer),
    /// A key calls as the delegate would.
    RevokeAsDelegate(usize, usize, Signer),
    /// An account revokes all.
    RevokeAll(usize),
    /// A third party relays a signature.
    RevokeAllRelayed(usize, Signer),
}

/// How calls are made on the direct path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A key calls as the delegate would, and names permissions.
    Execute,
    /// The stranger brings an order.
    Order {
        /// How far its nonce is from the next one.
        skips: u32,
        /// Whether its deadline has passed.
        is_late: bool,
        /// Whether it is signed for another session.
        is_swapped: bool,
    },
    /// A key calls as the delegate would, and names none.
    Redeem,
}

/// A call, as it strays from the permission that it names.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The permission.
    pub index: u8,
    /// Wei, and the amount of a token.
    pub amount: u64,
    /// 0 another target, 1 another function, 2 a banned target, else none.
    pub stray: u8,
}

/// Returns stories of so many acts.
pub fn acts(most: usize) -> impl Strategy<Value = Vec<Act>> {
    // Most stories begin with a session in force: what is refused then is refused for a reason.
    (0..2_usize, any::<bool>(), vec(act(), 1..=most)).prop_map(|(account, begins, mut acts)| {
        if begins {
            acts.insert(0, Act::Install(account));
            acts.insert(1, Act::Enable(account, 0));
            acts.insert(2, Act::Enable(account, 1));
        }
        acts
    })
}

fn account() -> impl Strategy<Value = usize> {
    0..2_usize
}

fn slot() -> impl Strategy<Value = usize> {
    0..SLOTS
}

fn mostly(right: Signer) -> impl Strategy<Value = Signer> {
    let others = [Signer::Owner(0), Signer::Owner(1), Signer::Delegate, Signer::Stranger];
    prop_oneof![9 => Just(right), 1 => select(others.to_vec())]
}

fn act() -> impl Strategy<Value = Act> {
    let session = || (account(), slot());
    let relayed = || session().prop_flat_map(|(a, s)| (Just(a), Just(s), mostly(Signer::Owner(a))));
    prop_oneof![
        4 => select(vec![0, 1, 30, 59, 60, 61, 240, 900]).prop_map(Act::Warp),
        3 => account().prop_map(Act::Install),
        1 => account().prop_map(Act::Uninstall),
        3 => session().prop_map(|(a, s)| Act::Draw(a, s)),
        2 => session().prop_map(|(a, s)| Act::Enable(a, s)),
        1 => session().prop_map(|(a, s)| Act::EnableAsStranger(a, s)),
        2 => relayed().prop_map(|(a, s, by)| Act::EnableRelayed(a, s, by)),
        12 => operate(),
        12 => direct(),
        1 => session().prop_map(|(a, s)| Act::Revoke(a, s)),
        1 => session().prop_map(|(a, s)| Act::RevokeAsStranger(a, s)),
        1 => relayed().prop_map(|(a, s, by)| Act::RevokeRelayed(a, s, by)),
        1 => (session(), mostly(Signer::Delegate))
            .prop_map(|((a, s), by)| Act::RevokeAsDelegate(a, s, by)),
        1 => account().prop_map(Act::RevokeAll),
        1 => account()
            .prop_flat_map(|a| (Just(a), mostly(Signer::Owner(a))))
            .prop_map(|(a, by)| Act::RevokeAllRelayed(a, by)),
    ]
}

fn operate() -> impl Strategy<Value = Act> {
    let who = (account(), prop::bool::weighted(0.05), slot());
    who.prop_flat_map(|(account, foreign, slot)| {
        let of = if foreign { 1 - account } else { account };
        let how = (any::<bool>(), prop::bool::weighted(0.05), any::<bool>());
        let claim = prop_oneof![8 => Just(0_i64), 1 => -200_i64..200];
        let signers = (mostly(Signer::Owner(account)), mostly(Signer::Delegate));
        (how, claim, signers, vec(call(), 1..4)).prop_map(
            move |((enables, swapped, hides), claim, (owner, delegate), calls)| Act::Operate {
                account,
                of,
                slot,
                enables,
                owner,
                delegate,
                swapped,
                hides,
                claim,
                calls,
            },
        )
    })
}

fn direct() -> impl Strategy<Value = Act> {
    let who = (account(), prop::bool::weighted(0.05), slot());
    let strays = || prop::bool::weighted(0.08);
    let order = (prop_oneof![9 => Just(0_u32), 1 => 1_u32..3], strays(), strays())
        .prop_map(|(skips, is_late, is_swapped)| Way::Order { skips, is_late, is_swapped });
    let way = prop_oneof![1 => Just(Way::Execute), 2 => order, 1 => Just(Way::Redeem)];
    (who, way).prop_flat_map(|((account, foreign, slot), way)| {
        let of = if foreign { 1 - account } else { account };
        let signers = (mostly(Signer::Owner(account)), mostly(Signer::Delegate));
        (any::<(bool, bool)>(), signers, vec(call(), 1..4)).prop_map(
            move |((enables, hides), (owner, delegate), calls)| Act::Direct {
                account,
                of,
                slot,
                way,
                enables,
                owner,
                delegate,
                hides,
                calls,
            },
        )
    })
}

fn call() -> impl Strategy<Value = Call> {
    (0_u8..2, 0_u64..6, prop_oneof![1 => 0_u8..3, 14 => Just(9_u8)])
        .prop_map(|(index, amount, stray)| Call { index, amount, stray })
}
