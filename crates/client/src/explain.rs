//! What the module's errors mean, in words.

use alloy_primitives::hex;
use alloy_sol_types::SolInterface;
use smart_session_core::abi::ISmartSession::ISmartSessionErrors as E;

use crate::unit::ether;

/// Returns what revert data of the module means, in one sentence: what was got, and what is
/// allowed. `None` if it is none of the module's errors.
///
/// ```
/// use smart_session_client::explain;
/// use alloy_primitives::hex;
///
/// assert_eq!(explain(&hex!("f4844814")), None);
/// ```
#[expect(clippy::too_many_lines, reason = "one line for each error, in their declared order")]
pub fn explain(revert_data: &[u8]) -> Option<String> {
    Some(match E::abi_decode_validate(revert_data).ok()? {
        E::UnknownFunction(e) => format!("the module has no function {}", e.selector),
        E::MalformedCall(_) => "the call is not encoded as its function wants it".into(),
        E::NotPayable(_) => "the module takes no value".into(),
        E::EmptyInstallData(_) => {
            "install data is empty: it must say the types and the enable route".into()
        }
        E::AlreadyInstalled(e) => {
            format!("the module is installed already (types {})", e.moduleTypes)
        }
        E::NotInstalled(e) => format!(
            "the module is not installed on {} as type {} (1 validator, 2 executor)",
            e.account, e.moduleTypes
        ),
        E::UnknownModuleTypes(e) => {
            format!("install data begins with types {}, not 1, 2 or 3", e.got)
        }
        E::RouteTooLong(e) => {
            format!("the enable route has {} bytes, at most {} are allowed", e.got, e.allowed)
        }
        E::Truncated(e) => {
            format!("the packed session ends within the element at byte {}", e.offset)
        }
        E::TrailingBytes(e) => format!("{} bytes are left over at byte {}", e.got, e.offset),
        E::NonCanonicalNumber(e) => format!("the number at byte {} begins with zero", e.offset),
        E::NumberTooWide(e) => format!(
            "the number at byte {} has {} bytes, at most {} are allowed",
            e.offset, e.got, e.allowed
        ),
        E::UnknownTag(e) => format!("the tag at byte {} is {}, which is unknown", e.offset, e.got),
        E::TooMany(e) => format!(
            "the list at byte {} has {} entries, at most {} are allowed",
            e.offset, e.got, e.allowed
        ),
        E::ReservedPaymaster(e) => {
            format!("the paymaster at byte {} is an address that stands for none or any", e.offset)
        }
        E::EmptyListHashed(e) => {
            format!("the list at byte {} is empty and must travel as such", e.offset)
        }
        E::UnknownMode(e) => format!("the mode is {}, neither use (0) nor enable (1)", e.got),
        E::UnknownDelegateKind(e) => format!("the delegate's kind of key is {}, unknown", e.got),
        E::HiddenPart(_) => "the session must be shown whole here".into(),
        E::RefusedDelegate(e) => format!("{} cannot be a delegate", e.got),
        E::RefusedWindow(e) => {
            format!("the session is valid after {} until {}: no window", e.validAfter, e.validUntil)
        }
        E::RefusedMaxCalls(_) => "a session for 0 calls cannot be enabled".into(),
        E::FeesUncounted(_) => "fees are uncounted, but no one paymaster is named".into(),
        E::DuplicateChain(e) => format!("the session has two entries for chain {}", e.chainId),
        E::RulesWithoutSelector(e) => {
            format!("permission {} has argument rules but no one function", e.permission)
        }
        E::RefusedBudget(e) => format!(
            "budget {} is of nothing, of nobody's token, of too much, or for under a minute",
            e.budget
        ),
        E::DuplicateBudget(e) => {
            format!("budget {} is for a token and period that another one is for", e.budget)
        }
        E::WrongRoute(_) => "the owner's signature does not take the account's enable route".into(),
        E::RouteClosed(_) => "the account lets no signature enable sessions".into(),
        E::OwnerSignatureTooLong(e) => {
            format!("the owner's signature has {} bytes, at most {} are allowed", e.got, e.allowed)
        }
        E::OwnerCheckFailed(_) => "asking the account about the owner's signature failed".into(),
        E::TooManySessions(e) => {
            format!("{} sessions in one install, at most {} are allowed", e.got, e.allowed)
        }
        E::SenderNotCaller(e) => {
            format!("the operation is of {}, but {} asks", e.got, e.allowed)
        }
        E::ChainNotListed(e) => format!("the session does not hold on chain {}", e.chainId),
        E::WrongEpoch(e) => {
            format!("the session is of epoch {}, the account is in epoch {}", e.got, e.allowed)
        }
        E::SessionNotEnabled(e) => {
            format!("session {} is not enabled for this account", e.sessionId)
        }
        E::SessionRevokedForEver(e) => format!("session {} was revoked", e.sessionId),
        E::UnsupportedCall(e) => {
            format!("the account is asked for {}, a session may only use execute", e.selector)
        }
        E::UnsupportedExecutionMode(e) => format!(
            "execution mode {} is neither a plain single nor a plain batch call",
            shortened(e.got)
        ),
        E::MalformedExecution(e) => {
            format!("execution {} is not in the canonical ABI shape", e.execution)
        }
        E::TooManyExecutions(e) => {
            format!("{} executions at once, at most {} are allowed", e.got, e.allowed)
        }
        E::UnknownPermission(e) => format!(
            "execution {} names permission {}, the session has {}",
            e.execution, e.got, e.allowed
        ),
        E::HiddenPermission(e) => {
            format!("execution {} names permission {}, which is hidden", e.execution, e.permission)
        }
        E::BannedTarget(e) => {
            format!("execution {} calls {}, which no session may call", e.execution, e.target)
        }
        E::TargetNotPermitted(e) => format!(
            "execution {} calls {}, the permission is for {}",
            e.execution, e.got, e.allowed
        ),
        E::SelectorNotPermitted(e) => format!(
            "execution {} calls function {}, the permission is for {}",
            e.execution, e.got, e.allowed
        ),
        E::ValueOverLimit(e) => format!(
            "execution {} sends {} ETH, at most {} are allowed",
            e.execution,
            ether(e.got),
            ether(e.allowed)
        ),
        E::ArgumentOutOfBounds(e) => format!(
            "execution {}: argument word {} is {}, which its rule does not allow",
            e.execution, e.index, e.got
        ),
        E::ArgumentMissing(e) => format!(
            "execution {}: argument word {}, which a rule bounds, is past the end",
            e.execution, e.index
        ),
        E::UncountableTokenCall(e) => format!(
            "execution {} calls token {}, which has a budget, in a way that cannot be counted",
            e.execution, e.token
        ),
        E::BudgetExceeded(e) => format!(
            "budget {}: with this operation {} are spent, {} are allowed",
            e.budget, e.got, e.allowed
        ),
        E::PeriodPassed(e) => format!(
            "budget {}: period {} is over, the session has spent in period {}",
            e.budget, e.got, e.allowed
        ),
        E::ClaimedTimeOutsideWindow(e) => {
            format!("the time {} is outside the session's window", e.got)
        }
        E::CallsOverLimit(e) => {
            format!("with this operation {} calls are made, {} are allowed", e.got, e.allowed)
        }
        E::FeeOverLimit(e) => format!(
            "with this operation gas may cost {} ETH, {} are allowed",
            ether(e.got),
            ether(e.allowed)
        ),
        E::PaymasterNotPermitted(e) => {
            format!("the paymaster is {}, the session names {}", e.got, e.allowed)
        }
        E::MalformedPaymasterData(e) => {
            format!("paymasterAndData of {} bytes names no paymaster", e.length)
        }
        E::MalformedDelegateSignature(e) => format!(
            "the delegate's signature has {} bytes, its kind of key has {}",
            e.got, e.allowed
        ),
        E::SignatureCheckFailed(_) => "checking the delegate's signature ran out of gas".into(),
        E::NotDelegate(e) => {
            format!("{} asks without the signature of the delegate, {}", e.got, e.allowed)
        }
        E::NotOwnersSignature(_) => "the account does not accept the owner's signature".into(),
        E::OutsideWindow(e) => format!(
            "the time is {}, the session is valid from {} to {}",
            e.got, e.validAfter, e.validUntil
        ),
        E::NothingExecuted(_) => "the account ran nothing, or not all of it".into(),
        E::MalformedOrder(e) => {
            format!("the order has {} bytes, its terms alone have {}", e.got, e.allowed)
        }
        E::WrongOrderNonce(e) => {
            format!("the order has nonce {}, the session's next one is {}", e.got, e.allowed)
        }
        E::OrdersUsedUp(_) => "the session has run as many orders as there can be".into(),
        E::DeadlinePassed(e) => {
            format!("the time is {}, the deadline of the order was {}", e.got, e.allowed)
        }
        E::WrongRelayer(e) => {
            format!("{} brings the order, which names {} as its relayer", e.got, e.allowed)
        }
        E::NoMinimumGas(_) => "the order asks for no gas and names no relayer".into(),
        E::NotDelegatesSignature(_) => "the delegate's signature of the order does not hold".into(),
        E::TooLittleGas(e) => {
            format!("there is {} gas left for the call, the order wants {}", e.got, e.wanted)
        }
        E::NoContext(_) => "there is no permission context to redeem".into(),
        E::ArrayLengthsDiffer(e) => format!(
            "there are {} contexts, {} modes and {} calldatas",
            e.contexts, e.modes, e.calldatas
        ),
        E::MalformedContext(e) => {
            format!("permission context {} does not begin with an account", e.context)
        }
        E::CallNotPermitted(e) => format!(
            "execution {} calls function {} of {}, which no shown permission is for",
            e.execution, e.selector, e.target
        ),
    })
}

