//! The gas table and its plot, from what was measured: `tests/snapshots/gas.json`.
//!
//! What is shown is the WASM of Debian's toolchain, which continuous integration builds.

mod bytes;
mod figures;
mod plot;
mod table;

use testbed::snapshot::Snapshot;

use self::figures::Figures;
use crate::outcome::{Outcome, print_usage, unknown};
use crate::repository::{repository, write_or_check};

const USAGE: &str = "usage: scripts/gas-plot [--check]";
const AGAIN: &str = "scripts/gas-plot";

/// Writes `docs/gas.svg` and the table in `README.md`, or says whether they are what the snapshot
/// gives.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let check = match arguments {
        [] => false,
        ["--check"] => true,
        ["--help" | "-h"] => return print_usage(USAGE),
        other => return unknown(other, USAGE),
    };
    let builds = Snapshot::load()?;
    let build = builds.0.values().find(|build| build.toolchain == "debian").ok_or(
        "tests/snapshots/gas.json has no rows of Debian's toolchain\n  do: scripts/gas --bless",
    )?;
    let figures = Figures::of(&build.rows);
    let text = std::fs::read_to_string(repository("README.md"))?;
    let plot = write_or_check("docs/gas.svg", &plot::draw(&figures), check, AGAIN)?;
    let table = write_or_check("README.md", &table::put_into(&text, &figures)?, check, AGAIN)?;
    Ok(plot && table)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_and_the_plot_are_those_of_the_snapshot() {
        assert!(super::run(&["--check"]).unwrap(), "see above");
    }
}
