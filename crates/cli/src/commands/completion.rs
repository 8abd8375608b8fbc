//! `session completion`.

use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::Shell;

use crate::print::Printer;

/// For which shell.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  session completion bash > ~/.local/share/bash-completion/completions/session"
)]
pub(crate) struct Completion {
    shell: Shell,
}

/// Prints the script for a command.
pub(crate) fn run(completion: &Completion, mut command: Command, printer: &Printer) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(completion.shell, &mut command, "session", &mut script);
    printer.script(&script);
    ExitCode::SUCCESS
}
