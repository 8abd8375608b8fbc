//! The whole of `userOp.signature`.

use alloy_primitives::{Address, B256};

use super::{
    DecodeError, DelegateSignature, MAX_OWNER_SIGNATURE, Malformed, PackedSession, Reader, Scratch,
};
use crate::Keccak256;
use crate::verdict::Timestamp;

/// What an operation wants of its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Act within a session that is enabled.
    Use,
    /// Enable the session with the owner's signature, and act within it.
    Enable,
}

impl Mode {
    /// Reads a mode byte.
    ///
    /// # Errors
    /// [`DecodeError::UnknownMode`] for any other value.
    pub const fn from_byte(byte: u8) -> Result<Self, DecodeError> {
        match byte {
            0 => Ok(Self::Use),
            1 => Ok(Self::Enable),
            got => Err(DecodeError::UnknownMode { got }),
        }
    }

    /// Returns the mode byte.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Use => 0,
            Self::Enable => 1,
        }
    }
}

/// A session with what the delegate does under it.
#[derive(Debug)]
pub struct Operation<'a> {
    /// Use or enable.
    pub mode: Mode,
    /// The session.
    pub session: PackedSession<'a>,
    /// For each execution, the index of the permission that covers it.
    pub permissions: &'a [u8],
    /// What the delegate signed beside the user operation and the session: all bytes before the
    /// signatures.
    pub disclosed: &'a [u8],
    /// The moment for which the operation claims periodic budgets, if there are any.
    pub claimed_time: Option<Timestamp>,
    /// The owner's signature, empty in [`Mode::Use`].
    pub owner_signature: &'a [u8],
    /// The delegate's signature.
    pub delegate_signature: DelegateSignature<'a>,
}

impl<'a> Operation<'a> {
    /// Reads `userOp.signature` for an operation of `account` with so many executions.
    ///
    /// # Errors
    /// [`DecodeError`] if the bytes are not canonical.
    pub fn read(
        signature: &'a [u8],
        executions: usize,
        account: Address,
        keccak: &impl Keccak256,
        scratch: Scratch<'a>,
    ) -> Result<Self, DecodeError> {
        Reader::read(signature, |reader| {
            let mode = Mode::from_byte(reader.byte()?).or_else(|error| reader.fail(error))?;
            let session = PackedSession::read(reader, account, keccak, scratch)?;
            if mode == Mode::Enable && !session.is_whole {
                return reader.fail(DecodeError::Hidden);
            }
            let permissions = reader.bytes(executions)?;
            let claimed_time = read_claimed_time(reader, &session)?;
            let disclosed = reader.since(0);
            let owner_signature = match mode {
                Mode::Use => &[],
                Mode::Enable => read_owner_signature(reader)?,
            };
            let delegate_signature = DelegateSignature::read(reader, session.delegate_kind)?;
            Ok(Self {
                mode,
                session,
                permissions,
                disclosed,
                claimed_time,
                owner_signature,
                delegate_signature,
            })
        })
    }

    /// Returns the hash of what the delegate's signature binds beside the session id.
    pub fn disclosure(&self, keccak: &impl Keccak256) -> B256 {
        keccak.keccak256(self.disclosed)
    }
}

fn read_owner_signature<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    let got = usize::from(reader.u16()?);
    if got > MAX_OWNER_SIGNATURE {
        let allowed = MAX_OWNER_SIGNATURE;
        return reader.fail(DecodeError::OwnerSignatureTooLong { got, allowed });
    }
    reader.bytes(got)
}

fn read_claimed_time(
    reader: &mut Reader<'_>,
    session: &PackedSession<'_>,
) -> Result<Option<Timestamp>, Malformed> {
    if !session.budgets.has_period() {
        return Ok(None);
    }
    let got = reader.u48()?;
    match Timestamp::new(got) {
        Some(time) if session.window.contains(time) => Ok(Some(time)),
        _ => reader.fail(DecodeError::ClaimedTime { got }),
    }
}
