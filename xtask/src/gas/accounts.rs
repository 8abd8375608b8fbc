//! The table account × operation, in gas of the whole transaction.

use testbed::fixtures::EntryPointVersion;
use testbed::measure::{AccountGas, Bench};
use testbed::{AccountKind, TestBedError};

use crate::print::say;

/// `SmartSession` v1 on Nexus, measured on a Nitro node (`ArbOS` 51): the owner's own operations with
/// a validator as lean as ours, and sessions with the leanest signer.
const SMART_SESSION: AccountGas = AccountGas {
    owner: 103_596,
    owner_batch: 150_002,
    session: 153_782,
    session_batch: 228_606,
    enable: 674_284,
};

pub(crate) fn print() -> Result<(), TestBedError> {
    say!("Gas of a transaction with one operation, EntryPoint v0.7, program cached. Each call");
    say!("is one move with 0.01 ETH; the session counts calls and fees.\n");
    say!(
        "{:<24} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10}",
        "account",
        "owner",
        "owner × 5",
        "session",
        "batch × 5",
        "enable",
        "session's"
    );
    say!("{:<24} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10}", "", "", "", "", "", "", "share");
    for kind in AccountKind::ALL {
        row(&kind.to_string(), Bench::new(kind, EntryPointVersion::V07)?.account_gas()?);
    }
    row("SmartSession on Nexus", SMART_SESSION);
    say!("\nThe session's share is what one call costs more than the owner's own operation.");
    Ok(())
}

fn row(name: &str, gas: AccountGas) {
    let share = gas.session.saturating_sub(gas.owner);
    say!(
        "{name:<24} {:>9} {:>9} {:>9} {:>9} {:>9} {share:>10}",
        gas.owner,
        gas.owner_batch,
        gas.session,
        gas.session_batch,
        gas.enable
    );
}
