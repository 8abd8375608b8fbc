//! The node: requests that are answered in process, and what its history takes.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stylus_devchain::DEV_ACCOUNTS;
use stylus_devchain::rpc::Node;

use crate::{PROGRAM, chain, increment, measure, show};

/// Blocks of the long run.
const BLOCKS: u32 = 21_700;
/// States that are kept: the node's own choice, and every one of the run.
const HISTORIES: [u64; 2] = [256, 21_700];

/// Measures it. A run of a few blocks for a test.
pub(crate) fn run(is_test: bool, patience: Duration) {
    let node = Node::new(chain("real-counter"));
    let call = json!([{ "to": PROGRAM, "data": increment() }]);
    let each = measure(patience, || drop(ask(&node, "eth_call", &call)));
    show("node", "eth_call of the counter, in process", each);
    let blocks = if is_test { 3 } else { BLOCKS };
    for history in HISTORIES {
        let node = Node::new(chain("real-counter")).with_history(history);
        let (memory, start) = (resident(), Instant::now());
        for _ in 0..blocks {
            send(&node);
        }
        let each = start.elapsed() / blocks;
        let per_second = 1.0 / each.as_secs_f64();
        let what =
            format!("a transaction of the counter, signed and mined: {per_second:.0} a second");
        show("node", &what, each);
        let grown = resident().saturating_sub(memory) >> 20;
        println!(
            "{grown:>9} MiB node         more after {blocks} blocks, the states of {history} kept"
        );
    }
}

fn send(node: &Node) {
    let from = DEV_ACCOUNTS[0].address;
    let transaction =
        json!([{ "from": from, "to": PROGRAM, "data": increment(), "gas": "0x30d40" }]);
    ask(node, "eth_sendTransaction", &transaction);
}

fn ask(node: &Node, method: &str, params: &Value) -> Value {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let answer = node.answer(request.to_string().as_bytes()).expect("an answer");
    assert!(answer.get("error").is_none(), "{answer}");
    answer
}

/// Bytes of this process's memory, where the system tells (Linux).
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    pages.unwrap_or(0) * 4_096
}
