//! The Ethereum side of the chain: accounts, blocks, bytecode, fees.

#![expect(clippy::arithmetic_side_effects, clippy::expect_used, reason = "a test may panic")]

use alloy_primitives::{Address, B256, Bytes, U256, address, b256, bytes, hex, keccak256};
use stylus_devchain::{
    ArbOs, DETERMINISTIC_DEPLOYER, Delegation, DeployError, DevChain, HaltReason, Status,
    Transaction, TransactionError,
};

const ALICE: Address = Address::repeat_byte(0xa1);
const BOB: Address = Address::repeat_byte(0xb0);

/// Init code that deploys this runtime code.
fn deploying(runtime: &[u8]) -> Bytes {
    let len = u8::try_from(runtime.len()).expect("short code");
    // PUSH1 len PUSH1 12 PUSH1 0 CODECOPY PUSH1 len PUSH1 0 RETURN
    let mut init = vec![0x60, len, 0x60, 12, 0x60, 0, 0x39, 0x60, len, 0x60, 0, 0xf3];
    init.extend_from_slice(runtime);
    init.into()
}

/// A chain with a contract of this runtime code.
fn with_contract(runtime: &[u8]) -> (DevChain, Address) {
    let mut chain = DevChain::new();
    let contract = chain.deploy(deploying(runtime)).expect("the contract deploys");
    (chain, contract)
}

fn word(outcome: &stylus_devchain::Outcome) -> U256 {
    U256::from_be_slice(&outcome.output)
}

#[test]
fn dev_accounts_own_the_keys_they_name() {
    for (index, account) in DevChain::new().dev_accounts().iter().enumerate() {
        assert_eq!(account.private_key, keccak256(format!("devchain {index}")));

        let key = k256::ecdsa::SigningKey::from_slice(account.private_key.as_slice())
            .expect("the key is a scalar");
        let point = key.verifying_key().to_encoded_point(false);
        let hash = keccak256(&point.as_bytes()[1..]);
        assert_eq!(account.address, Address::from_slice(&hash[12..]));
    }
}

#[test]
fn value_moves_and_gas_is_free_unless_a_price_is_named() {
    let mut chain = DevChain::new();
    chain.set_balance(ALICE, U256::from(1_000_000_000_000_000_u64));

    let send = Transaction::new(ALICE, BOB).with_value(U256::from(7));
    let outcome = chain.transact(&send).expect("alice can pay");
    assert_eq!(outcome.gas_used, 21_000);
    assert_eq!(chain.balance(BOB), U256::from(7));
    assert_eq!(chain.balance(ALICE), U256::from(999_999_999_999_993_u64));
    assert_eq!(chain.nonce(ALICE), 1);

    let paid = send.with_gas_limit(21_000).with_gas_price(200_000_000);
    chain.transact(paid).expect("alice can pay for gas too");
    assert_eq!(chain.balance(ALICE), U256::from(999_999_999_999_986_u64 - 21_000 * 200_000_000));
}

#[test]
fn a_transaction_that_cannot_start_leaves_no_block() {
    let mut chain = DevChain::new();

    let poor = chain.transact(Transaction::new(ALICE, BOB).with_value(U256::from(1)));
    assert_eq!(
        poor.expect_err("alice has nothing").to_string(),
        format!("{ALICE} has 0 wei but the transaction needs 1")
    );

    let starved = chain.transact(Transaction::new(ALICE, BOB).with_gas_limit(20_999));
    assert_eq!(starved, Err(TransactionError::GasLimitTooLow { limit: 20_999, needed: 21_000 }));

    for price in [0, 99_999_999] {
        let cheap = chain.transact(Transaction::new(ALICE, BOB).with_gas_price(price));
        assert_eq!(cheap, Err(TransactionError::GasPriceTooLow { base_fee: 100_000_000 }));
    }
    assert_eq!(chain.block_number(), 0);
}

#[test]
fn a_clone_goes_its_own_way() {
    let mut chain = DevChain::new();
    let mut other = chain.clone();

    other.set_balance(ALICE, U256::from(5));
    other.transact(Transaction::new(ALICE, BOB).with_value(U256::from(5))).expect("alice can pay");
    other.warp(60);

    assert_eq!(other.balance(BOB), U256::from(5));
    assert_eq!((other.block_number(), chain.block_number()), (1, 0));
    assert_eq!(chain.balance(BOB), U256::ZERO);
    assert_eq!(other.timestamp(), chain.timestamp() + 60);
    chain.set_timestamp(1_900_000_000);
    assert_eq!(chain.timestamp(), 1_900_000_000);
}

