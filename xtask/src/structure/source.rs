//! The modules of a crate and their imports, read from its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

use super::graph::Graph;

/// Files that are compiled for tests alone, by their names in this repository.
const TESTS: [&str; 3] = ["tests.rs", "cross_check.rs", "trial.rs"];

/// Reads a crate's `src` folder.
pub(super) fn read(src: &Path) -> io::Result<Graph> {
    let mut files = Vec::new();
    walk(src, &mut Vec::new(), &mut files)?;
    let modules: BTreeSet<&str> = files.iter().filter_map(|file| file.module()).collect();
    let exported = exported(&files);
    let mut graph = Graph::default();
    for file in &files {
        let Some(module) = file.module() else { continue };
        for name in file.imports() {
            let to = modules.get(name).copied().or_else(|| exported.get(name).copied());
            if let Some(to) = to.filter(|to| modules.contains(to)) {
                graph.add(module, to);
            }
        }
    }
    Ok(graph)
}

/// A source file, without comments and without its tests.
struct File {
    /// Where its module stands below the crate's root; empty for the root itself.
    path: Vec<String>,
    text: String,
}

fn walk(folder: &Path, above: &mut Vec<String>, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            above.push(name);
            walk(&path, above, files)?;
            above.pop();
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !TESTS.iter().any(|test| path.ends_with(test))
        {
            let mut module = above.clone();
            if !matches!(name.as_str(), "mod" | "lib" | "main") {
                module.push(name);
            }
            files.push(File { path: module, text: without_tests(&fs::read_to_string(&path)?) });
        }
    }
    Ok(())
}

fn without_tests(text: &str) -> String {
    let text = text.split_once("#[cfg(test)]\nmod tests").map_or(text, |(code, _)| code);
    let lines = text.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    lines.collect::<Vec<_>>().join("\n")
}

impl File {
    /// Returns the module directly below the root that it is in, none for the root.
    fn module(&self) -> Option<&str> {
        self.path.first().map(String::as_str)
    }

    /// Returns the names directly below the root that it mentions.
    fn imports(&self) -> Vec<&str> {
        // From a module three deep, `super::super::super::` is the root.
        let up = "super::".repeat(self.path.len());
        let mut names = Vec::new();
        for root in ["crate::", up.as_str()] {
            for (at, _) in self.text.match_indices(root) {
                let before = self.text.get(..at).unwrap_or_default();
                if !before.ends_with([':', '_']) && !before.ends_with(char::is_alphanumeric) {
                    let rest = self.text.get(at.saturating_add(root.len())..).unwrap_or_default();
                    names.extend(first_names(rest));
                }
            }
        }
        names
    }
}

/// Returns the first name of a path, or of each path in a group in braces.
fn first_names(path: &str) -> Vec<&str> {
    let Some(group) = path.strip_prefix('{') else {
        return name(path).into_iter().collect();
    };
    let (mut depth, mut start) = (0_u32, 0);
    let mut names = Vec::new();
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth = depth.saturating_add(1),
            '}' if depth > 0 => depth = depth.saturating_sub(1),
            ',' | '}' if depth == 0 => {
                names.extend(group.get(start..at).and_then(name));
                start = at.saturating_add(1);
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn name(path: &str) -> Option<&str> {
    let path = path.trim_start();
    let end = path.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    path.get(..end.unwrap_or(path.len())).filter(|name| !name.is_empty())
}

/// Returns what the root exports under its own name, and of which module that is.
fn exported(files: &[File]) -> BTreeMap<&str, &str> {
    let root = files.iter().filter(|file| file.path.is_empty());
    let uses = root.flat_map(|file| file.text.split("pub use ").skip(1));
    let mut exported = BTreeMap::new();
    for statement in uses.filter_map(|rest| rest.split(';').next()) {
        let mut names = statement.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let module = names.next().unwrap_or_default();
        exported.extend(names.filter(|name| !name.is_empty()).map(|name| (name, module)));
    }
    exported
}

#[cfg(test)]
mod tests {
    use super::{File, first_names, without_tests};

    #[test]
    fn the_first_names_of_a_group_are_read() {
        assert_eq!(first_names("word::Word;"), ["word"]);
        assert_eq!(
            first_names("{Environment, word::{self, Word}, abi};"),
            ["Environment", "word", "abi"]
        );
    }

    #[test]
    fn comments_and_tests_import_nothing() {
        let text = "use crate::word; // crate::abi\n#[cfg(test)]\nmod tests { use crate::place; }";
        let file = File { path: vec!["rule".into()], text: without_tests(text) };

        assert_eq!(file.imports(), ["word"]);
    }

    #[test]
    fn the_root_is_as_many_modules_up_as_a_file_is_deep() {
        let text = "use super::list;\nuse super::super::eip712;".to_owned();
        let file = File { path: vec!["packed".into(), "entry".into()], text };

        assert_eq!(file.imports(), ["eip712"]);
    }
}
