//! Small programs on which this chain once differed from a Nitro node, and what the node answered.

#![expect(clippy::arithmetic_side_effects, clippy::expect_used, reason = "a test may panic")]

use std::fs;

use alloy_primitives::{Address, Bytes, U256, address, bytes, keccak256};
use stylus_devchain::{
    ArbOs, DevChain, FrameKind, HaltReason, Outcome, Status, Transaction, program,
};
use wasm_encoder::{CustomSection, Section};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-cases");
const ALICE: Address = Address::repeat_byte(0xa1);
const PROGRAM: Address = Address::repeat_byte(0x50);
const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
const ARB_SYS: Address = address!("0000000000000000000000000000000000000064");

/// What the node answered to a case.
struct Case {
    name: &'static str,
    /// Gas of the activating transaction.
    activation: u64,
    /// Gas limit of the call.
    limit: u64,
    status: Status,
    /// Gas of the call.
    gas: u64,
}

const fn case(name: &'static str, activation: u64, status: Status, gas: u64) -> Case {
    Case { name, activation, limit: 2_000_000, status, gas }
}

const fn burnt(name: &'static str, activation: u64, limit: u64) -> Case {
    Case { name, activation, limit, status: Status::Halt(HaltReason::OutOfGas), gas: limit }
}

const NODE: [Case; 11] = [
    burnt("account-balance-oob-low-gas", 1_833_098, 31_000),
    burnt("account-codehash-oob-low-gas", 1_833_098, 31_000),
    case("create-overlapping-pointers", 1_833_714, Status::Success, 62_243),
    // The node's address of this one had a zero byte, for which a transaction pays 12 gas less.
    case("grow-fixed-memory", 1_832_946 + 12, Status::Success, 30_223),
    case("math-pow-oob-base", 1_833_518, Status::Revert, 30_255),
    case("read-return-data-nothing-oob", 1_833_126, Status::Success, 30_230),
    case("rem-select", 1_834_190, Status::Success, 30_240),
    case("select-eqz", 1_834_330, Status::Success, 30_242),
    case("select-matrix", 2_341_382, Status::Success, 36_583),
    case("transient-load-oob-key", 1_833_154, Status::Revert, 30_330),
    case("transient-store-oob-key", 1_833_154, Status::Revert, 30_330),
];

/// A case's module as the node had it: without names, and with a custom section of 19 bytes at its
/// end that made its hash unique.
fn module(name: &str) -> Vec<u8> {
    let wasm = wat::parse_file(format!("{CASES}/{name}.wat")).expect("it is a module in text");
    let mut wasm = program::pack(&wasm).expect("it is WASM");
    let section = CustomSection { name: "unique".into(), data: [0; 10].as_slice().into() };
    section.append_to(&mut wasm);
    wasm
}

/// A chain with a case's program, and the gas of the transaction that activated it.
fn activated(name: &str) -> (DevChain, u64) {
    let mut chain = DevChain::new().with_arbos(ArbOs::V51);
    chain.set_code(PROGRAM, program::code(&module(name)));
    let activation = chain.activate(PROGRAM).unwrap_or_else(|error| panic!("{name}: {error}"));
    // 21,000, and 16 or 4 for a byte of the call data: four of a selector, twelve zeros, an address.
    (chain, activation.gas + 21_000 + 16 * (4 + 20) + 4 * 12)
}

fn call(chain: &DevChain, limit: u64) -> Outcome {
    chain.call(Transaction::new(ALICE, PROGRAM).with_gas_limit(limit)).expect("it runs")
}

#[test]
fn a_program_costs_and_ends_as_on_the_node() {
    for Case { name, activation, limit, status, gas } in NODE {
        let (chain, activated) = activated(name);
        let outcome = call(&chain, limit);

        assert_eq!(activated, activation, "{name}");
        assert_eq!((outcome.status, outcome.gas_used), (status, gas), "{name}");
    }
}

#[test]
fn segments_that_are_not_active_may_be_in_a_program() {
    for name in ["elem-passive", "elem-declared"] {
        let (chain, activation) = activated(name);

        assert_eq!(activation, 1_833_126, "{name}");
        assert!(call(&chain, 2_000_000).is_success(), "{name}");
    }
}

