//! The paths that a file's code mentions: in `use`, and within expressions and types.

/// A name that a `use` brings into a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Use {
    pub(super) path: Vec<String>,
    /// What the file calls it: `*` for all that is in a module.
    pub(super) name: String,
    pub(super) is_public: bool,
}

/// Returns the names that the code uses, and the code without these statements.
pub(super) fn uses(code: &str) -> (Vec<Use>, String) {
    let (mut uses, mut kept) = (Vec::new(), String::with_capacity(code.len()));
    let mut rest = code;
    while let Some((before, statement)) = next_use(rest) {
        kept.push_str(before);
        let (tree, after) = statement.split_once(';').unwrap_or((statement, ""));
        let visibility = before.rsplit([';', '}', ']']).next().unwrap_or_default();
        let is_public = visibility.trim_start().starts_with("pub");
        expand(tree, &[], is_public, &mut uses);
        rest = after;
    }
    kept.push_str(rest);
    (uses, kept)
}

/// Splits the code before and after the next `use`.
fn next_use(code: &str) -> Option<(&str, &str)> {
    code.match_indices("use").find_map(|(at, word)| {
        let (before, rest) = code.split_at(at);
        let statement = rest.get(word.len()..)?;
        let begins = !before.ends_with(is_of_a_name);
        (begins && statement.starts_with(char::is_whitespace)).then_some((before, statement))
    })
}

/// Adds each name of a tree such as `a::{self, b as c, d::*}`.
fn expand(tree: &str, above: &[String], is_public: bool, uses: &mut Vec<Use>) {
    let tree = tree.trim();
    if let Some((path, group)) = tree.split_once('{') {
        let above = joined(above, path);
        let group = group.trim_end().strip_suffix('}').unwrap_or(group);
        for branch in branches(group) {
            expand(branch, &above, is_public, uses);
        }
        return;
    }
    let (path, alias) = tree
        .split_once(" as ")
        .map_or((tree, None), |(path, alias)| (path, Some(alias.trim().to_owned())));
    let mut path = joined(above, path);
    if path.len() > 1 {
        path.pop_if(|last| last == "self");
    }
    let Some(last) = path.last().cloned() else { return };
    if last == "*" {
        path.pop();
    }
    uses.push(Use { path, name: alias.unwrap_or(last), is_public });
}

fn joined(above: &[String], path: &str) -> Vec<String> {
    let names = path.split("::").map(str::trim).filter(|name| !name.is_empty());
    above.iter().cloned().chain(names.map(str::to_owned)).collect()
}

/// Splits a group at the commas that are in no inner group.
fn branches(group: &str) -> Vec<&str> {
    let mut depth = 0_u32;
    let parts = group.split(|character| {
        match character {
            '{' => depth = depth.saturating_add(1),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    });
    parts.filter(|part| !part.trim().is_empty()).collect()
}

/// Returns the paths of two names and more, such as `crate::word::Word`.
pub(super) fn paths(code: &str) -> Vec<Vec<&str>> {
    let mut paths: Vec<Vec<&str>> = Vec::new();
    let mut rest = code;
    let mut continues = false;
    while let Some(start) = rest.find(is_of_a_name) {
        continues = continues && rest.get(..start) == Some("::");
        let word = rest.get(start..).unwrap_or_default();
        let end = word.find(|character| !is_of_a_name(character)).unwrap_or(word.len());
        let (name, after) = word.split_at(end);
        match paths.last_mut() {
            Some(path) if continues => path.push(name),
            _ => paths.push(vec![name]),
        }
        continues = true;
        rest = after;
    }
    paths.retain(|path| path.len() > 1);
    paths
}

/// Returns the words of which code is made.
pub(super) fn names(code: &str) -> impl Iterator<Item = &str> {
    code.split(|character| !is_of_a_name(character)).filter(|word| !word.is_empty())
}

fn is_of_a_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::{paths, uses};

    fn used(code: &str) -> Vec<(String, String, bool)> {
        let (uses, _) = uses(code);
        uses.into_iter().map(|used| (used.path.join("::"), used.name, used.is_public)).collect()
    }

    fn names(path: &str, name: &str, is_public: bool) -> (String, String, bool) {
        (path.to_owned(), name.to_owned(), is_public)
    }

    #[test]
    fn a_tree_is_each_of_its_names() {
        assert_eq!(
            used("use crate::{Environment, word::{self, Word as W}, abi::*};"),
            [
                names("crate::Environment", "Environment", false),
                names("crate::word", "word", false),
                names("crate::word::Word", "W", false),
                names("crate::abi", "*", false),
            ]
        );
    }

    #[test]
    fn what_is_exported_is_told_apart() {
        assert_eq!(
            used("use a::b;\n#[allow(x)]\npub(crate) use c::d;"),
            [names("a::b", "b", false), names("c::d", "d", true)]
        );
    }

    #[test]
    fn the_statements_are_taken_out() {
        let (_, code) = uses("use a::b;\nfn c() -> impl D + use<'_> { reuse }");

        assert_eq!(code, "\nfn c() -> impl D + use<'_> { reuse }");
    }

    #[test]
    fn paths_in_code_are_read() {
        assert_eq!(
            paths("fn a(b: crate::c::D) { e::f::<G>(super::h()) }"),
            [vec!["crate", "c", "D"], vec!["e", "f"], vec!["super", "h"]]
        );
    }

    #[test]
    fn names_are_whole_words() {
        assert!(super::names("a.nodes(NodeKind)").eq(["a", "nodes", "NodeKind"]));
    }
}
