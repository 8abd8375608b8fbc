//! What the module refuses for good, found before anybody signs.

use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use smart_session_core::OffChain;
use smart_session_core::abi::IERC20;
use smart_session_core::packed::{
    MAX_BUDGETS, MAX_CHAINS, MAX_PERMISSIONS, MAX_RULES, MAX_SCOPES, Memory, PackedSession,
    Paymaster,
};
use smart_session_core::place::Place;
use smart_session_core::policy::selector::{ANY, PLAIN_TRANSFER};
use smart_session_core::policy::target::is_banned;
use smart_session_core::policy::{budget, fee, structure};
use smart_session_core::session::{ArgumentRule, Budget, Permission, Session};
use smart_session_core::word;

use super::builder::check_moment;
use super::warning::Facts;
use crate::explain::explain;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::digest::domain;

/// Checks that a session can work: that the module would enable it, and let be called what it
/// permits.
///
/// Whether the account is in the epoch that the session names is not checked: only the chain
/// knows.
///
/// # Errors
/// The [`Refusal`] for the first thing that is wrong.
pub fn check_session(session: &Session, module: Address) -> Result<(), Refusal> {
    check_caps(session)?;
    check_moment(session.window.valid_until().seconds())?;
    check_delegate(session, module)?;
    check_totals(session)?;
    check_chains(session)?;
    check_permissions(session, module)?;
    check_scopes(session, module)?;
    for (i, item) in session.budgets.iter().enumerate() {
        check_budget(session, module, item, i)?;
    }
    ask_module(session, module)
}

/// Refuses targets that are a part of the account itself: its implementation, fallback handlers,
/// adapter and installed modules take the account's calls for its owner's, or calls with an address
/// behind them for calls of that address (Safe7579's adapter). The module does not know them.
///
/// # Errors
/// [`RefusalCode::BannedTarget`].
pub fn check_own_contracts(session: &Session, facts: &Facts) -> Result<(), Refusal> {
    for (i, permission) in session.permissions.iter().enumerate() {
        let target = permission.target;
        refuse_if(facts.own_contracts.contains(&target), RefusalCode::BannedTarget, || {
            (
                format!("permission {i} is for {target}, which the account itself is made of"),
                "name another target; not the account's implementation, fallback handler, \
                 adapter or a module that it has installed"
                    .into(),
            )
        })?;
    }
    Ok(())
}

fn check_caps(session: &Session) -> Result<(), Refusal> {
    check_cap("chains", session.chains.len(), MAX_CHAINS)?;
    check_cap("permissions", session.permissions.len(), MAX_PERMISSIONS)?;
    for (i, permission) in session.permissions.iter().enumerate() {
        check_cap(&format!("permissions[{i}].rules"), permission.rules.len(), MAX_RULES)?;
    }
    check_cap("budgets", session.budgets.len(), MAX_BUDGETS)?;
    check_cap("signing", session.signing.len(), MAX_SCOPES)?;
    for (i, scope) in session.signing.iter().enumerate() {
        check_cap(&format!("signing[{i}].rules"), scope.rules.len(), MAX_RULES)?;
    }
    Ok(())
}

fn check_cap(field: &str, got: usize, allowed: usize) -> Result<(), Refusal> {
    refuse_if(got > allowed, RefusalCode::TooMany, || {
        (
            format!("{field} has {got} entries, at most {allowed} are allowed"),
            "drop some, or grant a second session".into(),
        )
    })
}

fn check_delegate(session: &Session, module: Address) -> Result<(), Refusal> {
    let Session { delegate, account, .. } = *session;
    let is_nobody = [Address::ZERO, account, module].contains(&delegate);
    refuse_if(is_nobody, RefusalCode::RefusedDelegate, || {
        (
            format!("{delegate} cannot be a delegate"),
            "name a key of its own, not zero, the account or the module".into(),
        )
    })
}

/// Asks the module's own check too, so that nothing is signed that it would refuse.
fn ask_module(session: &Session, module: Address) -> Result<(), Refusal> {
    let refuse = |why: String| {
        Refusal::new(
            RefusalCode::ModuleRefuses,
            format!("the module does not enable the session: {why}"),
            "change what it names",
        )
    };
    let packed = session.pack().map_err(|error| refuse(error.to_string()))?;
    let (environment, mut memory) = (OffChain::default(), Memory::default());
    let place = Place::new(session.account, module, 0);
    PackedSession::read_whole(&packed, &place.account, &environment, memory.lend())
        .and_then(|read| structure::check(&environment, &read, &place))
        .map_err(|_| refuse(explain(&environment.refusal()).unwrap_or_default()))
}

fn check_totals(session: &Session) -> Result<(), Refusal> {
    refuse_if(session.max_calls == 0, RefusalCode::RefusedMaxCalls, || {
        (
            "a session for 0 calls cannot be enabled".into(),
            "give the number of calls, or leave them uncounted".into(),
        )
    })?;
    let is_uncounted = session.fee_limit.to::<u128>() == fee::UNCOUNTED;
    let pays_itself = !matches!(session.paymaster, Paymaster::One(_));
    refuse_if(is_uncounted && pays_itself, RefusalCode::FeesUncounted, || {
        (
            "fees are uncounted, but no one paymaster is named".into(),
            "set the most that gas may cost, or name the paymaster".into(),
        )
    })?;
    let reserved = [Address::ZERO, Paymaster::ANY];
    let is_reserved = matches!(session.paymaster, Paymaster::One(one) if reserved.contains(&one));
    refuse_if(is_reserved, RefusalCode::ReservedPaymaster, || {
        (
            "the paymaster's address stands for none or any".into(),
            "say none or any, or name a contract".into(),
        )
    })
}

