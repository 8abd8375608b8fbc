//! The table in `README.md`.

use std::error::Error;

use super::bytes;
use super::figures::{Figure, Figures, number};

const BEGIN: &str = "<!-- gas: made by scripts/gas-plot -->";
const END: &str = "<!-- /gas -->";
const HEAD: &str =
    "| what | module | must be at most | not cached | whole transaction | ArbOS 51: module, whole | SmartSession v1 |
|---|--:|--:|--:|--:|--:|--:|";

/// Returns a document with its table replaced.
pub(super) fn put_into(document: &str, figures: &Figures<'_>) -> Result<String, Box<dyn Error>> {
    let parts = document.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = parts.ok_or_else(|| {
        format!("README.md has no place for the gas table\n  do: put {BEGIN} and {END} into it")
    })?;
    let lines: Vec<String> = figures.0.iter().map(line).collect();
    let table = lines.join("\n");
    let bytes = bytes::tell(figures);
    Ok(format!("{before}{BEGIN}\n\n{HEAD}\n{table}\n\n{bytes}\n{END}{after}"))
}

fn line(figure: &Figure<'_>) -> String {
    let Figure { cached, uncached, before, peer, .. } = figure;
    let none = || "–".to_owned();
    let peer =
        peer.map_or_else(none, |[least, most]| format!("{} to {}", number(least), number(most)));
    format!(
        "| {} | {} | {} | {} | {} | {} | {peer} |",
        cached.row,
        number(cached.module_gas),
        number(cached.must_be),
        uncached.map_or_else(none, number),
        number(cached.tx_gas),
        before.map_or_else(none, |row| {
            format!("{}, {}", number(row.module_gas), number(row.tx_gas))
        }),
    )
}
