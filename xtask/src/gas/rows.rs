//! The gas table's rows, for people or as JSON, and the snapshot.

use testbed::fixtures::Fixtures;
use testbed::rows::{MEASURED_UNDER, Row, measure};
use testbed::snapshot::{Comparison, Snapshot, build};

use crate::outcome::Outcome;
use crate::print::say;

/// How to show the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Table,
    Json,
}

/// Measures and shows the rows. Returns whether none is over its budget.
pub(crate) fn print(form: Form) -> Outcome {
    let rows = measure()?;
    match form {
        Form::Json => say!("{}", serde_json::to_string_pretty(&rows)?),
        Form::Table => table(&rows),
    }
    let over: Vec<&Row> = rows.iter().filter(|row| row.is_over()).collect();
    for row in &over {
        eprintln!("gas: over its budget of {} under ArbOS {}: {}", row.must_be, row.arbos, row.row);
    }
    Ok(over.is_empty())
}

fn table(rows: &[Row]) {
    say!("Gas in the module's frame, without the account's own work in nested calls, and of the");
    say!("whole transaction, on Nexus with EntryPoint v0.7. The budget is for a cached program.");
    for arbos in MEASURED_UNDER {
        say!(
            "\n{:<56} {:>8} {:>9} {:>9} {:>9} {:>9}",
            format!("ArbOS {}", arbos.version),
            "must be",
            "module",
            "tx",
            "uncached",
            "tx"
        );
        let of_arbos: Vec<&Row> = rows.iter().filter(|row| row.arbos == arbos.version).collect();
        for pair in of_arbos.chunks(2) {
            let [cached, uncached] = pair else { continue };
            say!(
                "{:<56} {:>8} {:>9} {:>9} {:>9} {:>9}",
                cached.row,
                cached.must_be,
                cached.module_gas,
                cached.tx_gas,
                uncached.module_gas,
                uncached.tx_gas
            );
        }
    }
}

/// Measures the rows and writes them into the snapshot, if none is over its budget.
pub(crate) fn bless() -> Outcome {
    let rows = measure()?;
    if let Some(row) = rows.iter().find(|row| row.is_over()) {
        eprintln!("gas: over its budget of {}, not written: {}", row.must_be, row.row);
        return Ok(false);
    }
    let (sha256, build) = build(&Fixtures::load()?, rows)?;
    let mut snapshot = Snapshot::load().unwrap_or_default();
    if let Comparison::Different(told) = snapshot.compare(&sha256, &build) {
        for difference in told {
            say!("{difference}");
        }
    }
    snapshot.bless(sha256, build);
    snapshot.save()?;
    say!("written: {}", Snapshot::path().display());
    Ok(true)
}
