//! What is printed: words for people, JSON for programs.

use std::io::{IsTerminal, Write};

use serde_json::{Value, json};

use crate::failure::Failure;

/// Prints words or JSON. Colour and progress are for terminals only.
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
    pub(crate) fn result(&self, words: impl AsRef<str>, document: &Value) {
        let text = if self.as_json {
            document.to_string()
        } else {
            words.as_ref().trim_end_matches('\n').to_owned()
        };
        // A reader that has gone away wants no more.
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    /// Tells what is going on, to people at a terminal.
    pub(crate) fn progress(&self, words: &str) {
        if !self.as_json && std::io::stderr().is_terminal() {
            let _ = writeln!(std::io::stderr(), "{}", self.paint("2", words));
        }
    }

    /// Tells what should be known, to people.
    pub(crate) fn warn(&self, words: &str) {
        if !self.as_json {
            let _ = writeln!(std::io::stderr(), "{} {words}", self.paint("33", "warning:"));
        }
    }

    pub(crate) fn failure(&self, failure: &Failure) {
        let Failure { reason, remedy } = failure;
        let text = if self.as_json {
            json!({ "error": reason, "remedy": remedy }).to_string()
        } else {
            let label = self.paint("31", "session:");
            format!(
                "{label} {}\n{} {}",
                sentence(reason),
                self.paint("1", "Try:"),
                sentence(remedy)
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
