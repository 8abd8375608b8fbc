//! Tracers in JavaScript: what they see of bytecode and of programs, and what becomes of bad ones.
//!
//! Gas is worked out by hand from the EVM's schedule.

#![cfg(feature = "rpc")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "a test may panic"
)]

use std::time::{Duration, Instant};

use alloy_primitives::{Address, Bytes, U256, address, bytes, hex, keccak256};
use serde_json::{Value, json};
use stylus_devchain::rpc::Node;
use stylus_devchain::{DevChain, Transaction};

const ALICE: Address = address!("00000000000000000000000000000000000000a1");
const CONTRACT: Address = address!("00000000000000000000000000000000000000cc");
const CALLER: Address = address!("00000000000000000000000000000000000000ca");

/// `SLOAD(0) + 1`, stored, hashed, logged with topic 0xaa and returned.
const COUNTER: Bytes = bytes!("5f54600101805f555f5260205f205060aa60205fa160205ff3");

fn chain(contracts: &[(Address, Bytes)]) -> DevChain {
    let mut chain = DevChain::new();
    for (address, code) in contracts {
        chain.set_code(*address, code.clone());
    }
    chain
}

/// A recorded program, at [`CONTRACT`] and activated.
fn program(name: &str) -> DevChain {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/nitro-recordings");
    let file = std::fs::read(format!("{folder}/{name}.json")).expect("the recording");
    let recording: Value = serde_json::from_slice(&file).expect("JSON");
    let code = hex::decode(recording["code_hex"].as_str().expect("code")).expect("hex");
    let mut chain = chain(&[(CONTRACT, code.into())]);
    chain.activate(CONTRACT).expect("it can be activated");
    chain
}

fn ask(node: &Node, method: &str, params: Value) -> Value {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    node.answer(request.to_string().as_bytes()).expect("an answer")
}

fn trace(chain: DevChain, to: Address, data: &str, tracer: &str) -> Value {
    let call = json!({ "from": ALICE, "to": to, "data": data, "gas": "0x186a0" });
    let options = json!({ "tracer": tracer });
    let answer = ask(&Node::new(chain), "debug_traceCall", json!([call, "latest", options]));
    assert!(answer.get("error").is_none(), "{answer}");
    answer["result"].clone()
}

fn error(chain: DevChain, tracer: &str, most: Duration) -> String {
    let node = Node::new(chain).with_trace_time(most);
    let options = json!({ "tracer": tracer });
    let answer = ask(&node, "debug_traceCall", json!([{ "to": CONTRACT }, "latest", options]));
    assert_eq!(answer["error"]["code"], -32_000, "{answer}");
    answer["error"]["message"].as_str().expect("a message").to_owned()
}

/// Every step as `pc name gas cost depth [stack, top first] memory`.
const STEPS: &str = r"{
    steps: [],
    step(log) {
        const stack = [];
        for (let i = 0; i < log.stack.length(); i++) stack.push(log.stack.peek(i).toString(16));
        const memory = toHex(log.memory.slice(0, log.memory.length()));
        const gas = `${log.getGas()} ${log.getCost()}`;
        this.steps.push(`${log.getPC()} ${log.op} ${gas} ${log.getDepth()} [${stack}] ${memory}`);
    },
    fault(log) { this.steps.push(`fault ${log.op}: ${log.getError()}`); },
    result() { return this.steps; },
}";

#[test]
fn a_step_shows_what_the_frame_was_before_the_opcode_and_what_it_costs() {
    // MSTORE(0, 42) · KECCAK256(0, 32) · SLOAD · STOP
    let chain = chain(&[(CONTRACT, bytes!("602a5f5260205f205400"))]);

    let steps = trace(chain, CONTRACT, "0x", STEPS);

    let word = format!("0x{}2a", "0".repeat(62));
    let hash = keccak256(U256::from(42).to_be_bytes::<32>());
    let expected = [
        "0 PUSH1 79000 3 1 [] 0x".to_owned(),
        "2 PUSH0 78997 2 1 [2a] 0x".to_owned(),
        "3 MSTORE 78995 6 1 [0,2a] 0x".to_owned(),
        format!("4 PUSH1 78989 3 1 [] {word}"),
        format!("6 PUSH0 78986 2 1 [20] {word}"),
        format!("7 KECCAK256 78984 36 1 [0,20] {word}"),
        format!("8 SLOAD 78948 2100 1 [{}] {word}", hash.to_string().trim_start_matches("0x")),
        format!("9 STOP 76848 0 1 [0] {word}"),
    ];
    assert_eq!(steps, json!(expected));
}

