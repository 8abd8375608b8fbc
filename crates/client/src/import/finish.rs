//! The session that a draft and its terms make, or everything that stands against it.

use alloy_primitives::{Address, U256, address};
use smart_session_core::packed::{DelegateKind, MAX_PERMISSIONS, Paymaster};
use smart_session_core::policy::{calls, fee};
use smart_session_core::session::{Budget, Permission, Session};

use super::budgets::{self, Window};
use super::call_grant::CallGrant;
use super::draft::{Draft, Payer};
use super::imported::Imported;
use crate::session::builder::SessionBuilder;
use crate::session::structure::check_session;

/// Stands for a delegate that could not be read, so that all else is still looked at.
const NOBODY: Address = address!("000000000000000000000000000000000000dEaD");
/// The module refuses times from here on.
const TIME_END: u64 = 1 << 47;

impl Draft<'_> {
    /// Ends the draft.
    pub(super) fn finish(mut self) -> Imported {
        let window = settle_window(&mut self);
        let budgets = window.map_or_else(Vec::new, |window| budgets::settle(&mut self, window));
        let permissions = settle_permissions(&mut self);
        let paymaster = settle_paymaster(&mut self);
        let is_nothing = self.grants.is_empty() && self.signing.is_empty();
        if is_nothing && self.findings.refusals.is_empty() {
            self.findings.refuse("", "nothing is granted", "grant a call or a message");
        }
        let window = window.unwrap_or(Window { after: U256::ZERO, until: U256::ONE });
        let session = self.assemble(window, paymaster, &permissions, budgets);
        let comparisons = self.findings.comparisons;
        let outcome = match session {
            Some(session) if self.findings.refusals.is_empty() => Ok(session),
            _ => Err(self.findings.refusals),
        };
        Imported { comparisons, outcome }
    }

    fn assemble(
        &mut self,
        window: Window,
        paymaster: Paymaster,
        permissions: &[(String, Permission)],
        budgets: Vec<Budget>,
    ) -> Option<Session> {
        let (delegate, kind) = self.delegate.unwrap_or((NOBODY, DelegateKind::Secp256k1));
        let built = SessionBuilder::new(self.terms.account, delegate)
            .delegate_kind(kind)
            .on_chain(self.terms.chain_id, self.terms.epoch)
            .from(window.after.saturating_to())
            .until(window.until.saturating_to())
            .most_fees(settle_fees(self))
            .paymaster(paymaster)
            .salt(self.terms.salt);
        let built = match settle_calls(self) {
            calls::UNCOUNTED => built.uncounted_calls(),
            most => built.most_calls(most),
        };
        let bare = match built.build() {
            Ok(bare) => bare,
            Err(refusal) => {
                self.findings.refuse("terms", refusal.reason(), refusal.remedy());
                return None;
            }
        };
        self.check("terms", &bare);
        self.check_parts(permissions, &budgets)?;
        let session = Session {
            permissions: permissions.iter().map(|(_, permission)| permission.clone()).collect(),
            budgets,
            signing: self.signing.iter().map(|(_, scope)| scope.clone()).collect(),
            ..bare
        };
        if self.findings.refusals.is_empty() {
            self.check("", &session);
        }
        Some(session)
    }

    /// Asks for each part by itself whether the module would take it, so that all is told.
    fn check_parts(
        &mut self,
        permissions: &[(String, Permission)],
        budgets: &[Budget],
    ) -> Option<()> {
        let sound = SessionBuilder::new(self.terms.account, NOBODY)
            .on_chain(1, 0)
            .from(0)
            .until(1)
            .most_calls(1)
            .most_fees(U256::ZERO)
            .build()
            .ok()?;
        for (path, permission) in permissions {
            let part = Session { permissions: vec![permission.clone()], ..sound.clone() };
            self.check(path, &part);
        }
        for budget in budgets {
            self.check("budgets", &Session { budgets: vec![*budget], ..sound.clone() });
        }
        for (path, scope) in self.signing.clone() {
            self.check(&path, &Session { signing: vec![scope], ..sound.clone() });
        }
        Some(())
    }

    fn check(&mut self, path: &str, session: &Session) {
        if let Err(refusal) = check_session(session, self.terms.module) {
            self.findings.refuse(path, refusal.reason(), refusal.remedy());
        }
    }
}

