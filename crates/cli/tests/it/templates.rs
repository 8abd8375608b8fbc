//! `session new --template`, against `tests/vectors/templates.json`.

use serde_json::Value;

use crate::world::{Run, WorkFolder};

const VECTORS: &str = include_str!("../../../../tests/vectors/templates.json");
const MODULE: &str = "0x5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";
const COIN: &str = "0x7070707070707070707070707070707070707070";
const ANNA: &str = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Makes a session in the frame of the vectors.
fn new(work: &WorkFolder, flags: &[&str]) -> Run {
    let document: Value = serde_json::from_str(VECTORS).unwrap();
    let frame = &document["frame"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (chain, from) = (&frame["chains"][0], frame["validAfter"].as_i64().unwrap());
    let chain = format!("{}:{}", text(&chain["chainId"]), text(&chain["epoch"]));
    let from = jiff::Timestamp::from_second(from).unwrap().to_string();
    let fees = format!("{} wei", text(&frame["feeLimit"]));
    let (account, delegate) = (text(&frame["account"]), text(&frame["delegate"]));
    let salt = text(&frame["salt"]);
    let mut arguments = vec!["new", "--account", &account, "--delegate", &delegate];
    arguments.extend(["--chain", &chain, "--from", &from, "--fees", &fees, "--salt", &salt]);
    arguments.extend(["--module", MODULE, "-o", "session.json", "--template"]);
    arguments.extend(flags);
    work.run(&arguments)
}

#[test]
fn templates_give_what_the_shared_vectors_say() {
    let work = WorkFolder::new("template-vectors");
    let document: Value = serde_json::from_str(VECTORS).unwrap();
    for vector in document["vectors"].as_array().unwrap() {
        let terms = &vector["terms"];
        for (name, list) in
            [("login.json", "signIn"), ("permit.json", "permits"), ("transfer.json", "transfers")]
        {
            work.write(name, &terms[list][0].to_string());
        }
        let command: Vec<String> = serde_json::from_value(vector["command"].clone()).unwrap();
        let mut flags: Vec<&str> = command.iter().map(String::as_str).collect();
        // A subscription ends after its last period; all others as the frame says.
        if flags[0] != "subscription" {
            flags.extend(["--for", "30d"]);
        }

        let made = new(&work, &flags).ok();

        assert_eq!(made["sessionId"], vector["id"], "{}: {made}", vector["name"]);
    }
}

#[test]
fn a_template_says_how_long_it_lasts_and_what_things_are_called() {
    let work = WorkFolder::new("template-defaults");
    let payroll = ["payroll", "--target", COIN, "--payee", &format!("{ANNA}=12.5"), "--per", "30d"];

    let made = new(&work, &[&payroll[..], &["--decimals", "6"]].concat()).ok();

    assert_eq!(made["session"]["expiry"], "2024-11-08T22:13:20Z", "360 days after it began");
    let file: Value = serde_json::from_str(&work.read("session.json")).unwrap();
    assert_eq!(file["permissions"][0]["call"], "transfer(address,uint256)");
    assert_eq!(file["budgets"][0]["amount"], "12.5");
    assert_eq!(file["budgets"][0]["decimals"], 6);
}

/// What a flag asks for and the template does not say would be granted, or not bounded, unseen.
#[test]
fn flags_that_a_template_does_not_take_are_refused() {
    let work = WorkFolder::new("template-flags");
    let game = ["game", "--target", COIN, "--call", "move(uint8)"];
    let keeper = ["automation-keeper", "--target", COIN, "--call", "harvest()"];
    let subscription =
        ["subscription", "--target", COIN, "--receiver", ANNA, "--amount", "1", "--per", "1d"];
    let with = |flags: &[&str], more: &[&str]| new(&work, &[flags, more].concat());

    with(&game, &["--receiver", ANNA]).fails_with("the template game takes no --receiver");
    with(&keeper, &["--value", "1 ETH"]).fails_with("automation-keeper takes no --value");
    with(&keeper, &["--call", "other()"]).fails_with("takes one --call, 2 are given");
    with(&subscription, &[]).fails_with("the template subscription needs --payments");
    with(&subscription, &["--payments", "2", "--for", "1d"]).fails_with("--for has no say");
    with(&["second-device", "--amount", "1 ETH"], &[]).fails_with("needs --receiver");
    with(&["second-device"], &[]).fails_with("needs --token");
    with(&["sign-in-and-permits"], &[]).fails_with("needs --sign-in");
    with(&["batch-mint", "--target", COIN], &[]).fails_with("needs --max-calls");
    with(&["batch-mint", "--target", COIN], &["--max-calls", "uncounted"])
        .fails_with("counts its calls");
    with(&game, &["--max-calls", "uncounted"]).fails_with("may lose any amount");
    with(&game, &["--max-calls", "uncounted", "--value", "0 ETH"]).ok();
    with(&["payroll", "--target", COIN, "--per", "1d"], &[]).fails_with("needs --payee");
    work.write("permit.json", r#"{"domain":{},"spender":"0x00","most":"1","deadline":"1"}"#);
    with(&["sign-in-and-permits", "--permit", "permit.json"], &[]).fails_with("permit.json: ");
}
