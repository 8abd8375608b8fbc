//! The arguments of the contract's functions, each in its one canonical ABI encoding.
//!
//! What is not encoded so is refused with `MalformedCall`, also anything longer: a call by the account
//! that comes through its fallback is anyone's (see `smart_session_core::calldata::Arguments`).

use smart_session_core::Refused;
use smart_session_core::abi::ISmartSession as Abi;
use smart_session_core::calldata::{Arguments, BytesArray};
use smart_session_core::refusal::refuse;
use smart_session_core::state;
use smart_session_core::word::{self, Word};

use crate::host::Host;

/// What a function's arguments are, in order, as a number: four bits for each.
///
/// They are described as data and read by one loop: a reader for each function would be 2 KB of WASM.
#[derive(Clone, Copy, Debug)]
struct Signature(u32);

/// A `bytes32`, or any other word.
const WORD: u8 = 1;
/// An `address`.
const ADDRESS: u8 = 2;
/// A session id: any word but the one that stands for the account's own word.
const SESSION_ID: u8 = 3;
/// A `uint48`.
const UINT48: u8 = 4;
/// A `bytes`.
const BYTES: u8 = 5;

impl Signature {
    const fn of<const N: usize>(kinds: [u8; N]) -> Self {
        const { assert!(N <= 8, "a signature has room for eight arguments") };
        let mut all = 0;
        let mut kinds = kinds.as_slice();
        while let [rest @ .., last] = kinds {
            all = all << 4 | u32::from_le_bytes([*last, 0, 0, 0]);
            kinds = rest;
        }
        Self(all)
    }

    /// Takes the first kind off, 0 if there is none.
    const fn next(&mut self) -> u8 {
        let [kind, ..] = self.0.to_le_bytes();
        self.0 >>= 4;
        kind & 0xf
    }

    const fn len(mut self) -> usize {
        let mut len: usize = 0;
        while self.next() != 0 {
            len = len.saturating_add(1);
        }
        len
    }
}

/// The arguments of a call, in order: those of one word, and those of many bytes.
struct Read<'h> {
    words: [&'h Word; 2],
    bytes: [&'h [u8]; 3],
}

/// Reads arguments, and nothing behind them.
#[inline(never)]
fn read<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
    signature: Signature,
) -> Result<Read<'h>, Refused> {
    read_each(arguments, signature).ok_or_else(|| malformed_call(host))
}

fn read_each(arguments: &[u8], mut signature: Signature) -> Option<Read<'_>> {
    let mut arguments = Arguments::new(arguments, signature.len())?;
    let mut read = Read { words: [&word::ZERO; 2], bytes: [&[]; 3] };
    let Read { words, bytes } = &mut read;
    let (mut words, mut bytes) = (words.iter_mut(), bytes.iter_mut());
    loop {
        match signature.next() {
            0 => break,
            BYTES => *bytes.next()? = arguments.bytes()?,
            kind => {
                let word = arguments.word()?;
                let is_proper = match kind {
                    ADDRESS => word::is_address(word),
                    SESSION_ID => !state::is_account_tag(word),
                    UINT48 => word::to_u64(word).is_some_and(|number| number < 1 << 48),
                    _ => true,
                };
                *words.next()? = Some(word).filter(|_| is_proper)?;
            }
        }
    }
    arguments.end().map(|()| read)
}

/// Refuses arguments that are not encoded as their function wants them.
#[inline(never)]
pub(crate) fn malformed_call<'h>(host: impl Host<'h>) -> Refused {
    refuse::<Abi::MalformedCall>(host)
}

/// Reads the arguments of a function that has none.
#[inline]
pub(crate) fn none<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<(), Refused> {
    read(host, arguments, const { Signature::of([]) }).map(|_| ())
}

/// Reads a word.
#[inline]
pub(crate) fn word<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<&'h Word, Refused> {
    let Read { words: [word, _], .. } = read(host, arguments, const { Signature::of([WORD]) })?;
    Ok(word)
}

/// Reads an account.
#[inline]
pub(crate) fn account<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<&'h Word, Refused> {
    let Read { words: [account, _], .. } =
        read(host, arguments, const { Signature::of([ADDRESS]) })?;
    Ok(account)
}

/// Reads a session id.
#[inline]
pub(crate) fn session_id<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<&'h Word, Refused> {
    let Read { words: [session_id, _], .. } =
        read(host, arguments, const { Signature::of([SESSION_ID]) })?;
    Ok(session_id)
}

/// Reads a `bytes`.
#[inline]
pub(crate) fn bytes<'h>(host: impl Host<'h>, arguments: &'h [u8]) -> Result<&'h [u8], Refused> {
    let Read { bytes: [bytes, ..], .. } = read(host, arguments, const { Signature::of([BYTES]) })?;
    Ok(bytes)
}

