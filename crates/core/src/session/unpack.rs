//! The packed format into owned sessions.
//!
//! The reader is a plain one: that the bytes are canonical is proven by packing what was read
//! again.

use alloc::vec::Vec;

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, B256, U256};

use self::UnpackError::{HiddenPart, Malformed};
use super::{ArgumentRule, Budget, Chain, Permission, Session, SigningScope};
use crate::packed::{DelegateKind, Paymaster};
use crate::window::{Timestamp, ValidityWindow};

/// Why bytes are no session that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnpackError {
    /// A part travels as its hash.
    HiddenPart,
    /// The bytes are not those that packing a session gives.
    Malformed,
}

impl core::fmt::Display for UnpackError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            HiddenPart => "the packed session hides a part of itself",
            Malformed => "the bytes are no packed session",
        })
    }
}

impl core::error::Error for UnpackError {}

impl Session {
    /// Reads a packed session of an account that is shown whole, as `SessionEnabled` has it.
    ///
    /// # Errors
    /// [`UnpackError::HiddenPart`] if a part travels as its hash, [`UnpackError::Malformed`] if
    /// the bytes are not those that packing the session gives.
    pub fn unpack(account: Address, packed: &[u8]) -> Result<Self, UnpackError> {
        match Self::unpack_first(account, packed)? {
            (session, []) => Ok(session),
            _ => Err(Malformed),
        }
    }

    /// Reads a packed session that other bytes follow, and returns these too.
    ///
    /// # Errors
    /// As [`Self::unpack`].
    pub fn unpack_first(account: Address, bytes: &[u8]) -> Result<(Self, &[u8]), UnpackError> {
        let mut reader = Reader { rest: bytes };
        let session = reader.session(account)?;
        let packed = bytes.strip_suffix(reader.rest).ok_or(Malformed)?;
        match session.pack() {
            Ok(again) if again == packed => Ok((session, reader.rest)),
            _ => Err(Malformed),
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn session(&mut self, account: Address) -> Result<Session, UnpackError> {
        let chains = self.list(|reader| {
            reader.full()?;
            Ok(Chain { chain_id: reader.number()?, epoch: reader.small()? })
        })?;
        let delegate = self.address()?;
        let delegate_kind = DelegateKind::from_byte(self.byte()?).ok_or(Malformed)?;
        let window = ValidityWindow::new(self.time()?, self.time()?).ok_or(Malformed)?;
        let max_calls = self.small()?;
        let fee_limit = self.small::<u128>()?;
        let paymaster = match self.byte()? {
            0 => Paymaster::None,
            1 => Paymaster::One(self.address()?),
            0xff => Paymaster::Any,
            _ => return Err(Malformed),
        };
        let permissions = self.list(|reader| {
            reader.full()?;
            let target = reader.address()?;
            let selector = reader.array()?;
            let value_limit = reader.number()?;
            Ok(Permission { target, selector, value_limit, rules: reader.rules()? })
        })?;
        let budgets = self.list(|reader| {
            let token = reader.address()?;
            Ok(Budget { token, amount: reader.small()?, period: reader.small()? })
        })?;
        let signing = self.list(|reader| {
            reader.full()?;
            let domain_separator = B256::new(reader.array()?);
            let type_hash = B256::new(reader.array()?);
            Ok(SigningScope { domain_separator, type_hash, rules: reader.rules()? })
        })?;
        let salt = self.small()?;
        Ok(Session {
            account,
            chains,
            delegate,
            delegate_kind,
            window,
            max_calls,
            fee_limit: U96::try_from(fee_limit).map_err(|_| Malformed)?,
            paymaster,
            permissions,
            budgets,
            signing,
            salt,
        })
    }

    fn rules(&mut self) -> Result<Vec<ArgumentRule>, UnpackError> {
        self.list(|reader| {
            let index = reader.byte()?;
            Ok(ArgumentRule { index, min: reader.number()?, max: reader.number()? })
        })
    }

    fn list<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<T, UnpackError>,
    ) -> Result<Vec<T>, UnpackError> {
        match self.byte()? {
            // A whole list as its hash, where that is allowed; over every cap where it is not.
            0xff => Err(HiddenPart),
            count => (0..count).map(|_| element(self)).collect(),
        }
    }

    /// The tag of an element that must be in full.
    fn full(&mut self) -> Result<(), UnpackError> {
        match self.byte()? {
            0 => Err(HiddenPart),
            1 => Ok(()),
            _ => Err(Malformed),
        }
    }

    fn bytes(&mut self, length: usize) -> Result<&[u8], UnpackError> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Malformed)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], UnpackError> {
        self.bytes(N)?.try_into().map_err(|_| Malformed)
    }

    fn byte(&mut self) -> Result<u8, UnpackError> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    fn address(&mut self) -> Result<Address, UnpackError> {
        self.array().map(Address::new)
    }

    fn number(&mut self) -> Result<U256, UnpackError> {
        let length = self.byte()?;
        U256::try_from_be_slice(self.bytes(length.into())?).ok_or(Malformed)
    }

    fn small<T: TryFrom<U256>>(&mut self) -> Result<T, UnpackError> {
        T::try_from(self.number()?).map_err(|_| Malformed)
    }

    fn time(&mut self) -> Result<Timestamp, UnpackError> {
        let [a, b, c, d, e, f] = self.array()?;
        Timestamp::new(u64::from_be_bytes([0, 0, a, b, c, d, e, f])).ok_or(Malformed)
    }
}
