//! What a session file says beyond the session: names of functions, decimals of tokens.

use super::function::FunctionSignature;

/// The names and units of a session file. A session does not keep them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    functions: Vec<Option<FunctionSignature>>,
    decimals: Vec<Option<u8>>,
}

impl Names {
    /// Returns names for the permissions and the budgets of a session, in their order.
    pub const fn new(functions: Vec<Option<FunctionSignature>>, decimals: Vec<Option<u8>>) -> Self {
        Self { functions, decimals }
    }

    /// Says the decimals of the budgets' tokens, in their order.
    #[must_use]
    pub fn with_decimals(mut self, decimals: Vec<Option<u8>>) -> Self {
        self.decimals = decimals;
        self
    }

    /// Returns the function of permission `index`, if it is named and has this selector.
    pub fn function(&self, index: usize, selector: [u8; 4]) -> Option<&FunctionSignature> {
        let function = self.functions.get(index)?.as_ref()?;
        (function.selector() == selector).then_some(function)
    }

    /// Returns the decimals of the token of budget `index`, if they are said.
    pub fn decimals(&self, index: usize) -> Option<u8> {
        self.decimals.get(index).copied().flatten()
    }
}
