//! Who may talk to a node.

use std::io::{Read, Write};
use std::net::TcpStream;

use stylus_devchain::DevChain;
use stylus_devchain::rpc::{Access, Node, Server};

const CHAIN_ID: &str = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#;

/// Sends bytes as no well-behaved client would; returns status, headers in lower case, and body.
fn raw(
    server: &Server,
    method: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, String, String) {
    let address = server.url().replace("http://", "");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let fields: Vec<String> =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (fields, length) = (fields.concat(), body.len());
    let text = format!(
        "{method} / HTTP/1.1\r\nconnection: close\r\n{fields}content-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("headers");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, head.to_ascii_lowercase(), body.to_owned())
}

fn local() -> Server {
    Server::start(Node::new(DevChain::new()), 0).expect("a free port")
}

#[test]
fn a_request_must_name_this_machine_as_its_host() {
    let server = local();
    let json = ("content-type", "application/json");

    for host in ["127.0.0.1", "localhost:8545"] {
        let (status, _, body) = raw(&server, "POST", &[("host", host), json], CHAIN_ID);
        assert_eq!(status, 200, "{body}");
        assert!(body.contains("0x64aba"));
    }
    let (status, _, body) = raw(&server, "POST", &[("host", "rebound.example"), json], CHAIN_ID);
    assert_eq!(status, 403);
    assert!(body.contains("not to \\\"rebound.example\\\""), "{body}");
}

#[test]
fn a_body_that_is_not_json_is_refused_whatever_it_holds() {
    let server = local();
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let headers = [("host", "localhost"), ("content-type", kind)];
        let (status, _, body) = raw(&server, "POST", &headers, CHAIN_ID);
        assert_eq!(status, 415);
        assert!(body.contains("must be application/json"), "{body}");
    }
    assert_eq!(raw(&server, "POST", &[("host", "localhost")], CHAIN_ID).0, 415);
}

#[test]
fn pages_are_refused_unless_their_origin_is_named() {
    let access = Access::local().allow_origin("http://localhost:5173").expect("an origin");
    let server = Server::start_for(access, Node::new(DevChain::new()), 0).expect("a free port");
    let from = |origin: &'static str| {
        [("host", "localhost"), ("content-type", "application/json"), ("origin", origin)]
    };

    let (status, head, body) = raw(&server, "POST", &from("http://localhost:5173"), CHAIN_ID);
    assert_eq!(status, 200, "{body}");
    assert!(head.contains("access-control-allow-origin: http://localhost:5173\r\n"), "{head}");
    assert!(head.contains("vary: origin"), "{head}");
    for origin in ["http://evil.example", "http://localhost:5174", "null"] {
        let (status, head, body) = raw(&server, "POST", &from(origin), CHAIN_ID);
        assert_eq!(status, 403);
        assert!(!head.contains("access-control"), "{head}");
        assert!(body.contains("--allow-origin"), "{body}");
    }
}

#[test]
fn a_preflight_is_answered_for_the_named_origin_alone() {
    let access = Access::local().allow_origin("http://localhost:5173").expect("an origin");
    let server = Server::start_for(access, Node::new(DevChain::new()), 0).expect("a free port");
    let from = |origin: &'static str| {
        [
            ("host", "localhost"),
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
            ("access-control-request-private-network", "true"),
        ]
    };

    let (status, head, _) = raw(&server, "OPTIONS", &from("http://localhost:5173"), "");
    assert_eq!(status, 204);
    for expected in [
        "access-control-allow-origin: http://localhost:5173",
        "access-control-allow-methods: post",
        "access-control-allow-headers: content-type",
        "access-control-allow-private-network: true",
    ] {
        assert!(head.contains(expected), "{expected}: {head}");
    }
    let (status, head, _) = raw(&server, "OPTIONS", &from("https://evil.example"), "");
    assert_eq!(status, 403);
    assert!(!head.contains("access-control"), "{head}");
}

#[test]
fn a_web_socket_of_a_foreign_page_is_refused() {
    let server = local();
    let headers = [
        ("host", "localhost"),
        ("origin", "http://evil.example"),
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    assert_eq!(raw(&server, "GET", &headers, "").0, 403);
}
