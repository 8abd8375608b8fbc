//! What an account is asked to do: calls, and how ERC-7579 encodes them.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolValue};
use smart_session_core::abi::{Execution, IAccount};
use smart_session_core::execution::MAX_EXECUTIONS;

use crate::refusal::{Refusal, RefusalCode};

/// A call that an account shall make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The callee.
    pub target: Address,
    /// The wei that it is sent.
    pub value: U256,
    /// Its calldata.
    pub data: Bytes,
}

impl Call {
    /// Returns a call that sends no value.
    pub fn new(target: Address, data: impl Into<Bytes>) -> Self {
        Self { target, value: U256::ZERO, data: data.into() }
    }

    /// Sends value with it.
    #[must_use]
    pub fn with_value(mut self, value: U256) -> Self {
        self.value = value;
        self
    }
}

/// The mode of a plain batch: call type 0x01, the rest zero (ERC-7579).
const BATCH: u8 = 0x01;

/// `execute`'s arguments: a plain single call, or a plain batch that reverts if one fails.
///
/// # Errors
/// [`Refusal`] if there is no call, or more than an operation may have.
pub fn execution(calls: &[Call]) -> Result<(B256, Bytes), Refusal> {
    match calls {
        [] => Err(Refusal::new(
            RefusalCode::NoExecution,
            "the operation executes nothing",
            "give at least one call",
        )),
        [call] => {
            let value = call.value.to_be_bytes::<32>();
            let packed = [call.target.as_slice(), &value, &call.data].concat();
            Ok((B256::ZERO, packed.into()))
        }
        _ if calls.len() > MAX_EXECUTIONS => Err(too_many(calls.len())),
        _ => {
            let executions: Vec<Execution> = calls
                .iter()
                .map(|call| Execution {
                    target: call.target,
                    value: call.value,
                    callData: call.data.clone(),
                })
                .collect();
            Ok((B256::right_padding_from(&[BATCH]), executions.abi_encode().into()))
        }
    }
}

/// Returns the calls that `execute`'s arguments make: the inverse of [`execution`].
///
/// # Errors
/// [`RefusalCode::Malformed`] for what no client here encodes.
pub(crate) fn calls_of(mode: B256, executions: &[u8]) -> Result<Vec<Call>, Refusal> {
    let calls = if mode.is_zero() {
        let (target, rest) = executions.split_first_chunk::<20>().ok_or_else(malformed)?;
        let (value, data) = rest.split_first_chunk::<32>().ok_or_else(malformed)?;
        let call = Call::new(Address::new(*target), data.to_vec());
        vec![call.with_value(U256::from_be_bytes(*value))]
    } else if mode == B256::right_padding_from(&[BATCH]) {
        let read = Vec::<Execution>::abi_decode_validate(executions).map_err(|_| malformed())?;
        read.into_iter()
            .map(|it| Call { target: it.target, value: it.value, data: it.callData })
            .collect()
    } else {
        return Err(malformed());
    };
    match execution(&calls)? {
        (again, encoded) if again == mode && encoded.as_ref() == executions => Ok(calls),
        _ => Err(malformed()),
    }
}

fn malformed() -> Refusal {
    Refusal::new(
        RefusalCode::Malformed,
        "the calls are not encoded as a plain single or a plain batch call",
        "take them unchanged from where they were encoded",
    )
}

pub(crate) fn too_many(got: usize) -> Refusal {
    Refusal::new(
        RefusalCode::TooManyExecutions,
        format!("{got} executions at once, at most {MAX_EXECUTIONS} are allowed"),
        "spread them over several operations",
    )
}

/// Returns the `callData` of a user operation that makes these calls.
///
/// # Errors
/// [`Refusal`] if there is no call, or more than an operation may have.
pub fn execute_call_data(calls: &[Call]) -> Result<Bytes, Refusal> {
    let (mode, calldata) = execution(calls)?;
    Ok(IAccount::executeCall { mode, executionCalldata: calldata }.abi_encode().into())
}

#[cfg(test)]
mod tests {
    use alloy_primitives::B256;
    use smart_session_core::OffChain;
    use smart_session_core::execution::Executions;

    use super::*;

    fn call(byte: u8, length: usize) -> Call {
        Call::new(Address::repeat_byte(byte), vec![byte; length]).with_value(U256::from(byte))
    }

    #[test]
    fn what_is_encoded_is_what_the_module_reads() {
        for calls in [vec![call(1, 0)], vec![call(1, 4), call(2, 33)], vec![call(3, 7); 32]] {
            let data = execute_call_data(&calls).unwrap();

            let environment = &OffChain::default();
            let read: Vec<Call> = Executions::decode(environment, &data)
                .unwrap()
                .iter(environment)
                .map(|execution| {
                    let execution = execution.unwrap();
                    let target = Address::from_word(B256::new(execution.target));
                    Call::new(target, execution.call_data.to_vec())
                        .with_value(U256::from_be_bytes(*execution.value))
                })
                .collect();
            assert_eq!(read, calls);
        }
    }

    #[test]
    fn calls_are_read_back_and_nothing_else_is() {
        for calls in [vec![call(1, 0)], vec![call(1, 4), call(2, 33)], vec![call(3, 7); 32]] {
            let (mode, executions) = execution(&calls).unwrap();

            assert_eq!(calls_of(mode, &executions), Ok(calls));
            let longer = [&executions, &[0][..]].concat();
            let delegatecall = B256::right_padding_from(&[0xff]);
            for (mode, executions) in [(mode, &executions[..19]), (delegatecall, &executions[..])] {
                let refusal = calls_of(mode, executions).unwrap_err();
                assert_eq!(refusal.code(), RefusalCode::Malformed);
            }
            // What stands behind a single call's data is its data.
            assert!(mode.is_zero() || calls_of(mode, &longer).is_err());
        }
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(execute_call_data(&[]).unwrap_err().code(), RefusalCode::NoExecution);
        let many = vec![call(1, 0); 33];
        assert_eq!(execute_call_data(&many).unwrap_err().code(), RefusalCode::TooManyExecutions);
    }
}
