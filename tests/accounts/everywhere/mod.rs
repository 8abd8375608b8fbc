//! What holds for every account, on the embedded chain and behind a URL: generic over the chain.
//!
//! It is compiled into the suite and into `tests/external/by_url`.

pub(crate) mod account_setup;
pub(crate) mod aggregated;
pub(crate) mod browser_key;
pub(crate) mod direct;
pub(crate) mod installing;
pub(crate) mod managing;
pub(crate) mod scenario;
pub(crate) mod signing;
pub(crate) mod table;
