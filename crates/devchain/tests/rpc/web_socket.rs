//! The same over a WebSocket, and subscriptions.

use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket, client};

use crate::client::{COUNTER, Client, STRANGER};

struct Socket(WebSocket<TcpStream>);

impl Socket {
    fn open(node: &Client) -> Self {
        let url = node.server.url();
        let stream = TcpStream::connect(url.replace("http://", "")).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        let (socket, _) = client(url.replace("http", "ws"), stream).expect("a WebSocket");
        Self(socket)
    }

    fn read(&mut self) -> Value {
        let message = self.0.read().expect("a message");
        serde_json::from_str(message.to_text().expect("text")).expect("JSON")
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        self.0.send(Message::text(request.to_string())).expect("it reads");
        self.read()
    }

    fn subscribe(&mut self, params: Value) -> Value {
        self.ask("eth_subscribe", params)["result"].clone()
    }

    /// What the next notification of a subscription says.
    fn notified(&mut self, subscription: &Value) -> Value {
        let notification = self.read();
        assert_eq!(notification["method"], "eth_subscription", "{notification}");
        assert_eq!(&notification["params"]["subscription"], subscription);
        notification["params"]["result"].clone()
    }
}

#[test]
fn requests_and_batches_are_answered() {
    let node = Client::new();
    let mut socket = Socket::open(&node);

    assert_eq!(socket.ask("eth_chainId", json!([]))["result"], "0x64aba");
    let batch = r#"[{"jsonrpc":"2.0","id":1,"method":"eth_chainId"},{"jsonrpc":"2.0","id":2}]"#;
    socket.0.send(Message::text(batch)).expect("it reads");
    let answers = socket.read();
    assert_eq!(answers[0]["result"], "0x64aba");
    assert_eq!(answers[1]["error"]["code"], -32_600);
    socket.0.send(Message::text("{")).expect("it reads");
    assert_eq!(socket.read()["error"]["code"], -32_700);
}

#[test]
fn new_heads_logs_and_transactions_are_pushed() {
    let node = Client::new();
    let counter = node.deploy(COUNTER);

    let mut heads = Socket::open(&node);
    let head = heads.subscribe(json!(["newHeads"]));
    let mut logs = Socket::open(&node);
    let log = logs.subscribe(json!(["logs", { "address": counter }]));
    let mut hashes = Socket::open(&node);
    let hash = hashes.subscribe(json!(["newPendingTransactions"]));

    node.send(json!({ "to": STRANGER }));
    let receipt = node.send(json!({ "to": counter }));

    assert_eq!(heads.notified(&head)["number"], "0x2");
    let header = heads.notified(&head);
    assert_eq!(header["number"], "0x3");
    assert_eq!(header["hash"], receipt["blockHash"]);
    assert_eq!(header.get("transactions"), None);
    assert_eq!(logs.notified(&log), receipt["logs"][0]);
    hashes.notified(&hash);
    assert_eq!(hashes.notified(&hash), receipt["transactionHash"]);
}

#[test]
fn an_ended_subscription_tells_nothing() {
    let node = Client::new();
    let mut socket = Socket::open(&node);
    let ended = socket.subscribe(json!(["newHeads"]));
    let kept = socket.subscribe(json!(["newHeads"]));

    assert_eq!(socket.ask("eth_unsubscribe", json!([ended]))["result"], true);
    assert_eq!(socket.ask("eth_unsubscribe", json!([ended]))["result"], false);
    node.result("evm_mine", json!([]));

    assert_eq!(socket.notified(&kept)["number"], "0x1");
    assert_eq!(socket.ask("eth_blockNumber", json!([]))["result"], "0x1");
}

#[test]
fn what_cannot_be_followed_is_refused() {
    let node = Client::new();
    let mut socket = Socket::open(&node);

    let answer = socket.ask("eth_subscribe", json!(["syncing"]));
    assert_eq!(answer["error"]["code"], -32_602);
    let (_, message) = node.error("eth_subscribe", json!(["newHeads"]));
    assert!(message.starts_with("notifications not supported over HTTP"), "{message}");
    for _ in 0..100 {
        socket.subscribe(json!(["newHeads"]));
    }
    let answer = socket.ask("eth_subscribe", json!(["newHeads"]));
    let message = answer["error"]["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("at most 100 subscriptions"), "{message}");
}
