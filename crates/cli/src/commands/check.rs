//! `session check`.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use smart_session_client::{Preflight, SessionClient};

use crate::calls::Calls;
use crate::chain_flags::ChainFlags;
use crate::failure::Failure;
use crate::fork;
use crate::network::Sponsor;
use crate::print::Printer;
use crate::source::Source;

/// Which calls, within which session.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  session check session.json --rpc URL --to 0x… --call 'move(uint8)' --arg 1 --value '0.02 ETH'
  session check session.json --rpc URL --calls batch.json --json
No key is needed. The exit status is 0 if the calls would pass, 3 if they would be refused, and 1
if that could not be found out. With --fork they are played on a copy of the chain as well: account,
module and contracts run here, and what they did is told.")]
pub(crate) struct Check {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    calls: Calls,
    #[command(flatten)]
    chain: ChainFlags,
    #[command(flatten)]
    sponsor: Sponsor,
    /// Play the operation on a fork of the chain too.
    #[arg(long)]
    fork: bool,
}

/// The exit status of calls that would be refused: nothing went wrong with asking.
const REFUSED: u8 = 3;

pub(crate) async fn run(check: Check, printer: &Printer) -> Result<ExitCode, Failure> {
    if check.fork {
        fork::check_available()?;
    }
    let grant = check.source.read()?;
    let calls = check.calls.read()?;
    let node = check.chain.look_at(&grant, printer).await?;
    let mut client = SessionClient::new(&grant, &node);
    client.paymaster_and_data = check.sponsor.bytes();
    match client.preflight(&calls).await? {
        Preflight::Passes { enables, permissions, notes } => {
            for note in &notes {
                printer.warn(note);
            }
            let also = if enables { ", and would enable the session" } else { "" };
            let mut lines = vec![format!("it would pass{also}")];
            let mut document = json!({
                "wouldPass": true,
                "enables": enables,
                "permissions": permissions,
                "notes": notes,
            });
            let mut passes = true;
            if check.fork {
                printer.progress("running it on a fork of the chain ...");
                let url = check.chain.rpc.url().unwrap_or_default();
                let dry_run = fork::run(&client, &calls, &url, printer).await?;
                passes = dry_run.passes();
                lines.extend(dry_run.lines());
                if let Some(fields) = document.as_object_mut() {
                    fields.insert("wouldPass".into(), passes.into());
                    fields.insert("fork".into(), dry_run.to_json());
                }
            }
            printer.result(lines, &document);
            Ok(if passes { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
        }
        Preflight::Breaks(violation) => {
            let mut lines = vec![format!("it would be refused: {}", violation.sentence)];
            let got = [("rule", Some(&violation.rule)), ("got", violation.got.as_ref())];
            let allowed =
                [("allowed", violation.allowed.as_ref()), ("try", Some(&violation.remedy))];
            for (label, value) in got.into_iter().chain(allowed) {
                lines.extend(value.map(|value| format!("  {label:<8} {value}")));
            }
            printer.result(
                lines,
                &json!({
                    "wouldPass": false,
                    "rule": violation.rule,
                    "got": violation.got,
                    "allowed": violation.allowed,
                    "reason": violation.sentence,
                    "remedy": violation.remedy,
                }),
            );
            Ok(ExitCode::from(REFUSED))
        }
    }
}
