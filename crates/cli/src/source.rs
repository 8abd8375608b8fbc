//! Where a session comes from: a file, standard input, one text, or the chain.

use std::io::Read;
use std::path::{Path, PathBuf};

use alloy_primitives::B256;
use clap::Args;
use smart_session_client::{Grant, Module, Names, Node, file, text};

use crate::failure::Failure;
use crate::known_module::KnownModule;

/// A session, as it was handed over.
#[derive(Args, Clone, Debug)]
pub(crate) struct Source {
    /// A session file, `-` for standard input, or a text that begins with `session1.`.
    #[arg(value_name = "SESSION")]
    session: String,
}

/// What to do about a session file that cannot be read.
pub(crate) const NAME_A_SESSION: &str = "name a session file, or make one with session new";

/// The most that is read of a session from a file.
const MOST: u64 = 4_000_000;

impl Source {
    /// Reads the session.
    pub(crate) fn read(&self) -> Result<Grant, Failure> {
        Ok(self.read_with_names()?.0)
    }

    /// Reads the session, and what its file calls things.
    pub(crate) fn read_with_names(&self) -> Result<(Grant, Names), Failure> {
        read_named(&self.session)
    }

    /// Returns the file, if it is one: what is changed can be written back.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        let is_file = self.session != "-" && !self.session.starts_with(text::PREFIX);
        is_file.then(|| PathBuf::from(&self.session))
    }

    /// Returns the grant as a file, with the names of the file that it came from.
    pub(crate) fn rewrite(&self, grant: &Grant) -> Result<String, Failure> {
        let Some(path) = self.path() else { return Ok(file::write(grant)) };
        match read_file(&path, NAME_A_SESSION) {
            Ok(content) if !is_text(&content) => file::rewrite(&content, grant)
                .map_err(|error| Failure::of_file(&self.session, error)),
            _ => Ok(file::write(grant)),
        }
    }
}

/// A session as it was handed over, or the id of one that was enabled.
#[derive(Args, Clone, Debug)]
pub(crate) struct EnabledSource {
    /// A session file, `-` for standard input, a text that begins with `session1.`, or the id of a
    /// session that was enabled, as session list tells it.
    #[arg(value_name = "SESSION")]
    session: Option<String>,
    /// Where to begin to look for the event of a session that is given by its id; the block of the
    /// deployment if left out and written down, else the oldest that the node has.
    #[arg(long, value_name = "BLOCK")]
    from_block: Option<u64>,
}

impl EnabledSource {
    /// Returns the id, if the session is given by it.
    pub(crate) fn id(&self) -> Option<B256> {
        self.session.as_deref().and_then(id_of)
    }

    /// Returns whether a session is given at all.
    pub(crate) const fn is_given(&self) -> bool {
        self.session.is_some()
    }

    /// Reads the session; of an id, from the event of the module that is known.
    pub(crate) async fn read(
        &self,
        known: &KnownModule,
        node: Option<&Node>,
    ) -> Result<(Grant, Names), Failure> {
        let Some(session) = self.session.as_deref() else {
            return Err(Failure::new(
                "no session is named",
                "name its file, its text, or its id as session list tells it",
            ));
        };
        let Some(id) = id_of(session) else { return read_named(session) };
        let node = node.ok_or_else(|| {
            Failure::new(
                "a session that is given by its id is on a chain, and no node is named",
                "give --rpc URL, or the session's file",
            )
        })?;
        let chain_id = node.chain_id().await?;
        let address = known.address_on(node).await?;
        known.check(Some(node), address).await?;
        let module = Module { node, address };
        let from = match self.from_block.or(known.first_block(chain_id, address)?) {
            Some(block) => block,
            None => node.oldest_block().await?,
        };
        let session = module.enabled_session(id, from).await?.ok_or_else(|| {
            Failure::new(
                format!("no session {id} was ever enabled at module {address}"),
                "check the id and the chain; a session that was signed and never enabled is in its \
                 file only",
            )
        })?;
        Ok((Grant::unsigned(address, session), Names::default()))
    }
}

fn id_of(session: &str) -> Option<B256> {
    session.strip_prefix("0x").filter(|digits| digits.len() == 64)?.parse().ok()
}

fn read_named(session: &str) -> Result<(Grant, Names), Failure> {
    if session.starts_with(text::PREFIX) {
        return Ok((Grant::from_text(session)?, Names::default()));
    }
    if session == "-" {
        let mut content = String::new();
        std::io::stdin().take(MOST).read_to_string(&mut content).map_err(|error| {
            Failure::new(format!("standard input: {error}"), "give a session file")
        })?;
        return parse("standard input", &content);
    }
    parse(session, &read_file(Path::new(session), NAME_A_SESSION)?)
}

/// Reads a session file, which may hold the one text too.
pub(crate) fn parse(name: &str, content: &str) -> Result<(Grant, Names), Failure> {
    if is_text(content) {
        return Ok((Grant::from_text(content)?, Names::default()));
    }
    file::read_with_names(content).map_err(|error| Failure::of_file(name, error))
}

fn is_text(content: &str) -> bool {
    content.trim_start_matches('\u{feff}').trim_start().starts_with(text::PREFIX)
}

/// Reads a file. `remedy` says what file is wanted.
pub(crate) fn read_file(path: &Path, remedy: &str) -> Result<String, Failure> {
    let mut content = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MOST).read_to_string(&mut content))
        .map_err(|error| {
            Failure::new(format!("{} cannot be read: {error}", path.display()), remedy)
        })?;
    Ok(content)
}
