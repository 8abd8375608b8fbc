//! The modules of a crate, and what the paths in them lead to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

use super::code::code;
use super::graph::Graph;
use super::paths::{Use, names, paths, uses};

/// So many names of a path, and exports of exports, are followed: more than there are.
const DEPTH: u32 = 32;

/// The modules of a crate, by where they stand below its root, and their imports.
#[derive(Debug, Default)]
pub(super) struct Tree {
    modules: BTreeMap<Place, Module>,
    /// Which module imports items of which. To export them is not to import them.
    imports: BTreeSet<(Place, Place)>,
}

/// The names of the modules from the root to one: none for the root itself.
type Place = Vec<String>;

/// A module with a file of its own.
#[derive(Debug)]
struct Module {
    file: String,
    uses: Vec<Use>,
    /// What is in the file but `use`.
    code: String,
    /// The names in that code.
    names: BTreeSet<String>,
}

impl Module {
    fn new(file: &str, code: &str) -> Self {
        let (uses, code) = uses(code);
        let names = names(&code).map(str::to_owned).collect();
        Self { file: file.to_owned(), uses, code, names }
    }
}

/// What a path leads to: a module, or something that a module's file declares.
#[derive(Clone, Copy, Debug)]
enum Target<'tree> {
    Module(&'tree [String]),
    ItemOf(&'tree [String]),
}

impl Tree {
    /// Reads a root and the modules that it declares, and those that these declare.
    pub(super) fn read(sources: &Path, root: &str) -> io::Result<Self> {
        let mut tree = Self::default();
        let (folder, _) = root.rsplit_once('/').unwrap_or_default();
        tree.add(sources, Place::new(), root, folder)?;
        tree.imports = tree.find_imports();
        Ok(tree)
    }

    /// Adds a module, and those whose files are in its folder.
    fn add(&mut self, sources: &Path, place: Place, file: &str, folder: &str) -> io::Result<()> {
        let module = Module::new(file, &code(&fs::read_to_string(sources.join(file))?));
        for name in declared(&module.code) {
            let inner = [place.as_slice(), &[name.to_owned()]].concat();
            let below = Path::new(folder).join(name).display().to_string();
            for file in [format!("{below}.rs"), format!("{below}/mod.rs")] {
                if sources.join(&file).exists() {
                    self.add(sources, inner.clone(), &file, &below)?;
                }
            }
        }
        self.modules.insert(place, module);
        Ok(())
    }

    /// Returns which file imports which.
    pub(super) fn files(&self) -> Graph {
        let mut graph = Graph::default();
        for (from, to) in &self.imports {
            if let (Some(from), Some(to)) = (self.modules.get(from), self.modules.get(to)) {
                graph.add(&from.file, &to.file);
            }
        }
        graph
    }

    /// Returns the modules with others below them.
    pub(super) fn folders(&self) -> BTreeSet<&[String]> {
        self.modules.keys().filter_map(|place| Some(place.split_last()?.1)).collect()
    }

    /// Returns which of the modules right below a place imports which, with all that is in them.
    pub(super) fn within(&self, place: &[String]) -> Graph {
        let mut graph = Graph::default();
        let below = |module: &'_ [String]| module.strip_prefix(place)?.first().cloned();
        for (from, to) in &self.imports {
            if let (Some(from), Some(to)) = (below(from), below(to)) {
                graph.add(&from, &to);
            }
        }
        graph
    }

    fn find_imports(&self) -> BTreeSet<(Place, Place)> {
        let mut imports = BTreeSet::new();
        for (place, module) in &self.modules {
            let used = module.uses.iter().filter(|used| {
                used.name != "*" && (!used.is_public || module.names.contains(&used.name))
            });
            let used = used.map(|used| used.path.iter().map(String::as_str).collect());
            for path in used.chain(paths(&module.code)) {
                match self.target(place, &path, DEPTH) {
                    Some(Target::ItemOf(to)) if to != place => {
                        imports.insert((place.clone(), to.to_vec()));
                    }
                    _ => {}
                }
            }
        }
        imports
    }

    /// Returns what a path leads to from a module, nothing where that is another crate.
    fn target(&self, from: &[String], path: &[&str], depth: u32) -> Option<Target<'_>> {
        let (place, _) = self.modules.get_key_value(from)?;
        let Some((first, rest)) = path.split_first() else { return Some(Target::Module(place)) };
        let depth = depth.checked_sub(1)?;
        match *first {
            "crate" => self.target(&[], rest, depth),
            "self" => self.target(place, rest, depth),
            "super" => self.target(place.split_last()?.1, rest, depth),
            name => self.member(place, name, depth).and_then(|member| match member {
                Target::Module(inner) => self.target(inner, rest, depth),
                item @ Target::ItemOf(_) => Some(item),
            }),
        }
    }

    /// Returns what a name is within a module.
    fn member<'tree>(
        &'tree self,
        place: &'tree [String],
        name: &str,
        depth: u32,
    ) -> Option<Target<'tree>> {
        let inner = [place, &[name.to_owned()]].concat();
        if let Some((inner, _)) = self.modules.get_key_value(&inner) {
            return Some(Target::Module(inner));
        }
        let module = self.modules.get(place)?;
        let follow = |used: &Use, more: Option<&str>| {
            let path: Vec<&str> = used.path.iter().map(String::as_str).chain(more).collect();
            self.target(place, &path, depth)
        };
        if let Some(used) = module.uses.iter().find(|used| used.name == name) {
            return follow(used, None);
        }
        if module.names.contains(name) {
            return Some(Target::ItemOf(place));
        }
        let all = module.uses.iter().filter(|used| used.name == "*");
        all.into_iter().find_map(|used| follow(used, Some(name)))
    }
}

