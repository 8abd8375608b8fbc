//! Numbers between the chain and JavaScript.

/// A number as JavaScript has it. (rquickjs turns the largest of 64 bits into -1.)
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "geth rounds gas above 2^53 too"
)]
pub(super) fn number(number: u64) -> f64 {
    number as f64
}

/// A number of JavaScript that is a whole one, such as an index.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a whole number of 32 bits"
)]
pub(super) fn whole(number: f64) -> Option<usize> {
    let is_whole = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    is_whole.then_some(number as usize)
}