fn settle_window(draft: &mut Draft<'_>) -> Option<Window> {
    let terms = draft.terms;
    let after = draft.valid_after.max(U256::from(terms.valid_after.unwrap_or(0)));
    let own_end = terms.valid_until.map(U256::from);
    let Some(end) = draft.valid_until.into_iter().chain(own_end).min() else {
        draft.findings.refuse(
            "terms.validUntil",
            "the source never ends, and a session must",
            "say when it ends, in unix seconds",
        );
        return None;
    };
    let until = end.min(U256::from(TIME_END.saturating_sub(1)));
    let (first, last) = (draft.valid_after, draft.valid_until);
    // A source that names no start begins when it is granted.
    if !first.is_zero() && first < after {
        let path = "terms.validAfter";
        draft.findings.narrower(path, format!("from {first}"), format!("from {after}"));
    }
    if last.is_none_or(|last| last > until) {
        let last = last.map_or_else(|| "no end".into(), |last| format!("until {last}"));
        draft.findings.narrower("terms.validUntil", last, format!("until {until}"));
    }
    if until <= after {
        draft.findings.refuse(
            "terms.validUntil",
            format!("valid from {after} until {until}: no window is left"),
            "let the session end later, or make the source anew",
        );
        return None;
    }
    Some(Window { after, until })
}

fn settle_permissions(draft: &mut Draft<'_>) -> Vec<(String, Permission)> {
    let grants: Vec<_> = draft.grants.iter().cloned().map(CallGrant::join_bounds).collect();
    for grant in &grants {
        for word in grant.words.iter().filter(|word| word.ranges.is_empty()) {
            let meaning = format!("no value of word {} passes: it permits nothing", word.index);
            draft.findings.refuse(&grant.path, meaning, "drop it");
        }
    }
    let count = grants.iter().fold(0_usize, |sum, grant| sum.saturating_add(grant.count()));
    if count > MAX_PERMISSIONS {
        // The first of the widest, as there may be several.
        let widest = grants.iter().rev().max_by_key(|grant| grant.count());
        draft.findings.refuse(
            widest.map_or("", |grant| &grant.path),
            format!("the whole takes {count} permissions, a session has at most {MAX_PERMISSIONS}"),
            "name fewer targets, functions and values, or grant several sessions",
        );
        return Vec::new();
    }
    let mut placed = Vec::new();
    for grant in &grants {
        let permissions = grant.to_permissions();
        if !permissions.is_empty() {
            let words = match permissions.len() {
                1 => "one permission".into(),
                several => format!("{several} permissions, one for each range of values"),
            };
            draft.findings.same(&grant.path, grant.say(), words);
        }
        placed.extend(permissions.into_iter().map(|permission| (grant.path.clone(), permission)));
    }
    placed
}

fn settle_paymaster(draft: &mut Draft<'_>) -> Paymaster {
    let wanted = draft.terms.paymaster.unwrap_or(Paymaster::None);
    let path = draft.payer_path.clone();
    let findings = &mut draft.findings;
    let words = match wanted {
        Paymaster::None => "none".into(),
        Paymaster::Any => "any paymaster, or none".into(),
        Paymaster::One(one) => format!("only {one}"),
    };
    match (draft.payer, wanted) {
        (Payer::None, Paymaster::None) => findings.same(&path, "no paymaster", "no paymaster"),
        (Payer::None, _) => {
            let meaning = "the source lets no paymaster pay";
            findings.refuse("terms.paymaster", meaning, "leave it out");
            return Paymaster::None;
        }
        (Payer::Any, Paymaster::Any) => findings.same(&path, words.clone(), words),
        (Payer::Any, _) => findings.narrower(&path, "any paymaster, or none", words),
        (Payer::Required, Paymaster::One(_)) => findings.narrower(&path, "some paymaster", words),
        (Payer::Required, _) => {
            let meaning = "the source demands that a paymaster pays";
            findings.refuse("terms.paymaster", meaning, "name one");
            return Paymaster::None;
        }
        (Payer::One(one), _) => {
            let is_other =
                draft.terms.paymaster.is_some_and(|wanted| wanted != Paymaster::One(one));
            if is_other {
                let meaning = format!("the source demands that {one} pays");
                findings.refuse("terms.paymaster", meaning, "leave it out");
                return Paymaster::None;
            }
            let words = format!("only {one} pays");
            findings.same(&path, words.clone(), words);
            return Paymaster::One(one);
        }
    }
    wanted
}

/// The highest limit that still counts is one below the value that means "uncounted".
fn settle_fees(draft: &Draft<'_>) -> U256 {
    let own = draft.terms.fee_limit;
    let most = U256::from(fee::UNCOUNTED.saturating_sub(1));
    draft.fee_limit.map_or(own, |limit| limit.min(own).min(most))
}

fn settle_calls(draft: &Draft<'_>) -> u32 {
    let own = draft.terms.max_calls.unwrap_or(calls::UNCOUNTED);
    let most = calls::UNCOUNTED.saturating_sub(1);
    draft.max_calls.map_or(own, |calls| calls.saturating_to::<u32>().min(most).min(own))
}