#[test]
fn state_is_seen_as_it_is_at_the_step_and_at_the_end() {
    let mut chain = chain(&[(CONTRACT, COUNTER)]);
    chain.set_storage(CONTRACT, U256::ZERO, U256::from(6));
    chain.set_balance(CONTRACT, U256::from(5));
    let tracer = r"{
        seen: [],
        look(db, address) { return Number(toHex(db.getState(address, toWord('0x0')))); },
        step(log, db) {
            const address = log.contract.getAddress();
            if (['SLOAD', 'SSTORE', 'LOG1'].includes(log.op.toString()))
                this.seen.push(this.look(db, address));
        },
        fault() {},
        result(ctx, db) {
            const code = db.getCode(ctx.to).length;
            const other = toAddress('0xdead');
            return {
                seen: this.seen,
                after: this.look(db, ctx.to),
                account: [db.getBalance(ctx.to), db.getNonce(ctx.to), code, db.exists(ctx.to)],
                other: [db.getBalance(other), db.getNonce(other), db.exists(other)],
                ctx: [ctx.type, toHex(ctx.from), ctx.gas, ctx.value, toHex(ctx.output)],
            };
        },
    }";

    let result = trace(chain, CONTRACT, "0x", tracer);

    let seven = format!("0x{}7", "0".repeat(63));
    assert_eq!(
        result,
        json!({
            "seen": [6, 6, 7],
            "after": 7,
            "account": ["5", 1, COUNTER.len(), true],
            "other": ["0", 0, false],
            "ctx": ["CALL", ALICE, 100_000, "0", seven],
        })
    );
}

/// Every frame as `enter` and `exit` see it.
const FRAMES: &str = r"{
    seen: [],
    fault(log) { this.seen.push(`fault ${log.op}: ${log.getError()}`); },
    enter(frame) {
        const [from, to] = [toHex(frame.getFrom()), toHex(frame.getTo())];
        const what = `${frame.getType()} ${from.slice(-2)} ${to.slice(-2)}`;
        this.seen.push(`${what} ${toHex(frame.getInput())} ${frame.getGas()} ${frame.getValue()}`);
    },
    exit(frame) {
        const output = toHex(frame.getOutput());
        this.seen.push(`${frame.getGasUsed()} ${output} ${frame.getError()}`);
    },
    step(log) {
        if (log.op.toString().endsWith('CALL'))
            this.seen.push(`${log.op} ${log.getCost()} ${log.getDepth()}`);
    },
    result() { return this.seen; },
}";

#[test]
fn frames_are_entered_and_left_and_a_revert_is_a_fault() {
    // CALL(5000, CONTRACT, 0, …) · STATICCALL(5000, CONTRACT, …) · STOP
    let caller = [
        hex!("5f5f5f5f5f73").as_slice(),
        CONTRACT.as_slice(),
        &hex!("611388f1"),
        &hex!("5f5f5f5f73"),
        CONTRACT.as_slice(),
        &hex!("611388fa00"),
    ]
    .concat();
    // REVERT(0, 1)
    let chain = chain(&[(CALLER, caller.into()), (CONTRACT, bytes!("60015ffd"))]);

    let seen = trace(chain, CALLER, "0x", FRAMES);

    let revert = "fault REVERT: execution reverted";
    assert_eq!(
        seen,
        json!([
            "CALL 7600 1", // cold account 2,600 and what it hands on
            "CALL ca cc 0x 5000 0",
            revert,
            "8 0x00 execution reverted", // PUSH1 3, PUSH0 2, a word of memory 3
            "STATICCALL 5100 1",
            "STATICCALL ca cc 0x 5000 undefined",
            revert,
            "8 0x00 execution reverted",
        ])
    );
}

#[test]
fn a_step_that_runs_out_of_gas_costs_more_than_there_is() {
    // 79,000 gas don't pay for a megabyte of memory.
    let chain = chain(&[(CONTRACT, bytes!("5f620fffff5200"))]);
    let tracer = r"{
        seen: [],
        step(log) { if (log.getCost() > log.getGas()) this.seen.push(`${log.op} ${log.getError()}`); },
        fault() { this.seen.push('fault'); },
        result(ctx) { return [this.seen, ctx.error]; },
    }";

    let seen = trace(chain, CONTRACT, "0x", tracer);

    assert_eq!(seen, json!([["MSTORE out of gas"], "out of gas"]));
}

