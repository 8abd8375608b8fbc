//! A client of a node that a test starts.

use serde_json::{Value, json};
use stylus_devchain::DevChain;
use stylus_devchain::rpc::{Node, Server};

pub(crate) const ALICE: &str = "0xe8178f1f698082e2f34e8cf05beea500f9e152ee";
pub(crate) const BOB: &str = "0x60649d349debf131a4ed0775b3ed80793e0be7d2";
pub(crate) const STRANGER: &str = "0x00000000000000000000000000000000000000aa";

/// Counts in slot 0, hashes the count, logs it with topic 0xaa and returns it.
pub(crate) const COUNTER: &str = "5f54600101805f555f5260205f205060aa60205fa160205ff3";
/// Reverts with 0xdeadbeef.
pub(crate) const REVERTER: &str = "63deadbeef5f526004601cfd";
/// Jumps to its start for ever.
pub(crate) const LOOPER: &str = "5b5f56";

pub(crate) struct Client {
    pub(crate) server: Server,
}

impl Client {
    pub(crate) fn new() -> Self {
        Self::with(Node::new(DevChain::new().with_timestamp(1_800_000_000)))
    }

    pub(crate) fn with(node: Node) -> Self {
        Self { server: Server::start(node, 0).expect("a free port") }
    }

    /// Status and body of the answer to any body.
    pub(crate) fn post(&self, body: impl AsRef<[u8]>) -> (u16, String) {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = agent.post(self.server.url()).header("content-type", "application/json");
        let mut answer = request.send(body.as_ref()).expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.body_mut().read_to_string().expect("text"))
    }

    pub(crate) fn answer(&self, method: &str, params: Value) -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params });
        let (status, body) = self.post(request.to_string());
        assert_eq!(status, 200, "{body}");
        let answer: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!(7)));
        answer
    }

    pub(crate) fn result(&self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    pub(crate) fn error(&self, method: &str, params: Value) -> (i64, String) {
        let answer = self.answer(method, params);
        let error = &answer["error"];
        let code = error["code"].as_i64().unwrap_or_else(|| panic!("{method}: {answer}"));
        (code, error["message"].as_str().expect("a message").to_owned())
    }

    /// Sends from alice and returns the receipt.
    pub(crate) fn send(&self, mut transaction: Value) -> Value {
        transaction["from"] = json!(ALICE);
        let hash = self.result("eth_sendTransaction", json!([transaction]));
        self.result("eth_getTransactionReceipt", json!([hash]))
    }

    /// Deploys runtime code and returns its address.
    pub(crate) fn deploy(&self, runtime: &str) -> Value {
        let len = runtime.len() / 2;
        let init = format!("0x60{len:02x}600c60003960{len:02x}6000f3{runtime}");
        let receipt = self.send(json!({ "data": init }));
        assert_eq!(receipt["status"], "0x1");
        receipt["contractAddress"].clone()
    }
}
