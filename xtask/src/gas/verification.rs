//! The table of the least `verificationGasLimit`.

use testbed::fixtures::EntryPointVersion;
use testbed::measure::Bench;
use testbed::{AccountKind, TestBedError};

use crate::print::say;

pub(crate) fn print() -> Result<(), TestBedError> {
    say!("The least verificationGasLimit with which an operation is accepted.\n");
    say!(
        "{:<24} {:>10} {:>10} {:>10} {:>10}",
        "account",
        "enable",
        "uncached",
        "session",
        "uncached"
    );
    for version in EntryPointVersion::ALL {
        say!("EntryPoint {version}");
        for kind in AccountKind::ALL {
            if let Some(reason) = kind.skipped_on(version) {
                say!("  {kind:<22} skipped: {reason}");
                continue;
            }
            let gas = Bench::new(kind, version)?.verification_gas()?;
            say!(
                "  {kind:<22} {:>10} {:>10} {:>10} {:>10}",
                gas.enable,
                gas.enable_uncached,
                gas.session,
                gas.session_uncached
            );
        }
    }
    Ok(())
}
