//! The whole of `userOp.signature`.

use alloy_primitives::{Address, B256};

use super::{
    DecodeError, DelegateKind, MAX_OWNER_SIGNATURE, Malformed, PackedSession, Reader, Scratch,
};
use crate::Keccak256;

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
    /// The owner's signature, empty in [`Mode::Use`].
    pub owner_signature: &'a [u8],
    /// The delegate's signature.
    pub delegate_signature: &'a [u8],
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
            let permissions = reader.bytes(executions)?;
            let disclosed = reader.since(0);
            let owner_signature = match mode {
                Mode::Use => &[],
                Mode::Enable => read_owner_signature(reader)?,
            };
            let delegate_signature = read_delegate_signature(reader, session.delegate_kind)?;
            Ok(Self { mode, session, permissions, disclosed, owner_signature, delegate_signature })
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

/// Reads all that is left. A wrong length is an error; any content of the right length that does
/// not verify is a failed signature, so that zero-filled dummies estimate well.
fn read_delegate_signature<'a>(
    reader: &mut Reader<'a>,
    kind: DelegateKind,
) -> Result<&'a [u8], Malformed> {
    let signature = reader.rest();
    let got = signature.len();
    let allowed = match kind {
        DelegateKind::Secp256k1 => 65,
        DelegateKind::P256 => 128,
        // Two lengths, two blobs and r‖s‖x‖y: checked where the blobs are read.
        DelegateKind::WebAuthn => got,
    };
    if got == allowed {
        Ok(signature)
    } else {
        reader.fail(DecodeError::DelegateSignatureLength { got, allowed })
    }
}
