//! What is refused at activation and why, and what a refusal leaves behind.

use alloy_primitives::{Address, U256, bytes};
use stylus_devchain::{ActivationError, ArbOs, DevChain, Status, Transaction};
use wasm_encoder::{ConstExpr, DataSection, Instruction};

use crate::{ALICE, PROGRAM, activated, brotli_decompress, module, recorded};

#[test]
fn a_module_that_breaks_a_rule_is_refused_with_its_name() {
    let cases = [
        ("act-truncated", "not valid WASM for Stylus: unexpected end-of-file"),
        ("act-invalid-body", "not valid WASM for Stylus: type mismatch"),
        ("act-long-table-index", "not valid WASM for Stylus: zero byte expected"),
        ("act-simd", "not valid WASM for Stylus: SIMD support is not enabled"),
        ("act-tail-call", "not valid WASM for Stylus: tail calls support is not enabled"),
        ("act-two-memories", "not valid WASM for Stylus: multiple memories"),
        ("act-unknown-import", "there is no host function vm_hooks::"),
        ("act-unknown-module", "there is no host function env::"),
        ("act-import-type", "the host function read_args is imported with a wrong type"),
        ("act-import-memory", "imports other than functions are not supported"),
        ("act-start", "start functions are not supported"),
        ("act-data-count", "a DataCount section is not supported"),
        ("act-float-dead", "the operator F64Add is not supported"),
        ("act-float-trunc", "the operator F32ConvertI32S is not supported"),
        ("act-global-init-global", "constant expression required"),
        ("act-pages-129", "129 memory pages, more than the 128 allowed"),
        ("act-data-129", "129 data segments, more than the 128 allowed"),
        ("act-locals-349", "349 locals of a function, more than the 348 allowed"),
        ("act-table-4097", "4097 table entries, more than the 4096 allowed"),
        ("act-funcs-4096", "4097 functions, more than the 4096 allowed"),
        ("act-no-entrypoint", "the export user_entrypoint is missing or of the wrong type"),
        ("act-entrypoint-i64", "the export user_entrypoint is missing or of the wrong type"),
        ("act-memory-not-exported", "the export memory is missing or of the wrong type"),
        ("act-nomax-no-pay", "memory may grow but pay_for_memory_grow is not imported"),
        ("act-export-stylus-name", "is reserved"),
    ];
    for (name, reason) in cases {
        let mut chain = DevChain::new();
        chain.set_code(PROGRAM, recorded(name));

        let error = chain.activate(PROGRAM).expect_err(name);

        assert!(matches!(error, ActivationError::Module(_)), "{name}: {error:?}");
        let text = error.to_string();
        assert!(text.starts_with("the module cannot be activated: "), "{name}: {text}");
        assert!(text.contains(reason), "{name}: {text}");
    }
}

#[test]
fn code_that_is_no_program_is_refused_with_its_reason() {
    let cases = [
        ("act-prefix-evm", "is not a Stylus program"),
        ("act-prefix-dict2", "the code is compressed with dictionary 2"),
        ("act-prefix-garbage", "the code is not a Brotli stream"),
        ("act-size-131073", "the module is longer than 131072 bytes"),
    ];
    for (name, reason) in cases {
        let mut chain = DevChain::new().with_arbos(ArbOs::V51);
        chain.set_code(PROGRAM, recorded(name));
        let text = chain.activate(PROGRAM).expect_err(name).to_string();
        assert!(text.contains(reason), "{name}: {text}");
    }
}

#[test]
fn a_segment_outside_the_memory_is_refused() {
    let mut wasm = module(&[Instruction::I32Const(0), Instruction::End]);
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(65_535), [1, 2]);
    wasm_encoder::Section::append_to(&data, &mut wasm);

    let mut chain = DevChain::new();
    let program = chain.deploy_program(&wasm).expect("it deploys");
    let error = chain.activate(program).expect_err("it doesn't fit");

    assert_eq!(
        error.to_string(),
        "the module cannot be activated: a data segment lies outside what it initialises"
    );
}

#[test]
fn an_activation_that_reverts_leaves_no_trace() {
    // A contract that forwards its call data and value to ArbWasm, then reverts.
    let forwarder = Address::repeat_byte(0xf0);
    let mut chain = DevChain::new();
    chain.set_code(PROGRAM, recorded("op-empty"));
    chain.set_code(forwarder, bytes!("365f5f375f5f365f3460715af15f5ffd"));
    let data = [bytes!("58c780c2").as_ref(), PROGRAM.into_word().as_slice()].concat();
    let rich = chain.dev_accounts()[0].address;

    let outcome = chain
        .transact(
            Transaction::new(rich, forwarder)
                .with_data(data)
                .with_value(U256::from(10).pow(U256::from(18))),
        )
        .expect("it runs");

    assert_eq!(outcome.status, Status::Revert);
    assert_eq!(outcome.frames[1].status, Status::Success, "the activation itself");
    let call = Transaction::new(ALICE, PROGRAM);
    assert!(!chain.call(call).expect("it runs").is_success());
}

/// Modules with a few bytes changed, run to their end: whatever they are, nothing may panic.
#[test]
fn a_damaged_module_is_refused_or_runs() {
    let rounds = std::env::var("DAMAGED_MODULES").ok().and_then(|text| text.parse().ok());
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("small")
    };
    let mut survivors = 0;
    for name in ["op-memcopy", "op-call-indirect", "host-storage", "op-recursion", "host-call"] {
        let mut original = Vec::new();
        brotli_decompress(&recorded(name)[4..], &mut original);
        for _ in 0..rounds.unwrap_or(60) {
            let mut wasm = original.clone();
            for _ in 0..=random(3) {
                let at = random(wasm.len());
                wasm[at] = u8::try_from(random(256)).expect("a byte");
            }
            let mut chain = DevChain::new();
            let program = chain.deploy_program(&wasm).expect("anything can be deployed");
            if chain.activate(program).is_ok() {
                let data = vec![u8::try_from(random(256)).expect("a byte"); random(100)];
                let call = Transaction::new(ALICE, program)
                    .with_data(data)
                    .with_gas_limit(1_000_000)
                    .with_trace(true);
                let outcome = chain.transact(call).expect("it runs");
                assert!(outcome.gas_used <= 1_000_000);
                survivors += 1;
            }
        }
    }
    assert!(survivors > 0);
}

#[test]
fn several_results_are_for_arbos_51_only() {
    for name in ["act-multi-value-func", "act-multi-value-block"] {
        let chain = activated(name, ArbOs::V51);
        let outcome = chain.call(Transaction::new(ALICE, PROGRAM)).expect("the call runs");
        assert!(outcome.is_success(), "{name}");

        let mut newer = DevChain::new().with_arbos(ArbOs::V60);
        newer.set_code(PROGRAM, recorded(name));
        assert!(matches!(newer.activate(PROGRAM), Err(ActivationError::Module(_))), "{name}");
    }
}
