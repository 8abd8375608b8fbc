//! Tells a story to a world, and says after each act what must have come of it.

use std::collections::BTreeMap;

use alloy_primitives::{B256, U512};

use super::act::SLOTS;
use super::drawn::{self, execution, free, quiet};
use super::{Act, Kept, Request, Signer, Way, World};
use crate::eip712::session_id;
use crate::history::{Event, History, Status};
use crate::judge::{find_permissions, judge, judge_direct, judge_enable};
use crate::operation::{Hidden, Operation};
use crate::session::{Budget, NATIVE, Session};

/// How many acts of each kind were taken, and how many were not.
pub type Tally = BTreeMap<&'static str, (u32, u32)>;

/// Tells a story.
///
/// # Errors
/// A sentence, where the world did not do what the history demands.
pub fn tell<W: World>(world: &mut W, acts: &[Act]) -> Result<Tally, String> {
    let mut teller = Teller::new(world);
    let mut tally = Tally::new();
    for (number, act) in acts.iter().enumerate() {
        let (kind, expected, got) = teller.play(world, act);
        if expected.is_some_and(|expected| expected != got) {
            return Err(format!("act {number}, {act:?}: taken {got}, expected {expected:?}"));
        }
        teller.compare(world).map_err(|error| format!("after act {number}, {act:?}: {error}"))?;
        let (taken, refused) = tally.entry(kind).or_default();
        *if got { taken } else { refused } += 1;
    }
    Ok(tally)
}

struct Teller {
    histories: [History; 2],
    /// Of each account the sessions of now.
    current: [Vec<Session>; 2],
    /// All sessions there ever were, by account.
    all: Vec<(usize, B256, Session)>,
    epochs: [Vec<u64>; 2],
    salt: u64,
}

impl Teller {
    fn new<W: World>(world: &W) -> Self {
        let mut teller = Self {
            histories: [History::default(), History::default()],
            current: [vec![], vec![]],
            all: vec![],
            epochs: [0, 1].map(|account| vec![world.epoch(account)]),
            salt: 0,
        };
        for account in 0..2 {
            for slot in 0..SLOTS {
                let session = teller.draw(world, account, slot);
                teller.current[account].push(session);
            }
        }
        teller
    }

    /// Draws up a session and keeps it.
    fn draw<W: World>(&mut self, world: &W, account: usize, slot: usize) -> Session {
        self.salt += 1;
        let epoch = self.histories[account].epoch();
        let session = drawn::session(world, account, slot, epoch, self.salt);
        self.all.push((account, session_id(&session), session.clone()));
        session
    }

    /// Plays one act; returns its kind, whether it must be taken (`None`: either), and whether
    /// it was.
    fn play<W: World>(&mut self, world: &mut W, act: &Act) -> (&'static str, Option<bool>, bool) {
        match act {
            Act::Warp(seconds) => {
                world.warp(*seconds);
                ("warp", None, true)
            }
            Act::Draw(account, slot) => {
                let session = self.draw(world, *account, *slot);
                self.current[*account][*slot] = session;
                ("draw", None, true)
            }
            Act::Install(account) => {
                let expected = self.histories[*account].installation() == (false, false);
                let got = world.install(*account);
                if expected {
                    self.happened(*account, Event::Installed(true, true));
                }
                ("install", Some(expected), got)
            }
            Act::Uninstall(account) => {
                let expected = self.histories[*account].installation() != (false, false);
                let got = world.uninstall(*account);
                if expected {
                    self.happened(*account, Event::Uninstalled(true, true));
                    self.epoch_moved(world, *account);
                }
                ("uninstall", Some(expected), got)
            }
            Act::Enable(account, slot) => {
                let session = self.current[*account][*slot].clone();
                let place = world.place(*account);
                let expected = judge_enable(&session, &self.histories[*account], &place).is_ok();
                let got = world.enable(*account, &session);
                if expected {
                    self.happened(*account, Event::Enabled(session_id(&session)));
                }
                ("enable", Some(expected), got)
            }
            Act::EnableAsStranger(account, slot) => {
                // The stranger has no module installed, and could enable only for itself.
                let got = world.enable_as_stranger(&self.current[*account][*slot]);
                ("enable as stranger", Some(false), got)
            }
            Act::EnableRelayed(account, slot, signer) => {
                let session = self.current[*account][*slot].clone();
                let place = world.place(*account);
                let history = &self.histories[*account];
                let is_new = history.status(session_id(&session)) == Status::Unknown;
                let allowed = judge_enable(&session, history, &place).is_ok();
                let is_signed = *signer == Signer::Owner(*account);
                let got = world.enable_relayed(*account, &session, *signer);
                if allowed && is_new && is_signed {
                    self.happened(*account, Event::Enabled(session_id(&session)));
                }
                // Enabling what is enabled changes nothing, whoever asks.
                let expected = (is_new || !allowed).then_some(allowed && is_signed);
                ("enable relayed", expected, got)
            }
            Act::Operate { .. } => self.operate(world, act),
            Act::Direct { .. } => self.direct(world, act),
            _ => self.revoke(world, act),
        }
    }

