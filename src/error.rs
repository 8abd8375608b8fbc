//! Every way a call can fail, as the Solidity error that the caller sees.

use alloy_primitives::Address;
use alloy_sol_types::SolError;
use session_core::abi::ISmartSession as Abi;
use session_core::execution::ExecutionError;
use session_core::packed::{DecodeError, StructureError};
use session_core::policy::Violation;
use session_core::state::{ModuleTypes, Route};
use session_core::word::{self, Word};

use crate::host::Host;
use crate::module::MAX_SESSIONS_AT_INSTALL;

/// Why a call fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Error {
    UnknownFunction { selector: [u8; 4] },
    MalformedCall,
    NotPayable,
    Reentered,
    AlreadyInstalled { types: ModuleTypes },
    UnknownModuleTypes { got: u8 },
    RouteTooLong { got: u8 },
    SenderNotCaller { got: Address, allowed: Address },
    RouteClosed,
    WrongRoute,
    OwnerCheckFailed,
    TooManySessions { got: u8 },
    SignatureCheckFailed,
    Decode(DecodeError),
    Structure(StructureError),
    Violation(Violation),
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<StructureError> for Error {
    fn from(error: StructureError) -> Self {
        Self::Structure(error)
    }
}

impl From<Violation> for Error {
    fn from(violation: Violation) -> Self {
        Self::Violation(violation)
    }
}

impl From<ExecutionError> for Error {
    fn from(error: ExecutionError) -> Self {
        Self::Violation(Violation::Execution(error))
    }
}

/// Revert data in the making: a Solidity error's selector, then up to three arguments, all
/// static.
///
/// The methods are not inlined: there are many errors, and each costs only its calls.
struct Revert {
    data: [u8; 4 + 3 * 32],
    len: usize,
}

impl Revert {
    #[inline(never)]
    fn error(&mut self, selector: [u8; 4]) -> &mut Self {
        if let Some(to) = self.data.first_chunk_mut() {
            *to = selector;
        }
        self.len = 4;
        self
    }

    #[inline(never)]
    fn word(&mut self, word: &Word) -> &mut Self {
        if let Some(to) = self.data.get_mut(self.len..).and_then(|rest| rest.first_chunk_mut()) {
            *to = *word;
            self.len = self.len.wrapping_add(32);
        }
        self
    }

    #[inline(never)]
    fn number(&mut self, number: u64) -> &mut Self {
        self.word(&word::from_u64(number))
    }

    #[inline(never)]
    fn u128(&mut self, number: u128) -> &mut Self {
        self.word(&word::from_u128(number))
    }

    #[inline(never)]
    fn size(&mut self, size: usize) -> &mut Self {
        self.word(&word::from_usize(size))
    }

    #[inline(never)]
    fn address(&mut self, address: &Address) -> &mut Self {
        self.word(&word::from_address(*address))
    }

    #[inline(never)]
    fn selector(&mut self, selector: [u8; 4]) -> &mut Self {
        self.word(&word::from_bytes4(selector))
    }
}

impl Error {
    /// Answers the call with the error.
    #[inline(never)]
    pub(crate) fn answer(self, host: Host) {
        let mut revert = Revert { data: [0; 100], len: 0 };
        self.write(&mut revert);
        host.answer(revert.data.get(..revert.len).unwrap_or_default());
    }

