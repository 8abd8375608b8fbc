//! Stylus programs: what is refused and why, activation, caching, calls between programs.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;

use alloy_primitives::{Address, Bytes, U256, bytes, keccak256};
use stylus_devchain::recording::Recording;
use stylus_devchain::{
    ActivationError, ArbOs, CacheError, DevChain, HaltReason, Status, Transaction,
    TransactionError, program,
};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, Instruction, MemorySection, MemoryType, Module,
    TypeSection, ValType,
};

const ALICE: Address = Address::repeat_byte(0xa1);
const PROGRAM: Address = Address::repeat_byte(0x50);

/// The contract code of a recorded program.
fn recorded(name: &str) -> Bytes {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");
    let text = fs::read(format!("{folder}/{name}.json")).expect("the recording is there");
    let recording: Recording = serde_json::from_slice(&text).expect("it is a recording");
    recording.code_hex.expect("it has code")
}

fn activated(name: &str, arbos: ArbOs) -> DevChain {
    let mut chain = DevChain::new().with_arbos(arbos);
    chain.set_code(PROGRAM, recorded(name));
    chain.activate(PROGRAM).expect("the program can be activated");
    chain
}

/// Host functions that the test programs import: `(name, parameters)`.
const IMPORTS: [(&str, usize); 3] =
    [("read_args", 1), ("write_result", 2), ("storage_flush_cache", 1)];

/// A program with this body; the imports are functions 0, 1 and 2.
fn module(body: &[Instruction<'_>]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    for (index, (name, params)) in (1_u32..).zip(IMPORTS) {
        types.ty().function(vec![ValType::I32; params], []);
        imports.import("vm_hooks", name, EntityType::Function(index));
    }
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: Some(1),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("user_entrypoint", ExportKind::Func, 3);
    exports.export("memory", ExportKind::Memory, 0);
    let mut code = CodeSection::new();
    let mut function = Function::new([]);
    for instruction in body {
        function.instruction(instruction);
    }
    code.function(&function);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&memories);
    module.section(&exports).section(&code);
    module.finish()
}

fn deployed(wasm: &[u8]) -> (DevChain, Address) {
    let mut chain = DevChain::new();
    let program = chain.deploy_program(wasm).expect("the program deploys");
    chain.activate(program).expect("the program can be activated");
    (chain, program)
}

/// Ink that the program's instructions took, host functions included.
fn ink(wasm: &[u8]) -> u64 {
    let (chain, program) = deployed(wasm);
    let outcome = chain.call(Transaction::new(ALICE, program)).expect("the call runs");
    let report = outcome.frames[0].program.clone().expect("a program ran");
    report.ink_at_entry - report.ink_left
}

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
fn an_empty_program_costs_its_block() {
    // i32.const 0 · end: a block of 2,450 and two operators of 1.
    assert_eq!(ink(&module(&[Instruction::I32Const(0), Instruction::End])), 2_452);
}

#[test]
fn a_basic_block_ends_where_control_may_turn() {
    use wasm_encoder::BlockType::Empty;
    // Blocks: [block, const, br_if] [br] [end] … the br leaves the block, so the last is [const, end].
    let body = [
        Instruction::Block(Empty),
        Instruction::I32Const(0),
        Instruction::BrIf(0),
        Instruction::Br(0),
        Instruction::End,
        Instruction::I32Const(0),
        Instruction::End,
    ];
    let first = 2_450 + 1 + 1 + 765;
    let second = 2_450 + 765;
    let last = 2_450 + 1 + 1;
    assert_eq!(ink(&module(&body)), first + second + last);
}

#[test]
fn operators_after_an_unreachable_belong_to_its_block() {
    let trapping = |dead: usize| {
        let mut body = vec![Instruction::Unreachable];
        body.resize(dead + 1, Instruction::Nop);
        body.push(Instruction::End);
        let (chain, program) = deployed(&module(&body));
        let outcome = chain.call(Transaction::new(ALICE, program)).expect("the call runs");
        assert_eq!(outcome.status, Status::Revert);
        let report = outcome.frames[0].program.clone().expect("a program ran");
        report.ink_at_entry - report.ink_left
    };
    assert_eq!(trapping(0), 2_450 + 2);
    assert_eq!(trapping(100), 2_450 + 2 + 100);
}

