//! What an account says when it installs the module.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolValue, sol};
use smart_session_core::session::Session;

use crate::account::call::Call;
use crate::account::kind::AccountKind;
use crate::refusal::{Refusal, RefusalCode};

sol! {
    /// The module side of an ERC-7579 account.
    interface IModuleAccount {
        function installModule(uint256 moduleTypeId, address module, bytes initData);
        function uninstallModule(uint256 moduleTypeId, address module, bytes deInitData);
    }
}

/// Most bytes of an enable route.
const LONGEST_ROUTE: usize = 21;
/// Most sessions in one install.
const MOST_SESSIONS: usize = 8;
/// The route length that says: no signature enables sessions.
const CLOSED: u8 = 0xff;

/// How owners' signatures must begin that enable sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnableRoute {
    /// With these bytes: [`AccountKind::enable_route`].
    Only(Bytes),
    /// With any bytes: every validator of the account may enable sessions.
    Any,
    /// No signature enables sessions.
    Closed,
}

/// Which types of module are installed (ERC-7579).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstallAs {
    /// As validator.
    Validator,
    /// As executor, for the direct path.
    Executor,
    /// As both, for accounts that install several types with one call.
    Both,
}

impl InstallAs {
    pub(crate) const fn flags(self) -> u8 {
        match self {
            Self::Validator => 0x01,
            Self::Executor => 0x02,
            Self::Both => 0x03,
        }
    }
}

/// Returns the module's own install data.
///
/// # Errors
/// [`Refusal`] if the route is too long, or a session has no packed form, or there are too many.
pub fn install_data(
    types: InstallAs,
    route: &EnableRoute,
    sessions: &[Session],
) -> Result<Bytes, Refusal> {
    let mut data = vec![types.flags()];
    match route {
        EnableRoute::Any => data.push(0),
        EnableRoute::Closed => data.push(CLOSED),
        EnableRoute::Only(bytes) => {
            let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
            if bytes.is_empty() || usize::from(length) > LONGEST_ROUTE {
                return Err(Refusal::new(
                    RefusalCode::RouteTooLong,
                    format!(
                        "the enable route has {} bytes, 1 to {LONGEST_ROUTE} are allowed",
                        bytes.len()
                    ),
                    "take the route of the account's kind",
                ));
            }
            data.push(length);
            data.extend(bytes);
        }
    }
    let too_many = || {
        let got = sessions.len();
        Refusal::new(
            RefusalCode::TooManySessions,
            format!("{got} sessions in one install, at most {MOST_SESSIONS} are allowed"),
            "enable the rest afterwards",
        )
    };
    if sessions.len() > MOST_SESSIONS {
        return Err(too_many());
    }
    data.push(u8::try_from(sessions.len()).map_err(|_| too_many())?);
    for session in sessions {
        let packed = session.pack()?;
        let length = u32::try_from(packed.len()).map_err(|_| {
            Refusal::new(
                RefusalCode::TooMany,
                format!(
                    "the packed session has {} bytes, more than an install takes",
                    packed.len()
                ),
                "enable it by a call of its own",
            )
        })?;
        data.extend(length.to_be_bytes());
        data.extend(packed);
    }
    Ok(data.into())
}

/// Returns the call of itself by which an account installs the module as a validator.
///
/// Kernel wants a hook (none) before the data, and to be told that the validator may be used for
/// `execute`.
pub fn install_validator(
    kind: AccountKind,
    account: Address,
    module: Address,
    data: Bytes,
) -> Call {
    let execute = smart_session_core::abi::IAccount::executeCall::SELECTOR;
    let init_data = match kind {
        AccountKind::Kernel => {
            let parts = (data, Bytes::new(), Bytes::copy_from_slice(&execute)).abi_encode_params();
            [Address::ZERO.as_slice(), &parts].concat().into()
        }
        AccountKind::OpenZeppelin
        | AccountKind::Msa
        | AccountKind::Safe7579
        | AccountKind::Nexus => data,
    };
    install(VALIDATOR, account, module, init_data)
}

/// What installing the module as an executor means, in one sentence: owners are told before.
pub const EXECUTOR_MEANING: &str = "with the module as an executor every session of the account has \
    the direct path, older ones too: who brings a call pays for its gas, so feeLimit is no total \
    there, and a paymaster that a session names is no gate";

/// Returns the call of itself by which an account installs the module as an executor, for the
/// direct path. The owner is told [what that means](EXECUTOR_MEANING) before.
///
/// Kernel wants a hook before the data, and its hook belongs to one installation: what the
/// validator's hook forbids, an executor without it does. So the executor gets the hook that the
/// validator has; it is there already, and not installed again.
pub fn install_executor(
    kind: AccountKind,
    account: Address,
    module: Address,
    data: Bytes,
    hook: Option<Address>,
) -> Call {
    let init_data = match kind {
        AccountKind::Kernel => {
            let hook_data = hook.map_or_else(Bytes::new, |_| Bytes::from_static(&[0x00]));
            let parts = (data, hook_data).abi_encode_params();
            [hook.unwrap_or_default().as_slice(), &parts].concat().into()
        }
        AccountKind::OpenZeppelin
        | AccountKind::Msa
        | AccountKind::Safe7579
        | AccountKind::Nexus => data,
    };
    install(EXECUTOR, account, module, init_data)
}

/// Module types (ERC-7579).
const VALIDATOR: u8 = 1;
const EXECUTOR: u8 = 2;

fn install(module_type: u8, account: Address, module: Address, init_data: Bytes) -> Call {
    let call = IModuleAccount::installModuleCall {
        moduleTypeId: U256::from(module_type),
        module,
        initData: init_data,
    };
    Call::new(account, call.abi_encode())
}

#[cfg(test)]
mod tests {
    use alloy_primitives::hex;

    use super::*;

    #[test]
    fn install_data_is_types_route_and_sessions() {
        let route = EnableRoute::Only(vec![0xaa, 0xbb].into());

        let data =
            |types, route: &EnableRoute| hex::encode(install_data(types, route, &[]).unwrap());

        assert_eq!(data(InstallAs::Validator, &route), "0102aabb00");
        assert_eq!(data(InstallAs::Executor, &EnableRoute::Any), "020000");
        assert_eq!(data(InstallAs::Both, &EnableRoute::Closed), "03ff00");
    }

    #[test]
    fn a_route_of_no_or_too_many_bytes_is_refused() {
        for length in [0, 22, 255, 256] {
            let route = EnableRoute::Only(vec![1; length].into());

            let refusal = install_data(InstallAs::Validator, &route, &[]).unwrap_err();

            assert_eq!(refusal.code(), RefusalCode::RouteTooLong, "{length}");
        }
    }
}
