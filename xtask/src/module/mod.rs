//! What the module is, and what the clients know of it: `deployments/module.json` and the tables that
//! are made from it.

mod record;
mod tables;

use std::path::Path;

use self::record::Record;
use crate::outcome::{Outcome, print_usage, unknown};
use crate::repository::write_or_check;

const USAGE: &str =
    "usage: scripts/record-module [--commit [--check]], or scripts/module-tables [--check]";
const AGAIN: &str = "scripts/module-tables";

/// Writes the record from what was built, its commit alone, or the clients' tables; or says whether
/// the commit, or the tables, are still right.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    match arguments {
        ["record", builds] => Record::of(Path::new(builds), Record::read().ok())?.write(),
        ["commit"] => Record::read()?.with_commit().write(),
        ["commit", "--check"] => Ok(Record::read()?.names_its_commit()),
        ["tables"] => write_tables(false),
        ["tables", "--check"] => write_tables(true),
        ["--help" | "-h"] => print_usage(USAGE),
        other => unknown(other, USAGE),
    }
}

fn write_tables(check: bool) -> Outcome {
    let record = Record::read()?;
    let builds = record.release_first()?;
    let (rust, typescript) = (tables::rust(&builds), tables::typescript(&builds));
    let rust = write_or_check("crates/client/src/released_module.rs", &rust, check, AGAIN)?;
    let file = "ts/src/session/releasedModules.ts";
    Ok(write_or_check(file, &typescript, check, AGAIN)? && rust)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_clients_tables_are_what_the_record_gives() {
        assert!(super::run(&["tables", "--check"]).unwrap(), "see above");
    }
}
