//! What things cost, and the pass that makes a module count its own ink.

pub(crate) mod instrument;
pub(crate) mod pages;
pub(crate) mod prices;
mod stack_height;
