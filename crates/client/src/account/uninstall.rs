//! What an account says when it uninstalls the module.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolValue};

use crate::account::call::Call;
use crate::account::install::{IModuleAccount, InstallAs};
use crate::account::kind::AccountKind;
use crate::revocation::RevocationSalt;

/// Returns the module's own uninstall data: types ‖ salt.
///
/// The salt makes the epoch that follows unforeseeable, so each uninstall has one of its own.
pub fn uninstall_data(types: InstallAs, salt: RevocationSalt) -> Bytes {
    [&[types.flags()], salt.bytes().as_slice()].concat().into()
}

/// Returns the call of itself by which an account uninstalls the module, of one type (1 validator,
/// 2 executor).
///
/// `predecessor` is the module that comes before it in the account's list of that type, or 1 for
/// none: Safe7579, Nexus and MSA want it named, the others do not look at it.
pub fn uninstall_module(
    kind: AccountKind,
    account: Address,
    module: Address,
    module_type: u8,
    predecessor: Address,
    data: Bytes,
) -> Call {
    let data = match kind {
        AccountKind::OpenZeppelin | AccountKind::Kernel => data,
        AccountKind::Msa | AccountKind::Safe7579 | AccountKind::Nexus => {
            (predecessor, data).abi_encode_params().into()
        }
    };
    let call = IModuleAccount::uninstallModuleCall {
        moduleTypeId: U256::from(module_type),
        module,
        deInitData: data,
    };
    Call::new(account, call.abi_encode())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uninstall_data_is_types_and_salt() {
        let salt = RevocationSalt::random().unwrap();

        let data = uninstall_data(InstallAs::Executor, salt);

        assert_eq!(data.len(), 33);
        assert_eq!(data[0], 0x02);
        assert_eq!(data[1..], salt.bytes()[..]);
    }

    #[test]
    fn accounts_with_lists_are_told_the_predecessor() {
        let account = Address::repeat_byte(0xa1);
        let call = |kind| {
            let data = Bytes::from_static(&[0xdd]);
            let (module, first) = (Address::repeat_byte(0x5e), Address::with_last_byte(1));
            uninstall_module(kind, account, module, 1, first, data).data
        };
        let plain = call(AccountKind::OpenZeppelin);

        assert_eq!(plain[..4], [0xa7, 0x17, 0x63, 0xa8], "uninstallModule(uint256,address,bytes)");
        assert_eq!(call(AccountKind::Kernel), plain);
        for kind in [AccountKind::Msa, AccountKind::Safe7579, AccountKind::Nexus] {
            let data = call(kind);
            let words: Vec<&[u8]> = data[4..].chunks(32).collect();
            // type, module, offset, length, then: predecessor, offset, length, data.
            assert_eq!(words[4], Address::with_last_byte(1).into_word().as_slice());
        }
    }
}
