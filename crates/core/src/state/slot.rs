//! Where words are kept.

use alloy_primitives::{B256, b256};

use crate::word::{Constant, Word};
use crate::{Environment, eip712};

/// `keccak256("SmartSession.account")`.
const ACCOUNT: Constant =
    Constant::new(b256!("ba1b560f773c2a30ebcec27efb063bd9aa54192b50d639870437e226cce96885"));

/// Returns the slot of an account's word.
#[inline]
pub fn account_slot(environment: impl Environment, account: &Word) -> B256 {
    session_slot(environment, account, &ACCOUNT.word())
}

/// Returns whether something stands in the place of a session id in the slot of an account's
/// word: whoever takes a session id from outside must refuse it.
pub fn is_account_tag(session_id: &Word) -> bool {
    ACCOUNT.is(session_id)
}

/// Returns the slot of a session's word.
#[inline]
pub fn session_slot(environment: impl Environment, account: &Word, session_id: &Word) -> B256 {
    eip712::hash_words(environment, &[*account, *session_id])
}

/// Returns the slot of a budget's word: at most 16 behind the session's, which is within what
/// ERC-7562 counts as associated storage.
pub fn budget_slot(session_slot: &B256, budget: usize) -> B256 {
    let mut slot = *session_slot;
    let mut carry = budget.saturating_add(1);
    for byte in slot.iter_mut().rev() {
        carry = carry.saturating_add(usize::from(*byte));
        let [low, ..] = carry.to_le_bytes();
        *byte = low;
        carry >>= 8;
    }
    slot
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::word;

    #[test]
    fn budgets_stand_right_behind_their_session() {
        use alloy_primitives::U256;

        for slot in [B256::ZERO, B256::repeat_byte(0xff), B256::repeat_byte(0x7f)] {
            for budget in 0..16 {
                let expected = U256::from_be_bytes(slot.0).wrapping_add(U256::from(1 + budget));
                assert_eq!(budget_slot(&slot, budget), B256::from(expected));
            }
        }
    }

    #[test]
    fn slots_are_associated_storage() {
        use alloy_primitives::Address;

        use crate::OffChain;

        let account = Address::repeat_byte(0xac);
        let id = B256::repeat_byte(0x1d);
        // keccak256(account ‖ x), the account left-padded: ERC-7562 STO-021.
        let mut preimage = [0; 64];
        preimage[12..32].copy_from_slice(account.as_slice());
        preimage[32..].copy_from_slice(id.as_slice());

        assert_eq!(
            session_slot(&OffChain::default(), &word::from_address(account), &id.0),
            alloy_primitives::keccak256(preimage)
        );

        let tag = alloy_primitives::keccak256("SmartSession.account");
        preimage[32..].copy_from_slice(tag.as_slice());
        assert_eq!(
            account_slot(&OffChain::default(), &word::from_address(account)),
            alloy_primitives::keccak256(preimage)
        );
    }
}
