//! The execution decoder, against alloy's ABI codec.

use alloy_primitives::{Address, B256, Bytes, U256};
use alloy_sol_types::{SolCall, SolValue};
use proptest::collection::vec;
use proptest::prelude::*;
use smart_session_core::OffChain;
use smart_session_core::abi::ISmartSession::{self as abi, ISmartSessionErrors as Error};
use smart_session_core::abi::{Execution, IAccount};
use smart_session_core::execution::Executions;

fn execution() -> impl Strategy<Value = Execution> {
    (any::<[u8; 20]>(), any::<[u8; 32]>(), vec(any::<u8>(), 0..100)).prop_map(
        |(target, value, data)| Execution {
            target: Address::new(target),
            value: U256::from_be_bytes(value),
            callData: data.into(),
        },
    )
}

fn call(mode: u8, calldata: Vec<u8>) -> Vec<u8> {
    let mut word = B256::ZERO;
    word[0] = mode;
    IAccount::executeCall { mode: word, executionCalldata: Bytes::from(calldata) }.abi_encode()
}

fn single(execution: &Execution) -> Vec<u8> {
    let value = execution.value.to_be_bytes::<32>();
    call(0, [execution.target.as_slice(), &value, &execution.callData].concat())
}

fn batch(executions: &[Execution]) -> Vec<u8> {
    call(1, executions.to_vec().abi_encode())
}

fn decode(call_data: &[u8]) -> Result<Vec<Execution>, Error> {
    OffChain::ask(|environment| {
        let executions = Executions::decode(environment, call_data)?;
        let decoded: Result<Vec<_>, _> = executions
            .iter(environment)
            .map(|execution| {
                execution.map(|execution| Execution {
                    target: Address::from_word(B256::new(execution.target)),
                    value: U256::from_be_bytes(*execution.value),
                    callData: Bytes::copy_from_slice(execution.call_data),
                })
            })
            .collect();
        let decoded = decoded?;
        assert_eq!(decoded.len(), executions.len());
        Ok(decoded)
    })
}

fn malformed(execution: u64) -> Error {
    Error::MalformedExecution(abi::MalformedExecution { execution: U256::from(execution) })
}

proptest! {
    #[test]
    fn prop_a_single_call_roundtrip(execution in execution()) {
        prop_assert_eq!(decode(&single(&execution)), Ok(vec![execution]));
    }

    #[test]
    fn prop_a_batch_roundtrip(executions in vec(execution(), 1..=32)) {
        prop_assert_eq!(decode(&batch(&executions)), Ok(executions));
    }

    #[test]
    fn prop_a_prefix_changes_nothing(executions in vec(execution(), 1..4)) {
        let prefixed = [&[0x8d, 0xd7, 0x71, 0x2f], &batch(&executions)[..]].concat();
        prop_assert_eq!(decode(&prefixed), Ok(executions));
    }

    /// Whatever is changed in the encoding: it is refused, or read as alloy reads it.
    #[test]
    fn prop_what_is_read_is_what_another_decoder_reads(
        executions in vec(execution(), 1..4),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut call_data = batch(&executions);
        let at = at.index(call_data.len());
        call_data[at] = byte;

        if let Ok(decoded) = decode(&call_data) {
            let call = IAccount::executeCall::abi_decode(&call_data).unwrap();
            if call.mode[0] == 1 {
                let expected = <Vec<Execution>>::abi_decode(&call.executionCalldata).unwrap();
                prop_assert_eq!(decoded, expected);
            } else {
                let calldata = &call.executionCalldata;
                prop_assert_eq!(decoded[0].target.as_slice(), &calldata[..20]);
                prop_assert_eq!(&decoded[0].callData, &calldata[52..]);
            }
        }
    }

    #[test]
    fn prop_decoding_never_panics(bytes in vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes);
        let _ = decode(&call(0, bytes.clone()));
        let _ = decode(&call(1, bytes));
    }

    #[test]
    fn prop_one_byte_more_or_less_is_refused(executions in vec(execution(), 1..4)) {
        let good = batch(&executions);
        let mut longer = good.clone();
        longer.push(0);

        prop_assert!(decode(&longer).is_err());
        prop_assert!(decode(&good[..good.len() - 1]).is_err());
    }
}