#[test]
fn a_call_keeps_nothing() {
    // SSTORE(0, 1)
    let (chain, contract) = with_contract(&hex!("600160005500"));

    let outcome = chain.call(Transaction::new(ALICE, contract)).expect("the call runs");

    assert!(outcome.is_success());
    assert_eq!(chain.storage(contract, U256::ZERO), U256::ZERO);
    assert_eq!(chain.block_number(), 1); // the deployment's
}

#[test]
fn the_environment_is_that_of_an_arbitrum_chain() {
    let ask = |opcode: u8| {
        let (chain, contract) = with_contract(&[opcode, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3]);
        let outcome = chain.call(Transaction::new(ALICE, contract)).expect("the call runs");
        (word(&outcome), chain)
    };

    assert_eq!(ask(0x46).0, U256::from(412_346)); // CHAINID
    assert_eq!(ask(0x48).0, U256::from(100_000_000)); // BASEFEE
    assert_eq!(ask(0x3a).0, U256::from(100_000_000)); // GASPRICE
    assert_eq!(ask(0x44).0, U256::from(1)); // PREVRANDAO
    let (time, chain) = ask(0x42); // TIMESTAMP
    assert_eq!(time, U256::from(chain.timestamp()));
    let (number, chain) = ask(0x43); // NUMBER: the parent chain's
    assert!(number > U256::from(chain.block_number() + 1_000));
}

#[test]
fn the_parent_chain_has_a_block_every_12_seconds() {
    let (mut chain, contract) = with_contract(&hex!("435f5260205ff3"));
    let number = |chain: &DevChain| {
        word(&chain.call(Transaction::new(ALICE, contract)).expect("the call runs"))
    };

    let before = number(&chain);
    chain.warp(24);

    assert_eq!(number(&chain), before + U256::from(2));
}

#[test]
fn precompiles_are_those_of_osaka() {
    let chain = DevChain::new();
    let call = |to: u64, data: Bytes| {
        let to = Address::from_word(U256::from(to).into());
        chain.call(Transaction::new(ALICE, to).with_data(data)).expect("the call runs")
    };
    let gas = |outcome: &stylus_devchain::Outcome| outcome.gas_used - outcome.intrinsic_gas;

    // The empty message hash and signature of the execution specs' ecrecover test.
    let recovered = call(
        1,
        bytes!(
            "18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c"
            "000000000000000000000000000000000000000000000000000000000000001c"
            "73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f"
            "eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549"
        ),
    );
    assert_eq!(
        Address::from_word(B256::from(word(&recovered))),
        address!("a94f5374fce5edbc8e2a8697c15331677e6ebf0b")
    );
    assert_eq!(gas(&recovered), 3_000);

    // P-256 at 0x100 costs what EIP-7951 says; nothing is returned for a wrong signature.
    let verified = call(0x100, vec![0; 160].into());
    assert_eq!((gas(&verified), verified.output.len()), (6_900, 0));
}

#[test]
fn create2_through_the_deterministic_deployer_lands_where_it_lands_everywhere() {
    let mut chain = DevChain::new();
    let salt = b256!("00000000000000000000000000000000000000000000000000000000cafebabe");
    let init_code = deploying(&hex!("00"));

    let contract = chain.deploy_deterministic(salt, init_code.clone()).expect("it deploys");

    assert_eq!(chain.code(DETERMINISTIC_DEPLOYER).len(), 69);
    assert_eq!(contract, DETERMINISTIC_DEPLOYER.create2(salt, keccak256(&init_code)));
    assert_eq!(chain.code(contract), bytes!("00"));
    assert!(matches!(
        chain.deploy_deterministic(salt, init_code),
        Err(DeployError::AlreadyDeployed(there)) if there == contract
    ));
}

#[test]
fn code_that_begins_with_ef_is_refused_unless_it_is_a_program() {
    let mut chain = DevChain::new().with_arbos(ArbOs::V51);
    let mut deploy = |code: &[u8]| chain.deploy(deploying(code));

    assert!(deploy(&hex!("eff0000001")).is_ok());
    for reserved in [hex!("ef0001").as_slice(), &hex!("ef"), &hex!("ef01000000"), &hex!("eff001aa")]
    {
        let error = deploy(reserved).expect_err("reserved code");
        let DeployError::Failed(outcome) = error else { panic!("another error: {error}") };
        assert_eq!(outcome.status, Status::Halt(HaltReason::ReservedCode));
        assert_eq!(outcome.gas_used, Transaction::DEFAULT_GAS_LIMIT);
    }

    let mut newer = DevChain::new();
    assert!(newer.deploy(deploying(&hex!("eff001aa"))).is_ok(), "a fragment");
}

