//! How what this chain answers compares with what a node answered.

use std::fmt;

/// A call or activation and how it compares.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What was compared, in words.
    pub name: String,
    /// Why a difference is not a fault of this chain.
    pub exception: Option<&'static str>,
    /// Where this chain differs; empty if it doesn't.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// Whether the chain answered as the node did.
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty()
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        for Difference { field, node, here } in &self.differences {
            write!(f, "\n  {field}\n    node {node}\n    here {here}")?;
        }
        Ok(())
    }
}

/// One field that differs.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The field.
    pub field: &'static str,
    /// What the node answered.
    pub node: String,
    /// What this chain answered.
    pub here: String,
}