    fn revoke<W: World>(&mut self, world: &mut W, act: &Act) -> (&'static str, Option<bool>, bool) {
        match act {
            Act::Revoke(account, slot) => {
                let id = session_id(&self.current[*account][*slot]);
                let got = world.revoke(*account, id);
                self.happened(*account, Event::Revoked(id));
                ("revoke", Some(true), got)
            }
            Act::RevokeAsStranger(account, slot) => {
                // Taken, but for the stranger's own sessions.
                let got = world.revoke_as_stranger(session_id(&self.current[*account][*slot]));
                ("revoke as stranger", Some(true), got)
            }
            Act::RevokeRelayed(account, slot, signer) => {
                let id = session_id(&self.current[*account][*slot]);
                let expected = *signer == Signer::Owner(*account);
                let is_over = self.histories[*account].status(id) == Status::Revoked;
                let got = world.revoke_relayed(*account, id, *signer);
                if expected {
                    self.happened(*account, Event::Revoked(id));
                }
                ("revoke relayed", (!is_over).then_some(expected), got)
            }
            Act::RevokeAsDelegate(account, slot, caller) => {
                let session = self.current[*account][*slot].clone();
                let id = session_id(&session);
                let expected = *caller == Signer::Delegate;
                let is_over = self.histories[*account].status(id) == Status::Revoked;
                let got = world.revoke_as_delegate(*account, &session, *caller);
                if expected {
                    self.happened(*account, Event::Revoked(id));
                }
                ("revoke as delegate", (!is_over).then_some(expected), got)
            }
            Act::RevokeAll(account) => {
                let got = world.revoke_all(*account);
                self.epoch_moved(world, *account);
                ("revoke all", Some(true), got)
            }
            Act::RevokeAllRelayed(account, signer) => {
                let expected = *signer == Signer::Owner(*account);
                let got = world.revoke_all_relayed(*account, *signer);
                if expected {
                    self.epoch_moved(world, *account);
                }
                ("revoke all relayed", Some(expected), got)
            }
            other => unreachable!("{other:?} is no end of anything"),
        }
    }

    fn operate<W: World>(
        &mut self,
        world: &mut W,
        act: &Act,
    ) -> (&'static str, Option<bool>, bool) {
        let Act::Operate {
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
        } = act
        else {
            unreachable!("the caller has looked")
        };
        let (account, session) = (*account, self.current[*of][*slot].clone());
        let signed_for =
            if *swapped { &self.current[*of][(slot + 1) % SLOTS] } else { &session }.clone();
        let place = world.place(account);
        let named: Vec<usize> = calls.iter().map(|call| call.index.into()).collect();
        let unnamed = (0..session.permissions.len()).filter(|index| !named.contains(index));
        let operation = Operation {
            enables: *enables,
            hidden: Hidden {
                permissions: if *hides && !enables { unnamed.collect() } else { vec![] },
                ..Hidden::default()
            },
            indices: calls.iter().map(|call| call.index).collect(),
            claimed_time: session.has_periods().then(|| world.now().saturating_add_signed(*claim)),
            ..quiet(
                world,
                calls.iter().map(|call| execution(call, &session, place.account)).collect(),
            )
        };

        // Another account that presents a session presents another session.
        let presented = Session { account: place.account, ..session.clone() };
        let id = session_id(&presented);
        let history = &self.histories[account];
        let is_new = history.status(id) == Status::Unknown;
        let window = judge(&presented, &operation, history, &place);
        let is_in_time = window.is_ok_and(|(first, last)| (first..=last).contains(&world.now()));
        // What the owner signs is the session as it was drawn up.
        let is_signed =
            !(is_new && *enables) || (*owner == Signer::Owner(account) && of == &account);
        let is_delegates = *delegate == Signer::Delegate && session_id(&signed_for) == id;
        let expected = is_in_time && is_signed && is_delegates;

        let request = Request {
            account,
            session: &session,
            operation: &operation,
            owner: *owner,
            delegate: *delegate,
            signed_for: &signed_for,
        };
        let got = world.operate(&request);
        if expected {
            if is_new {
                self.happened(account, Event::Enabled(id));
            }
            self.happened(account, Event::Used(id, Box::new(operation)));
        }
        (if *enables { "operate, enabling" } else { "operate" }, Some(expected), got)
    }

