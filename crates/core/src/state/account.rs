//! What is kept of an account.

use super::{ModuleTypes, Route};
use crate::word::Word;

/// What is kept of an account, as its word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountState(pub Word);

/// Byte offsets in the account's word.
mod account_word {
    pub(super) const FLAGS: usize = 0;
    pub(super) const ROUTE_LEN: usize = 9;
}

impl AccountState {
    /// Returns as which module types it is installed.
    pub const fn installed(&self) -> ModuleTypes {
        ModuleTypes::of_flags(self.0[account_word::FLAGS])
    }

    /// Says as which module types it is installed.
    pub const fn set_installed(&mut self, types: ModuleTypes) {
        self.0[account_word::FLAGS] = types.to_byte();
    }

    /// Returns the epoch: sessions that name another one are void.
    pub const fn epoch(&self) -> u64 {
        let [_, a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// Moves the epoch.
    pub fn set_epoch(&mut self, epoch: u64) {
        if let [_, rest @ ..] = &mut self.0
            && let Some(to) = rest.first_chunk_mut()
        {
            *to = epoch.to_be_bytes();
        }
    }

    /// Returns whose signatures enable sessions.
    pub fn route(&self) -> Route<'_> {
        let len = self.0[account_word::ROUTE_LEN];
        let [_, _, _, _, _, _, _, _, _, _, bytes @ ..] = &self.0;
        Route { len, bytes: bytes.get(..usize::from(len)).unwrap_or_default() }
    }

    /// Says whose signatures enable sessions.
    pub fn set_route(&mut self, route: Route<'_>) {
        self.0[account_word::ROUTE_LEN] = route.len;
        let [_, _, _, _, _, _, _, _, _, _, bytes @ ..] = &mut self.0;
        let padded = route.bytes.iter().chain(core::iter::repeat(&0));
        for (to, from) in bytes.iter_mut().zip(padded) {
            *to = *from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_word_is_flags_epoch_route() {
        let route = Route::new(2, &[0x0d, 0x0e]).unwrap();
        let mut state = AccountState::default();
        state.set_route(Route::new(21, &[0xff; 21]).unwrap());
        state.set_installed(ModuleTypes::BOTH);
        state.set_epoch(0x0405_0607_0809_0a0b);
        state.set_route(route);
        let mut expected = [0; 32];
        expected[..12].copy_from_slice(&[3, 4, 5, 6, 7, 8, 9, 0x0a, 0x0b, 2, 0x0d, 0x0e]);

        assert_eq!(state.0, expected);
        assert_eq!(state.installed(), ModuleTypes::BOTH);
        assert_eq!(state.epoch(), 0x0405_0607_0809_0a0b);
        assert_eq!(state.route(), route);
    }
}
