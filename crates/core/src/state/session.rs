//! What is kept of a session.

use crate::word::{self, Word};

/// What has become of a session. It only ever moves forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Status {
    /// Never seen, or only signed.
    #[default]
    Unknown = 0,
    /// In force.
    Enabled = 1,
    /// Ended for ever.
    Revoked = 2,
}

impl Status {
    /// Returns the byte that stands for it.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Enabled => 1,
            Self::Revoked => 2,
        }
    }
}

/// What is kept of a session, as its word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionState(pub Word);

impl SessionState {
    /// Returns whether it is in force. A byte that this module never writes reads as revoked.
    pub const fn status(&self) -> Status {
        let [status, ..] = self.0;
        match status {
            0 => Status::Unknown,
            1 => Status::Enabled,
            _ => Status::Revoked,
        }
    }

    /// Says whether it is in force.
    pub const fn set_status(&mut self, status: Status) {
        let [byte, ..] = &mut self.0;
        *byte = status.to_byte();
    }

    /// Returns the executions so far.
    pub const fn calls(&self) -> u32 {
        let [_, a, b, c, d, ..] = self.0;
        u32::from_be_bytes([a, b, c, d])
    }

    /// Says how many executions there were.
    pub const fn set_calls(&mut self, calls: u32) {
        let [_, a, b, c, d, ..] = &mut self.0;
        [*a, *b, *c, *d] = calls.to_be_bytes();
    }

    /// Returns the wei of gas so far, below 2^96.
    pub fn fee(&self) -> u128 {
        self.uint96(5)
    }

    /// Says how many wei of gas there were, below 2^96.
    pub fn set_fee(&mut self, fee: u128) {
        self.set_uint96(5, fee);
    }

    /// Returns the native value so far under the whole-session budget, below 2^96.
    pub fn native(&self) -> u128 {
        self.uint96(17)
    }

    /// Says how much native value there was, below 2^96.
    pub fn set_native(&mut self, native: u128) {
        self.set_uint96(17, native);
    }

    /// Returns the nonce that the next order must have.
    pub const fn order_nonce(&self) -> u32 {
        let [.., a, b, c] = self.0;
        u32::from_be_bytes([0, a, b, c])
    }

    /// Says what nonce the next order must have, below 2^24.
    pub const fn set_order_nonce(&mut self, nonce: u32) {
        let [_, low @ ..] = nonce.to_be_bytes();
        let [.., a, b, c] = &mut self.0;
        [*a, *b, *c] = low;
    }

    #[inline(never)]
    fn uint96(&self, at: usize) -> u128 {
        let mut word = word::ZERO;
        word::put_right(
            &mut word,
            self.0.get(at..).and_then(|rest| rest.get(..12)).unwrap_or_default(),
        );
        word::low_u128(&word)
    }

    #[inline(never)]
    fn set_uint96(&mut self, at: usize, number: u128) {
        if let Some(to) = self.0.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<12>()) {
            let [_, _, _, _, low @ ..] = number.to_be_bytes();
            *to = low;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_word_is_status_calls_fee_native_nonce() {
        let mut state = SessionState::default();
        state.set_status(Status::Enabled);
        state.set_calls(0x0203_0405);
        state.set_fee(0x0607_0809_0a0b_0c0d_0e0f_1011);
        state.set_native(0x1213_1415_1617_1819_1a1b_1c1d);
        state.set_order_nonce(0x001e_1f20);
        let expected = core::array::from_fn(|index| u8::try_from(index).unwrap() + 1);

        assert_eq!(state.0, expected);
        assert_eq!(state.status(), Status::Enabled);
        assert_eq!(state.calls(), 0x0203_0405);
        assert_eq!(state.fee(), 0x0607_0809_0a0b_0c0d_0e0f_1011);
        assert_eq!(state.native(), 0x1213_1415_1617_1819_1a1b_1c1d);
        assert_eq!(state.order_nonce(), 0x001e_1f20);
    }

    #[test]
    fn an_empty_session_word_is_unknown_and_unused() {
        let state = SessionState(word::ZERO);

        assert_eq!(state.status(), Status::Unknown);
        assert_eq!((state.calls(), state.fee(), state.native()), (0, 0, 0));
        assert_eq!(state.order_nonce(), 0);
    }

    #[test]
    fn all_status_bytes_that_are_never_written_read_as_revoked() {
        for byte in 2..=255 {
            let mut word = word::ZERO;
            word[0] = byte;
            assert_eq!(SessionState(word).status(), Status::Revoked, "{byte}");
        }
    }
}
