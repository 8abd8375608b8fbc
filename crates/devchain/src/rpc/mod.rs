//! A node: the chain behind JSON-RPC over HTTP.
//!
//! [`Node`] answers requests, [`Server`] carries them over HTTP on 127.0.0.1. A block is mined for
//! every transaction as it arrives; there is no pool, so a nonce that is too high is refused.
//!
//! ```no_run
//! use devchain::DevChain;
//! use devchain::rpc::{Node, Server};
//!
//! let server = Server::start(Node::new(DevChain::new()), 8545)?;
//! println!("listening at {}", server.url());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! What a block holds is real but for the state root, which is zero: nothing here computes the
//! state trie. The states of the last 256 blocks are kept; older ones are refused.

mod block;
mod call;
mod clock;
mod control;
mod error;
mod estimate;
mod fees;
mod ledger;
mod logs;
mod message;
mod method;
mod node;
mod overrides;
mod params;
mod send;
mod server;
mod signed;
mod trace;
mod view;

pub use node::Node;
pub use server::Server;
