//! One thing has one word: `docs/vocabulary.md`, against Rust, TypeScript, the contract's
//! interface and the command line.

use std::fs;
use std::path::{Path, PathBuf};

use crate::world::WorkFolder;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A row of the table: the word, and what it is called in each place.
struct Row {
    word: String,
    rust: Vec<String>,
    typescript: Vec<String>,
    interface: Vec<String>,
    command_line: Vec<String>,
    wrong: Vec<String>,
}

fn rows() -> Vec<Row> {
    let table = fs::read_to_string(root().join("docs/vocabulary.md")).unwrap();
    let lines = table.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
    lines
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>())
        .filter(|cells| cells[0] != "word" && !cells[0].starts_with("---"))
        .map(|cells| {
            assert_eq!(cells.len(), 7, "{cells:?}");
            let names = |index: usize| -> Vec<String> {
                cells[index].split('`').skip(1).step_by(2).map(str::to_owned).collect()
            };
            Row {
                word: cells[0].into(),
                rust: names(2),
                typescript: names(3),
                interface: names(4),
                command_line: names(5),
                wrong: cells[6]
                    .split(", ")
                    .filter(|it| !it.is_empty())
                    .map(str::to_owned)
                    .collect(),
            }
        })
        .collect()
}

/// Returns the text of all files below a folder whose names end so.
fn sources(folder: &str, extension: &str) -> String {
    files(folder, extension).into_iter().map(|(_, text)| text).collect()
}

/// Returns all files below a folder whose names end so, but what npm brought.
fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let (mut open, mut files) = (vec![root().join(folder)], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    files
}

/// Returns whether a source declares a name, with one of these keywords before it.
fn declares(source: &str, keywords: &[&str], name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    keywords.iter().any(|keyword| {
        let declaration = format!("{keyword} {name}");
        let mut pieces = source.split(&declaration).peekable();
        while let Some(before) = pieces.next() {
            let Some(after) = pieces.peek() else { break };
            if !before.ends_with(is_part) && !after.starts_with(is_part) {
                return true;
            }
        }
        false
    })
}

const RUST: [&str; 7] = ["struct", "enum", "trait", "fn", "type", "const", "mod"];
const TYPESCRIPT: [&str; 5] = ["class", "interface", "type", "function", "const"];

/// Returns what all commands print as their help.
fn help() -> String {
    let work = WorkFolder::new("vocabulary");
    let verbs = [
        "new",
        "typed-data",
        "sign",
        "enable",
        "use",
        "check",
        "show",
        "list",
        "revoke",
        "deploy",
        "doctor",
        "import",
        "order",
        "order sign",
        "request",
    ];
    let mut help = work.run_plain(&["--help"]).stdout;
    for verb in verbs {
        let verb: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        help.push_str(&work.run_plain(&verb).stdout);
    }
    help
}

#[test]
fn every_word_is_used_where_the_vocabulary_says_so() {
    let rust = ["crates/core/src", "crates/client/src"].map(|folder| sources(folder, "rs"));
    let (rust, typescript) = (rust.concat(), sources("ts/src", "ts"));
    let interface = fs::read_to_string(root().join("docs/abi/SmartSession.json")).unwrap();
    let help = help();
    let rows = rows();
    assert!(rows.len() > 20, "{}", rows.len());

    for Row { word, rust: in_rust, typescript: in_typescript, .. } in &rows {
        for name in in_rust {
            assert!(declares(&rust, &RUST, name), "{word}: Rust declares no {name}");
        }
        for name in in_typescript {
            assert!(declares(&typescript, &TYPESCRIPT, name), "{word}: TypeScript has no {name}");
        }
    }
    for Row { word, interface: in_interface, command_line, .. } in &rows {
        for name in in_interface {
            let entry = format!("\"{name}\"");
            assert!(interface.contains(&entry), "{word}: the interface has no {name}");
        }
        for name in command_line {
            assert!(
                help.split(|c: char| !c.is_alphanumeric() && c != '-').any(|it| it == name),
                "{word}: no help tells of {name}"
            );
        }
    }
}

#[test]
fn no_other_word_is_used_for_the_same_thing() {
    let rust = ["crates/core/src", "crates/client/src", "crates/cli/src", "src"];
    let rust = rust.map(|folder| sources(folder, "rs")).concat();
    let typescript = sources("ts/src", "ts");
    let help = help();

    for Row { word, wrong, .. } in rows() {
        for other in wrong {
            let pascal: String =
                other.split(' ').map(|part| part[..1].to_uppercase() + &part[1..]).collect();
            assert!(!declares(&rust, &RUST, &pascal), "{word} is called {pascal} in Rust");
            assert!(!declares(&typescript, &TYPESCRIPT, &pascal), "{word} is {pascal} there");
            let flag = format!("--{}", other.replace(' ', "-"));
            assert!(
                help.split_whitespace().all(|it| it != flag),
                "{word} is called {flag} on the command line"
            );
        }
    }
}

/// Words of the theatre, and people without a part.
const RIDDLES: [&str; 7] = ["scene", "scenes", "stage", "stages", "curtain", "somebody", "desk"];

fn riddles(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| RIDDLES.contains(&word.as_str())).collect()
}

#[test]
fn names_and_comments_say_plainly_what_is_meant() {
    for folder in ["src", "crates", "tests", "xtask"] {
        for (file, text) in files(folder, "rs") {
            // This file has the words.
            if !file.ends_with("vocabulary.rs") {
                assert_eq!(riddles(&text), [""; 0], "{}", file.display());
            }
        }
    }
}

/// The checks can fail.
#[test]
fn a_riddle_is_found_as_a_whole_word() {
    assert_eq!(riddles("/// Somebody sets the stage."), ["somebody", "stage"]);
    assert_eq!(riddles("stages_of a backstage, desktop"), ["stages"]);
}

/// The checks can fail.
#[test]
fn a_name_is_declared_only_as_a_whole() {
    assert!(declares("pub struct Session {", &RUST, "Session"));
    assert!(!declares("pub struct SessionState {", &RUST, "Session"));
    assert!(!declares("let session = Session;", &RUST, "Session"));
}