/// Returns the name of a module error, as the ABI declares it; `None` if it is none.
pub fn error_name(revert_data: &[u8]) -> Option<&'static str> {
    E::name_by_selector(*revert_data.first_chunk()?)
}

/// The first and the last bytes of a word.
fn shortened(word: alloy_primitives::B256) -> String {
    let [a, b, c, d, ..] = word.0;
    format!("0x{}…", hex::encode([a, b, c, d]))
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, U256};
    use alloy_sol_types::SolError;
    use smart_session_core::abi::ISmartSession;

    use super::*;

    #[test]
    fn a_value_over_the_limit_is_told_in_ether() {
        let error = ISmartSession::ValueOverLimit {
            execution: U256::from(2),
            got: U256::from(20_000_000_000_000_000_u64),
            allowed: U256::from(10_000_000_000_000_000_u64),
        };

        assert_eq!(
            explain(&error.abi_encode()).unwrap(),
            "execution 2 sends 0.02 ETH, at most 0.01 are allowed"
        );
    }

    #[test]
    fn foreign_data_is_none() {
        assert_eq!(explain(&[]), None);
        assert_eq!(explain(&[1, 2, 3]), None);
        assert_eq!(explain(&[0; 36]), None);
    }

    #[test]
    fn arguments_that_are_cut_off_are_none() {
        let error =
            ISmartSession::NotInstalled { account: Address::repeat_byte(1), moduleTypes: 1 };
        let mut data = error.abi_encode();
        data.pop();

        assert_eq!(explain(&data), None);
    }
}
