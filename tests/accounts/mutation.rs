//! Calldata for `execute`: as clients write it, and as an attacker would who wants to be misread.

use alloy_primitives::{Address, Bytes, U256};
use testbed::account::{batch_mode, execute, packed};
use testbed::{Call, SmartAccount};

use crate::random::Random;

/// `executeUserOp(PackedUserOperation,bytes32)`.
const EXECUTE_USER_OP: [u8; 4] = [0x8d, 0xd7, 0x71, 0x2f];

/// Returns one to five calls of some targets.
fn calls(random: &mut Random, targets: &[Address]) -> Vec<Call> {
    let count = 1 + random.below(5);
    (0..count)
        .map(|_| {
            let len = random.pick(&[0, 1, 3, 4, 5, 31, 32, 33, 64, 68, 100]);
            let data = random.bytes(len);
            let value = U256::from(random.pick(&[0_u64, 0, 1, 7, 1 << 33]));
            Call::new(random.pick(targets), data).with_value(value)
        })
        .collect()
}

/// Returns calldata that an account should run, in any of its forms.
pub(super) fn honest(
    random: &mut Random,
    account: &dyn SmartAccount,
    targets: &[Address],
) -> Vec<u8> {
    let calls = calls(random, targets);
    let call_data = match calls.as_slice() {
        [call] if random.below(2) == 0 => account.execute(call),
        calls => account.execute_batch(calls),
    };
    if random.below(5) == 0 {
        [&EXECUTE_USER_OP[..], &call_data].concat()
    } else {
        call_data.to_vec()
    }
}

/// Words that decoders have stumbled over.
fn awkward(random: &mut Random) -> U256 {
    let small = U256::from(random.pick(&[0_u64, 1, 2, 0x20, 0x40, 0x60, 0x80, 0xa0, 0xc0, 0xe0]));
    match random.below(6) {
        0 => small + (U256::from(1) << 32),
        1 => small + (U256::from(1) << 64),
        2 => small + (U256::from(1) << 255),
        // A negative offset: what it is added to wraps around.
        3 => U256::ZERO.wrapping_sub(small),
        _ => small,
    }
}

/// Changes calldata in one way that a canonical decoder must notice, or not care about.
pub(super) fn mutate(random: &mut Random, data: &mut Vec<u8>) {
    let prefix = if data.starts_with(&EXECUTE_USER_OP) { 8 } else { 4 };
    let words = data.len().saturating_sub(prefix) / 32;
    if words == 0 {
        return;
    }
    // A batch's count is word 4, the heads of its elements follow. Everything is tried, but most
    // of all the heads, and then what stands before them.
    let count = data.get(prefix + 4 * 32 + 31).map_or(0, |count| usize::from(*count));
    let some_word = |random: &mut Random| {
        let word = match random.below(4) {
            0 => random.below(words),
            1 => random.below(words.min(6)),
            _ => (5 + random.below(count.clamp(1, 5))).min(words - 1),
        };
        prefix + 32 * word
    };
    let at = some_word(random);
    match random.below(11) {
        0 | 1 => data[at..at + 32].copy_from_slice(&awkward(random).to_be_bytes::<32>()),
        2 => {
            let word = U256::from_be_slice(&data[at..at + 32]);
            let delta = U256::from(random.pick(&[1_u64, 31, 32, 64, 96]));
            let moved = if random.below(2) == 0 {
                word.wrapping_add(delta)
            } else {
                word.wrapping_sub(delta)
            };
            data[at..at + 32].copy_from_slice(&moved.to_be_bytes::<32>());
        }
        3 => data.truncate(data.len() - 1 - random.below(64.min(data.len() - 1))),
        4 => {
            let len = 1 + random.below(64);
            let tail = if random.below(2) == 0 { vec![0; len] } else { random.bytes(len) };
            data.extend(tail);
        }
        5 => {
            let word = awkward(random).to_be_bytes::<32>();
            data.splice(at..at, word);
        }
        6 => {
            data.drain(at..at + 32);
        }
        7 => {
            let byte = random.below(data.len());
            data[byte] ^= 1 << random.below(8);
        }
        8 => {
            let from = some_word(random);
            data.copy_within(from..from + 32, at);
        }
        9 => {
            let other = some_word(random);
            for byte in 0..32 {
                data.swap(at + byte, other + byte);
            }
        }
        _ => {
            data.splice(0..0, EXECUTE_USER_OP);
        }
    }
}

/// Calldata that an account's decoder might run and that no session may be read from, by name.
pub(super) fn adversarial(target: Address) -> Vec<(&'static str, Bytes)> {
    let word = |number: u64| U256::from(number).to_be_bytes::<32>();
    let element = |tag: u8| {
        let head = [target.into_word().0, word(0), word(0x60), word(4)].concat();
        [head, [tag; 4].to_vec(), vec![0; 28]].concat()
    };
    let batch = |words: &[&[u8]]| execute(batch_mode(), words.concat());
    let (one, two) = (element(1), element(2));
    let wrapped = U256::ZERO.wrapping_sub(U256::from(0x20)).to_be_bytes::<32>();
    let single = execute(alloy_primitives::B256::ZERO, packed(&Call::new(target, vec![1; 4])));
    let with_gap = {
        let mut data = single.to_vec();
        data[4 + 63] = 0x60;
        data.splice(4 + 64..4 + 64, [0; 32]);
        Bytes::from(data)
    };
    vec![
        ("no execution", batch(&[&word(0x20), &word(0)])),
        ("two heads, one element", batch(&[&word(0x20), &word(2), &word(64), &word(64), &one])),
        (
            "elements out of order",
            batch(&[&word(0x20), &word(2), &word(64 + 160), &word(64), &one, &two]),
        ),
        (
            "a gap before the first element",
            batch(&[&word(0x20), &word(1), &word(64), &word(0), &one]),
        ),
        (
            "an element that nothing points to",
            batch(&[&word(0x20), &word(1), &word(32), &one, &two]),
        ),
        ("the array further back", batch(&[&word(0x40), &word(0), &word(1), &word(32), &one])),
        ("an offset that wraps around", batch(&[&word(0x20), &word(1), &wrapped, &one])),
        ("bytes behind the array", batch(&[&word(0x20), &word(1), &word(32), &one, &word(0)])),
        ("a gap before the execution", with_gap),
        ("bytes behind the execution", Bytes::from([&single[..], &[0; 32]].concat())),
    ]
}
