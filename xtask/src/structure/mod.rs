//! Which module of a crate imports which: drawn, and held free of circles.
//!
//! A module is a file or a folder directly below `src/`; what is within a folder is its own matter.
//! Imports are read as text: `crate::…` and `super::…` outside comments and tests.

mod graph;
mod source;

use std::fs;

use self::graph::Graph;
use crate::{Outcome, print_usage, repository, unknown};

const USAGE: &str = "usage: cargo xtask structure [CRATE]";

/// Draws the modules of a crate as a Mermaid graph, or says which crates have circles of modules.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    match arguments {
        [] => check(),
        ["--help" | "-h"] => print_usage(USAGE),
        [name] => {
            let folder = crates()?.into_iter().find(|folder| folder == name);
            let folder = folder.ok_or_else(|| {
                format!("there is no crate {name:?}\n  do: name a folder with src/ in it")
            })?;
            print!("{}", read(&folder)?.mermaid());
            Ok(true)
        }
        other => unknown(other, USAGE),
    }
}

fn check() -> Outcome {
    let mut is_free = true;
    for folder in crates()? {
        let graph = read(&folder)?;
        for circle in graph.circles() {
            is_free = false;
            eprintln!("{folder}: {} import each other", circle.join(", "));
        }
    }
    Ok(is_free)
}

/// Returns the folders with crates: the contract's is the root.
fn crates() -> Result<Vec<String>, std::io::Error> {
    let mut folders = vec![".".to_owned(), "xtask".to_owned()];
    for entry in fs::read_dir(repository("crates"))? {
        let name = entry?.file_name();
        folders.push(format!("crates/{}", name.to_string_lossy()));
    }
    folders.sort();
    Ok(folders)
}

fn read(folder: &str) -> Result<Graph, std::io::Error> {
    source::read(&repository(folder).join("src"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_modules_of_a_crate_import_each_other() {
        assert!(super::run(&[]).unwrap(), "see above; cargo xtask structure CRATE draws it");
    }

    #[test]
    fn the_core_is_read() {
        let graph = super::read("crates/core").unwrap();

        let mermaid = graph.mermaid();
        assert!(mermaid.contains("policy --> packed\n"), "{mermaid}");
        assert!(!mermaid.contains("packed --> policy\n"), "{mermaid}");
    }
}