fn check_chains(session: &Session) -> Result<(), Refusal> {
    refuse_if(session.chains.is_empty(), RefusalCode::NoChain, || {
        ("the session holds on no chain".into(), "list a chain".into())
    })?;
    for (i, chain) in session.chains.iter().enumerate() {
        let is_twin = session.chains.iter().take(i).any(|other| other.chain_id == chain.chain_id);
        refuse_if(is_twin, RefusalCode::DuplicateChain, || {
            (format!("the session has two entries for chain {}", chain.chain_id), "keep one".into())
        })?;
    }
    Ok(())
}

fn check_permissions(session: &Session, module: Address) -> Result<(), Refusal> {
    let place = Place::new(session.account, module, 0);
    for (i, permission) in session.permissions.iter().enumerate() {
        let target = permission.target;
        refuse_if(
            is_banned(&word::from_address(target), &place),
            RefusalCode::BannedTarget,
            || {
                (
                    format!("permission {i} is for {target}, which no session may call"),
                    "name another target; not zero, the account, the module or an EntryPoint"
                        .into(),
                )
            },
        )?;
        let is_function = ![ANY, PLAIN_TRANSFER].contains(&permission.selector);
        let has_rules = !permission.rules.is_empty();
        refuse_if(has_rules && !is_function, RefusalCode::RulesWithoutSelector, || {
            (
                format!("permission {i} has argument rules but no one function"),
                "name the function whose arguments are meant".into(),
            )
        })?;
        check_rules(&format!("permission {i}"), &permission.rules)?;
        check_countable(session, i, permission)?;
    }
    Ok(())
}

/// Calls of an ERC-20 that budgets count.
const COUNTABLE: [[u8; 4]; 4] = [
    IERC20::transferCall::SELECTOR,
    IERC20::transferFromCall::SELECTOR,
    IERC20::approveCall::SELECTOR,
    IERC20::increaseAllowanceCall::SELECTOR,
];

/// Refuses a permission that the module refuses at every use: for a function of a budgeted token
/// whose amount budgets cannot count.
fn check_countable(session: &Session, i: usize, permission: &Permission) -> Result<(), Refusal> {
    let Permission { target, selector, .. } = *permission;
    let has_budget = session.budgets.iter().any(|budget| budget.token == target);
    let is_countable = selector == ANY || COUNTABLE.contains(&selector);
    refuse_if(has_budget && !is_countable, RefusalCode::UncountableTokenCall, || {
        (
            format!(
                "permission {i} is for a call of {target} that the token's budget cannot count"
            ),
            "drop it or the budget; budgets count transfer, transferFrom, approve and \
             increaseAllowance"
                .into(),
        )
    })
}

fn check_scopes(session: &Session, module: Address) -> Result<(), Refusal> {
    let own = domain(module).separator();
    for (i, scope) in session.signing.iter().enumerate() {
        refuse_if(scope.domain_separator == own, RefusalCode::BannedDomain, || {
            (
                format!("scope {i} is for the module's own domain, and no session signs a session"),
                "drop it".into(),
            )
        })?;
        check_rules(&format!("scope {i}"), &scope.rules)?;
    }
    Ok(())
}

fn check_rules(place: &str, rules: &[ArgumentRule]) -> Result<(), Refusal> {
    for (i, rule) in rules.iter().enumerate() {
        refuse_if(rule.min > rule.max, RefusalCode::EmptyRule, || {
            (
                format!("rule {i} of {place} allows nothing: min is over max"),
                "exchange them, or drop the permission".into(),
            )
        })?;
    }
    Ok(())
}

fn check_budget(
    session: &Session,
    module: Address,
    item: &Budget,
    i: usize,
) -> Result<(), Refusal> {
    let Budget { token, amount, period } = *item;
    let refuse = |what: String, remedy: String| {
        Err(Refusal::new(RefusalCode::RefusedBudget, format!("budget {i} {what}"), remedy))
    };
    if amount == 0 {
        return refuse("is of nothing".into(), "drop it and the permissions it is for".into());
    }
    if [Address::ZERO, session.account, module].contains(&token) {
        let remedy = "name an ERC-20, or native value".into();
        return refuse(format!("is for {token}, nobody's token"), remedy);
    }
    if (1..budget::SHORTEST_PERIOD).contains(&period) {
        let remedy = format!("give at least {}", budget::SHORTEST_PERIOD);
        return refuse(format!("is for periods of {period} seconds"), remedy);
    }
    if token == budget::NATIVE && period == 0 && amount >> 96 != 0 {
        let remedy = "stay below 2^96 wei for native value of the whole session".into();
        return refuse(format!("is of {amount} wei"), remedy);
    }
    let is_twin = |other: &Budget| other.token == token && other.period == period;
    refuse_if(session.budgets.iter().take(i).any(is_twin), RefusalCode::DuplicateBudget, || {
        (
            format!("budget {i} is for a token and period that another one is for"),
            "keep one of them".into(),
        )
    })
}

fn refuse_if(
    is_wrong: bool,
    code: RefusalCode,
    why: impl FnOnce() -> (String, String),
) -> Result<(), Refusal> {
    if is_wrong {
        let (reason, remedy) = why();
        return Err(Refusal::new(code, reason, remedy));
    }
    Ok(())
}
