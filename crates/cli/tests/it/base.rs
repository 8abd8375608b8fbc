//! What is on a world's chain before it is served.

use alloy_primitives::{Address, B256, Bytes, U256, hex, keccak256};
use alloy_sol_types::{SolCall, SolValue};
use serde_json::json;
use smart_session_client::SoftwareKey;
use stylus_devchain::{DEV_ACCOUNTS, DevChain, Transaction};
use testbed::abi::IOzAccount;
use testbed::fixtures::{EntryPointVersion, Fixtures};

use crate::world::World;

/// The time on the chain: 2026-01-01 00:00 UTC.
const OPENING: u64 = 1_767_225_600;

/// A chain before it is served.
#[derive(Clone)]
pub(crate) struct Base {
    pub(crate) chain: DevChain,
    pub(crate) game: Address,
    pub(crate) alice: Address,
    pub(crate) owner_validator: Address,
}

impl Base {
    pub(crate) fn new() -> Self {
        let fixtures = Fixtures::load().unwrap();
        let mut chain = DevChain::new().with_timestamp(OPENING);
        let entry_point = fixtures.entry_point(EntryPointVersion::V07).unwrap();
        chain.deploy_deterministic(entry_point.salt, entry_point.init_code.clone()).unwrap();
        let contract = |name| fixtures.contract(name).unwrap().init_code.clone();
        let owner_validator = chain.deploy(contract("EcdsaOwnerValidator")).unwrap();
        let game = chain.deploy(contract("Game")).unwrap();
        let factory = [contract("OzAccountFactory").to_vec(), entry_point.address.abi_encode()];
        let factory = chain.deploy(factory.concat()).unwrap();

        let owner = SoftwareKey::new(keccak256("alice")).unwrap().address();
        let init = IOzAccount::initializeAccountCall {
            validator: owner_validator,
            initData: Bytes::copy_from_slice(owner.as_slice()),
        };
        let create =
            IOzAccount::createAccountCall { salt: B256::ZERO, init: init.abi_encode().into() };
        let transaction = Transaction::new(DEV_ACCOUNTS[0].address, factory);
        let outcome = chain.transact(transaction.with_data(create.abi_encode())).unwrap();
        let alice = Address::abi_decode(&outcome.output).unwrap();
        chain.set_balance(alice, U256::from(10_u64).pow(U256::from(19)));
        Self { chain, game, alice, owner_validator }
    }

    /// Lets happen again what has happened on a world's chain since it was served.
    pub(crate) fn after(mut self, world: &World) -> Self {
        let blocks = |number: u64| {
            world.request("eth_getBlockByNumber", &json!([format!("{number:#x}"), true]))
        };
        let served = (self.chain.block_number()..).skip(1);
        for block in served.map(blocks).take_while(|block| !block.is_null()) {
            for sent in block["transactions"].as_array().unwrap() {
                let text = |field: &str| sent[field].as_str().unwrap();
                let [from, to] = ["from", "to"].map(|field| text(field).parse().unwrap());
                let transaction = Transaction::new(from, to)
                    .with_data(hex::decode(text("input")).unwrap())
                    .with_value(text("value").parse().unwrap());
                assert!(self.chain.transact(transaction).unwrap().is_success());
            }
        }
        self
    }
}

/// What the command wrote down of the module that it deployed.
pub(crate) struct Record {
    pub(crate) module: String,
    pub(crate) file: String,
    pub(crate) text: String,
}

impl Record {
    pub(crate) fn of(world: &World) -> Self {
        let file = format!("deployments/{}.json", DevChain::new().chain_id());
        Self { module: world.module(), text: world.work.read(&file), file }
    }
}
