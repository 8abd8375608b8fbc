//! The session as it travels, and its id.

use alloy_primitives::{Address, B256};

use super::entries::Hashes;
use super::kind::Kind;
use super::layout::{Layout, fixed, number};
use super::list::List;
use super::{DelegateKind, Entry, MAX_PERMISSIONS, Paymaster, Reader};
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refusal, Refused, refuse};
use crate::window::{Timestamp, ValidityWindow};
use crate::word::{self, Word};
use crate::{Environment, eip712};

/// Memory for reading a session, lent by the caller so that nothing is allocated or cleared here.
#[derive(Debug)]
pub struct Scratch<'a> {
    /// The session's own words: its type hash and fields.
    pub words: &'a mut [Word; 14],
    /// Hashes of the entries of a list, and of the rules of one entry.
    pub hashes: &'a mut Hashes,
    /// Where each permission begins, as little-endian numbers.
    pub offsets: &'a mut [[u8; 4]; MAX_PERMISSIONS],
}

/// Memory that a caller owns, to lend it.
#[derive(Clone, Debug)]
pub struct Memory {
    words: [Word; 14],
    hashes: Hashes,
    offsets: [[u8; 4]; MAX_PERMISSIONS],
}

impl Memory {
    /// Returns memory filled with a byte: what lies there does not matter.
    pub const fn filled_with(byte: u8) -> Self {
        Self {
            words: [[byte; 32]; 14],
            hashes: [[byte; 32]; MAX_PERMISSIONS + super::MAX_RULES],
            offsets: [[byte; 4]; MAX_PERMISSIONS],
        }
    }

    /// Lends it.
    pub const fn lend(&mut self) -> Scratch<'_> {
        let Self { words, hashes, offsets } = self;
        Scratch { words, hashes, offsets }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::filled_with(0)
    }
}

/// A session read from its packed form, its id computed on the way.
#[derive(Debug)]
pub struct PackedSession<'a> {
    /// `hashStruct(Session)`.
    pub id: B256,
    /// The packed bytes.
    pub bytes: &'a [u8],
    /// The chains it holds on, each with the account's epoch there.
    pub chains: List<'a>,
    /// The kind of the delegate's key.
    pub delegate_kind: DelegateKind,
    /// When.
    pub window: ValidityWindow,
    /// What may be called.
    pub permissions: List<'a>,
    /// Totals.
    pub budgets: List<'a>,
    /// What may be signed.
    pub signing: List<'a>,
    /// Whether nothing travels as a hash.
    pub is_whole: bool,
    words: &'a [Word; 14],
    offsets: &'a [[u8; 4]; MAX_PERMISSIONS],
}

/// Where the fields stand among the session's words, the type hash first.
mod field {
    pub(super) const ACCOUNT: usize = 1;
    pub(super) const CHAINS: usize = 2;
    pub(super) const DELEGATE: usize = 3;
    pub(super) const DELEGATE_KIND: usize = 4;
    pub(super) const VALID_AFTER: usize = 5;
    pub(super) const VALID_UNTIL: usize = 6;
    pub(super) const MAX_CALLS: usize = 7;
    pub(super) const FEE_LIMIT: usize = 8;
    pub(super) const PAYMASTER: usize = 9;
    pub(super) const PERMISSIONS: usize = 10;
    pub(super) const BUDGETS: usize = 11;
    pub(super) const SIGNING: usize = 12;
    pub(super) const SALT: usize = 13;
}

impl<'a> PackedSession<'a> {
    /// Reads a session of `account` and computes its id.
    ///
    /// The fields stand in the order of the struct, without `account`: the account that
    /// presents a session is the one it is for, so another account has another id.
    ///
    /// # Errors
    /// If the bytes are not canonical, or a list is over its cap.
    #[inline]
    pub fn read<E: Environment>(
        reader: &mut Reader<'a, E>,
        account: &Word,
        scratch: Scratch<'a>,
    ) -> Result<Self, Refused> {
        /// From the delegate to the fee limit.
        const FIELDS: Layout =
            Layout::of([fixed(20), fixed(1), fixed(6), fixed(6), number(4), number(12)]);
        const SALT: Layout = Layout::of([number(8)]);

        let Scratch { words, hashes, offsets } = scratch;
        let start = reader.at();
        words[0] = eip712::SESSION.word();
        words[field::ACCOUNT] = *account;
        let hash = &mut words[field::CHAINS];
        let chains = List::read(reader, Kind::CHAIN, &eip712::CHAIN.word(), hashes, &mut [], hash)?;
        if let Some(fields) = words.get_mut(field::DELEGATE..=field::FEE_LIMIT) {
            reader.fields(FIELDS, fields)?;
        }
        let delegate_kind =
            DelegateKind::read(reader.environment(), words[field::DELEGATE_KIND][31])?;
        let window = window(reader, &words[field::VALID_AFTER], &words[field::VALID_UNTIL])?;
        Paymaster::read(reader, &mut words[field::PAYMASTER])?;
        let hash = &mut words[field::PERMISSIONS];
        let permissions = List::read(
            reader,
            Kind::PERMISSION,
            &eip712::PERMISSION.word(),
            hashes,
            offsets,
            hash,
        )?;
        let hash = &mut words[field::BUDGETS];
        let budgets =
            List::read(reader, Kind::BUDGET, &eip712::BUDGET.word(), hashes, &mut [], hash)?;
        let hash = &mut words[field::SIGNING];
        let signing =
            List::read(reader, Kind::SCOPE, &eip712::SIGNING_SCOPE.word(), hashes, &mut [], hash)?;
        reader.fields(SALT, core::slice::from_mut(&mut words[field::SALT]))?;

        Ok(Self {
            id: eip712::hash_words(reader.environment(), words),
            bytes: reader.since(start),
            chains,
            delegate_kind,
            window,
            permissions,
            budgets,
            signing,
            is_whole: !reader.has_hidden(),
            words,
            offsets,
        })
    }