#[test]
fn a_choice_takes_the_right_value_whatever_it_hangs_on() {
    let output = |name| call(&activated(name).0, 2_000_000).output;
    assert_eq!(output("select-eqz"), bytes!("0102"));
    assert_eq!(output("rem-select"), Bytes::new());

    let text = fs::read(format!("{CASES}/select-matrix.json")).expect("the matrix is there");
    let matrix: serde_json::Value = serde_json::from_slice(&text).expect("it is JSON");
    let (want, names) = (matrix["want"].as_array(), matrix["names"].as_array());
    let (want, names) = (want.expect("a list"), names.expect("a list"));
    let got = output("select-matrix");
    assert_eq!((want.len(), got.len()), (810, 810));
    let wrong: Vec<_> = got
        .iter()
        .zip(want.iter().zip(names))
        .filter(|(got, (want, _))| want.as_u64() != Some(u64::from(**got)))
        .map(|(got, (want, name))| format!("{name}: {got}, not {want}"))
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_creation_writes_the_length_before_the_address() {
    let outcome = call(&activated("create-overlapping-pointers").0, 2_000_000);

    // Both pointers are 0, and the program returns the 20 bytes there: the address, whole.
    let created = PROGRAM.create(1);
    assert_eq!(outcome.output, Bytes::copy_from_slice(created.as_slice()));
}

#[test]
fn activating_an_account_without_code_tells_that_it_is_no_program() {
    let mut chain = DevChain::new().with_arbos(ArbOs::V51);
    let nobody = address!("0000000000000000000000000000000000abcdef");
    let data = [bytes!("58c780c2").as_ref(), nobody.into_word().as_slice()].concat();
    let rich = chain.dev_accounts()[0].address;
    let activate = |to_activate: &[u8]| {
        Transaction::new(rich, ARB_WASM).with_data(to_activate.to_vec()).with_value(U256::from(1))
    };

    let outcome = chain.call(activate(&data)).expect("it runs");
    assert_eq!((outcome.status, outcome.gas_used), (Status::Revert, 1_682_102));
    assert_eq!(outcome.output, keccak256("ProgramNotWasm()").get(..4).expect("32 bytes").to_vec());

    // Code that is no program says nothing, and costs 3 gas less for that.
    chain.set_code(nobody, bytes!("00"));
    let outcome = chain.call(activate(&data)).expect("it runs");
    assert_eq!((outcome.status, outcome.gas_used), (Status::Revert, 1_682_099));
    assert_eq!(outcome.output, Bytes::new());
}

#[test]
fn a_precompile_asked_for_what_it_does_not_know_burns_the_gas() {
    let chain = DevChain::new();
    for data in [Bytes::new(), bytes!("a3b1b3"), bytes!("deadbeef")] {
        let call = Transaction::new(ALICE, ARB_SYS).with_data(data.clone()).with_gas_limit(50_000);
        let outcome = chain.call(call).expect("it runs");
        assert_eq!((outcome.status, outcome.gas_used), (Status::Revert, 50_000), "{data}");
    }
    // arbBlockNumber()
    let known = Transaction::new(ALICE, ARB_SYS).with_data(bytes!("a3b1b31d"));
    assert!(chain.call(known).expect("it runs").is_success());
}

#[test]
fn a_frame_that_breaks_off_is_named_as_the_node_names_it() {
    let runs = |code: &[u8]| {
        let mut chain = DevChain::new();
        chain.set_code(PROGRAM, code.to_vec());
        let outcome = chain.call(Transaction::new(ALICE, PROGRAM)).expect("it runs");
        let status = outcome.frames.last().map(|frame| frame.status);
        match status {
            Some(Status::Halt(reason)) => reason.to_string(),
            other => panic!("{other:?}"),
        }
    };
    // MSTORE8(0, 0xef) RETURN(0, 1) as init code of a CREATE.
    let creates_reserved = bytes!("60ef5f5360015ff3");
    let mut create = vec![0x67];
    create.extend_from_slice(&creates_reserved);
    create.extend_from_slice(&bytes!("5f52600860185ff000"));
    assert_eq!(runs(&create), "invalid code: must not begin with 0xef");
    // Calls bn256Add (6) with the point (1, 1), which is not on the curve.
    assert_eq!(
        runs(&bytes!("60015f52600160205260405f60805f6006620f4240fa00")),
        "point is not on curve"
    );
    assert_eq!(runs(&bytes!("fe")), "invalid opcode: INVALID");
    assert_eq!(runs(&bytes!("0c")), "invalid opcode: opcode 0xc not defined");
    assert_eq!(runs(&bytes!("01")), "stack underflow (0 <=> 2)");
    assert_eq!(runs(&bytes!("5f56")), "invalid jump destination");
    // CALL with 1 wei that it doesn't have.
    assert_eq!(runs(&bytes!("5f5f5f5f600160aa5af100")), "insufficient balance for transfer");
}

#[test]
fn a_contract_that_destroys_itself_shows_a_frame_for_it() {
    let heir = Address::repeat_byte(0xbe);
    let mut chain = DevChain::new();
    // PUSH20 heir SELFDESTRUCT
    chain.set_code(PROGRAM, [&[0x73], heir.as_slice(), &[0xff]].concat());
    chain.set_balance(PROGRAM, U256::from(7));

    let outcome = chain.call(Transaction::new(ALICE, PROGRAM)).expect("it runs");

    let frame = outcome.frames.get(1).expect("there is a second frame");
    assert_eq!(frame.kind, FrameKind::SelfDestruct);
    assert_eq!((frame.from, frame.to, frame.value), (PROGRAM, heir, U256::from(7)));
    assert_eq!((frame.depth, frame.parent, frame.gas_limit, frame.gas_used), (1, Some(0), 0, 0));
}
