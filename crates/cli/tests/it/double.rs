//! Test doubles of nodes and bundlers: JSON-RPC over HTTP, answered by a closure.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use alloy_primitives::{Address, B256, Signature, hex};
use serde_json::{Value, json};

/// What a double answers: a status of HTTP, and `result` or `error` of JSON-RPC.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn result(result: impl Into<Value>) -> Self {
        Self { status: 200, body: json!({ "result": result.into() }) }
    }

    pub(crate) fn error(code: i64, message: &str) -> Self {
        let error = json!({ "code": code, "message": message });
        Self { status: 200, body: json!({ "error": error }) }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, body: Value::Null }
    }
}

/// A server, and everything that it was sent.
#[derive(Clone)]
pub(crate) struct Double {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Value>>>,
}

impl Double {
    /// Serves a closure.
    pub(crate) fn serve(answer: impl Fn(&Value) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&requests), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                thread::spawn(move || {
                    let mut stream = stream;
                    let request: Value = serde_json::from_slice(&read(&stream)).unwrap();
                    seen.lock().unwrap().push(request.clone());
                    respond(&mut stream, &request, answer(&request));
                });
            }
        });
        Self { url, requests }
    }

    /// Serves a node that passes questions on to another, and answers some itself.
    pub(crate) fn before(
        node: &str,
        lie: impl Fn(&Value) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let node = node.to_owned();
        Self::serve(move |request| {
            lie(request).unwrap_or_else(|| Answer { status: 200, body: pass_on(&node, request) })
        })
    }

    /// Returns what a method was called with.
    pub(crate) fn requests(&self, method: &str) -> Vec<Value> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|request| request["method"] == method).cloned().collect()
    }

    /// Returns how often a method was called.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.requests(method).len()
    }

    /// Returns whether a key has signed a digest in anything that was sent.
    pub(crate) fn has_signature(&self, key: Address, digest: B256) -> bool {
        self.requests.lock().unwrap().iter().any(|request| {
            pieces(request).iter().any(|bytes| {
                bytes.windows(65).filter(|window| [27, 28].contains(&window[64])).any(|window| {
                    let signature = Signature::try_from(window).unwrap();
                    signature.recover_address_from_prehash(&digest).is_ok_and(|it| it == key)
                })
            })
        })
    }
}

/// Returns what a node answers to a request.
pub(crate) fn pass_on(node: &str, request: &Value) -> Value {
    let address = node.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let body = request.to_string();
    write!(
        stream,
        "POST / HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    serde_json::from_slice(&read(&stream)).unwrap()
}

/// Reads the body of a message of HTTP that tells its length.
fn read(stream: &TcpStream) -> Vec<u8> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    body
}

fn respond(stream: &mut TcpStream, request: &Value, mut answer: Answer) {
    if answer.body.is_object() {
        answer.body["jsonrpc"] = json!("2.0");
        answer.body["id"] = request["id"].clone();
    }
    let body = answer.body.to_string();
    // A client that has given up reads nothing.
    let _ = write!(
        stream,
        "HTTP/1.1 {} Answer\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        answer.status,
        body.len()
    );
}

/// Returns all hex that is in a document, as bytes.
fn pieces(value: &Value) -> Vec<Vec<u8>> {
    match value {
        Value::String(text) => hex::decode(text).into_iter().collect(),
        Value::Array(items) => items.iter().flat_map(pieces).collect(),
        Value::Object(fields) => fields.values().flat_map(pieces).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
