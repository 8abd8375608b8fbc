//! The session as it travels, and its id.

use alloy_primitives::{Address, B256};

use super::{
    DecodeError, MAX_CHAINS, MAX_PERMISSIONS, MAX_RULES, MAX_SCOPES, Malformed, PackedBudgets,
    PackedPermission, PackedRules, Reader, StructureError,
};
use crate::verdict::{Timestamp, ValidityWindow};
use crate::word::{self, Constant, Word};
use crate::{Keccak256, eip712};

/// `keccak256` of no bytes: the hash of an empty array.
const EMPTY: Constant = Constant::new(alloy_primitives::KECCAK256_EMPTY);
/// The count byte of a list that travels as its array hash.
const LIST_HASH: u8 = 0xff;

/// Memory for hashing a session, lent by the caller so that nothing is allocated or cleared here.
#[derive(Debug)]
pub struct Scratch<'a> {
    /// Hashes of the elements of a list.
    pub elements: &'a mut [Word; MAX_PERMISSIONS],
    /// Hashes of the rules of one element.
    pub rules: &'a mut [Word; MAX_RULES],
    /// Where each permission begins, as little-endian numbers.
    pub offsets: &'a mut [[u8; 4]; MAX_PERMISSIONS],
}

/// The kind of key that a delegate signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum DelegateKind {
    /// secp256k1, named by its Ethereum address.
    Secp256k1 = 0,
    /// P-256, named by the last 20 bytes of `keccak256(x ‖ y)`.
    P256 = 1,
    /// A WebAuthn credential with a P-256 key, named likewise.
    WebAuthn = 2,
}

impl DelegateKind {
    /// Reads a `delegateKind`.
    ///
    /// # Errors
    /// [`DecodeError::UnknownDelegateKind`] for any other value.
    pub const fn from_byte(byte: u8) -> Result<Self, DecodeError> {
        match byte {
            0 => Ok(Self::Secp256k1),
            1 => Ok(Self::P256),
            2 => Ok(Self::WebAuthn),
            got => Err(DecodeError::UnknownDelegateKind { got }),
        }
    }

    /// Returns the value of `delegateKind`.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Secp256k1 => 0,
            Self::P256 => 1,
            Self::WebAuthn => 2,
        }
    }
}

/// Which paymaster an operation must, or may, carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paymaster {
    /// None: `paymasterAndData` must be empty.
    None,
    /// Exactly this one, in every operation.
    One(Address),
    /// Any, or none.
    Any,
}

impl Paymaster {
    /// The address that stands for "any or none" in the struct.
    pub const ANY: Address = Address::repeat_byte(0xff);

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let at = reader.at();
        match reader.byte()? {
            0 => Ok(Self::None),
            1 => {
                let address = reader.address()?;
                let is_all = |byte| address.iter().all(|other| *other == byte);
                if is_all(0) || is_all(0xff) {
                    return reader.fail(DecodeError::ReservedPaymaster { at });
                }
                Ok(Self::One(address))
            }
            0xff => Ok(Self::Any),
            got => reader.fail(DecodeError::UnknownTag { at, got }),
        }
    }

    /// Returns the address that stands for it in the struct.
    pub const fn address(self) -> Address {
        match self {
            Self::None => Address::ZERO,
            Self::One(address) => address,
            Self::Any => Self::ANY,
        }
    }
}

/// A session read from its packed form, its id computed on the way.
#[derive(Debug)]
pub struct PackedSession<'a> {
    /// `hashStruct(Session)`.
    pub id: B256,
    /// The packed bytes.
    pub bytes: &'a [u8],
    /// The chains it holds on.
    pub chains: Chains<'a>,
    /// The kind of the delegate's key.
    pub delegate_kind: DelegateKind,
    /// Who may act.
    pub delegate: Address,
    /// When.
    pub window: ValidityWindow,
    /// The total number of executions, [`crate::policy::calls::UNCOUNTED`] for any.
    pub max_calls: u32,
    /// Most wei of gas in total, [`crate::policy::fee::UNCOUNTED`] for any.
    pub fee_limit: u128,
    /// Who else may pay for gas.
    pub paymaster: Paymaster,
    /// What may be called.
    pub permissions: Permissions<'a>,
    /// Totals.
    pub budgets: PackedBudgets<'a>,
    pub(super) scopes: usize,
    pub(super) is_whole: bool,
}

