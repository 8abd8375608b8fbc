//! The code of a program on the chain.

use alloy_primitives::{Address, U256, bytes, keccak256};
use stylus_devchain::{ActivationError, ArbOs, DevChain, Status, Transaction, program};
use wasm_encoder::{CustomSection, Instruction};

use crate::{ALICE, PROGRAM, activated, brotli_decompress, module, recorded};

#[test]
fn packing_drops_custom_sections_and_long_indices() {
    let mut wasm = module(&[Instruction::I32Const(0), Instruction::End]);
    let plain = wasm.clone();
    let name = CustomSection { name: "name".into(), data: [0; 100].as_slice().into() };
    wasm_encoder::Section::append_to(&name, &mut wasm);

    assert_eq!(program::pack(&wasm).expect("it is WASM"), plain);
    assert!(program::pack(b"not wasm").is_err());

    let code = recorded("act-long-table-index");
    let mut wasm = Vec::new();
    brotli_decompress(&code[4..], &mut wasm);
    let mut chain = DevChain::new();
    let packed = program::pack(&wasm).expect("it is WASM");
    let program = chain.deploy_program(&packed).expect("it deploys");
    assert!(chain.activate(program).is_ok());
}

#[test]
fn the_prelude_of_a_program_has_43_bytes() {
    let code = program::code(b"\0asm\x01\0\0\0");
    let init_code = program::init_code(&code);

    let mut chain = DevChain::new();
    let deployed = chain.deploy(init_code.clone()).expect("it deploys");

    assert_eq!(init_code.len(), code.len() + 43);
    assert_eq!(chain.code(deployed), code);
    assert_eq!(code[..4], [0xef, 0xf0, 0, 0]);
}

#[test]
fn a_program_behind_a_delegating_contract_uses_its_storage() {
    // The recorded counter: setNumber(uint256) is 3fb5c1cb, number() 8381f58a.
    let proxy = Address::repeat_byte(0x77);
    let mut chain = activated("real-counter", ArbOs::V51);
    let code =
        [bytes!("365f5f375f5f365f73").as_ref(), PROGRAM.as_slice(), &bytes!("5af43d5f5f3e3d5ff3")]
            .concat();
    chain.set_code(proxy, code);
    let set = [&keccak256("setNumber(uint256)")[..4], &U256::from(9).to_be_bytes::<32>()].concat();

    chain.transact(Transaction::new(ALICE, proxy).with_data(set)).expect("it runs");

    let number = keccak256("number()")[..4].to_vec();
    let ask = |account| {
        let call = Transaction::new(ALICE, account).with_data(number.clone());
        U256::from_be_slice(&chain.call(call).expect("it runs").output)
    };
    assert_eq!(ask(proxy), U256::from(9));
    assert_eq!(ask(PROGRAM), U256::ZERO);
}

#[test]
fn fragments_are_programs_only_from_arbos_60_on() {
    let root = bytes!("eff00200000001bc445248192208050f3f2df1d42744edbb22aca41c");
    let mut chain = DevChain::new().with_arbos(ArbOs::V51);
    chain.set_code(PROGRAM, root.clone());
    assert_eq!(chain.activate(PROGRAM), Err(ActivationError::NotAProgram(PROGRAM)));

    let mut chain = DevChain::new();
    chain.set_code(PROGRAM, root);
    let error = chain.activate(PROGRAM).expect_err("its fragment is missing");
    assert!(error.to_string().contains("fragments of the program are missing"));
}

#[test]
fn bytecode_cannot_destroy_a_program_that_delegates_to_it() {
    // The recorded caller: kind 2 is a delegate call; then the address, 32 and 8 unused bytes.
    let destroyer = Address::repeat_byte(0xdd);
    let mut chain = activated("host-call", ArbOs::V51);
    chain.set_code(destroyer, bytes!("33ff"));
    chain.set_balance(PROGRAM, U256::from(5));
    let data = [&[2_u8][..], destroyer.as_slice(), &[0; 32], &u64::MAX.to_le_bytes()].concat();

    let outcome =
        chain.transact(Transaction::new(ALICE, PROGRAM).with_data(data)).expect("it runs");

    assert_eq!(outcome.frames[1].status, Status::Revert);
    assert_eq!(chain.balance(PROGRAM), U256::from(5));
}
