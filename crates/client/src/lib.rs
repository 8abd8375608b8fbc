//! Build, sign, pack, use and explain smart sessions.
//!
//! | step | type |
//! |---|---|
//! | put a session together | [`SessionBuilder`], a [`template`], or a [`file`](mod@file) |
//! | find what cannot work before it is signed | [`check_session`], [`session_warnings`] |
//! | the owner signs | [`session_typed_data`] for a wallet, [`Grant::owner_digest`] for a key |
//! | hand it to the delegate | [`Grant`]: a [`file`](mod@file), or one [`text`] |
//! | the delegate acts | [`Grant::draft`], signed by a [`Delegate`]; or, with the module as executor, [`Grant::draft_order`] for anyone to bring, or [`redeem_call`] |
//! | the module refuses | [`explain`] says why, in words |

mod account;
mod entry_point_reason;
pub mod erc7715;
#[cfg(feature = "rpc")]
mod error_remedy;
mod explain;
pub mod import;
mod json_value;
mod keys;
mod operation;
mod refusal;
mod released_module;
mod revocation;
#[cfg(feature = "rpc")]
mod rpc;
mod session;
pub mod template;
pub mod unit;

pub use account::call::{Call, execute_call_data, execution};
pub use account::hook::behind_hook;
pub use account::install::{
    EXECUTOR_MEANING, EnableRoute, InstallAs, install_data, install_executor, install_validator,
};
pub use account::kind::AccountKind;
pub use account::signing::{OWNABLE_VALIDATOR, OwnerSigning};
pub use account::uninstall::{uninstall_data, uninstall_module};
pub use entry_point_reason::explain_reason;
pub use explain::{error_name, explain};
pub use keys::delegate::{Delegate, check_delegate_key};
pub use keys::p256_key::P256Key;
pub use keys::software_key::{KeyError, SoftwareKey};
pub use operation::abi::UserOperation;
pub use operation::coverage::{cover_calls, nearest_permissions};
pub use operation::draft::OperationDraft;
pub use operation::message::MessageDraft;
pub use operation::order::{
    MOST_ORDER_SECONDS, ORDER_NONCE_END, ORDER_SECONDS, Order, OrderDraft, OrderFate, OrderTerms,
    order_call,
};
pub use operation::order_file::{read_order, write_order};
pub use operation::plan::{DraftContext, has_period};
pub use operation::redemption::{Redemption, redeem_call};
pub use operation::user_operation::{
    ENTRY_POINT_V07, ENTRY_POINT_V08, ENTRY_POINT_V09, EntryPointVersion,
};
pub use refusal::{Refusal, RefusalCode};
pub use released_module::{RELEASED_MODULES, ReleasedModule};
pub use revocation::RevocationSalt;
#[cfg(feature = "rpc")]
pub use rpc::*;
pub use session::address::parse_address;
pub use session::builder::{PermissionBuilder, SessionBuilder};
pub use session::chain_listed::check_chain_listed;
pub use session::description::{DescriptionLine, amount_words, describe, key_kind, time};
pub use session::digest::{domain, session_digest};
pub use session::function::FunctionSignature;
pub use session::grant::Grant;
pub use session::names::Names;
pub use session::structure::{check_own_contracts, check_session};
pub use session::typed_data::session_typed_data;
pub use session::unpacked::unpack_session;
pub use session::warning::{Facts, Place, Warning, WarningCode, session_warnings};
pub use session::word::WordType;
pub use session::{file, text};

/// The repository's README (a link, so that the packed crate has it) and the crate's own: their
/// examples in Rust are compiled and run as tests.
#[cfg(doctest)]
#[doc = include_str!("../quick-start.md")]
#[doc = include_str!("../README.md")]
#[expect(missing_debug_implementations, reason = "there is nothing to look at")]
pub struct Readme;
