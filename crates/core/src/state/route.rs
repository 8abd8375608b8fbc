//! Whose signatures enable sessions.

/// The bytes that an owner's signature must begin with: those that select one validator of the
/// account, so that a weaker one cannot authorise sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Route<'a> {
    pub(super) len: u8,
    pub(super) bytes: &'a [u8],
}

impl<'a> Route<'a> {
    /// Most bytes of a route.
    pub const MAX_LEN: usize = 21;
    const CLOSED: u8 = 0xff;

    /// Reads a route of so many bytes; length 255 closes enabling by signature.
    ///
    /// Returns `None` for a length between 22 and 254, or if `bytes` has another length.
    pub fn new(len: u8, bytes: &'a [u8]) -> Option<Self> {
        let expected = Self::bytes_of(len);
        let is_proper = expected <= Self::MAX_LEN && bytes.len() == expected;
        is_proper.then_some(Self { len, bytes })
    }

    /// Returns how many bytes follow a route's length.
    pub fn bytes_of(len: u8) -> usize {
        if len == Self::CLOSED { 0 } else { len.into() }
    }

    /// Returns whether no signature at all enables sessions.
    pub const fn is_closed(&self) -> bool {
        self.len == Self::CLOSED
    }

    /// Returns whether an owner's signature takes this route.
    pub fn is_taken_by(&self, signature: &[u8]) -> bool {
        !self.is_closed() && signature.starts_with(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::AccountState;

    #[test]
    fn all_route_lengths_from_22_to_254_are_refused() {
        for len in 0..=u8::MAX {
            let bytes = [7; 255];
            let given = if len == 255 { &[][..] } else { &bytes[..usize::from(len)] };
            assert_eq!(Route::new(len, given).is_some(), len <= 21 || len == 255, "{len}");
        }
    }

    #[test]
    fn a_route_is_taken_by_signatures_that_begin_with_it() {
        let route = Route::new(2, &[1, 2]).unwrap();
        assert!(route.is_taken_by(&[1, 2, 3]));
        assert!(route.is_taken_by(&[1, 2]));
        assert!(!route.is_taken_by(&[1]));
        assert!(!route.is_taken_by(&[1, 3, 3]));

        let any = Route::default();
        assert!(any.is_taken_by(&[]) && any.is_taken_by(&[9]));

        let closed = Route::new(255, &[]).unwrap();
        assert!(closed.is_closed() && !closed.is_taken_by(&[0xff; 300]));
        let mut state = AccountState::default();
        state.set_route(closed);
        assert!(state.route().is_closed());
    }
}