/// Returns the modules that code declares in files of their own.
fn declared(code: &str) -> Vec<&str> {
    let declarations = code.split(';').filter_map(|before| {
        let (_, name) = before.rsplit_once(char::is_whitespace)?;
        before.strip_suffix(name)?.trim_end().ends_with("mod").then_some(name)
    });
    declarations.collect()
}

#[cfg(test)]
mod tests {
    use super::{Module, Place, Tree};

    /// A crate of files: the path of each and its code.
    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::default();
        for (file, code) in files {
            let place: Place =
                file.trim_end_matches("/mod.rs").split('/').map(Into::into).collect();
            let place = if *file == "lib.rs" { Place::new() } else { place };
            tree.modules.insert(place, Module::new(file, code));
        }
        tree.imports = tree.find_imports();
        tree
    }

    fn drawn(files: &[(&str, &str)]) -> String {
        tree(files).files().mermaid().replace("graph TD\n", "").replace("  ", "")
    }

    #[test]
    fn an_import_leads_to_the_file_that_declares_the_item() {
        let files = [
            ("lib.rs", "mod rpc; mod word; pub use word::Word;"),
            ("rpc/mod.rs", "mod node; mod call; pub use node::Node;"),
            ("rpc/node", "struct Node;"),
            ("rpc/call", "use super::Node; fn f(word: crate::Word) {}"),
            ("word", "struct Word;"),
        ];

        assert_eq!(drawn(&files), "rpc/call --> rpc/node\nrpc/call --> word\n");
    }

    #[test]
    fn a_module_that_uses_what_is_below_it_imports_it() {
        let exports = "mod below; pub use below::f; fn g() {}";
        let calls = "mod below; pub use below::f; fn g() { f() }";
        let qualified = "mod below; fn g() { below::f() }";

        for (above, arrow) in [
            (exports, "below --> lib.rs\n"),
            (calls, "below --> lib.rs\nlib.rs --> below\n"),
            (qualified, "below --> lib.rs\nlib.rs --> below\n"),
        ] {
            assert_eq!(drawn(&[("lib.rs", above), ("below", "use super::g; fn f() {}")]), arrow);
        }
    }

    #[test]
    fn names_through_modules_and_aliases_are_followed() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a", "use crate::b as other; fn f() { other::g() }"),
            ("b", "pub use crate::c::*;"),
            ("c", "fn g() {}"),
        ];

        assert_eq!(drawn(&files), "a --> c\n");
    }

    #[test]
    fn what_other_crates_have_leads_nowhere() {
        let files = [("lib.rs", "mod a;"), ("a", "use serde::a; use std::fmt; fn f(a: a::B) {}")];

        assert_eq!(drawn(&files), "");
    }

    #[test]
    fn folders_stand_for_all_that_is_in_them() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "mod x; mod y;"),
            ("a/x", "use crate::b::B; struct X;"),
            ("a/y", "struct Y;"),
            ("b", "use crate::a::y::Y; struct B;"),
        ];
        let tree = tree(&files);

        assert!(tree.files().circles().is_empty());
        assert_eq!(tree.within(&[]).circles(), [["a", "b"]]);
    }
}
