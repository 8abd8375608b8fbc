//! What makes one revocation of all sessions unforeseeable.

use alloy_primitives::B256;

use crate::refusal::{Refusal, RefusalCode};

/// 32 random bytes for one revocation of all sessions.
///
/// The next epoch is a hash that they are in: without them, whoever brings a revocation to the chain
/// could foresee it, and have a session signed for it in advance. They are made here and never taken
/// from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevocationSalt(B256);

impl RevocationSalt {
    /// Makes one.
    ///
    /// # Errors
    /// `NoRandomness` if the system has none.
    pub fn random() -> Result<Self, Refusal> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| {
            Refusal::new(
                RefusalCode::NoRandomness,
                format!("the system has no randomness: {error}"),
                "try again",
            )
        })?;
        Ok(Self(B256::new(bytes)))
    }

    /// Returns its bytes.
    pub const fn bytes(self) -> B256 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_salts_are_equal() {
        let salts = [(); 4].map(|()| RevocationSalt::random().unwrap());

        for (index, salt) in salts.iter().enumerate() {
            assert!(!salts[..index].contains(salt));
            assert!(!salt.bytes().is_zero());
        }
    }
}
