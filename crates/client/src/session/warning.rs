//! What an owner should know before signing.
//!
//! The table of codes is shared with the TypeScript package: `tests/vectors/warnings.json`.

use core::fmt;

use alloy_primitives::{Address, B256, U256, address, keccak256};
use alloy_sol_types::{Eip712Domain, SolCall};
use smart_session_core::abi::IERC20;
use smart_session_core::packed::Paymaster;
use smart_session_core::policy::budget::NATIVE;
use smart_session_core::policy::calls;
use smart_session_core::policy::selector::ANY;
use smart_session_core::session::{Budget, Chain, Permission, Session, SigningScope};

/// What is known beyond the session itself, as far as anything is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The present, in unix seconds.
    pub now: Option<u64>,
    /// The account's epoch on chains that were asked.
    pub epochs: Vec<(U256, u64)>,
    /// The domain separators of the account itself (ERC-5267), on chains that were asked.
    pub account_domains: Vec<B256>,
    /// Contracts that the account is made of: its implementation, fallback handlers, adapter and
    /// installed modules. Such a contract takes the account's calls for its owner's.
    pub own_contracts: Vec<Address>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a warning is about. The TypeScript package has the same codes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum WarningCode {
            $($(#[$doc])* $name,)*
        }

        impl WarningCode {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns its name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }
    };
}

codes! {
    /// The session has ended.
    Ended,
    /// The session has not begun.
    NotBegun,
    /// The session ends more than a year from now, or after it begins where the time is not known.
    LongWindow,
    /// The chain says another epoch, or the epoch is not 0 and the chain was not asked.
    EpochNotConfirmed,
    /// Any paymaster may pay, or none.
    AnyPaymaster,
    /// Any paymaster may pay, and calls are not counted.
    AnyPaymasterUncounted,
    /// Every function of the target may be called, with any calldata.
    AnyCall,
    /// Value may go with each call, calls are not counted, and no budget bounds native value.
    UncountedValue,
    /// `approve` or `increaseAllowance`: an allowance outlives the session.
    Allowance,
    /// `transferFrom`: tokens of whoever gave the account an allowance may move.
    TransferFrom,
    /// `transfer` of a token that no budget bounds.
    UncountedTransfer,
    /// The last period of the budget is shorter than the others, and has the whole amount.
    ShortLastPeriod,
    /// Any message of the type may be signed for the app.
    ScopeWithoutRules,
    /// The scope's domain is the account's own (ERC-5267).
    AccountDomain,
    /// The scope's domain is that of an EntryPoint 0.8 or 0.9 on a chain of the session.
    EntryPointDomain,
    /// The scope's type wraps other messages or operations: what it signs cannot be known.
    WrapperType,
}

/// Which entry of which list of a session a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The list, by its name in the session.
    pub list: &'static str,
    /// The entry, counted from 0.
    pub index: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.list, self.index)
    }
}

/// One thing that an owner should know before signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What it is about, for programs.
    pub code: WarningCode,
    /// The entry that it is about; `None` if it is about the whole session.
    pub at: Option<Place>,
    /// The warning, one sentence.
    pub sentence: String,
}

/// Seconds of 365 days.
const YEAR: u64 = 31_536_000;

/// EntryPoints whose user operations are signed as typed data (0.8 and 0.9).
const TYPED_ENTRY_POINTS: [Address; 2] = [
    address!("4337084D9E255Ff0702461CF8895CE9E3b5Ff108"),
    address!("433709009B8330FDa32311DF1C2AFA402eD8D009"),
];

/// Types by which an account takes other messages, transactions or operations for signed.
const WRAPPER_TYPES: [&str; 9] = [
    "SafeMessage(bytes message)",
    "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)",
    "SafeOp(address safe,uint256 nonce,bytes initCode,bytes callData,uint128 verificationGasLimit,uint128 callGasLimit,uint256 preVerificationGas,uint128 maxPriorityFeePerGas,uint128 maxFeePerGas,bytes paymasterAndData,uint48 validAfter,uint48 validUntil,address entryPoint)",
    "PersonalSign(bytes prefixed)",
    "CoinbaseSmartWalletMessage(bytes32 hash)",
    "ReplaySafeHash(bytes32 hash)",
    "Kernel(bytes32 hash)",
    "LightAccountMessage(bytes message)",
    "PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)",
];

/// Returns what the owner should know before signing: in the order of the table, then of the
/// session's lists.
pub fn session_warnings(session: &Session, facts: &Facts) -> Vec<Warning> {
    let mut found = Vec::new();
    time(session, facts, &mut found);
    epochs(session, facts, &mut found);
    payers(session, &mut found);
    for (i, permission) in session.permissions.iter().enumerate() {
        permits(session, i, permission, &mut found);
    }
    for (i, budget) in session.budgets.iter().enumerate() {
        lasts(session, i, budget, &mut found);
    }
    for (i, scope) in session.signing.iter().enumerate() {
        signs(session, facts, i, scope, &mut found);
    }
    found.sort_by_key(|warning| WarningCode::ALL.iter().position(|code| *code == warning.code));
    found
}

fn of_session(code: WarningCode, sentence: String) -> Warning {
    Warning { code, at: None, sentence }
}

fn time(session: &Session, facts: &Facts, found: &mut Vec<Warning>) {
    let (from, until) =
        (session.window.valid_after().seconds(), session.window.valid_until().seconds());
    match facts.now {
        Some(now) if now > until => {
            let sentence = "the session has ended: nothing can be done with it".into();
            found.push(of_session(WarningCode::Ended, sentence));
            return;
        }
        Some(now) if now < from => {
            let sentence = "the session has not begun: nothing can be done with it yet".into();
            found.push(of_session(WarningCode::NotBegun, sentence));
        }
        Some(_) | None => {}
    }
    if until.saturating_sub(facts.now.unwrap_or(from)) > YEAR {
        let sentence = "the session lasts for more than a year".into();
        found.push(of_session(WarningCode::LongWindow, sentence));
    }
}

