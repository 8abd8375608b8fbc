//! Keys that sign.

pub(crate) mod delegate;
pub(crate) mod p256_key;
pub(crate) mod software_key;