#[test]
fn a_program_shows_its_host_functions_with_their_operands() {
    let names = r"{
        seen: [],
        step(log) {
            const stack = [];
            for (let i = 0; i < log.stack.length(); i++) stack.push(log.stack.peek(i));
            const memory = toHex(log.memory.slice(0, log.memory.length()));
            this.seen.push(`${log.op} ${stack} ${memory}`);
        },
        fault() {},
        result() { return this.seen; },
    }";

    // Hashes its call data and returns the hash.
    let hash = U256::from_be_bytes(keccak256([1, 2]).0);
    let seen = trace(program("host-keccak"), CONTRACT, "0x0102", names);
    assert_eq!(
        seen,
        json!([
            "CALLDATACOPY 0,0,2 0x",
            "KECCAK256 0,2 0x0102",
            format!("POP {hash} 0x"),
            format!("RETURN 0,32 {hash:#066x}"),
        ])
    );

    // One topic, then two bytes.
    let topic = format!("{:064x}", 0x1111);
    let data = format!("0x01{topic}abcd");
    let seen = trace(program("host-log"), CONTRACT, &data, names);
    assert_eq!(seen, json!(["CALLDATACOPY 0,0,35 0x", "LOG1 0,2,4369 0xabcd", "STOP  0x"]));

    // increment()
    let seen = trace(program("real-counter"), CONTRACT, "0xd09de08a", names);
    let seen: Vec<&str> =
        seen.as_array().expect("steps").iter().filter_map(Value::as_str).collect();
    assert!(seen.windows(2).any(|pair| pair == ["SLOAD 0 0x", "POP 0 0x"]), "{seen:?}");
    assert!(seen.contains(&"SSTORE 0,1 0x"), "{seen:?}");
}

#[test]
fn a_program_that_offers_more_gas_than_there_is_shows_it_as_nitro_does() {
    // kind 0 (call) ‖ target ‖ value ‖ gas, little-endian
    let data = format!("0x00{}{}{}", hex::encode(CALLER), "0".repeat(64), "f".repeat(16));
    let tracer = r"{
        seen: [],
        step(log) {
            if (log.op.toString() === 'CALL')
                this.seen.push([log.getCost() > log.getGas(), log.getDepth(), toHex(toAddress(log.stack.peek(1).toString(16)))]);
        },
        fault() {},
        enter(frame) { this.seen.push(frame.getType()); },
        exit() {},
        result() { return this.seen; },
    }";

    let seen = trace(program("host-call"), CONTRACT, &data, tracer);

    assert_eq!(seen, json!([[true, 1, CALLER], "CALL"]));
}

#[test]
fn nitros_phantom_reads_are_the_senders_and_off_by_default() {
    let reads = r"{
        seen: [],
        step(log) {
            if (log.op.toString() === 'SLOAD')
                this.seen.push([toHex(log.contract.getAddress()), toHex(toWord(log.stack.peek(0).toString(16)))]);
        },
        fault() {},
        result() { return this.seen; },
    }";
    let phantoms = [
        "0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400",
        "0x3c79da47f96b0f39664f73c0a1f350580be90742947dddfa21ba64d578dfe600",
    ];
    let with_phantoms = || program("host-keccak").with_phantom_reads(true);

    assert_eq!(trace(program("host-keccak"), CONTRACT, "0x", reads), json!([]));
    let seen = trace(with_phantoms(), CONTRACT, "0x", reads);
    assert_eq!(seen, json!([[ALICE, phantoms[0]], [ALICE, phantoms[1]]]));
    let native = trace(with_phantoms(), CONTRACT, "0x", "erc7562Tracer");
    let slots: Vec<&String> =
        native["accessedSlots"]["reads"].as_object().expect("reads").keys().collect();
    assert_eq!(slots, phantoms);

    // Gas is what it was, and bytecode alone reads nothing.
    let call = Transaction::new(ALICE, CONTRACT);
    let [with, without] = [with_phantoms(), program("host-keccak")]
        .map(|chain| chain.call(&call).expect("it runs").gas_used);
    assert_eq!(with, without);
    let bytecode = chain(&[(CONTRACT, bytes!("00"))]).with_phantom_reads(true);
    assert_eq!(trace(bytecode, CONTRACT, "0x", reads), json!([]));
}

#[test]
fn a_mined_transaction_is_traced_on_the_state_before_it() {
    let node = Node::new(chain(&[(CONTRACT, COUNTER)]));
    let alice = stylus_devchain::DEV_ACCOUNTS[0].address;
    let transaction = json!({ "from": alice, "to": CONTRACT });
    let send = || ask(&node, "eth_sendTransaction", json!([transaction]))["result"].clone();
    let (first, _second) = (send(), send());

    let tracer = "{ fault() {}, setup(config) { this.config = JSON.parse(config); }, \
                  result(ctx) { return [Number(toHex(ctx.output)), this.config.name]; } }";
    let options = json!({ "tracer": tracer, "tracerConfig": { "name": "bob" } });
    let answer = ask(&node, "debug_traceTransaction", json!([first, options]));

    assert_eq!(answer["result"], json!([1, "bob"]), "{answer}");
}

