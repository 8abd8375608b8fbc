//! What is kept on chain, and where: one word for an account, one for each of its sessions.
//!
//! | slot | word, from the most significant byte, the rest zero |
//! |---|---|
//! | `keccak256(account ‖ keccak256("SmartSession.account"))` | flags u8 ‖ epoch u64 ‖ route length u8 ‖ route, up to 21 bytes |
//! | `S = keccak256(account ‖ sessionId)` | status u8 ‖ calls u32 ‖ fee u96 ‖ native u96 |
//! | `S + 1 + i` | budget `i`: spent u128 ‖ period index u64 |
//!
//! The native budget of the whole session stands in the session's word.
//!
//! Preimages are two words, the account first: associated storage (ERC-7562 STO-021).

use alloy_primitives::{B256, b256};

use crate::word::{self, Constant, Word};
use crate::{Environment, eip712};

/// `keccak256("SmartSession.account")`.
const ACCOUNT: Constant =
    Constant::new(b256!("ba1b560f773c2a30ebcec27efb063bd9aa54192b50d639870437e226cce96885"));

/// Returns the slot of an account's word.
pub fn account_slot(environment: impl Environment, account: &Word) -> B256 {
    session_slot(environment, account, &ACCOUNT.word())
}

/// Returns whether something stands in the place of a session id in the slot of an account's
/// word: whoever takes a session id from outside must refuse it.
pub fn is_account_tag(session_id: &Word) -> bool {
    ACCOUNT.is(session_id)
}

/// Returns the slot of a session's word.
pub fn session_slot(environment: impl Environment, account: &Word, session_id: &Word) -> B256 {
    eip712::hash_words(environment, &[*account, *session_id])
}

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
        ModuleTypes(self.0[account_word::FLAGS])
    }

    /// Says as which module types it is installed.
    pub const fn set_installed(&mut self, types: ModuleTypes) {
        self.0[account_word::FLAGS] = types.0;
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

/// A set of ERC-7579 module types: validator (type 1) and executor (type 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModuleTypes(u8);

impl ModuleTypes {
    /// Neither.
    pub const NONE: Self = Self(0);
    /// Type 1.
    pub const VALIDATOR: Self = Self(1);
    /// Type 2.
    pub const EXECUTOR: Self = Self(2);
    /// Both.
    pub const BOTH: Self = Self(3);

    /// Returns the set that a byte stands for, `None` if it stands for no or an unknown type.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1..=3 => Some(Self(byte)),
            _ => None,
        }
    }

    /// Returns the byte that stands for it.
    pub const fn to_byte(self) -> u8 {
        self.0
    }

    /// Returns whether it has any of `others`.
    pub const fn has_any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Returns whether it has all of `others`.
    pub const fn has_all(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Returns it with all of `others`.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Returns it without any of `others`.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}

/// The bytes that an owner's signature must begin with: those that select one validator of the
/// account, so that a weaker one cannot authorise sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Route<'a> {
    len: u8,
    bytes: &'a [u8],
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

/// Returns the slot of a budget's word: at most 16 behind the session's, which is within what
/// ERC-7562 counts as associated storage.
pub fn budget_slot(session_slot: &B256, budget: usize) -> B256 {
    let mut slot = *session_slot;
    let mut carry = budget.saturating_add(1);
    for byte in slot.iter_mut().rev() {
        carry = carry.saturating_add(usize::from(*byte));
        let [low, ..] = carry.to_le_bytes();
        *byte = low;
        carry >>= 8;
    }
    slot
}

/// What is kept of a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BudgetState {
    /// What was spent, in that period.
    pub spent: u128,
    /// The latest period in which anything was spent, counted from 0.
    pub period: u64,
}

impl BudgetState {
    /// Reads the budget's word.
    pub fn from_word(word: &Word) -> Self {
        let (spent, low) = word::to_u128_pair(word);
        let [a, b, c, d, e, f, g, h, ..] = low.to_be_bytes();
        Self { spent, period: u64::from_be_bytes([a, b, c, d, e, f, g, h]) }
    }

    /// Returns the budget's word.
    pub fn to_word(self) -> Word {
        word::from_u128_pair(self.spent, u128::from(self.period) << 64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_word_is_status_calls_fee_native() {
        let mut state = SessionState::default();
        state.set_status(Status::Enabled);
        state.set_calls(0x0203_0405);
        state.set_fee(0x0607_0809_0a0b_0c0d_0e0f_1011);
        state.set_native(0x1213_1415_1617_1819_1a1b_1c1d);
        let mut expected = [0; 32];
        for (byte, value) in expected.iter_mut().take(29).zip(1..) {
            *byte = value;
        }

        assert_eq!(state.0, expected);
        assert_eq!(state.status(), Status::Enabled);
        assert_eq!(state.calls(), 0x0203_0405);
        assert_eq!(state.fee(), 0x0607_0809_0a0b_0c0d_0e0f_1011);
        assert_eq!(state.native(), 0x1213_1415_1617_1819_1a1b_1c1d);
    }

    #[test]
    fn an_empty_session_word_is_unknown_and_unused() {
        let state = SessionState(word::ZERO);

        assert_eq!(state.status(), Status::Unknown);
        assert_eq!((state.calls(), state.fee(), state.native()), (0, 0, 0));
    }

    #[test]
    fn all_status_bytes_that_are_never_written_read_as_revoked() {
        for byte in 2..=255 {
            let mut word = word::ZERO;
            word[0] = byte;
            assert_eq!(SessionState(word).status(), Status::Revoked, "{byte}");
        }
    }

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

    #[test]
    fn all_module_type_bytes_but_1_2_3_are_refused() {
        for byte in 0..=u8::MAX {
            assert_eq!(ModuleTypes::from_byte(byte).is_some(), (1..=3).contains(&byte), "{byte}");
        }
    }

    #[test]
    fn budgets_stand_right_behind_their_session() {
        use alloy_primitives::U256;

        for slot in [B256::ZERO, B256::repeat_byte(0xff), B256::repeat_byte(0x7f)] {
            for budget in 0..16 {
                let expected = U256::from_be_bytes(slot.0).wrapping_add(U256::from(1 + budget));
                assert_eq!(budget_slot(&slot, budget), B256::from(expected));
            }
        }
    }

    #[test]
    fn a_budget_word_is_spent_and_period() {
        let state = BudgetState { spent: 0x0102, period: 0x0304 };
        let mut expected = [0; 32];
        expected[14..16].copy_from_slice(&[1, 2]);
        expected[22..24].copy_from_slice(&[3, 4]);

        assert_eq!(state.to_word(), expected);
        assert_eq!(BudgetState::from_word(&expected), state);
    }

    #[test]
    fn slots_are_associated_storage() {
        use alloy_primitives::Address;

        use crate::OffChain;

        let account = Address::repeat_byte(0xac);
        let id = B256::repeat_byte(0x1d);
        // keccak256(account ‖ x), the account left-padded: ERC-7562 STO-021.
        let mut preimage = [0; 64];
        preimage[12..32].copy_from_slice(account.as_slice());
        preimage[32..].copy_from_slice(id.as_slice());

        assert_eq!(
            session_slot(&OffChain::default(), &word::from_address(account), &id.0),
            alloy_primitives::keccak256(preimage)
        );

        let tag = alloy_primitives::keccak256("SmartSession.account");
        preimage[32..].copy_from_slice(tag.as_slice());
        assert_eq!(
            account_slot(&OffChain::default(), &word::from_address(account)),
            alloy_primitives::keccak256(preimage)
        );
    }
}
