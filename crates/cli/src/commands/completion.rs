//! `session completion`.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::arguments::Arguments;

/// For which shell.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  session completion bash > ~/.local/share/bash-completion/completions/session"
)]
pub(crate) struct Completion {
    shell: Shell,
}

pub(crate) fn run(completion: &Completion) -> ExitCode {
    let mut command = Arguments::command();
    clap_complete::generate(completion.shell, &mut command, "session", &mut std::io::stdout());
    ExitCode::SUCCESS
}
