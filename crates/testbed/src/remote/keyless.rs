//! The deployment of the deterministic deployer, a transaction that nobody holds a key for.
//!
//! Its signature was made up (Nick's method): whatever address it recovers to is the sender, which
//! has to be paid before the transaction can be sent. It names no chain, so it holds on all of them.

use alloy_consensus::transaction::SignerRecoverable;
use alloy_consensus::{Transaction, TxEnvelope};
use alloy_eips::Decodable2718;
use alloy_primitives::{Address, U256, hex};

use super::RemoteError;

/// The transaction, as it is sent: a legacy one without a chain id.
const DEPLOYMENT: [u8; 167] = hex!(
    "f8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffff"
    "ffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050"
    "506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a0222222222222"
    "2222222222222222222222222222222222222222222222222222"
);

/// A transaction that deploys a contract and whose sender nobody is.
#[derive(Clone, Debug)]
pub(super) struct KeylessDeployment {
    transaction: TxEnvelope,
    sender: Address,
}

impl KeylessDeployment {
    /// Returns that of the deterministic deployer.
    ///
    /// # Errors
    /// [`RemoteError::Damaged`] if it is no transaction, or its signature recovers to nothing.
    pub(super) fn of_deterministic_deployer() -> Result<Self, RemoteError> {
        let damaged = |reason: String| RemoteError::Damaged { reason };
        let transaction = TxEnvelope::decode_2718_exact(&DEPLOYMENT)
            .map_err(|error| damaged(error.to_string()))?;
        let sender = transaction.recover_signer().map_err(|error| damaged(error.to_string()))?;
        Ok(Self { transaction, sender })
    }

    /// Returns it as it is sent.
    #[expect(clippy::unused_self, reason = "there is one so far")]
    pub(super) fn raw(&self) -> &'static [u8] {
        &DEPLOYMENT
    }

    /// Returns who its signature recovers to.
    pub(super) fn sender(&self) -> Address {
        self.sender
    }

    /// Returns the most wei that it costs, at the price that it names.
    pub(super) fn cost(&self) -> U256 {
        let price = U256::from(self.transaction.max_fee_per_gas());
        price.saturating_mul(U256::from(self.transaction.gas_limit()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use alloy_primitives::Bytes;
    use stylus_devchain::{DETERMINISTIC_DEPLOYER, DevChain, Transaction as Call};

    use super::*;

    #[test]
    fn its_sender_deploys_to_the_deterministic_deployers_address() {
        let deployment = KeylessDeployment::of_deterministic_deployer().unwrap();

        // The first contract of an account stands at keccak256(rlp(account, 0)).
        assert_eq!(deployment.sender().create(0), DETERMINISTIC_DEPLOYER);
        // 100,000 gas at 100 gwei.
        assert_eq!(deployment.cost(), U256::from(10_000_000_000_000_000_u64));
    }

    #[test]
    fn what_it_deploys_is_the_code_that_the_embedded_chain_begins_with() {
        let deployment = KeylessDeployment::of_deterministic_deployer().unwrap();
        let (begun, mut bare) = (DevChain::new(), DevChain::new());
        bare.set_code(DETERMINISTIC_DEPLOYER, Bytes::new());
        bare.set_nonce(DETERMINISTIC_DEPLOYER, 0);
        let init_code = deployment.transaction.input().clone();

        let outcome = bare.transact(Call::create(deployment.sender(), init_code)).unwrap();

        assert_eq!(outcome.created, Some(DETERMINISTIC_DEPLOYER));
        assert_eq!(outcome.output, begun.code(DETERMINISTIC_DEPLOYER));
    }
}
