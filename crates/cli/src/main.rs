//! The `session` command: make, sign, hand over, use and end smart sessions.

#![allow(clippy::doc_markdown, reason = "doc comments of arguments are help texts: no markup")]
#![warn(clippy::print_stdout)]

mod arguments;
mod calls;
mod chain_flags;
mod commands;
mod deployer;
mod deployment;
mod direct;
mod failure;
mod fork;
mod gas;
mod granted;
mod known_module;
mod network;
mod output_file;
mod owner_validator;
mod print;
mod program_code;
mod program_flags;
mod secret;
mod source;
mod template;
mod token_units;
mod visible;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Command};
use commands::{
    check, completion, deploy, doctor, enable, import, list, new, order, request, revoke, show,
    sign, typed_data, use_session,
};
use failure::Failure;
use print::Printer;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let printer = Printer::new(arguments.json);
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(error.to_string(), "free some memory and try again"))
        .and_then(|runtime| runtime.block_on(run(arguments.command, &printer)));
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            printer.failure(&failure);
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, printer: &Printer) -> Result<ExitCode, Failure> {
    match command {
        Command::New(new) => new::run(new, printer).await,
        Command::TypedData(typed_data) => typed_data::run(&typed_data, printer).await,
        Command::Sign(sign) => sign::run(sign, printer).await,
        Command::Enable(enable) => enable::run(enable, printer).await,
        Command::Use(use_session) => use_session::run(use_session, printer).await,
        Command::Order(order) => order::run(order, printer).await,
        Command::Check(check) => check::run(check, printer).await,
        Command::Show(show) => show::run(show, printer).await,
        Command::List(list) => list::run(list, printer).await,
        Command::Revoke(revoke) => revoke::run(revoke, printer).await,
        Command::Deploy(deploy) => deploy::run(deploy, printer).await,
        Command::Doctor(doctor) => doctor::run(doctor, printer).await,
        Command::Import(import) => import::run(*import, printer).await,
        Command::Request(request) => request::run(request, printer).await,
        Command::Completion(completion) => {
            Ok(completion::run(&completion, Arguments::command(), printer))
        }
    }
}