#[test]
fn the_functions_of_tracers_are_there() {
    let tracer = r"{
        fault() {},
        result() {
            const big = bigInt('ff', 16);
            return [
                big.add(1), big.minus(bigInt(5)).toString(16), big.toJSNumber(), big.gt(254), big.eq('255'),
                bigInt('-12').divide(5), bigInt.one.shiftLeft(200).toString(16), bigInt(2).pow(8).isZero(),
                toHex(toWord('abc')), toHex(toAddress('0x1234')), toHex(slice('0x010203', 1, 3)),
                isPrecompiled(toAddress('0x9')), isPrecompiled(toAddress('0x12')), isPrecompiled(toAddress('0x100')),
                toHex(toContract('0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0', 1)),
            ];
        },
    }";

    let result = trace(chain(&[]), CONTRACT, "0x", tracer);

    let one_shifted = format!("1{}", "0".repeat(50));
    assert_eq!(
        result,
        json!([
            "256",
            "fa",
            255,
            true,
            true,
            "-2",
            one_shifted,
            false,
            format!("0x{}abc", "0".repeat(61)),
            format!("0x{}1234", "0".repeat(36)),
            "0x0203",
            true,
            false,
            true,
            // The well-known second contract of that account.
            "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8",
        ])
    );
}

#[test]
fn a_tracer_that_is_none_is_refused_with_the_reason() {
    let second = Duration::from_secs(1);
    for (tracer, reason) in [
        ("{", "the tracer cannot be used: Error: "),
        ("{ fault() {} }", "must expose a function result()"),
        ("{ result() {} }", "must expose a function fault()"),
        ("(1 + 1)", "must expose a function result()"),
        ("{ result() {}, fault() {}, enter() {} }", "both or none of enter() and exit()"),
        ("{ result() {}, fault() {}, setup() { throw new Error('no') } }", "Error: no"),
    ] {
        let message = error(chain(&[]), tracer, second);
        assert!(message.contains(reason), "{tracer}: {message}");
    }
}

#[test]
fn what_a_tracer_throws_is_told_and_changes_nothing() {
    let second = Duration::from_secs(1);
    for (tracer, reason) in [
        (
            "{ step(log) { nobody.knows }, fault() {}, result() {} }",
            "in step(): Error: nobody is not defined",
        ),
        (
            "{ step(log) { log.stack.peek(0) }, fault() {}, result() {} }",
            "the stack has no item 0 from its top",
        ),
        (
            "{ step(log) { log.memory.slice(0, 1e9) }, fault() {}, result() {} }",
            "the memory has no bytes 0..1000000000",
        ),
        (
            "{ step(log) { log.memory.slice(1, 0) }, fault() {}, result() {} }",
            "the memory has no bytes 1..0",
        ),
        (
            "{ fault() {}, result(ctx, db) { db.getCode('0xzz') } }",
            "in result(): Error: 0xzz is not hex",
        ),
        ("{ fault() {}, result() { return 1n } }", "in result(): Error: "),
        ("{ fault() {}, result() { const f = () => f(); f() } }", "in result(): Error: "),
    ] {
        let message = error(chain(&[(CONTRACT, COUNTER)]), tracer, second);
        assert!(message.contains(reason), "{tracer}: {message}");
    }
}

#[test]
fn a_tracer_without_end_is_broken_off() {
    let most = Duration::from_millis(300);
    let looper = || chain(&[(CONTRACT, bytes!("5b5f56"))]);
    for tracer in [
        "{ fault() {}, result() { for (;;) {} } }",
        "{ step() { for (;;) { try { for (;;) {} } catch {} } }, fault() {}, result() {} }",
        "{ fault() {}, result() { new Array(1e9).fill(0).map(() => { for (;;) {} }) } }",
        // The contract is the one that doesn't end.
        "{ step() {}, fault() {}, result() {} }",
        "{ enter() {}, exit() {}, fault() {}, result() {} }",
        "(() => { for (;;) {} })()",
        "{ fault() {}, result() { return /(a+)+b/.test('a'.repeat(60)); } }",
    ] {
        let begin = Instant::now();

        let message = error(looper(), tracer, most);

        assert_eq!(message, "the trace took more than 300ms and was broken off", "{tracer}");
        assert!(begin.elapsed() < Duration::from_secs(10), "{tracer}");
    }
}

#[test]
fn a_tracer_that_keeps_too_much_is_broken_off() {
    let tracer = "{ kept: [], fault() {}, \
                  result() { for (;;) this.kept.push(new Uint8Array(1 << 20)); } }";

    let message = error(chain(&[]), tracer, Duration::from_secs(20));

    assert!(message.starts_with("the tracer failed in result(): "), "{message}");
    assert!(message.contains("out of memory"), "{message}");
}