#[test]
fn a_host_function_charges_by_the_length_of_its_buffer() {
    // write_result(0, n): 8,400 and twice 16,381 + 55 for each byte beyond 32; call 3,800.
    let writing = |len: i32| {
        ink(&module(&[
            Instruction::I32Const(0),
            Instruction::I32Const(len),
            Instruction::Call(1),
            Instruction::I32Const(0),
            Instruction::End,
        ]))
    };
    let around = (2_450 + 1 + 1 + 3_800) + (2_450 + 1 + 1);
    assert_eq!(writing(0), around + 8_400 + 2 * 16_381);
    assert_eq!(writing(33), around + 8_400 + 2 * (16_381 + 55));
}

#[test]
fn a_loop_without_end_uses_up_the_gas() {
    let body = [
        Instruction::Loop(wasm_encoder::BlockType::Empty),
        Instruction::Br(0),
        Instruction::End,
        Instruction::Unreachable,
        Instruction::End,
    ];
    let (chain, program) = deployed(&module(&body));

    let outcome = chain
        .call(Transaction::new(ALICE, program).with_gas_limit(1_000_000))
        .expect("the call runs");

    assert_eq!(outcome.status, Status::Halt(HaltReason::OutOfGas));
    assert_eq!(outcome.gas_used, 1_000_000);
    assert_eq!(outcome.frames[0].program.clone().expect("a program ran").ink_left, 0);
}

#[test]
fn a_trace_that_grows_without_end_is_refused_and_without_a_trace_it_runs() {
    // read_args(0), for ever.
    let body = [
        Instruction::Loop(wasm_encoder::BlockType::Empty),
        Instruction::I32Const(0),
        Instruction::Call(0),
        Instruction::Br(0),
        Instruction::End,
        Instruction::Unreachable,
        Instruction::End,
    ];
    let (mut chain, program) = deployed(&module(&body));
    let block = chain.block_number();
    let call = Transaction::new(ALICE, program).with_gas_limit(50_000_000);

    let error = chain.transact(call.clone().with_trace(true)).expect_err("it is too large");
    let outcome = chain.call(call.with_gas_limit(1_000_000)).expect("it runs");

    assert_eq!(error, TransactionError::TraceTooLarge { budget: 268_435_456 });
    assert_eq!(outcome.status, Status::Halt(HaltReason::OutOfGas));
    assert_eq!((chain.block_number(), chain.nonce(ALICE)), (block, 0));
}

#[test]
fn the_least_start_price_is_that_of_the_documentation() {
    // 8,832 and 352 gas, and 1.628 gas for each of four globals that metering adds, 5 for a page.
    let mut chain = DevChain::new();
    let program = chain
        .deploy_program(&module(&[Instruction::I32Const(0), Instruction::End]))
        .expect("it deploys");

    let activation = chain.activate(program).expect("it can be activated");

    assert_eq!(activation.cached_init_gas, 352 + 6 + 5);
    // One function 8.252, two type slots 2.118, and 0.1286 for a byte of WASM.
    let wasm = module(&[Instruction::I32Const(0), Instruction::End]).len() as u64;
    assert_eq!(activation.init_gas, 363 + 8_832 + 8 + 2 + wasm * 1_286 / 10_000);
    assert_eq!((activation.version, activation.footprint_pages), (3, 1));
}

#[test]
fn a_cached_program_starts_at_the_lower_price() {
    let mut chain = activated("op-empty", ArbOs::V51);
    let call = Transaction::new(ALICE, PROGRAM);
    let gas = |chain: &DevChain| chain.call(&call).expect("the call runs").gas_used;

    let uncached = gas(&chain);
    chain.cache_program(PROGRAM).expect("the program is activated");
    assert!(chain.is_cached(PROGRAM));
    let cached = gas(&chain);
    chain.evict_program(PROGRAM).expect("the program is activated");

    assert!(!chain.is_cached(PROGRAM));
    assert_eq!(gas(&chain), uncached);
    assert_eq!(uncached - cached, 8_832 + 18); // op-empty: 37 bytes, 1 function, 2 type slots
    assert_eq!(
        chain.cache_program(Address::repeat_byte(9)),
        Err(CacheError::NotActivated(Address::repeat_byte(9)))
    );
}

