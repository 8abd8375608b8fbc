//! The files of a folder with TypeScript, and their imports.

use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use super::graph::Graph;

/// Reads which file of a folder imports which, types included.
pub(super) fn read(folder: &Path) -> io::Result<Graph> {
    let mut graph = Graph::default();
    add(folder, Path::new(""), &mut graph)?;
    Ok(graph)
}

fn add(folder: &Path, below: &Path, graph: &mut Graph) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let name = entry?.file_name();
        let file = below.join(&name);
        let path = folder.join(&file);
        if path.is_dir() {
            add(folder, &file, graph)?;
        } else if path.extension().is_some_and(|ending| ending == "ts") {
            for imported in imports(&fs::read_to_string(&path)?) {
                let to = resolved(below, imported);
                if !folder.join(&to).exists() {
                    let reason = format!("{} imports {imported}, no file", path.display());
                    return Err(io::Error::new(io::ErrorKind::NotFound, reason));
                }
                graph.add(&file.display().to_string(), &to.display().to_string());
            }
        }
    }
    Ok(())
}

/// Returns what stands behind `from` or in `import(…)`, as far as it is a file of this package.
fn imports(text: &str) -> Vec<&str> {
    let behind = [" from ", "import("].into_iter().flat_map(|word| text.split(word).skip(1));
    let quoted = behind.filter_map(|rest| {
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        rest.split(quote).nth(1)
    });
    quoted.filter(|path| path.starts_with('.')).collect()
}

/// Returns the file that a path means, seen from a folder: `.js` there is `.ts` here.
fn resolved(folder: &Path, path: &str) -> PathBuf {
    let mut file = folder.to_owned();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => {
                file.pop();
            }
            Component::Normal(name) => file.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    if file.extension().is_none_or(|ending| ending == "js") {
        file.set_extension("ts");
    }
    file
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{imports, resolved};

    #[test]
    fn files_of_the_package_are_imports_and_packages_are_not() {
        let text = r#"import { Hex } from "viem";
            import type { Session } from "../session/session.js";
            import { button } from './parts.ts'
            export * from "./draft.js";
            const { words } = await import("./words.js");"#;

        let files = ["../session/session.js", "./parts.ts", "./draft.js", "./words.js"];
        assert_eq!(imports(text), files);
    }

    #[test]
    fn paths_are_seen_from_the_folder() {
        let folder = Path::new("operation");

        assert_eq!(resolved(folder, "../session/id.js"), Path::new("session/id.ts"));
        assert_eq!(resolved(folder, "./draft"), Path::new("operation/draft.ts"));
    }
}