/// Reads an account and a session id.
#[inline]
pub(crate) fn account_session_id<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<(&'h Word, &'h Word), Refused> {
    let Read { words: [account, session_id], .. } =
        read(host, arguments, const { Signature::of([ADDRESS, SESSION_ID]) })?;
    Ok((account, session_id))
}

/// Reads an account and a session.
#[inline]
pub(crate) fn account_session<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<(&'h Word, &'h [u8]), Refused> {
    let Read { words: [account, _], bytes: [session, ..] } =
        read(host, arguments, const { Signature::of([ADDRESS, BYTES]) })?;
    Ok((account, session))
}

/// Reads an account, a session, and a time in unix seconds.
#[inline]
pub(crate) fn account_session_time<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<(&'h Word, &'h [u8], u64), Refused> {
    let Read { words: [account, time], bytes: [session, ..] } =
        read(host, arguments, const { Signature::of([ADDRESS, BYTES, UINT48]) })?;
    Ok((account, session, word::low_u64(time)))
}

/// Reads an account, a session, and a signature.
#[inline]
pub(crate) fn account_session_signature<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<(&'h Word, &'h [u8], &'h [u8]), Refused> {
    let Read { words: [account, _], bytes: [session, signature, _] } =
        read(host, arguments, const { Signature::of([ADDRESS, BYTES, BYTES]) })?;
    Ok((account, session, signature))
}

/// Reads an account, a session id, and a signature.
#[inline]
pub(crate) fn account_session_id_signature<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<(&'h Word, &'h Word, &'h [u8]), Refused> {
    let Read { words: [account, session_id], bytes: [signature, ..] } =
        read(host, arguments, const { Signature::of([ADDRESS, SESSION_ID, BYTES]) })?;
    Ok((account, session_id, signature))
}

/// Reads an account, a salt, and a signature.
#[inline]
pub(crate) fn account_salt_signature<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<(&'h Word, &'h Word, &'h [u8]), Refused> {
    let Read { words: [account, salt], bytes: [signature, ..] } =
        read(host, arguments, const { Signature::of([ADDRESS, WORD, BYTES]) })?;
    Ok((account, salt, signature))
}

/// What a delegate wants of an account, by the direct path.
pub(crate) struct DirectCall<'h> {
    pub(crate) account: &'h Word,
    pub(crate) session: &'h [u8],
    pub(crate) mode: &'h Word,
    pub(crate) execution_calldata: &'h [u8],
}

/// Reads the arguments of `execute`.
#[inline]
pub(crate) fn direct_call<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<DirectCall<'h>, Refused> {
    let signature = const { Signature::of([ADDRESS, BYTES, WORD, BYTES]) };
    let Read { words: [account, mode], bytes: [session, execution_calldata, _] } =
        read(host, arguments, signature)?;
    Ok(DirectCall { account, session, mode, execution_calldata })
}

/// Reads the arguments of `executeFor`: a direct call, and an order.
#[inline]
pub(crate) fn ordered_call<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<(DirectCall<'h>, &'h [u8]), Refused> {
    let signature = const { Signature::of([ADDRESS, BYTES, WORD, BYTES, BYTES]) };
    let Read { words: [account, mode], bytes: [session, execution_calldata, order] } =
        read(host, arguments, signature)?;
    Ok((DirectCall { account, session, mode, execution_calldata }, order))
}

/// What a delegate redeems: three arrays.
pub(crate) struct Redemption<'h> {
    pub(crate) contexts: BytesArray<'h>,
    pub(crate) modes: &'h [Word],
    pub(crate) execution_calldatas: BytesArray<'h>,
}

/// Reads the arguments of `redeemDelegations`.
#[inline]
pub(crate) fn redemption<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<Redemption<'h>, Refused> {
    read_redemption(arguments).ok_or_else(|| malformed_call(host))
}

fn read_redemption(arguments: &[u8]) -> Option<Redemption<'_>> {
    let mut arguments = Arguments::new(arguments, 3)?;
    let contexts = arguments.bytes_array()?;
    let modes = arguments.words()?;
    let execution_calldatas = arguments.bytes_array()?;
    arguments.end().map(|()| Redemption { contexts, modes, execution_calldatas })
}

/// What an account asks about a signature.
pub(crate) struct Question<'h> {
    pub(crate) sender: &'h Word,
    pub(crate) hash: &'h Word,
    pub(crate) signature: &'h [u8],
}

/// Reads the arguments of `isValidSignatureWithSender`.
#[inline]
pub(crate) fn question<'h>(
    host: impl Host<'h>,
    arguments: &'h [u8],
) -> Result<Question<'h>, Refused> {
    let Read { words: [sender, hash], bytes: [signature, ..] } =
        read(host, arguments, const { Signature::of([ADDRESS, WORD, BYTES]) })?;
    Ok(Question { sender, hash, signature })
}