fn one() -> Execution {
    Execution {
        target: Address::repeat_byte(1),
        value: U256::from(2),
        callData: vec![3; 36].into(),
    }
}

#[test]
fn an_empty_batch_is_refused() {
    assert_eq!(decode(&batch(&[])), Err(malformed(0)));
}

#[test]
fn a_batch_of_33_is_refused() {
    assert_eq!(
        decode(&batch(&vec![one(); 33])),
        Err(Error::TooManyExecutions(abi::TooManyExecutions {
            got: U256::from(33),
            allowed: U256::from(32),
        }))
    );
}

#[test]
fn elements_out_of_order_or_aliased_are_refused() {
    let good = batch(&[one(), one()]);
    // selector, mode, offset, length, offset of the array, its length: then the two offsets.
    let first = 4 + 5 * 32;
    let (a, b) = (good[first..first + 32].to_vec(), good[first + 32..first + 64].to_vec());

    let mut swapped = good.clone();
    swapped[first..first + 32].copy_from_slice(&b);
    swapped[first + 32..first + 64].copy_from_slice(&a);
    assert_eq!(decode(&swapped), Err(malformed(0)));

    let mut aliased = good.clone();
    aliased[first + 32..first + 64].copy_from_slice(&a);
    assert_eq!(decode(&aliased), Err(malformed(1)));
}

#[test]
fn offsets_that_wrap_in_32_bits_are_refused() {
    // Calldata of whole words: there is no padding, which nobody reads.
    let one = Execution { callData: vec![3; 64].into(), ..one() };
    let good = batch(std::slice::from_ref(&one));
    for word in 1..(good.len() - 4) / 32 {
        let mut bad = good.clone();
        // + 2^32: the same number if narrowed to 32 bits.
        bad[4 + 32 * word + 27] ^= 1;
        if let Ok(decoded) = decode(&bad) {
            // The word is value or calldata: any number is fine there.
            assert_ne!(decoded, vec![one.clone()], "word {word}");
        }
    }
}

#[test]
fn a_target_with_dirty_upper_bytes_is_refused() {
    let mut bad = batch(&[one()]);
    let target = 4 + 6 * 32;
    assert_eq!(bad[target + 12], 1);
    bad[target] = 1;

    assert_eq!(decode(&bad), Err(malformed(0)));
}

#[test]
fn a_single_call_shorter_than_target_and_value_is_refused() {
    for len in 0..52 {
        assert_eq!(decode(&call(0, vec![1; len])), Err(malformed(0)));
    }
    assert!(decode(&call(0, vec![1; 52])).is_ok());
}

#[test]
fn all_call_types_and_exec_types_but_two_are_refused() {
    for call_type in 0..=255 {
        for exec_type in 0..=255 {
            let mut mode = B256::ZERO;
            mode[0] = call_type;
            mode[1] = exec_type;
            let calldata = match call_type {
                1 => vec![one()].abi_encode(),
                _ => vec![1; 60],
            };
            let call =
                IAccount::executeCall { mode, executionCalldata: calldata.into() }.abi_encode();

            let expected = call_type <= 1 && exec_type == 0;
            match decode(&call) {
                Ok(_) => assert!(expected, "{call_type} {exec_type}"),
                Err(error) => {
                    assert!(!expected, "{call_type} {exec_type}");
                    let got = mode;
                    let expected = abi::UnsupportedExecutionMode { got };
                    assert_eq!(error, Error::UnsupportedExecutionMode(expected));
                }
            }
        }
    }
}

#[test]
fn other_functions_are_named_in_the_error() {
    for (call_data, selector) in [
        (&[][..], [0; 4]),
        (&[1, 2], [1, 2, 0, 0]),
        (&[1, 2, 3, 4, 5], [1, 2, 3, 4]),
        (&[0x8d, 0xd7, 0x71, 0x2f], [0; 4]),
        (&[0x8d, 0xd7, 0x71, 0x2f, 0x8d, 0xd7, 0x71, 0x2f], [0x8d, 0xd7, 0x71, 0x2f]),
    ] {
        let error = abi::UnsupportedCall { selector: selector.into() };
        assert_eq!(decode(call_data), Err(Error::UnsupportedCall(error)));
    }
}