    /// Reads all of `bytes` as one session that is shown whole.
    ///
    /// # Errors
    /// If the bytes are not canonical, or anything travels as a hash.
    #[inline]
    pub fn read_whole<E: Environment>(
        bytes: &'a [u8],
        account: &Word,
        environment: E,
        scratch: Scratch<'a>,
    ) -> Result<Self, Refused> {
        let mut reader = Reader::new(environment, bytes);
        let session = Self::read(&mut reader, account, scratch)?;
        reader.end()?;
        session.check_whole(environment)?;
        Ok(session)
    }

    /// Checks that nothing travels as a hash.
    ///
    /// # Errors
    /// `HiddenPart`.
    #[inline]
    pub(super) fn check_whole(&self, environment: impl Environment) -> Result<(), Refused> {
        if self.is_whole { Ok(()) } else { Err(refuse::<Abi::HiddenPart>(environment)) }
    }

    /// Returns the word of the delegate's address: who may act.
    pub const fn delegate(&self) -> &'a Word {
        &self.words[field::DELEGATE]
    }

    /// Returns the total number of executions, [`crate::policy::calls::UNCOUNTED`] for any.
    pub fn max_calls(&self) -> u32 {
        let [.., a, b, c, d] = self.words[field::MAX_CALLS];
        u32::from_be_bytes([a, b, c, d])
    }

    /// Returns the most wei of gas in total, [`crate::policy::fee::UNCOUNTED`] for any.
    pub fn fee_limit(&self) -> u128 {
        word::low_u128(&self.words[field::FEE_LIMIT])
    }

    /// Returns the word of the paymaster's address; zero for none, [`Paymaster::ANY`] for any.
    pub const fn paymaster(&self) -> &'a Word {
        &self.words[field::PAYMASTER]
    }

    /// Returns a permission: the outer `None` if there is none with that index, the inner one
    /// if it is hidden.
    #[inline]
    pub fn permission(
        &self,
        environment: impl Environment,
        index: u8,
    ) -> Option<Option<Entry<'a>>> {
        if self.permissions.is_hidden() {
            return Some(None);
        }
        if usize::from(index) >= self.permissions.len() {
            return None;
        }
        let offset = u32::from_le_bytes(*self.offsets.get(usize::from(index))?);
        Some(self.permissions.at(environment, usize::try_from(offset).ok()?))
    }

    /// Returns the word of the epoch that the session names for a chain, if its entry is
    /// disclosed.
    #[inline(never)]
    pub fn epoch_on(&self, environment: impl Environment, chain_id: &Word) -> Option<Word> {
        let mut chains = self.chains.entries(environment).flatten();
        chains.find(|chain| word::equal(chain.chain_id(), chain_id)).map(|chain| *chain.epoch())
    }

    /// Returns whether any budget is for a period, so that operations carry a claimed time.
    #[inline]
    pub fn has_period(&self, environment: impl Environment) -> bool {
        self.budgets.entries(environment).flatten().any(|budget| !word::is_zero(budget.period()))
    }
}

/// Returns the window that two words stand for.
#[inline]
fn window<E: Environment>(
    reader: &Reader<'_, E>,
    after: &Word,
    until: &Word,
) -> Result<ValidityWindow, Refused> {
    let [valid_after, valid_until] = [after, until].map(word::low_u64);
    let window = match (Timestamp::new(valid_after), Timestamp::new(valid_until)) {
        (Some(after), Some(until)) => ValidityWindow::new(after, until),
        _ => None,
    };
    window.ok_or_else(|| {
        let mut refusal = Refusal::of::<Abi::RefusedWindow>();
        refusal.word(after).word(until).tell(reader.environment())
    })
}

impl PackedSession<'_> {
    /// Returns whether the delegate is an ordinary key that has this address, and so may speak
    /// for itself by calling.
    pub fn is_delegate(&self, caller: &Word) -> bool {
        self.delegate_kind == DelegateKind::Secp256k1 && word::equal(self.delegate(), caller)
    }

    /// Returns the delegate's address.
    pub fn delegate_address(&self) -> Address {
        Address::from_word(B256::new(*self.delegate()))
    }
}
