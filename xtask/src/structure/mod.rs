//! What imports what: drawn for a crate, and held free of circles everywhere.
//!
//! No two files import each other, at whatever distance, and no two folders do. Only items count:
//! a file that declares and exports the modules below it imports nothing by that.

mod code;
mod graph;
mod paths;
mod scripts;
mod tree;

use std::fs;

use self::graph::Graph;
use self::tree::Tree;
use crate::outcome::{Outcome, print_usage, unknown};
use crate::print::say;
use crate::repository::repository;

const USAGE: &str = "usage: cargo xtask structure [CRATE]";

/// The folders with TypeScript.
const SCRIPTS: [&str; 2] = ["ts/src", "web/src"];

/// Draws the modules of a crate as a Mermaid graph, or says which files and folders import each
/// other.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    match arguments {
        [] => check(),
        ["--help" | "-h"] => print_usage(USAGE),
        [name] => {
            let folder = crates()?.into_iter().find(|folder| folder == name);
            let folder = folder.ok_or_else(|| {
                format!("there is no crate {name:?}\n  do: name a folder with src/ in it")
            })?;
            for tree in read(&folder)? {
                say!("{}", tree.within(&[]).mermaid().trim_end());
            }
            Ok(true)
        }
        other => unknown(other, USAGE),
    }
}

fn check() -> Outcome {
    let mut is_free = true;
    let mut tell = |place: &str, graph: &Graph| {
        for circle in graph.circles() {
            is_free = false;
            eprintln!("{place}: {} import each other", circle.join(", "));
        }
    };
    for folder in crates()? {
        for tree in read(&folder)? {
            tell(&format!("{folder}/src"), &tree.files());
            for place in tree.folders() {
                tell(&format!("{folder}/src/{}", place.join("/")), &tree.within(place));
            }
        }
    }
    for folder in SCRIPTS {
        let files = scripts::read(&repository(folder))?;
        tell(folder, &files);
        // Folders of every depth, each beside what it stands next to.
        for depth in 1..4 {
            tell(folder, &files.of_wholes(|file| above(file, depth)));
        }
    }
    Ok(is_free)
}

/// Returns the folder that a file is in, of so many names at most; the file if it is not so deep.
fn above(file: &str, depth: usize) -> &str {
    file.match_indices('/')
        .nth(depth.saturating_sub(1))
        .and_then(|(end, _)| file.get(..end))
        .unwrap_or(file)
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

/// Reads the library of a crate and its program, whichever of them it has.
fn read(folder: &str) -> Result<Vec<Tree>, std::io::Error> {
    let sources = repository(folder).join("src");
    let roots = ["lib.rs", "main.rs"].into_iter().filter(|root| sources.join(root).exists());
    roots.map(|root| Tree::read(&sources, root)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_files_and_no_folders_import_each_other() {
        assert!(super::run(&[]).unwrap(), "see above; cargo xtask structure CRATE draws it");
    }

    #[test]
    fn the_core_is_read() {
        let core = super::read("crates/core").unwrap().remove(0);

        let modules = core.within(&[]).mermaid();
        assert!(modules.contains("policy --> packed\n"), "{modules}");
        assert!(!modules.contains("packed --> policy\n"), "{modules}");
        let files = core.files().mermaid();
        assert!(files.contains("policy/rules.rs --> packed/list.rs\n"), "{files}");
    }
}