impl<'a> PackedSession<'a> {
    /// Reads a session of `account` and computes its id.
    ///
    /// The fields stand in the order of the struct, without `account`: the account that
    /// presents a session is the one it is for, so another account has another id.
    ///
    /// # Errors
    /// [`Malformed`] if the bytes are not canonical, or a list is over its cap.
    pub fn read(
        reader: &mut Reader<'a>,
        account: Address,
        keccak: &impl Keccak256,
        scratch: Scratch<'a>,
    ) -> Result<Self, Malformed> {
        let Scratch { elements, rules, offsets } = scratch;
        let start = reader.at();
        let mut is_whole = true;
        let mut words = [word::ZERO; 14];
        words[0] = eip712::SESSION.word();
        word::put_last(&mut words[1], account.0.0);

        let chains = Chains::read(reader)?;
        chains.hash(keccak, elements, &mut is_whole, &mut words[2]);
        let delegate = reader.address()?;
        word::put_last(&mut words[3], delegate.0.0);
        let delegate_kind = read_delegate_kind(reader)?;
        words[4][31] = delegate_kind.to_byte();
        let window = read_window(reader)?;
        words[5] = word::from_u64(window.valid_after().seconds());
        words[6] = word::from_u64(window.valid_until().seconds());
        reader.number_into(4, &mut words[7])?;
        let [.., a, b, c, d] = words[7];
        reader.number_into(12, &mut words[8])?;
        let (_, fee_limit) = word::to_u128_pair(&words[8]);
        let paymaster = Paymaster::read(reader)?;
        word::put_last(&mut words[9], paymaster.address().0.0);
        let permissions = Permissions::read(
            reader,
            keccak,
            elements,
            rules,
            offsets,
            &mut is_whole,
            &mut words[10],
        )?;
        let budgets = PackedBudgets::read(reader, keccak, elements, &mut words[11])?;
        let scopes = read_signing(reader, keccak, elements, rules, &mut is_whole, &mut words[12])?;
        reader.number_into(8, &mut words[13])?;

        Ok(Self {
            id: eip712::hash_words(keccak, &words),
            bytes: reader.since(start),
            chains,
            delegate_kind,
            delegate,
            window,
            max_calls: u32::from_be_bytes([a, b, c, d]),
            fee_limit,
            paymaster,
            permissions,
            budgets,
            scopes,
            is_whole,
        })
    }
}

impl<'a> PackedSession<'a> {
    /// Reads all of `bytes` as one session that is shown whole.
    ///
    /// # Errors
    /// [`DecodeError`] if the bytes are not canonical, or anything travels as a hash.
    pub fn read_whole(
        bytes: &'a [u8],
        account: Address,
        keccak: &impl Keccak256,
        scratch: Scratch<'a>,
    ) -> Result<Self, DecodeError> {
        Reader::read(bytes, |reader| {
            let session = Self::read(reader, account, keccak, scratch)?;
            reader.end()?;
            if !session.is_whole {
                return reader.fail(DecodeError::Hidden);
            }
            Ok(session)
        })
    }
}

fn read_delegate_kind(reader: &mut Reader<'_>) -> Result<DelegateKind, Malformed> {
    DelegateKind::from_byte(reader.byte()?).or_else(|error| reader.fail(error))
}

fn read_window(reader: &mut Reader<'_>) -> Result<ValidityWindow, Malformed> {
    let valid_after = reader.u48()?;
    let valid_until = reader.u48()?;
    let window = match (Timestamp::new(valid_after), Timestamp::new(valid_until)) {
        (Some(after), Some(until)) => ValidityWindow::new(after, until),
        _ => None,
    };
    match window {
        Some(window) => Ok(window),
        None => reader.fail(DecodeError::RefusedWindow { valid_after, valid_until }),
    }
}

