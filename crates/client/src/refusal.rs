//! What is wrong before anything is sent, and what to do about it.

use smart_session_core::session::EncodeError;

/// A session, a key or an operation that would not be accepted.
///
/// ```
/// use smart_session_client::{Refusal, RefusalCode};
///
/// let refusal = Refusal::new(RefusalCode::NoChain, "the session holds on no chain", "list a chain");
///
/// assert_eq!(refusal.to_string(), "the session holds on no chain: list a chain");
/// assert_eq!(refusal.code().name(), "NoChain");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {remedy}")]
pub struct Refusal {
    code: RefusalCode,
    reason: String,
    remedy: String,
}

impl Refusal {
    /// Says what is wrong and what to do about it, one sentence each.
    pub fn new(code: RefusalCode, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { code, reason: reason.into(), remedy: remedy.into() }
    }

    /// Returns what kind of refusal it is, for programs.
    pub const fn code(&self) -> RefusalCode {
        self.code
    }

    /// Returns what is wrong, one sentence.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns what to do about it, one sentence.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What kind of refusal it is.
        ///
        /// A name that the module's ABI has too means the same there, and the TypeScript package
        /// has the same names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum RefusalCode {
            $($(#[$doc])* $name,)*
        }

        impl RefusalCode {
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
    /// A list of the session is over its cap.
    TooMany,
    /// A number does not fit its field.
    NumberTooWide,
    /// The delegate is the zero address, the account or the module.
    RefusedDelegate,
    /// The session uses a part of the format that the module does not have.
    ModuleRefuses,
    /// The session's end is not after its start, or too late.
    RefusedWindow,
    /// The session is for no calls.
    RefusedMaxCalls,
    /// Fees are uncounted and no one paymaster pays.
    FeesUncounted,
    /// The session holds on no chain.
    NoChain,
    /// Two entries are for one chain.
    DuplicateChain,
    /// A permission is for a target that no session may call.
    BannedTarget,
    /// A scope is for the module's own domain.
    BannedDomain,
    /// A permission is for a call of a budgeted token that budgets cannot count.
    UncountableTokenCall,
    /// A text is no function of Solidity.
    MalformedFunction,
    /// A function has no such argument word.
    NoSuchArgument,
    /// A rule bounds an argument by what is no value of its type.
    NotOfItsType,
    /// A permission has rules but no one function.
    RulesWithoutSelector,
    /// A rule allows nothing.
    EmptyRule,
    /// A paymaster's address stands for none or any.
    ReservedPaymaster,
    /// A budget of the amount zero or too much, of no token, or for too short a time.
    RefusedBudget,
    /// Two budgets are for one token and period.
    DuplicateBudget,
    /// A field of the session was never given.
    MissingField,
    /// The packed session is not canonical.
    Malformed,
    /// The packed session hides something.
    HiddenPart,
    /// The session does not hold on this chain.
    ChainNotListed,
    /// The session is not enabled, and no owner's signature is at hand.
    SessionNotEnabled,
    /// The session was revoked.
    SessionRevokedForEver,
    /// An execution names a permission that is not there.
    UnknownPermission,
    /// An execution names a permission that is hidden.
    HiddenPermission,
    /// Nothing is executed.
    NoExecution,
    /// More executions than an operation may have.
    TooManyExecutions,
    /// No permission covers an execution.
    NotPermitted,
    /// A budget has a period, and no time is claimed.
    ClaimedTimeMissing,
    /// A time is claimed, and no budget has a period.
    ClaimedTimeNotWanted,
    /// The claimed time is outside the session's window.
    ClaimedTimeOutsideWindow,
    /// The owner's signature is too long.
    OwnerSignatureTooLong,
    /// The enable route is too long.
    RouteTooLong,
    /// More sessions than an install may carry.
    TooManySessions,
    /// The key is not the session's delegate, or no key at all.
    WrongKey,
    /// The session is for another account.
    WrongAccount,
    /// A text is no address.
    MalformedAddress,
    /// A signature has the wrong shape.
    UnusableSignature,
    /// The account is of no known kind.
    UnknownAccountKind,
    /// The EntryPoint is of no known release.
    UnknownEntryPoint,
    /// Gas may cost more than is allowed.
    FeeOverLimit,
    /// The session has ended.
    Expired,
    /// The session has not begun.
    NotYetValid,
    /// The lane does not fit into the nonce.
    LaneTooWide,
    /// The wallet's request has no equal among sessions.
    NoEqual,
    /// The system has no randomness.
    NoRandomness,
    /// The module is not installed on the account, or not as what is needed.
    NotInstalled,
    /// The chain's clock and the system's are minutes apart.
    ClocksDiffer,
    /// An order's deadline is in the past, or more than a day away.
    RefusedDeadline,
    /// An order names no relayer and asks for no gas.
    NoMinimumGas,
    /// An order's nonce is none that an order may have, or not the one that is next.
    WrongOrderNonce,
    /// The session has run as many orders as there can be.
    OrdersUsedUp,
    /// There is no permission context to redeem.
    NoContext,
    /// What should be a permission context is none of a session module's.
    MalformedContext,
}

impl From<EncodeError> for Refusal {
    fn from(error: EncodeError) -> Self {
        let EncodeError::TooMany { field, got, allowed } = error;
        Self::new(
            RefusalCode::TooMany,
            format!("{field} has {got} entries, at most {allowed} are allowed"),
            "drop some, or grant a second session",
        )
    }
}
