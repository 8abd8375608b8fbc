//! What travels in `userOp.signature`, and what the direct path takes instead.

use super::{DelegateSignature, MAX_OWNER_SIGNATURE, PackedSession, Reader, Scratch};
use crate::Environment;
use crate::abi::ISmartSession as Abi;
use crate::refusal::{Refusal, Refused};
use crate::window::Timestamp;
use crate::word::{self, Word};

/// What an operation wants of its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Act within a session that is enabled.
    Use,
    /// Enable the session with the owner's signature, and act within it.
    Enable,
}

impl Mode {
    #[inline]
    fn read(environment: impl Environment, byte: u8) -> Result<Self, Refused> {
        match byte {
            0 => Ok(Self::Use),
            1 => Ok(Self::Enable),
            got => {
                let mut refusal = Refusal::of::<Abi::UnknownMode>();
                Err(refusal.number(got.into()).tell(environment))
            }
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
    /// For each execution, the index of the permission that covers it; `None` where the module is
    /// to find them itself.
    pub permissions: Option<&'a [u8]>,
    /// The moment for which periodic budgets are counted, if there are any: claimed by a user
    /// operation, read from the clock on the direct path.
    pub time: Option<Timestamp>,
    /// What the delegate signed beside the user operation and the session: all bytes before the
    /// signatures.
    pub disclosed: &'a [u8],
    /// The owner's signature, empty in [`Mode::Use`].
    pub owner_signature: &'a [u8],
}

impl<'a> Operation<'a> {
    /// Reads what comes before the delegate's signature, for an operation of `account` that names so
    /// many permissions, or none. With a `clock` no time is claimed.
    ///
    /// # Errors
    /// If the bytes are not canonical.
    #[inline(never)]
    pub fn read<E: Environment>(
        reader: &mut Reader<'a, E>,
        permissions: Option<usize>,
        account: &Word,
        clock: Option<Timestamp>,
        scratch: Scratch<'a>,
    ) -> Result<Self, Refused> {
        let environment = reader.environment();
        let mode = Mode::read(environment, reader.byte()?)?;
        let session = PackedSession::read(reader, account, scratch)?;
        if mode == Mode::Enable {
            session.check_whole(environment)?;
        }
        let permissions = match permissions {
            Some(count) => Some(reader.bytes(count)?),
            None => None,
        };
        let time = match clock {
            None if session.has_period(environment) => Some(read_claimed_time(reader, &session)?),
            clock => clock,
        };
        let disclosed = reader.since(0);
        let owner_signature = match mode {
            Mode::Use => &[],
            Mode::Enable => read_owner_signature(reader)?,
        };
        Ok(Self { mode, session, permissions, time, disclosed, owner_signature })
    }

    /// Reads all of `userOp.signature`.
    ///
    /// # Errors
    /// If the bytes are not canonical.
    #[inline]
    pub fn read_signed<E: Environment>(
        environment: E,
        signature: &'a [u8],
        executions: usize,
        account: &Word,
        scratch: Scratch<'a>,
    ) -> Result<(Self, DelegateSignature<'a>), Refused> {
        let mut reader = Reader::new(environment, signature);
        let operation = Self::read(&mut reader, Some(executions), account, None, scratch)?;
        let kind = operation.session.delegate_kind;
        Ok((operation, DelegateSignature::read(&mut reader, kind)?))
    }
}

#[inline]
fn read_owner_signature<'a, E: Environment>(
    reader: &mut Reader<'a, E>,
) -> Result<&'a [u8], Refused> {
    let got = reader.u16()?;
    if got > MAX_OWNER_SIGNATURE {
        let mut refusal = Refusal::of::<Abi::OwnerSignatureTooLong>();
        return Err(refusal.size(got).size(MAX_OWNER_SIGNATURE).tell(reader.environment()));
    }
    reader.bytes(got)
}

#[inline]
fn read_claimed_time<E: Environment>(
    reader: &mut Reader<'_, E>,
    session: &PackedSession<'_>,
) -> Result<Timestamp, Refused> {
    let mut word = word::ZERO;
    word::put_right(&mut word, reader.bytes(6)?);
    match Timestamp::new(word::low_u64(&word)) {
        Some(time) if session.window.contains(time) => Ok(time),
        _ => {
            let mut refusal = Refusal::of::<Abi::ClaimedTimeOutsideWindow>();
            Err(refusal.word(&word).tell(reader.environment()))
        }
    }
}
