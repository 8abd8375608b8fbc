//! What comes of an import, and how it differs from its source.

use smart_session_core::session::Session;

/// One thing that the source says, and what the session says instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Where it stands in the input.
    pub path: String,
    /// What the source permits, in words.
    pub source: String,
    /// What the session permits, in words.
    pub session: String,
    /// Whether the session permits less; otherwise it permits the same, never more.
    pub is_narrower: bool,
}

/// One thing that the source says and no session can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRefusal {
    /// Where it stands in the input; `terms.` for what the client said.
    pub path: String,
    /// What it means, in words.
    pub meaning: String,
    /// What to do instead.
    pub remedy: String,
}

/// What comes of an import.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What changes.
    pub comparisons: Vec<Comparison>,
    /// The session, or everything that stands against it.
    pub outcome: Result<Session, Vec<ImportRefusal>>,
}