/// Reads the tag of an element, and its hash where it travels as that (tag 0).
///
/// Returns whether it travels in full (tag 1) and is still to be read.
fn read_tag(reader: &mut Reader<'_>, to: &mut Word) -> Result<bool, Malformed> {
    let at = reader.at();
    match reader.byte()? {
        0 => {
            *to = *reader.array()?;
            Ok(false)
        }
        1 => Ok(true),
        got => reader.fail(DecodeError::UnknownTag { at, got }),
    }
}

/// Reads the array hash of a list that is wholly hidden, if that is what comes.
fn read_list_hash(reader: &mut Reader<'_>, to: &mut Word) -> Result<bool, Malformed> {
    if reader.rest().first() != Some(&LIST_HASH) {
        return Ok(false);
    }
    let at = reader.at();
    reader.byte()?;
    *to = *reader.array()?;
    if *to == EMPTY.word() {
        return reader.fail(DecodeError::EmptyListHashed { at });
    }
    Ok(true)
}

/// The chains of a session: those it holds on, each with the account's epoch there.
#[derive(Clone, Copy, Debug)]
pub struct Chains<'a> {
    count: usize,
    bytes: &'a [u8],
}

impl<'a> Chains<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let count = reader.count(MAX_CHAINS)?;
        let start = reader.at();
        let mut words = [word::ZERO; 3];
        for _ in 0..count {
            read_chain(reader, &mut words)?;
        }
        Ok(Self { count, bytes: reader.since(start) })
    }

    fn hash(
        &self,
        keccak: &impl Keccak256,
        scratch: &mut [Word; MAX_PERMISSIONS],
        is_whole: &mut bool,
        to: &mut Word,
    ) {
        let mut reader = Reader::new(self.bytes);
        for hash in scratch.iter_mut().take(self.count) {
            let mut words = [eip712::CHAIN.word(), word::ZERO, word::ZERO];
            // These bytes were read before: the error cannot come back.
            if read_chain(&mut reader, &mut words) == Ok(true) {
                eip712::hash_into(keccak, &words, hash);
            } else {
                *is_whole = false;
                *hash = words[0];
            }
        }
        eip712::hash_into(keccak, scratch.get(..self.count).unwrap_or_default(), to);
    }

    /// Returns the epoch that the session names for a chain, if its entry is disclosed.
    pub fn epoch_on(&self, chain_id: u64) -> Option<u64> {
        let [_, epoch] = self.find(self.count, &word::from_u64(chain_id))?;
        Some(word::low_u64(&epoch))
    }

    /// Returns the chain id and epoch of the first disclosed entry, of so many, for a chain.
    #[inline(never)]
    fn find(&self, count: usize, chain_id: &Word) -> Option<[Word; 2]> {
        let mut reader = Reader::new(self.bytes);
        for _ in 0..count {
            let mut words = [word::ZERO; 3];
            // These bytes were read before: the error cannot come back.
            if read_chain(&mut reader, &mut words).ok()? && words[1] == *chain_id {
                return Some([words[1], words[2]]);
            }
        }
        None
    }

    pub(super) fn check_distinct(&self) -> Result<(), StructureError> {
        let mut reader = Reader::new(self.bytes);
        for earlier in 0..self.count {
            let mut words = [word::ZERO; 3];
            let is_read = read_chain(&mut reader, &mut words).is_ok();
            if is_read && self.find(earlier, &words[1]).is_some() {
                return Err(StructureError::DuplicateChain { chain_id: words[1] });
            }
        }
        Ok(())
    }
}

/// Reads one chain: its id and epoch into the last two words, or its hash into the first.
///
/// Returns whether it travels in full.
#[inline(never)]
fn read_chain(reader: &mut Reader<'_>, words: &mut [Word; 3]) -> Result<bool, Malformed> {
    let is_full = read_tag(reader, &mut words[0])?;
    if is_full {
        reader.number_into(32, &mut words[1])?;
        reader.number_into(8, &mut words[2])?;
    }
    Ok(is_full)
}

