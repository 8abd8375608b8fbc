//! Packed sessions back as owned values.
//!
//! The reader is a plain one: that the bytes are canonical is proven by packing what was read
//! again.

use alloy_primitives::aliases::U96;
use alloy_primitives::{Address, B256, U256};
use smart_session_core::packed::{DelegateKind, Paymaster};
use smart_session_core::session::{ArgumentRule, Budget, Chain, Permission, Session, SigningScope};
use smart_session_core::window::{Timestamp, ValidityWindow};

use crate::refusal::{Refusal, RefusalCode};

/// Reads a packed session of an account that is shown whole, as `SessionEnabled` has it.
///
/// # Errors
/// [`RefusalCode::HiddenPart`] if a part travels as its hash, [`RefusalCode::Malformed`] if the
/// bytes are not those that packing the session gives.
pub fn unpack_session(account: Address, packed: &[u8]) -> Result<Session, Refusal> {
    let session = Reader { rest: packed }.session(account)?;
    match session.pack() {
        Ok(again) if again == packed => Ok(session),
        _ => Err(malformed()),
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn session(mut self, account: Address) -> Result<Session, Refusal> {
        let chains = self.list(|reader| {
            reader.full()?;
            Ok(Chain { chain_id: reader.number()?, epoch: reader.small()? })
        })?;
        let delegate = self.address()?;
        let delegate_kind = DelegateKind::from_byte(self.byte()?).ok_or_else(malformed)?;
        let window = ValidityWindow::new(self.time()?, self.time()?).ok_or_else(malformed)?;
        let max_calls = self.small()?;
        let fee_limit = self.small::<u128>()?;
        let paymaster = match self.byte()? {
            0 => Paymaster::None,
            1 => Paymaster::One(self.address()?),
            0xff => Paymaster::Any,
            _ => return Err(malformed()),
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
        if !self.rest.is_empty() {
            return Err(malformed());
        }
        Ok(Session {
            account,
            chains,
            delegate,
            delegate_kind,
            window,
            max_calls,
            fee_limit: U96::try_from(fee_limit).map_err(|_| malformed())?,
            paymaster,
            permissions,
            budgets,
            signing,
            salt,
        })
    }

    fn rules(&mut self) -> Result<Vec<ArgumentRule>, Refusal> {
        self.list(|reader| {
            let index = reader.byte()?;
            Ok(ArgumentRule { index, min: reader.number()?, max: reader.number()? })
        })
    }

    fn list<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<T, Refusal>,
    ) -> Result<Vec<T>, Refusal> {
        match self.byte()? {
            // A whole list as its hash, where that is allowed; over every cap where it is not.
            0xff => Err(hidden()),
            count => (0..count).map(|_| element(self)).collect(),
        }
    }

    /// The tag of an element that must be in full.
    fn full(&mut self) -> Result<(), Refusal> {
        match self.byte()? {
            0 => Err(hidden()),
            1 => Ok(()),
            _ => Err(malformed()),
        }
    }

    fn bytes(&mut self, length: usize) -> Result<&[u8], Refusal> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or_else(malformed)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        self.bytes(N)?.try_into().map_err(|_| malformed())
    }

    fn byte(&mut self) -> Result<u8, Refusal> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    fn address(&mut self) -> Result<Address, Refusal> {
        self.array().map(Address::new)
    }

    fn number(&mut self) -> Result<U256, Refusal> {
        let length = self.byte()?;
        U256::try_from_be_slice(self.bytes(length.into())?).ok_or_else(malformed)
    }

    fn small<T: TryFrom<U256>>(&mut self) -> Result<T, Refusal> {
        T::try_from(self.number()?).map_err(|_| malformed())
    }

    fn time(&mut self) -> Result<Timestamp, Refusal> {
        let [a, b, c, d, e, f] = self.array()?;
        Timestamp::new(u64::from_be_bytes([0, 0, a, b, c, d, e, f])).ok_or_else(malformed)
    }
}

fn malformed() -> Refusal {
    Refusal::new(
        RefusalCode::Malformed,
        "the bytes are no packed session",
        "take them unchanged from where the session was packed",
    )
}

fn hidden() -> Refusal {
    Refusal::new(
        RefusalCode::HiddenPart,
        "the packed session hides a part of itself",
        "take the session from the event that enabled it, or from its owner",
    )
}
