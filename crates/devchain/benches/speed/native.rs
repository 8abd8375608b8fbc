//! Native code of the recorded loop, as a reference.

use std::hint::black_box;

use crate::ROUNDS;

/// The loop of the recording `op-loop`, a sum of squares, in a form that LLVM cannot foresee.
pub(crate) fn sum() {
    let mut sum = 0_u64;
    for round in 0..black_box(ROUNDS) {
        sum = black_box(sum.wrapping_add(u64::from(round).wrapping_mul(round.into())));
    }
    black_box(sum);
}

/// The same, as metered code does it: ink in memory that each of the two basic blocks of a round
/// compares and lowers.
pub(crate) fn counting_sum() {
    let (mut ink, mut sum) = (u64::MAX, 0_u64);
    for round in 0..black_box(ROUNDS) {
        for price in [3_536, 4_000] {
            let left = black_box(&mut ink);
            let Some(rest) = left.checked_sub(price) else { return };
            *left = rest;
        }
        sum = black_box(sum.wrapping_add(u64::from(round).wrapping_mul(round.into())));
    }
    black_box(sum);
}
