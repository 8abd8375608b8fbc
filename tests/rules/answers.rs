//! What accounts answer to `executeFromExecutor`: the module takes the canonical `bytes[]` with one
//! entry for each call, and every account gives it, whatever the calls return.

use alloy_primitives::{Address, U256, hex};
use alloy_sol_types::SolCall;
use smart_session_core::abi::ISmartSession;
use testbed::Call;

use crate::direct_world::{AMPLE, DirectWorld};

/// A contract that returns as many zeros as the first word of its calldata says: RETURN(0, word).
const ECHO: Address = Address::repeat_byte(0x54);
const ECHO_CODE: [u8; 4] = hex!("5f355ff3");

/// Returns a call of it.
fn returning(length: u64) -> Call {
    Call::new(ECHO, U256::from(length).to_be_bytes::<32>())
}

#[test]
fn every_accounts_answer_is_taken_whatever_its_calls_return() {
    for (name, mut world) in DirectWorld::all() {
        world.bed.chain.set_code(ECHO, ECHO_CODE.to_vec());
        world.enable(|session| {
            session.permissions = vec![crate::direct_world::may_call(ECHO)];
            session.max_calls = 1_000;
        });
        for count in [1, 5, 32] {
            for length in [0, 1, 31, 32, 33, 10_000] {
                let calls = vec![returning(length); count];
                let delegate = world.game.delegate.address();
                let data = world.calling(&calls).execute().abi_encode();

                let outcome = world.send(delegate, data, AMPLE);

                assert!(outcome.is_success(), "{name}: {count} × {length}: {}", outcome.output);
                let answers =
                    ISmartSession::executeCall::abi_decode_returns(&outcome.output).unwrap();
                assert_eq!(answers.len(), count, "{name}");
                let length = usize::try_from(length).unwrap();
                assert!(answers.iter().all(|answer| answer.len() == length), "{name}");
            }
        }
    }
}

/// Entries of different lengths in one answer.
#[test]
fn answers_of_different_lengths_stand_in_one() {
    for (name, mut world) in DirectWorld::all() {
        world.bed.chain.set_code(ECHO, ECHO_CODE.to_vec());
        world.enable_for(ECHO);
        let lengths = [33, 0, 10_000, 1, 32, 31];
        let calls = lengths.map(returning);
        let order = world.order(0, 200_000);

        let outcome = world.bring(&world.calling(&calls), &order, AMPLE);

        assert!(outcome.is_success(), "{name}: {}", outcome.output);
        let answers = ISmartSession::executeForCall::abi_decode_returns(&outcome.output).unwrap();
        let got: Vec<u64> =
            answers.iter().map(|answer| u64::try_from(answer.len()).unwrap()).collect();
        assert_eq!(got, lengths, "{name}");
    }
}
