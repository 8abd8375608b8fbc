//! A node: the chain behind JSON-RPC over HTTP and WebSocket.
//!
//! [`Node`] answers requests, [`Server`] carries them on 127.0.0.1. A block is mined for every
//! transaction as it arrives; one whose nonce is too high waits for the others of its sender.
//!
//! ```no_run
//! use stylus_devchain::DevChain;
//! use stylus_devchain::rpc::{Node, Server};
//!
//! let server = Server::start(Node::new(DevChain::new()), 8545)?;
//! println!("listening at {}", server.url());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! What a block holds is real but for the state root, which is zero: nothing here computes the
//! state trie.
//!
//! # What is kept
//!
//! The states of the last 256 blocks ([`Node::with_history`]); the last 65,536 blocks with their
//! transactions and receipts; 256 snapshots; 1,000 filters; 1,024 transactions that wait. What is
//! older is refused in words. Four traces run at a time and take 256 MiB each at most.

#![expect(clippy::unnecessary_wraps, reason = "all methods have one signature")]

mod about;
mod access;
mod access_list;
mod backend;
mod block;
mod call;
mod clock;
mod control;
mod dev_signature;
mod error;
mod estimate;
mod feed;
mod fees;
mod filter_methods;
mod filters;
mod gate;
mod history;
mod impersonation;
mod keys;
mod ledger;
mod log;
mod logs;
mod message;
mod method;
mod node;
mod overrides;
mod params;
mod pool;
mod send;
mod server;
mod service;
mod signed;
mod simulate;
mod snapshots;
mod state;
mod subscription;
mod trace;
mod transaction_request;
mod txpool;
mod view;
mod web_socket;

pub use access::{Access, OriginError};
pub use method::methods;
pub use node::Node;
pub use server::Server;
