//! The commands that the documents show.

use crate::world::{WorkFolder, World};

const ADDRESS: &str = "0x0000000000000000000000000000000000009a3e";
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
            word => word.replace("0x…", ADDRESS),
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

/// The JSON that a document shows for a file of this name.
fn shown_file(document: &str, name: &str) -> String {
    let text = std::fs::read_to_string(format!("{ROOT}/{document}")).unwrap();
    let (_, from) = text.split_once(&format!("\n`{name}` ")).unwrap();
    let (_, from) = from.split_once("```json\n").unwrap();
    let (shown, _) = from.split_once("```").unwrap();
    shown.replace("0x…", ADDRESS)
}

#[test]
fn the_files_that_the_documents_show_are_taken() {
    let world = World::with_module("documents-files");
    let recipes = "docs/recipes.md";
    for name in ["login.json", "permit.json", "transfer.json"] {
        world.work.write(name, &shown_file(recipes, name));
    }
    let request = shown_file("docs/permissions.md", "request.json");
    world.work.write("request.json", &request.replace("0xa4b1", "0x64aba"));

    let all = [commands(recipes), commands("docs/permissions.md")].concat();
    for (file, grants) in [("login.json", "signing"), ("request.json", "budgets")] {
        let command = all.iter().find(|command| command.contains(file)).unwrap();
        let account = format!("--account {}", world.alice);
        let command = command.replace("URL", &world.url).replace("--account 0x…", &account);
        let words = words(&command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();

        let made = world.work.run(&[&words[..], &["--module", &world.module()]].concat()).ok();

        assert!(!made["session"][grants].as_array().unwrap().is_empty(), "{command}: {made}");
    }
}