#[test]
fn from_arbos_60_on_a_block_remembers_its_programs() {
    let gas = |arbos: ArbOs| -> Vec<u64> {
        let mut chain = activated("op-empty", arbos);
        let outcomes = chain.mine(vec![Transaction::new(ALICE, PROGRAM); 2]);
        outcomes.into_iter().map(|outcome| outcome.expect("it runs").gas_used).collect()
    };

    let before = gas(ArbOs::V51);
    assert_eq!(before[0], before[1]);
    let after = gas(ArbOs::V61);
    assert_eq!(after[0], before[0]);
    assert_eq!(after[0] - after[1], 8_832 + 18);
}

#[test]
fn a_program_lapses_with_time_and_with_a_new_version_of_stylus() {
    let mut chain = activated("op-empty", ArbOs::V51);
    let call = Transaction::new(ALICE, PROGRAM).with_gas_limit(100_000);
    let status = |chain: &DevChain| chain.call(&call).expect("the call runs").status;
    assert_eq!(status(&chain), Status::Success);

    let upgraded = chain.clone().with_arbos(ArbOs::V61);
    let reason = HaltReason::ProgramNeedsUpgrade { version: 2, stylus_version: 3 };
    assert_eq!(status(&upgraded), Status::Halt(reason));

    chain.warp(365 * 24 * 60 * 60);
    assert_eq!(status(&chain), Status::Success);
    chain.warp(1);
    let reason = HaltReason::ProgramExpired { age: 365 * 24 * 60 * 60 + 1 };
    assert_eq!(status(&chain), Status::Halt(reason));

    chain.activate(PROGRAM).expect("a lapsed program can be activated again");
    assert_eq!(status(&chain), Status::Success);
    assert_eq!(chain.activate(PROGRAM), Err(ActivationError::UpToDate(PROGRAM)));
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

/// Decompresses through the chain's own tool: a program's code is its module again.
fn brotli_decompress(stream: &[u8], wasm: &mut Vec<u8>) {
    brotli::BrotliDecompress(&mut &*stream, wasm).expect("it is a Brotli stream");
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
fn a_precompile_called_from_a_program_is_warm() {
    // The recorded caller: kind 1 is a static call; then the address, 32 unused bytes and the gas.
    let chain = activated("host-call", ArbOs::V51);
    let ecrecover = Address::with_last_byte(1);
    let data = [&[1_u8][..], ecrecover.as_slice(), &[0; 32], &u64::MAX.to_le_bytes()].concat();

    let outcome =
        chain.call(Transaction::new(ALICE, PROGRAM).with_data(data)).expect("the call runs");

    let report = outcome.frames[0].program.clone().expect("a program ran");
    // 83,193 and twice 16,381 for no data, 100 gas for the access, 3,000 for the precompile.
    assert_eq!(report.hostios["static_call_contract"].ink, 83_193 + 2 * 16_381 + 31_000_000);
    assert_eq!(outcome.frames[1].gas_used, 3_000);
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

#[test]
fn a_chain_speaks_for_arbos_61_unless_told_otherwise() {
    // arbOSVersion() counts 55 more; stylusVersion() is 3 from ArbOS 60 on.
    let ask = |precompile: u8, function: &str| {
        let data = keccak256(function)[..4].to_vec();
        let to = Address::with_last_byte(precompile);
        let call = Transaction::new(ALICE, to).with_data(data);
        U256::from_be_slice(&DevChain::new().call(call).expect("it runs").output)
    };
    assert_eq!(DevChain::new().arbos(), ArbOs::V61);
    assert_eq!(ask(0x64, "arbOSVersion()"), U256::from(61 + 55));
    assert_eq!(ask(0x71, "stylusVersion()"), U256::from(3));

    // More than 128 KiB of module were too much before.
    let mut chain = DevChain::new();
    chain.set_code(PROGRAM, recorded("act-size-131073"));
    assert!(chain.activate(PROGRAM).is_ok());
}

#[test]
fn a_chain_can_be_sent_to_another_thread() {
    fn check<T: Send + Sync>(_: &T) {}
    check(&DevChain::new());
}
