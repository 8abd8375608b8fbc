//! Hashing.

use alloy_primitives::keccak256;

use super::hooks::{Answer, Args, Hooks};
use crate::meter::prices;

impl Hooks<'_, '_> {
    /// `native_keccak256(data, len, dest)`
    pub(super) fn keccak256(&mut self, args: Args) -> Answer {
        let len = args.int(1);
        self.buy_ink(prices::keccak(len))?;
        let preimage = self.read(args.int(0), len)?;
        let hash = keccak256(preimage);
        if self.context.chain.recorder.is_tracing() {
            let preimage = self.read_bytes(args.int(0), len)?;
            self.context.chain.recorder.preimage(preimage);
        }
        self.write(args.int(2), hash.as_slice())?;
        Ok(None)
    }
}