#[test]
fn the_code_size_limit_can_be_lifted() {
    // Returns memory of 24,577 zeros as code.
    let oversized = bytes!("6160016000f3");

    let error = DevChain::new().deploy(oversized.clone()).expect_err("one byte too many");
    assert!(matches!(
        error,
        DeployError::Failed(outcome)
            if outcome.status == Status::Halt(HaltReason::CodeTooLong)
    ));
    let mut chain = DevChain::new().with_code_size_limit(usize::MAX);
    let contract = chain.deploy(oversized).expect("no limit");
    assert_eq!(chain.code(contract).len(), 24_577);
}

#[test]
fn a_delegated_account_runs_its_delegate_on_its_own_storage() {
    // SSTORE(0, CALLER)
    let (mut chain, delegate) = with_contract(&hex!("335f5500"));
    let delegation = Delegation { authority: BOB, delegate, nonce: 0 };

    let outcome = chain
        .transact(Transaction::new(ALICE, BOB).with_delegations(vec![delegation]))
        .expect("the transaction runs");

    assert!(outcome.is_success());
    assert_eq!(outcome.intrinsic_gas, 21_000 + 25_000);
    assert_eq!(chain.code(BOB).len(), 23);
    assert_eq!(chain.storage(BOB, U256::ZERO), U256::from_be_bytes(ALICE.into_word().0));
    assert_eq!(chain.storage(delegate, U256::ZERO), U256::ZERO);
}

#[test]
fn an_access_list_warms_what_it_names() {
    // SLOAD(1)
    let (chain, contract) = with_contract(&hex!("60015400"));
    let slot = B256::from(U256::from(1));
    let cold = Transaction::new(ALICE, contract);
    let warm = cold.clone().with_access_list(vec![(contract, vec![slot])]);

    let cold = chain.call(cold).expect("the call runs");
    let warm = chain.call(warm).expect("the call runs");

    assert_eq!(cold.gas_used, 21_000 + 3 + 2_100);
    assert_eq!(warm.gas_used, 21_000 + 2_400 + 1_900 + 3 + 100);
}

#[test]
fn a_loop_without_end_runs_out_of_gas() {
    // JUMPDEST PUSH1 0 JUMP
    let (chain, contract) = with_contract(&hex!("5b600056"));

    let outcome = chain
        .call(Transaction::new(ALICE, contract).with_gas_limit(1_000_000))
        .expect("the call runs");

    assert_eq!(outcome.status, Status::Halt(HaltReason::OutOfGas));
    assert_eq!(outcome.gas_used, 1_000_000);
}

#[test]
fn transactions_of_one_block_see_each_other() {
    // SSTORE(0, SLOAD(0) + 1)
    let (mut chain, contract) = with_contract(&hex!("5f546001015f5500"));
    let before = chain.block_number();

    let outcomes = chain.mine(vec![Transaction::new(ALICE, contract); 3]);

    assert!(outcomes.iter().flatten().all(stylus_devchain::Outcome::is_success));
    assert_eq!(chain.storage(contract, U256::ZERO), U256::from(3));
    assert_eq!(chain.block_number(), before + 1);
}

#[test]
fn the_node_interface_says_that_the_parent_chain_costs_nothing() {
    let chain = DevChain::new();
    let asker = Address::repeat_byte(0xa1);
    // gasEstimateL1Component(address(1), false, ""), written out.
    let mut data = hex!("77d488a2").to_vec();
    for word in [1_u64, 0, 0x60, 0] {
        data.extend(U256::from(word).to_be_bytes::<32>());
    }
    let node_interface = address!("00000000000000000000000000000000000000c8");

    let call = Transaction::new(asker, node_interface).with_data(data);
    let outcome = chain.call(call).expect("valid");
    let broken = Transaction::new(asker, node_interface).with_data(hex!("77d488a200"));
    let refused = chain.call(broken).expect("valid");

    // No gas for the parent chain, base fee 0.1 gwei, base fee there 0.
    let expected = [0, 100_000_000, 0].map(|word: u64| U256::from(word).to_be_bytes::<32>());
    assert_eq!(outcome.output[..], expected.concat());
    assert!(!refused.is_success());
}

#[test]
fn the_limit_on_fragments_can_be_asked_for_since_it_exists() {
    let owner_public = address!("000000000000000000000000000000000000006b");
    let call = Transaction::new(Address::repeat_byte(0xa1), owner_public)
        .with_data(keccak256("getMaxStylusContractFragments()")[..4].to_vec());

    let before = DevChain::new().with_arbos(ArbOs::V51).call(&call).expect("valid");
    let since = DevChain::new().with_arbos(ArbOs::V60).call(&call).expect("valid");

    assert!(!before.is_success());
    assert_eq!(word(&since), U256::from(4));
}
