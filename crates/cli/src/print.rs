//! What is printed: words for people, JSON for programs.

use std::io::{ErrorKind, IsTerminal, Write};

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::visible::{visible, visible_json};

/// Prints words or JSON. Colour and progress are for terminals only.
///
/// Whatever is printed passes through [`visible`], a line at a time: no text of a file, a node or a
/// contract reaches the terminal as an escape code, or as a line of its own.
#[derive(Debug)]
pub(crate) struct Printer {
    as_json: bool,
    has_colour: bool,
}

impl Printer {
    pub(crate) fn new(as_json: bool) -> Self {
        let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { as_json, has_colour: is_wanted && std::io::stderr().is_terminal() }
    }

    /// Prints the result of a command, in one form or the other.
    pub(crate) fn result<L: AsRef<str>>(
        &self,
        lines: impl IntoIterator<Item = L>,
        document: &Value,
    ) {
        if self.as_json {
            return self.write(format!("{}\n", visible_json(&document.to_string())).as_bytes());
        }
        for line in lines {
            self.write(format!("{}\n", visible(line.as_ref())).as_bytes());
        }
    }

    /// Writes to standard output. A reader that has gone away wants no more; where it fails for
    /// another reason, such as a full disk, the result is lost and the command has failed.
    fn write(&self, bytes: &[u8]) {
        match std::io::stdout().write_all(bytes) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                self.failure(&Failure {
                    reason: format!("standard output cannot be written: {error}"),
                    remedy: "make room, or print elsewhere".into(),
                });
                std::process::exit(1);
            }
            _ => {}
        }
    }

    /// Prints a document that is the result by itself, as in `session new` without `--output`.
    pub(crate) fn document(&self, text: &str, document: &Value) {
        self.result(text.lines(), document);
    }

    /// Prints a script for a shell, as it is.
    pub(crate) fn script(&self, script: &[u8]) {
        self.write(script);
    }

    /// Tells people what they are about to do.
    pub(crate) fn note<L: AsRef<str>>(&self, lines: impl IntoIterator<Item = L>) {
        if !self.as_json {
            for line in lines {
                let _ = writeln!(std::io::stderr(), "{}", visible(line.as_ref()));
            }
        }
    }

    /// Tells what is going on, to people at a terminal.
    pub(crate) fn progress(&self, words: &str) {
        if !self.as_json && std::io::stderr().is_terminal() {
            let _ = writeln!(std::io::stderr(), "{}", self.paint("2", &visible(words)));
        }
    }

    /// Tells what should be known, to people.
    pub(crate) fn warn(&self, words: &str) {
        if !self.as_json {
            let label = self.paint("33", "warning:");
            let _ = writeln!(std::io::stderr(), "{label} {}", visible(words));
        }
    }

    /// Asks a yes-or-no question at a terminal. `None` where there is none to ask at.
    pub(crate) fn ask(&self, question: &str) -> Option<bool> {
        if self.as_json || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return None;
        }
        let _ = write!(std::io::stderr(), "{} [y/N] ", visible(question));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).ok()?;
        Some(matches!(answer.trim(), "y" | "Y" | "yes"))
    }

    pub(crate) fn failure(&self, failure: &Failure) {
        let Failure { reason, remedy } = failure;
        let text = if self.as_json {
            visible_json(&json!({ "error": reason, "remedy": remedy }).to_string())
        } else {
            let label = self.paint("31", "session:");
            format!(
                "{label} {}\n{} {}",
                visible(&sentence(reason)),
                self.paint("1", "Try:"),
                visible(&sentence(remedy))
            )
        };
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    fn paint(&self, colour: &str, words: &str) -> String {
        if self.has_colour { format!("\u{1b}[{colour}m{words}\u{1b}[0m") } else { words.into() }
    }
}

/// Ends with a full stop.
fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.into() } else { format!("{text}.") }
}