    fn direct<W: World>(&mut self, world: &mut W, act: &Act) -> (&'static str, Option<bool>, bool) {
        let Act::Direct { account, of, slot, way, enables, owner, delegate, hides, calls } = act
        else {
            unreachable!("the caller has looked")
        };
        let (account, session) = (*account, self.current[*of][*slot].clone());
        let place = world.place(account);
        let executions = calls.iter().map(|call| execution(call, &session, place.account));
        let mut operation = free(executions.collect());
        operation.enables = *enables;
        operation.indices = calls.iter().map(|call| call.index).collect();
        if *hides && !enables {
            let named = &operation.indices;
            let is_unnamed = |index: &usize| named.iter().all(|it| usize::from(*it) != *index);
            let unnamed = (0..session.permissions.len()).filter(is_unnamed);
            operation.hidden.permissions = unnamed.collect();
        }

        let presented = Session { account: place.account, ..session.clone() };
        let id = session_id(&presented);
        let history = &self.histories[account];
        let (is_new, nonce) = (history.status(id) == Status::Unknown, history.orders(id));
        let now = world.now();
        let mut signed_for = session.clone();
        // A redemption finds its permissions, whatever the calls were drawn for.
        let found = find_permissions(&presented, &operation, &place);
        let judged = match (way, found) {
            (Way::Redeem, None) => false,
            (Way::Redeem, Some(indices)) => {
                let named = Operation { indices, ..operation.clone() };
                judge_direct(&presented, &named, history, &place, now).is_ok()
            }
            (Way::Execute | Way::Order { .. }, _) => {
                judge_direct(&presented, &operation, history, &place, now).is_ok()
            }
        };
        let is_ordered = match way {
            Way::Order { skips, is_late, is_swapped } => {
                if *is_swapped {
                    signed_for = self.current[*of][(slot + 1) % SLOTS].clone();
                }
                *skips == 0 && !is_late
            }
            Way::Execute | Way::Redeem => true,
        };
        let is_signed =
            !(is_new && *enables) || (*owner == Signer::Owner(account) && *of == account);
        // The caller of a foreign session is the delegate of that one too; an order is signed for an id.
        let is_for_it = !matches!(way, Way::Order { .. }) || session_id(&signed_for) == id;
        let is_delegates = *delegate == Signer::Delegate && is_for_it;
        let expected = judged && is_ordered && is_signed && is_delegates;

        let request = Request {
            account,
            session: &session,
            operation: &operation,
            owner: *owner,
            delegate: *delegate,
            signed_for: &signed_for,
        };
        let (kind, got) = match way {
            Way::Execute => ("execute", world.execute(&request)),
            Way::Redeem => ("redeem", world.redeem(&request)),
            Way::Order { skips, is_late, .. } => {
                let deadline = if *is_late { now - 1 } else { now };
                ("order", world.order(&request, nonce + skips, deadline))
            }
        };
        if expected {
            if is_new {
                self.happened(account, Event::Enabled(id));
            }
            if matches!(way, Way::Order { .. }) {
                self.happened(account, Event::Ordered(id));
            }
            operation.claimed_time = session.has_periods().then_some(now);
            self.happened(account, Event::Used(id, Box::new(operation)));
        }
        (kind, Some(expected), got)
    }

    fn happened(&mut self, account: usize, event: Event) {
        self.histories[account].events.push(event);
    }

    /// The world has moved the epoch to a value that cannot be foreseen; `compare` sees whether it did.
    fn epoch_moved<W: World>(&mut self, world: &W, account: usize) {
        let epoch = world.epoch(account);
        self.happened(account, Event::EpochMoved(epoch));
        self.epochs[account].push(epoch);
    }

    fn compare<W: World>(&self, world: &W) -> Result<(), String> {
        for account in 0..2 {
            let epoch = world.epoch(account);
            if epoch != self.histories[account].epoch() {
                return Err(format!("the epoch of account {account} moved to {epoch}"));
            }
            let before = self.epochs[account].iter().filter(|other| **other == epoch).count();
            if before != 1 {
                return Err(format!("account {account} had epoch {epoch} {before} times"));
            }
        }
        for (account, id, session) in &self.all {
            let expected = kept(&self.histories[*account], *id, session);
            let got = world.kept(*account, *id, session.budgets.len());
            if got != expected {
                return Err(format!("of {id} is kept {got:?}, expected {expected:?}"));
            }
        }
        Ok(())
    }
}

/// Returns what must be kept of a session.
fn kept(history: &History, id: B256, session: &Session) -> Kept {
    let to_u128 = |number: U512| number.saturating_to::<u128>();
    let is_native = |budget: &Budget| budget.token == NATIVE && budget.period == 0;
    let spent = |budget: &Budget| {
        let (spent, period) = history.spent(id, session, budget);
        (to_u128(spent), period)
    };
    let native = session.budgets.iter().find(|budget| is_native(budget));
    Kept {
        status: match history.status(id) {
            Status::Unknown => 0,
            Status::Enabled => 1,
            Status::Revoked => 2,
        },
        calls: history.calls(id, session).saturating_to::<u32>(),
        fee: to_u128(history.fees(id, session)),
        native: native.map_or(0, |budget| spent(budget).0),
        order_nonce: history.orders(id),
        budgets: session
            .budgets
            .iter()
            .map(|budget| if is_native(budget) { (0, 0) } else { spent(budget) })
            .collect(),
    }
}
