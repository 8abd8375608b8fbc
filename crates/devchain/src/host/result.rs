//! Call data in, result out.

use alloy_primitives::Bytes;

use super::hooks::{Answer, Args, Hooks};
use super::memory::read_twice;
use crate::meter::prices;

impl Hooks<'_, '_> {
    /// `read_args(dest)`
    pub(super) fn read_args(&mut self, args: Args) -> Answer {
        let data = self.frame.args.clone();
        self.buy_ink(prices::write(data.len()))?;
        self.write(args.int(0), &data)?;
        Ok(None)
    }

    /// `write_result(data, len)`: the last call counts.
    pub(super) fn write_result(&mut self, args: Args) -> Answer {
        let len = args.int(1);
        self.buy_ink(read_twice(len))?;
        self.frame.output = Bytes::copy_from_slice(self.read(args.int(0), len)?);
        Ok(None)
    }
}
