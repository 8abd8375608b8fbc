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
    fn new(selector: [u8; 4]) -> Self {
        let mut data = [0; 100];
        if let Some(to) = data.first_chunk_mut() {
            *to = selector;
        }
        Self { data, len: 4 }
    }

    fn as_bytes(&self) -> &[u8] {
        self.data.get(..self.len).unwrap_or_default()
    }

    #[inline(never)]
    fn word(mut self, word: &Word) -> Self {
        if let Some(to) = self.data.get_mut(self.len..).and_then(|rest| rest.first_chunk_mut()) {
            *to = *word;
            self.len = self.len.wrapping_add(32);
        }
        self
    }

    #[inline(never)]
    fn number(self, number: u64) -> Self {
        self.word(&word::from_u64(number))
    }

    #[inline(never)]
    fn u128(self, number: u128) -> Self {
        self.word(&word::from_u128(number))
    }

    #[inline(never)]
    fn size(self, size: usize) -> Self {
        self.word(&word::from_usize(size))
    }

    #[inline(never)]
    fn address(self, address: Address) -> Self {
        self.word(&word::from_address(address))
    }

    #[inline(never)]
    fn selector(self, selector: [u8; 4]) -> Self {
        self.word(&word::from_bytes4(selector))
    }
}

impl Error {
    /// Answers the call with the error.
    #[inline(never)]
    pub(crate) fn answer(self, host: Host) {
        host.answer(self.revert().as_bytes());
    }

    fn revert(self) -> Revert {
        match self {
            Self::UnknownFunction { selector } => {
                Revert::new(Abi::UnknownFunction::SELECTOR).selector(selector)
            }
            Self::MalformedCall => Revert::new(Abi::MalformedCall::SELECTOR),
            Self::NotPayable => Revert::new(Abi::NotPayable::SELECTOR),
            Self::Reentered => Revert::new(Abi::Reentered::SELECTOR),
            Self::AlreadyInstalled { types } => {
                Revert::new(Abi::AlreadyInstalled::SELECTOR).number(types.to_byte().into())
            }
            Self::UnknownModuleTypes { got } => {
                Revert::new(Abi::UnknownModuleTypes::SELECTOR).number(got.into())
            }
            Self::RouteTooLong { got } => {
                Revert::new(Abi::RouteTooLong::SELECTOR).number(got.into()).size(Route::MAX_LEN)
            }
            Self::SenderNotCaller { got, allowed } => {
                Revert::new(Abi::SenderNotCaller::SELECTOR).address(got).address(allowed)
            }
            Self::RouteClosed => Revert::new(Abi::RouteClosed::SELECTOR),
            Self::WrongRoute => Revert::new(Abi::WrongRoute::SELECTOR),
            Self::OwnerCheckFailed => Revert::new(Abi::OwnerCheckFailed::SELECTOR),
            Self::SignatureCheckFailed => Revert::new(Abi::SignatureCheckFailed::SELECTOR),
            Self::Decode(error) => decode(error),
            Self::Structure(error) => structure(error),
            Self::Violation(violation) => refusal(violation),
        }
    }
}

fn decode(error: DecodeError) -> Revert {
    match error {
        DecodeError::Truncated { at } => Revert::new(Abi::Truncated::SELECTOR).size(at),
        DecodeError::TrailingBytes { at, got } => {
            Revert::new(Abi::TrailingBytes::SELECTOR).size(at).size(got)
        }
        DecodeError::NonCanonicalNumber { at } => {
            Revert::new(Abi::NonCanonicalNumber::SELECTOR).size(at)
        }
        DecodeError::NumberTooWide { at, got, allowed } => {
            Revert::new(Abi::NumberTooWide::SELECTOR).size(at).size(got).size(allowed)
        }
        DecodeError::UnknownTag { at, got } => {
            Revert::new(Abi::UnknownTag::SELECTOR).size(at).number(got.into())
        }
        DecodeError::TooMany { at, got, allowed } => {
            Revert::new(Abi::TooMany::SELECTOR).size(at).size(got).size(allowed)
        }
        DecodeError::ReservedPaymaster { at } => {
            Revert::new(Abi::ReservedPaymaster::SELECTOR).size(at)
        }
        DecodeError::EmptyListHashed { at } => Revert::new(Abi::EmptyListHashed::SELECTOR).size(at),
        DecodeError::UnknownMode { got } => {
            Revert::new(Abi::UnknownMode::SELECTOR).number(got.into())
        }
        DecodeError::UnknownDelegateKind { got } => {
            Revert::new(Abi::UnknownDelegateKind::SELECTOR).number(got.into())
        }
        DecodeError::RefusedWindow { valid_after, valid_until } => {
            Revert::new(Abi::RefusedWindow::SELECTOR).number(valid_after).number(valid_until)
        }
        DecodeError::DelegateSignatureLength { got, allowed } => {
            Revert::new(Abi::MalformedDelegateSignature::SELECTOR).size(got).size(allowed)
        }
        DecodeError::OwnerSignatureTooLong { got, allowed } => {
            Revert::new(Abi::OwnerSignatureTooLong::SELECTOR).size(got).size(allowed)
        }
    }
}