fn epochs(session: &Session, facts: &Facts, found: &mut Vec<Warning>) {
    for (index, Chain { chain_id, epoch }) in session.chains.iter().enumerate() {
        let known = facts.epochs.iter().find(|(chain, _)| chain == chain_id);
        let sentence = match known {
            Some((_, there)) if there == epoch => continue,
            Some((_, there)) => format!(
                "the session is of epoch {epoch} on chain {chain_id}, where the account is in \
                 epoch {there}: it is void there"
            ),
            None if *epoch == 0 => continue,
            None => format!(
                "the session is of epoch {epoch} on chain {chain_id}, which was not asked: a \
                 session of a coming epoch outlives the next revocation of all"
            ),
        };
        let at = Some(Place { list: "chains", index });
        found.push(Warning { code: WarningCode::EpochNotConfirmed, at, sentence });
    }
}

fn payers(session: &Session, found: &mut Vec<Warning>) {
    if session.paymaster != Paymaster::Any {
        return;
    }
    let sentence = "any paymaster may pay for gas, on its own terms".into();
    found.push(of_session(WarningCode::AnyPaymaster, sentence));
    if session.max_calls == calls::UNCOUNTED {
        let sentence = "any paymaster may pay, and calls are not counted".into();
        found.push(of_session(WarningCode::AnyPaymasterUncounted, sentence));
    }
}

fn permits(session: &Session, index: usize, permission: &Permission, found: &mut Vec<Warning>) {
    let Permission { target, selector, value_limit, .. } = permission;
    let mut warn = |code, sentence: String| {
        let at = Some(Place { list: "permissions", index });
        found.push(Warning { code, at, sentence });
    };
    let has_budget = |token: Address| session.budgets.iter().any(|budget| budget.token == token);
    if *selector == ANY {
        let what = format!("permission {index} lets the delegate call every function of {target}");
        warn(WarningCode::AnyCall, what);
    }
    let is_counted = session.max_calls != calls::UNCOUNTED;
    if !value_limit.is_zero() && !is_counted && !has_budget(NATIVE) {
        let what = format!(
            "permission {index} sends ether with each call; calls are not counted, and no budget \
             bounds ether"
        );
        warn(WarningCode::UncountedValue, what);
    }
    match *selector {
        IERC20::approveCall::SELECTOR | IERC20::increaseAllowanceCall::SELECTOR => {
            let what = format!(
                "permission {index} lets the delegate give allowances of {target} that outlive it"
            );
            warn(WarningCode::Allowance, what);
        }
        IERC20::transferFromCall::SELECTOR => {
            let what = format!(
                "permission {index} lets the delegate move tokens of {target} that others have \
                 allowed the account to move"
            );
            warn(WarningCode::TransferFrom, what);
        }
        IERC20::transferCall::SELECTOR if !has_budget(*target) => {
            let what = format!(
                "permission {index} lets the delegate transfer {target}, and no budget bounds it"
            );
            warn(WarningCode::UncountedTransfer, what);
        }
        _ => {}
    }
}

fn lasts(session: &Session, index: usize, budget: &Budget, found: &mut Vec<Warning>) {
    let window = session.window;
    let length = window.valid_until().seconds().saturating_sub(window.valid_after().seconds());
    if length.checked_rem(budget.period.into()).is_some_and(|rest| rest != 0) {
        found.push(Warning {
            code: WarningCode::ShortLastPeriod,
            at: Some(Place { list: "budgets", index }),
            sentence: format!(
                "the last period of budget {index} is shorter than the others, and has the whole \
                 amount: make the window a multiple of the period"
            ),
        });
    }
}

fn signs(
    session: &Session,
    facts: &Facts,
    index: usize,
    scope: &SigningScope,
    found: &mut Vec<Warning>,
) {
    let mut warn = |code, sentence: String| {
        let at = Some(Place { list: "signing", index });
        found.push(Warning { code, at, sentence });
    };
    if scope.rules.is_empty() {
        let what = format!("scope {index} lets the delegate sign any message of its type");
        warn(WarningCode::ScopeWithoutRules, what);
    }
    if facts.account_domains.contains(&scope.domain_separator) {
        let what = format!(
            "scope {index} is for the account's own domain: what it signs, the account takes for \
             its owner's"
        );
        warn(WarningCode::AccountDomain, what);
    }
    if is_entry_points(session, scope.domain_separator) {
        let what = format!(
            "scope {index} is for an EntryPoint's domain: user operations are signed in it"
        );
        warn(WarningCode::EntryPointDomain, what);
    }
    if let Some(name) = wrapper_of(scope.type_hash) {
        let what = format!(
            "scope {index} is for {name}, which wraps other messages: what it signs cannot be known"
        );
        warn(WarningCode::WrapperType, what);
    }
}

fn is_entry_points(session: &Session, domain: B256) -> bool {
    session.chains.iter().any(|Chain { chain_id, .. }| {
        TYPED_ENTRY_POINTS.into_iter().any(|entry_point| {
            let (name, version) = (Some("ERC4337".into()), Some("1".into()));
            let theirs = Eip712Domain::new(name, version, Some(*chain_id), Some(entry_point), None);
            theirs.separator() == domain
        })
    })
}

/// Returns the name of the wrapper with this type hash, if it is one.
fn wrapper_of(type_hash: B256) -> Option<&'static str> {
    let wrapper = WRAPPER_TYPES.into_iter().find(|wrapper| keccak256(wrapper) == type_hash)?;
    wrapper.split('(').next()
}