/// The permissions of a session, each in full or as its hash, or the whole list as its hash.
#[derive(Clone, Copy, Debug)]
pub struct Permissions<'a> {
    /// Where each element begins in `bytes`; empty where the whole list is hidden.
    offsets: &'a [[u8; 4]],
    bytes: &'a [u8],
}

impl<'a> Permissions<'a> {
    fn read(
        reader: &mut Reader<'a>,
        keccak: &impl Keccak256,
        scratch: &mut [Word; MAX_PERMISSIONS],
        rules: &mut [Word; MAX_RULES],
        offsets: &'a mut [[u8; 4]; MAX_PERMISSIONS],
        is_whole: &mut bool,
        to: &mut Word,
    ) -> Result<Self, Malformed> {
        let start = reader.at();
        if read_list_hash(reader, to)? {
            *is_whole = false;
            return Ok(Self { offsets: &[], bytes: &[] });
        }
        let count = reader.count(MAX_PERMISSIONS)?;
        for (hash, offset) in scratch.iter_mut().zip(offsets.iter_mut()).take(count) {
            *offset = to_offset(reader.at().saturating_sub(start));
            if read_tag(reader, hash)? {
                PackedPermission::read(reader)?.hash(keccak, rules, hash);
            } else {
                *is_whole = false;
            }
        }
        eip712::hash_into(keccak, scratch.get(..count).unwrap_or_default(), to);
        let offsets = offsets.get(..count).unwrap_or_default();
        Ok(Self { offsets, bytes: reader.since(start) })
    }

    /// Returns how many there are, 0 where the whole list is hidden.
    pub const fn len(&self) -> usize {
        self.offsets.len()
    }

    /// Returns whether nothing at all is permitted, or the whole list is hidden.
    pub const fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }

    /// Returns a permission: the outer `None` if there is none with that index, the inner one
    /// if it is hidden.
    pub fn get(&self, index: u8) -> Option<Option<PackedPermission<'a>>> {
        let offset = u32::from_le_bytes(*self.offsets.get(usize::from(index))?);
        let offset = usize::try_from(offset).ok()?;
        let mut reader = Reader::at_offset(self.bytes, offset);
        // These bytes were read before: errors cannot come back.
        match reader.byte().ok()? {
            0 => Some(None),
            _ => Some(Some(PackedPermission::read(&mut reader).ok()?)),
        }
    }

    /// Returns the permissions that travel in full.
    pub fn iter(&self) -> impl Iterator<Item = PackedPermission<'a>> {
        (0..=u8::MAX).map_while(|index| self.get(index)).flatten()
    }
}

fn to_offset(at: usize) -> [u8; 4] {
    u32::try_from(at).unwrap_or(u32::MAX).to_le_bytes()
}

fn read_signing(
    reader: &mut Reader<'_>,
    keccak: &impl Keccak256,
    scratch: &mut [Word; MAX_PERMISSIONS],
    rules: &mut [Word; MAX_RULES],
    is_whole: &mut bool,
    to: &mut Word,
) -> Result<usize, Malformed> {
    if read_list_hash(reader, to)? {
        *is_whole = false;
        return Ok(0);
    }
    let count = reader.count(MAX_SCOPES)?;
    for hash in scratch.iter_mut().take(count) {
        if read_tag(reader, hash)? {
            let mut words = [eip712::SIGNING_SCOPE.word(), word::ZERO, word::ZERO, word::ZERO];
            words[1] = *reader.array()?;
            words[2] = *reader.array()?;
            PackedRules::read(reader)?.hash(keccak, rules, &mut words[3]);
            eip712::hash_into(keccak, &words, hash);
        } else {
            *is_whole = false;
        }
    }
    eip712::hash_into(keccak, scratch.get(..count).unwrap_or_default(), to);
    Ok(count)
}
