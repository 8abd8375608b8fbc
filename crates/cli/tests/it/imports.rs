//! Sessions of other systems.

use serde_json::Value;

use crate::world::{Run, WorkFolder};

const VECTORS: &str = include_str!("../../../../tests/vectors/from.json");

/// Imports the source of a shared vector, with what its terms say.
fn import(work: &WorkFolder, vector: &Value, more: &[&str]) -> Run {
    work.write("theirs.json", &vector["input"].to_string());
    let terms = &vector["terms"];
    let text = |name: &str| terms[name].as_str().unwrap().to_owned();
    let (account, module, salt) = (text("account"), text("module"), text("salt"));
    let fees = format!("{} wei", text("feeLimit"));
    let time = |name: &str| {
        terms[name].as_i64().map(|at| jiff::Timestamp::from_second(at).unwrap().to_string())
    };
    let (from, until) = (time("validAfter"), time("validUntil"));
    let mut arguments = vec!["import", "theirs.json", "--account", &account, "--module", &module];
    arguments.extend(["--chain", "42161:0", "--salt", &salt, "--fees", &fees]);
    arguments.extend(from.iter().flat_map(|from| ["--from", from]));
    arguments.extend(until.iter().flat_map(|until| ["--until", until]));
    let receivers = terms["receivers"].as_array().cloned().unwrap_or_default();
    for receiver in &receivers {
        arguments.extend(["--receiver", receiver.as_str().unwrap()]);
    }
    let calls = terms["maxCalls"].as_u64().map(|calls| calls.to_string());
    arguments.extend(calls.iter().flat_map(|calls| ["--max-calls", calls]));
    arguments.extend(terms["paymaster"].as_str().iter().flat_map(|it| ["--paymaster", it]));
    arguments.extend(more);
    work.run(&arguments)
}

fn vectors() -> Vec<Value> {
    let document: Value = serde_json::from_str(VECTORS).unwrap();
    document["vectors"].as_array().unwrap().clone()
}

/// One of each system that is imported, or is refused. "Any paymaster" has a word of its own here.
fn one_of_each(field: &str) -> Vec<Value> {
    let any = "0xffffffffffffffffffffffffffffffffffffffff";
    ["smartSession", "kernelPermission", "delegation", "permissionRequest"]
        .map(|system| {
            vectors()
                .into_iter()
                .find(|it| {
                    let is_plain = it["terms"]["paymaster"] != any;
                    it["system"] == system && it.get(field).is_some() && is_plain
                })
                .unwrap()
        })
        .to_vec()
}

#[test]
fn sessions_of_each_system_are_imported_with_what_changes() {
    let work = WorkFolder::new("imports");
    for vector in one_of_each("packed") {
        let made = import(&work, &vector, &["--compare", "-o", "session.json"]).ok();

        let narrower = made["comparisons"].as_array().unwrap().iter();
        let narrower = narrower.filter(|it| it["relation"] == "narrower").count();
        assert_eq!(narrower, vector["narrower"].as_array().unwrap().len(), "{}", vector["name"]);
        let gas = &made["gas"]["enableAndFirstUse"];
        let figure = |whose: &str| gas[whose]["gas"].as_u64().unwrap();
        assert!(figure("here") < figure("smartSession"), "{made}");
        let is_known = vector["system"] == "smartSession";
        assert_eq!(gas.get("source").is_none(), is_known, "{made}");
        let shown = work.run(&["show", "session.json"]).ok();
        assert_eq!(shown["sessionId"], made["sessionId"]);
        std::fs::remove_file(work.folder.join("session.json")).unwrap();
    }
}

#[test]
fn everything_that_stands_against_an_import_is_told_at_once() {
    let work = WorkFolder::new("refused-imports");
    for vector in one_of_each("refused") {
        let run = import(&work, &vector, &["-o", "session.json"]);

        assert_eq!(run.code, Some(1), "{}", run.stderr);
        let told: Value = serde_json::from_str(&run.stdout).unwrap();
        let refusals = told["refusals"].as_array().unwrap();
        let mut paths: Vec<&str> = refusals.iter().map(|it| it["path"].as_str().unwrap()).collect();
        paths.sort_unstable();
        assert_eq!(Value::from(paths), vector["refused"], "{}", vector["name"]);
        assert!(refusals.iter().all(|it| it["remedy"].as_str().is_some_and(|it| !it.is_empty())));
        assert!(!work.has("session.json"));
    }
}

#[test]
fn a_file_of_no_known_system_is_no_session() {
    let work = WorkFolder::new("unknown-imports");
    let run = |content: &str| {
        work.write("theirs.json", content);
        let account = "0x00000000000000000000000000000000000a11ce";
        let chain = ["--chain", "1:0", "--module", "0x5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e"];
        work.run(&[&["import", "theirs.json", "--account", account][..], &chain].concat())
    };

    run("{}").fails_with("no session of a system that is known");
    run("[{}, {}]").fails_with("there are 2 requests");
    run("{").fails_with("theirs.json: EOF");
}
