//! The table of the least `verificationGasLimit`.

use testbed::fixtures::EntryPointVersion;
use testbed::measure::Bench;
use testbed::{AccountKind, TestBedError};

pub(crate) fn print() -> Result<(), TestBedError> {
    println!("The least verificationGasLimit with which an operation is accepted.\n");
    println!(
        "{:<24} {:>10} {:>10} {:>10} {:>10}",
        "account", "enable", "uncached", "session", "uncached"
    );
    for version in EntryPointVersion::ALL {
        println!("EntryPoint {version}");
        for kind in AccountKind::ALL {
            if let Some(reason) = kind.skipped_on(version) {
                println!("  {kind:<22} skipped: {reason}");
                continue;
            }
            let gas = Bench::new(kind, version)?.verification_gas()?;
            println!(
                "  {kind:<22} {:>10} {:>10} {:>10} {:>10}",
                gas.enable, gas.enable_uncached, gas.session, gas.session_uncached
            );
        }
    }
    Ok(())
}
