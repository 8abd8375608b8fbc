//! Kernel's hooks: a contract that is asked before and behind whatever a module has the account do.
//!
//! A hook belongs to one installation of one module. Where a validator's has one, Kernel wants the
//! `executeUserOp` prefix in front of the account's calldata; where it has none, it refuses it.

use alloy_primitives::Bytes;

/// `executeUserOp(PackedUserOperation,bytes32)` (ERC-4337).
pub(crate) const EXECUTE_USER_OP: [u8; 4] = [0x8d, 0xd7, 0x71, 0x2f];

/// Returns the account's calldata as an account with a hook takes it.
pub fn behind_hook(call_data: &[u8]) -> Bytes {
    [&EXECUTE_USER_OP, call_data].concat().into()
}

/// Returns what the account runs of an operation's calldata.
#[cfg(any(feature = "rpc", test))]
pub(crate) fn without_prefix(call_data: &Bytes) -> Bytes {
    match call_data.strip_prefix(&EXECUTE_USER_OP) {
        Some(bare) => call_data.slice_ref(bare),
        None => call_data.clone(),
    }
}

#[cfg(test)]
mod tests {
    use alloy_sol_types::{SolCall, sol};

    use super::*;

    sol! {
        function executeUserOp(
            (address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes) userOp,
            bytes32 userOpHash
        );
    }

    #[test]
    fn the_prefix_is_the_selector_of_execute_user_op() {
        let hooked = behind_hook(&[0xe9, 0xae, 0x5c, 0x53]);

        assert_eq!(
            hooked.to_vec(),
            [executeUserOpCall::SELECTOR, [0xe9, 0xae, 0x5c, 0x53]].concat()
        );
    }

    #[test]
    fn one_prefix_is_taken_off() {
        let bare = Bytes::from_static(&[0xe9, 0xae, 0x5c, 0x53]);
        let hooked = behind_hook(&bare);

        assert_eq!(without_prefix(&hooked), bare);
        assert_eq!(without_prefix(&behind_hook(&hooked)), hooked);
        assert_eq!(without_prefix(&bare), bare);
        assert_eq!(without_prefix(&Bytes::new()), Bytes::new());
    }
}
