//! Sessions as the EIP-712 structs that the owner signs.

use alloy_primitives::B256;
use alloy_primitives::aliases::U48;
use alloy_sol_types::SolStruct;

use super::{ArgumentRule, Budget, Chain, Permission, Session, SigningScope};
use crate::abi;

impl Session {
    /// Returns the session id: the EIP-712 hash of the struct that the owner signs.
    pub fn id(&self) -> B256 {
        self.to_abi().eip712_hash_struct()
    }

    /// Returns the struct that the owner signs.
    pub fn to_abi(&self) -> abi::Session {
        abi::Session {
            account: self.account,
            chains: self.chains.iter().copied().map(Chain::to_abi).collect(),
            delegate: self.delegate,
            delegateKind: self.delegate_kind.to_byte(),
            validAfter: U48::from(self.window.valid_after().seconds()),
            validUntil: U48::from(self.window.valid_until().seconds()),
            maxCalls: self.max_calls,
            feeLimit: self.fee_limit,
            paymaster: self.paymaster.address(),
            permissions: self.permissions.iter().map(Permission::to_abi).collect(),
            budgets: self.budgets.iter().copied().map(Budget::to_abi).collect(),
            signing: self.signing.iter().map(SigningScope::to_abi).collect(),
            salt: self.salt,
        }
    }
}

impl Chain {
    pub(super) fn to_abi(self) -> abi::Chain {
        abi::Chain { chainId: self.chain_id, epoch: self.epoch }
    }
}

impl Permission {
    pub(super) fn to_abi(&self) -> abi::Permission {
        abi::Permission {
            target: self.target,
            selector: self.selector.into(),
            valueLimit: self.value_limit,
            rules: self.rules.iter().copied().map(ArgumentRule::to_abi).collect(),
        }
    }
}

impl ArgumentRule {
    pub(super) fn to_abi(self) -> abi::ArgumentRule {
        abi::ArgumentRule { index: self.index, min: self.min, max: self.max }
    }
}

impl Budget {
    pub(super) fn to_abi(self) -> abi::Budget {
        abi::Budget { token: self.token, amount: self.amount, period: self.period }
    }
}

impl SigningScope {
    pub(super) fn to_abi(&self) -> abi::SigningScope {
        abi::SigningScope {
            domainSeparator: self.domain_separator,
            typeHash: self.type_hash,
            rules: self.rules.iter().copied().map(ArgumentRule::to_abi).collect(),
        }
    }
}
