//! What is printed for people and programs.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write, stdout};

/// Prints a line to standard output, as `println!` does, for readers that may go away before the end.
macro_rules! say {
    ($($text:tt)*) => { $crate::print::print_line(format_args!($($text)*)) };
}
pub(crate) use say;

/// Prints a line. A reader that has gone away, as `head`, wants no more: the command goes on, and its exit
/// status says what became of it. What cannot be printed for another reason ends it.
pub(crate) fn print_line(text: Arguments<'_>) {
    match writeln!(stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("standard output cannot be written: {error}");
            std::process::exit(1);
        }
        _ => {}
    }
}
