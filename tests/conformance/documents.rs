//! What docs/security.md promises: every test that it names exists, every case has an answer.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Collects the names of all tests in the sources below a folder.
fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["target", "node_modules", "fixtures"].contains(&name) {
            collect(&path, names);
        } else if std::path::Path::new(&name).extension().is_some_and(|it| it == "rs") {
            names.extend(tests_in(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Returns the functions that stand behind `#[test]`, other attributes between them, and the
/// scenarios in the table of all accounts.
fn tests_in(source: &str) -> Vec<String> {
    let mut tests = vec![];
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if let Some(name) = scenario_in(line) {
            tests.push(name.to_owned());
        } else if line == "#[test]" {
            is_test = true;
        } else if let Some(rest) = line.strip_prefix("fn ") {
            let name = rest.split('(').next().unwrap_or_default();
            tests.extend(is_test.then(|| name.to_owned()));
            is_test = false;
        }
    }
    tests
}

/// Returns the scenario that a line of the table of all accounts names: `file::scenario,`, or
/// `file::scenario: "why it runs on the embedded chain alone",`.
fn scenario_in(line: &str) -> Option<&str> {
    let (file, name) = line.split_once("::")?;
    let (name, _) = name.split_once([',', ':'])?;
    let is_word =
        |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || "_0123456789".contains(c));
    (is_word(file) && is_word(name) && name.contains('_')).then_some(name)
}

/// Returns what stands between backticks and reads like a test's name.
fn names_in(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let is_name = |name: &&str| {
        let mut characters = name.chars();
        characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && name.matches('_').count() >= 2
    };
    quoted.filter(is_name).collect()
}

fn document() -> String {
    fs::read_to_string(root().join("docs/security.md")).unwrap()
}

fn all_tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["crates", "tests"] {
        collect(&root().join(folder), &mut names);
    }
    names
}

#[test]
fn every_test_that_the_security_document_names_exists() {
    let tests = all_tests();
    let document = document();
    let named = names_in(&document);
    assert!(named.len() > 200, "{}", named.len());

    let missing: Vec<_> = named.iter().filter(|name| !tests.contains(**name)).collect();

    assert!(missing.is_empty(), "named, but not there: {missing:#?}");
}

#[test]
fn every_attack_case_has_a_test_or_a_reason() {
    let document = document();
    let (_, cases) = document.split_once("## Ways in that").unwrap();
    let (cases, _) = cases.split_once("## 16 ways in through a client").unwrap();
    let rows = cases.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    let rows = rows.filter_map(|(number, rest)| Some((number.parse::<u32>().ok()?, rest)));
    let mut reasons = 0;
    let mut numbers = vec![];
    for (number, rest) in rows {
        let (case, answer) = rest.trim_end_matches(" |").split_once(" | ").unwrap();
        assert!(case.len() > 8, "{number}");
        if names_in(answer).is_empty() {
            assert!(answer.starts_with("Cannot "), "{number}: {answer}");
            reasons += 1;
        }
        numbers.push(number);
    }
    // 103 to 117 are cases of the clients.
    assert_eq!(numbers, (1..=102).chain(118..=124).collect::<Vec<_>>());
    assert_eq!(reasons, 3, "reasons without a test are few, and counted");
}

#[test]
fn every_case_of_the_clients_has_a_test() {
    let document = document();
    let (_, cases) = document.split_once("## 16 ways in through a client").unwrap();
    let rows = cases.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    let rows = rows.filter_map(|(number, rest)| Some((number.parse::<u32>().ok()?, rest)));
    let mut numbers = vec![];
    for (number, rest) in rows {
        let (case, answer) = rest.trim_end_matches(" |").split_once(" | ").unwrap();
        assert!(case.len() > 8, "{number}");
        // A test in Rust, or the sentence that a test in TypeScript is named by.
        let sentences: Vec<_> = answer.split('"').skip(1).step_by(2).collect();
        assert!(!names_in(answer).is_empty() || !sentences.is_empty(), "{number}");
        for sentence in sentences {
            let test = format!("test('{sentence}'");
            assert!(typescript_tests().contains(&test), "{number}: {sentence}");
        }
        numbers.push(number);
    }
    assert_eq!(numbers, (103..=118).collect::<Vec<_>>());
}

/// Returns the text of all tests in TypeScript.
fn typescript_tests() -> String {
    fn read(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, text);
            } else if path.to_str().is_some_and(|it| it.ends_with(".test.ts")) {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut text = String::new();
    read(&root().join("ts/tests"), &mut text);
    text
}

/// The check can fail: a name that nobody bears is found missing, and a helper is no test.
#[test]
fn only_functions_behind_the_attribute_are_tests() {
    let source =
        "#[test]\n#[should_panic]\nfn a_b_c() {}\nfn d_e_f() {}\n    #[test]\n    fn prop_g(\n";
    assert_eq!(tests_in(source), ["a_b_c", "prop_g"]);
    assert_eq!(names_in("`a_b_c`, `Not_a_name`, `short_one`, `x_y_z9`"), ["a_b_c", "x_y_z9"]);
    assert!(!all_tests().contains("a_name_that_nobody_bears"));
}