    fn write(self, to: &mut Revert) -> &mut Revert {
        match self {
            Self::UnknownFunction { selector } => {
                to.error(Abi::UnknownFunction::SELECTOR).selector(selector)
            }
            Self::MalformedCall => to.error(Abi::MalformedCall::SELECTOR),
            Self::NotPayable => to.error(Abi::NotPayable::SELECTOR),
            Self::Reentered => to.error(Abi::Reentered::SELECTOR),
            Self::AlreadyInstalled { types } => {
                to.error(Abi::AlreadyInstalled::SELECTOR).number(types.to_byte().into())
            }
            Self::UnknownModuleTypes { got } => {
                to.error(Abi::UnknownModuleTypes::SELECTOR).number(got.into())
            }
            Self::RouteTooLong { got } => {
                to.error(Abi::RouteTooLong::SELECTOR).number(got.into()).size(Route::MAX_LEN)
            }
            Self::SenderNotCaller { got, allowed } => {
                to.error(Abi::SenderNotCaller::SELECTOR).address(&got).address(&allowed)
            }
            Self::RouteClosed => to.error(Abi::RouteClosed::SELECTOR),
            Self::WrongRoute => to.error(Abi::WrongRoute::SELECTOR),
            Self::OwnerCheckFailed => to.error(Abi::OwnerCheckFailed::SELECTOR),
            Self::TooManySessions { got } => to
                .error(Abi::TooManySessions::SELECTOR)
                .number(got.into())
                .number(MAX_SESSIONS_AT_INSTALL.into()),
            Self::SignatureCheckFailed => to.error(Abi::SignatureCheckFailed::SELECTOR),
            Self::Decode(error) => decode(to, error),
            Self::Structure(error) => structure(to, error),
            Self::Violation(violation) => refusal(to, violation),
        }
    }
}

fn decode(to: &mut Revert, error: DecodeError) -> &mut Revert {
    match error {
        DecodeError::Truncated { at } => to.error(Abi::Truncated::SELECTOR).size(at),
        DecodeError::TrailingBytes { at, got } => {
            to.error(Abi::TrailingBytes::SELECTOR).size(at).size(got)
        }
        DecodeError::NonCanonicalNumber { at } => {
            to.error(Abi::NonCanonicalNumber::SELECTOR).size(at)
        }
        DecodeError::NumberTooWide { at, got, allowed } => {
            to.error(Abi::NumberTooWide::SELECTOR).size(at).size(got).size(allowed)
        }
        DecodeError::UnknownTag { at, got } => {
            to.error(Abi::UnknownTag::SELECTOR).size(at).number(got.into())
        }
        DecodeError::TooMany { at, got, allowed } => {
            to.error(Abi::TooMany::SELECTOR).size(at).size(got).size(allowed)
        }
        DecodeError::ReservedPaymaster { at } => {
            to.error(Abi::ReservedPaymaster::SELECTOR).size(at)
        }
        DecodeError::EmptyListHashed { at } => to.error(Abi::EmptyListHashed::SELECTOR).size(at),
        DecodeError::Hidden => to.error(Abi::HiddenPart::SELECTOR),
        DecodeError::ClaimedTime { got } => {
            to.error(Abi::ClaimedTimeOutsideWindow::SELECTOR).number(got)
        }
        DecodeError::UnknownMode { got } => to.error(Abi::UnknownMode::SELECTOR).number(got.into()),
        DecodeError::UnknownDelegateKind { got } => {
            to.error(Abi::UnknownDelegateKind::SELECTOR).number(got.into())
        }
        DecodeError::RefusedWindow { valid_after, valid_until } => {
            to.error(Abi::RefusedWindow::SELECTOR).number(valid_after).number(valid_until)
        }
        DecodeError::DelegateSignatureLength { got, allowed } => {
            to.error(Abi::MalformedDelegateSignature::SELECTOR).size(got).size(allowed)
        }
        DecodeError::OwnerSignatureTooLong { got, allowed } => {
            to.error(Abi::OwnerSignatureTooLong::SELECTOR).size(got).size(allowed)
        }
    }
}

fn structure(to: &mut Revert, error: StructureError) -> &mut Revert {
    match error {
        StructureError::Delegate { got } => to.error(Abi::RefusedDelegate::SELECTOR).address(&got),
        StructureError::MaxCalls => to.error(Abi::RefusedMaxCalls::SELECTOR),
        StructureError::FeesUncounted => to.error(Abi::FeesUncounted::SELECTOR),
        StructureError::DuplicateChain { chain_id } => {
            to.error(Abi::DuplicateChain::SELECTOR).word(&chain_id)
        }
        StructureError::RulesWithoutSelector { permission } => {
            to.error(Abi::RulesWithoutSelector::SELECTOR).size(permission)
        }
        StructureError::Budget { budget } => to.error(Abi::RefusedBudget::SELECTOR).size(budget),
        StructureError::DuplicateBudget { budget } => {
            to.error(Abi::DuplicateBudget::SELECTOR).size(budget)
        }
        StructureError::NotSupported(part) => {
            to.error(Abi::NotSupported::SELECTOR).number(part.to_byte().into())
        }
    }
}

