//! Build, sign, pack, use and explain smart sessions.
//!
//! | step | type |
//! |---|---|
//! | put a session together | [`SessionBuilder`], or a [`file`](mod@file) |
//! | find what cannot work before anybody signs | [`check_session`], [`session_warnings`] |
//! | the owner signs | [`session_typed_data`] for a wallet, [`Grant::owner_digest`] for a key |
//! | hand it to the delegate | [`Grant`]: a [`file`](mod@file), or one [`text`] |
//! | the delegate acts | [`Grant::draft`], signed by a [`Delegate`] |
//! | the module refuses | [`explain`] says why, in words |

mod account;
#[cfg(feature = "rpc")]
mod acting;
mod builder;
#[cfg(feature = "rpc")]
mod bundler;
mod call;
mod check;
mod coverage;
mod delegate;
#[cfg(feature = "rpc")]
mod entry_point;
pub mod erc7715;
mod explain;
pub mod file;
mod grant;
mod install;
mod message;
#[cfg(feature = "rpc")]
mod module;
#[cfg(feature = "rpc")]
mod node;
mod operation;
#[cfg(feature = "rpc")]
mod owner;
mod p256_key;
mod plan;
#[cfg(feature = "rpc")]
mod preflight;
mod refusal;
mod software_key;
#[cfg(feature = "rpc")]
mod stylus;
pub mod text;
mod typed_data;
pub mod unit;
mod unpacked;

pub use account::AccountKind;
#[cfg(feature = "rpc")]
pub use acting::{ActError, Acting, Prepared, account_kind};
pub use builder::{PermissionBuilder, SessionBuilder};
#[cfg(feature = "rpc")]
pub use bundler::{Bundler, GasNeeds, refusal_of};
pub use call::{Call, execute_call_data, execution};
pub use check::{check_session, session_warnings};
pub use coverage::{cover_calls, nearest_permissions};
pub use delegate::{Delegate, check_delegate_key};
#[cfg(feature = "rpc")]
pub use entry_point::{ENTRY_POINT_V07, EntryPoint, Failure, Mined, UserOperation, failure};
pub use explain::{error_name, explain};
pub use grant::Grant;
pub use install::{EnableRoute, InstallAs, install_data, install_executor, install_validator};
pub use message::MessageDraft;
#[cfg(feature = "rpc")]
pub use module::{Listed, Module, Standing, Status};
#[cfg(feature = "rpc")]
pub use node::{Node, NodeError};
pub use operation::{OperationDraft, domain, session_digest};
#[cfg(feature = "rpc")]
pub use owner::{Owner, revoke_digest};
pub use p256_key::P256Key;
pub use plan::{Moment, check_chain_listed, has_period};
#[cfg(feature = "rpc")]
pub use preflight::{Broken, Preflight};
pub use refusal::{Refusal, RefusalCode};
pub use software_key::{KeyError, SoftwareKey};
#[cfg(feature = "rpc")]
pub use stylus::{ARB_WASM, ARB_WASM_CACHE, Activation, Program};
pub use typed_data::session_typed_data;
pub use unpacked::unpack_session;

/// The repository's README: its example in Rust is compiled and run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
#[expect(missing_debug_implementations, reason = "there is nothing to look at")]
pub struct Readme;
