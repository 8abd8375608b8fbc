//! The command line.

use clap::{Parser, Subcommand};

use crate::commands::check::Check;
use crate::commands::completion::Completion;
use crate::commands::deploy::Deploy;
use crate::commands::doctor::Doctor;
use crate::commands::enable::Enable;
use crate::commands::import::Import;
use crate::commands::list::List;
use crate::commands::new::New;
use crate::commands::order::Order;
use crate::commands::request::Request;
use crate::commands::revoke::Revoke;
use crate::commands::show::Show;
use crate::commands::sign::Sign;
use crate::commands::typed_data::TypedData;
use crate::commands::use_session::Use;

/// Smart sessions for ERC-7579 accounts: temporary, limited permission slips.
///
/// Keys come from files, the environment or a prompt, never from arguments. Every failure is one
/// sentence of cause and one of remedy, and an exit status that is not 0.
#[derive(Debug, Parser)]
#[command(name = "session", version, propagate_version = true)]
pub(crate) struct Arguments {
    /// Print JSON: one document on standard output, failures on standard error.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a session file from a template and flags.
    New(New),
    /// Print what a wallet signs: the JSON of `eth_signTypedData_v4`.
    TypedData(TypedData),
    /// Put the owner's signature into a session file.
    Sign(Sign),
    /// Enable a session on a chain.
    Enable(Enable),
    /// Make calls within a session, as its delegate.
    Use(Use),
    /// Sign calls within a session for anyone to bring, or bring them.
    Order(Order),
    /// Say whether calls would pass, and if not, which rule they break.
    Check(Check),
    /// Tell what a session allows, and what remains of it.
    Show(Show),
    /// List the sessions of an account.
    List(List),
    /// End a session, or all of an account, for good.
    Revoke(Revoke),
    /// Deploy and activate the module, at the same address on every chain.
    Deploy(Deploy),
    /// Say whether the module on a chain works, and for how long.
    Doctor(Doctor),
    /// Make a session of one of SmartSession, Kernel, MetaMask or ERC-7715, never with more power.
    Import(Box<Import>),
    /// Translate between wallet requests (ERC-7715) and sessions.
    Request(Request),
    /// Print a script that completes this command in a shell.
    Completion(Completion),
}