fn refusal(to: &mut Revert, violation: Violation) -> &mut Revert {
    match violation {
        Violation::NotInstalled { account } => {
            to.error(Abi::NotInstalled::SELECTOR).address(&account)
        }
        Violation::ChainNotListed { chain_id } => {
            to.error(Abi::ChainNotListed::SELECTOR).number(chain_id)
        }
        Violation::WrongEpoch { got, allowed } => {
            to.error(Abi::WrongEpoch::SELECTOR).number(got).number(allowed)
        }
        Violation::NotEnabled { session_id } => {
            to.error(Abi::SessionNotEnabled::SELECTOR).word(&session_id)
        }
        Violation::Revoked { session_id } => {
            to.error(Abi::SessionRevokedForEver::SELECTOR).word(&session_id)
        }
        Violation::Execution(error) => execution(to, error),
        Violation::UnknownPermission { execution, got, allowed } => to
            .error(Abi::UnknownPermission::SELECTOR)
            .size(execution)
            .number(got.into())
            .size(allowed),
        Violation::HiddenPermission { execution, permission } => {
            to.error(Abi::HiddenPermission::SELECTOR).size(execution).number(permission.into())
        }
        Violation::BannedTarget { execution, target } => {
            to.error(Abi::BannedTarget::SELECTOR).size(execution).address(&target)
        }
        Violation::Target { execution, got, allowed } => to
            .error(Abi::TargetNotPermitted::SELECTOR)
            .size(execution)
            .address(&got)
            .address(&allowed),
        Violation::Selector { execution, got, allowed } => to
            .error(Abi::SelectorNotPermitted::SELECTOR)
            .size(execution)
            .selector(got)
            .selector(allowed),
        Violation::Value { execution, got, allowed } => {
            to.error(Abi::ValueOverLimit::SELECTOR).size(execution).word(&got).word(&allowed)
        }
        Violation::Argument { execution, index, got } => to
            .error(Abi::ArgumentOutOfBounds::SELECTOR)
            .size(execution)
            .number(index.into())
            .word(&got),
        Violation::ArgumentMissing { execution, index } => {
            to.error(Abi::ArgumentMissing::SELECTOR).size(execution).number(index.into())
        }
        Violation::TokenCall { execution, token } => {
            to.error(Abi::UncountableTokenCall::SELECTOR).size(execution).address(&token)
        }
        Violation::Budget { budget, got, allowed } => {
            to.error(Abi::BudgetExceeded::SELECTOR).size(budget).u128(got).u128(allowed)
        }
        Violation::PeriodPassed { budget, got, allowed } => {
            to.error(Abi::PeriodPassed::SELECTOR).size(budget).number(got).number(allowed)
        }
        Violation::Calls { got, allowed } => {
            to.error(Abi::CallsOverLimit::SELECTOR).number(got).number(allowed.into())
        }
        Violation::Fee { got, allowed } => {
            to.error(Abi::FeeOverLimit::SELECTOR).u128(got).u128(allowed)
        }
        Violation::Paymaster { got, allowed } => {
            to.error(Abi::PaymasterNotPermitted::SELECTOR).address(&got).address(&allowed)
        }
        Violation::PaymasterData { length } => {
            to.error(Abi::MalformedPaymasterData::SELECTOR).size(length)
        }
    }
}

fn execution(to: &mut Revert, error: ExecutionError) -> &mut Revert {
    match error {
        ExecutionError::UnsupportedCall { selector } => {
            to.error(Abi::UnsupportedCall::SELECTOR).selector(selector)
        }
        ExecutionError::UnsupportedMode { got } => {
            to.error(Abi::UnsupportedExecutionMode::SELECTOR).word(&got)
        }
        ExecutionError::Malformed { execution } => {
            to.error(Abi::MalformedExecution::SELECTOR).size(execution)
        }
        ExecutionError::TooMany { got, allowed } => {
            to.error(Abi::TooManyExecutions::SELECTOR).size(got).size(allowed)
        }
    }
}
