//! Where a session comes from: a file, standard input, or one text.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use session_client::{Grant, file, text};

use crate::failure::Failure;

/// A session, as it was handed over.
#[derive(Args, Clone, Debug)]
pub(crate) struct Source {
    /// A session file, `-` for standard input, or a text that begins with `session1.`.
    #[arg(value_name = "SESSION")]
    session: String,
}

impl Source {
    /// Reads the session.
    pub(crate) fn read(&self) -> Result<Grant, Failure> {
        if self.session.starts_with(text::PREFIX) {
            return Ok(Grant::from_text(&self.session)?);
        }
        parse(&self.name(), &self.content()?)
    }

    fn name(&self) -> String {
        if self.session == "-" { "standard input".into() } else { self.session.clone() }
    }

    fn content(&self) -> Result<String, Failure> {
        if self.session == "-" {
            let mut content = String::new();
            std::io::stdin().read_to_string(&mut content).map_err(|error| {
                Failure::new(format!("standard input: {error}"), "give a session file")
            })?;
            return Ok(content);
        }
        read_file(Path::new(&self.session))
    }

    /// Returns the file, if it is one: what is changed can be written back.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        let is_file = self.session != "-" && !self.session.starts_with(text::PREFIX);
        is_file.then(|| PathBuf::from(&self.session))
    }

    /// Returns the grant as a file, with the names of the file that it came from.
    pub(crate) fn rewrite(&self, grant: &Grant) -> Result<String, Failure> {
        let Some(path) = self.path() else { return Ok(file::write(grant)) };
        match read_file(&path) {
            Ok(content) if !content.trim().starts_with(text::PREFIX) => {
                file::rewrite(&content, grant)
                    .map_err(|error| Failure::of_file(&self.session, error))
            }
            _ => Ok(file::write(grant)),
        }
    }
}

/// Reads a session file, which may hold the one text too.
pub(crate) fn parse(name: &str, content: &str) -> Result<Grant, Failure> {
    if content.trim().starts_with(text::PREFIX) {
        return Ok(Grant::from_text(content)?);
    }
    file::read(content).map_err(|error| Failure::of_file(name, error))
}

pub(crate) fn read_file(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::new(
            format!("{} cannot be read: {error}", path.display()),
            "name a session file, or make one with session new",
        )
    })
}

/// Writes a file.
pub(crate) fn write_file(path: &Path, content: &str) -> Result<(), Failure> {
    std::fs::write(path, content).map_err(|error| {
        Failure::new(
            format!("{} cannot be written: {error}", path.display()),
            "name a file in a folder that can be written",
        )
    })
}
