//! The commands that the documents show.

use crate::world::WorkFolder;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The `$ session …` lines of a document, with their continuations, without comments.
fn commands(document: &str) -> Vec<String> {
    let text = std::fs::read_to_string(format!("{ROOT}/{document}")).unwrap();
    text.replace("\\\n", " ")
        .lines()
        .filter_map(|line| line.strip_prefix("$ session "))
        .map(|line| line.split(" #").next().unwrap().trim().to_owned())
        .collect()
}

/// Splits as a shell does: at spaces outside of single quotes.
fn words(command: &str) -> Vec<String> {
    command
        .split('\'')
        .enumerate()
        .flat_map(|(i, part)| {
            if i % 2 == 1 {
                return vec![part.to_owned()];
            }
            part.split_whitespace().map(str::to_owned).collect()
        })
        .map(|word| match word.as_str() {
            "URL" => "http://127.0.0.1:9".into(),
            word => word.replace("0x…", "0x0000000000000000000000000000000000009a3e"),
        })
        .collect()
}

#[test]
fn every_command_that_the_documents_show_is_one() {
    let work = WorkFolder::new("documents");
    let mut count = 0;
    for document in [
        "README.md",
        "docs/operating.md",
        "docs/recipes.md",
        "docs/migrating.md",
        "docs/permissions.md",
        "docs/sponsors.md",
    ] {
        for command in commands(document) {
            let words = words(&command);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();

            let run = work.run(&words);

            // Nothing is there to work on; a wrong flag would be a usage error, status 2.
            assert_eq!(run.code, Some(1), "{document}: session {command}\n{}", run.stderr);
            run.failed();
            count += 1;
        }
    }
    assert!(count >= 19, "{count} commands found");
}
