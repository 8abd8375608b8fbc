//! What is put together in memory: parts one after the other, padding, room for the decoder.
//!
//! On chain memory is a bump allocator that is never freed: a call is short. It is asked directly
//! and not through `Vec`, because growing one can panic, and the code and data for that would cost
//! every user some 250 gas a call.

use smart_session_core::packed::{Memory, Scratch};
use smart_session_core::word;

use super::Host;

/// Returns the parts one after the other.
#[inline(never)]
pub(crate) fn concat<'h>(host: impl Host<'h>, parts: &[&[u8]]) -> &'h [u8] {
    let len = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
    let joined = host.allocate(len);
    let mut rest = &mut *joined;
    for part in parts {
        let Some((to, after)) = rest.split_at_mut_checked(part.len()) else { break };
        word::copy(to, part);
        rest = after;
    }
    joined
}

/// Returns the zeros that fill bytes up to a whole word.
#[inline]
pub(crate) fn padding<'h>(host: impl Host<'h>, bytes: &[u8]) -> &'h [u8] {
    host.allocate(bytes.len().wrapping_neg() % 32)
}

/// Returns memory for the decoder: as much as [`Memory`] has, in that order.
#[inline(never)]
pub(crate) fn scratch<'h>(host: impl Host<'h>) -> Scratch<'h> {
    let (all, _) = host.allocate(size_of::<Memory>()).as_chunks_mut();
    let parts = all.split_first_chunk_mut().and_then(|(words, rest)| {
        let (hashes, rest) = rest.split_first_chunk_mut()?;
        let (offsets, _) = rest.as_flattened_mut().as_chunks_mut();
        Some(Scratch { words, hashes, offsets: offsets.first_chunk_mut()? })
    });
    parts.unwrap_or_else(|| abort())
}

/// Ends the call: there is no memory left, which takes more calldata than a transaction can have.
pub(super) fn abort() -> ! {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    std::process::abort();
}