fn structure(error: StructureError) -> Revert {
    match error {
        StructureError::Hidden => Revert::new(Abi::HiddenAtEnable::SELECTOR),
        StructureError::Delegate { got } => {
            Revert::new(Abi::RefusedDelegate::SELECTOR).address(got)
        }
        StructureError::MaxCalls => Revert::new(Abi::RefusedMaxCalls::SELECTOR),
        StructureError::FeesUncounted => Revert::new(Abi::FeesUncounted::SELECTOR),
        StructureError::DuplicateChain { chain_id } => {
            Revert::new(Abi::DuplicateChain::SELECTOR).word(&chain_id)
        }
        StructureError::NotSupported(part) => {
            Revert::new(Abi::NotSupported::SELECTOR).number(part.to_byte().into())
        }
    }
}

fn refusal(violation: Violation) -> Revert {
    match violation {
        Violation::NotInstalled { account } => {
            Revert::new(Abi::NotInstalled::SELECTOR).address(account)
        }
        Violation::ChainNotListed { chain_id } => {
            Revert::new(Abi::ChainNotListed::SELECTOR).number(chain_id)
        }
        Violation::WrongEpoch { got, allowed } => {
            Revert::new(Abi::WrongEpoch::SELECTOR).number(got).number(allowed)
        }
        Violation::NotEnabled { session_id } => {
            Revert::new(Abi::SessionNotEnabled::SELECTOR).word(&session_id)
        }
        Violation::Revoked { session_id } => {
            Revert::new(Abi::SessionRevokedForEver::SELECTOR).word(&session_id)
        }
        Violation::Execution(error) => execution(error),
        Violation::UnknownPermission { execution, got, allowed } => {
            Revert::new(Abi::UnknownPermission::SELECTOR)
                .size(execution)
                .number(got.into())
                .size(allowed)
        }
        Violation::HiddenPermission { execution, permission } => {
            Revert::new(Abi::HiddenPermission::SELECTOR).size(execution).number(permission.into())
        }
        Violation::BannedTarget { execution, target } => {
            Revert::new(Abi::BannedTarget::SELECTOR).size(execution).address(target)
        }
        Violation::Target { execution, got, allowed } => {
            Revert::new(Abi::TargetNotPermitted::SELECTOR)
                .size(execution)
                .address(got)
                .address(allowed)
        }
        Violation::Selector { execution, got, allowed } => {
            Revert::new(Abi::SelectorNotPermitted::SELECTOR)
                .size(execution)
                .selector(got)
                .selector(allowed)
        }
        Violation::Value { execution, got, allowed } => {
            Revert::new(Abi::ValueOverLimit::SELECTOR).size(execution).word(&got).word(&allowed)
        }
        Violation::Calls { got, allowed } => {
            Revert::new(Abi::CallsOverLimit::SELECTOR).number(got).number(allowed.into())
        }
        Violation::Fee { got, allowed } => {
            Revert::new(Abi::FeeOverLimit::SELECTOR).u128(got).u128(allowed)
        }
        Violation::Paymaster { got, allowed } => {
            Revert::new(Abi::PaymasterNotPermitted::SELECTOR).address(got).address(allowed)
        }
        Violation::PaymasterData { length } => {
            Revert::new(Abi::MalformedPaymasterData::SELECTOR).size(length)
        }
    }
}

fn execution(error: ExecutionError) -> Revert {
    match error {
        ExecutionError::UnsupportedCall { selector } => {
            Revert::new(Abi::UnsupportedCall::SELECTOR).selector(selector)
        }
        ExecutionError::UnsupportedMode { got } => {
            Revert::new(Abi::UnsupportedExecutionMode::SELECTOR).word(&got)
        }
        ExecutionError::Malformed { execution } => {
            Revert::new(Abi::MalformedExecution::SELECTOR).size(execution)
        }
        ExecutionError::TooMany { got, allowed } => {
            Revert::new(Abi::TooManyExecutions::SELECTOR).size(got).size(allowed)
        }
    }
}
