//! What operations carry, and what that costs where the chain's data is paid at a parent chain.

use std::fmt::Write;

use super::figures::{Carried, Figure, Figures, number};

/// Nitro's units for a byte of data (`TxDataNonZeroGasEIP2028`).
const UNITS: u64 = 16;
/// The worked case: a unit of data costs ten times the chain's base fee.
const RATIO: u64 = 10;

const HEAD: &str = "| bytes | signature | SmartSession | calldata | SmartSession |
|---|--:|--:|--:|--:|";

/// Returns the table of bytes, and what they cost.
pub(super) fn tell(figures: &Figures<'_>) -> String {
    let mut text = format!("{HEAD}\n");
    for figure in &figures.0 {
        let Figure { cached, carried, .. } = figure;
        let row = [
            cached.signature_bytes,
            carried.map(|it| it.signature),
            Some(cached.calldata_bytes),
            carried.and_then(|it| it.calldata),
        ]
        .map(|bytes| bytes.map_or_else(|| "–".to_owned(), number));
        let _ = writeln!(text, "| {} | {} |", cached.row, row.join(" | "));
    }
    text.push_str(
        "\nThe calldata is that of the whole transaction: `handleOps` with the one operation, or the \
         call.\nThe session travels with each use, so a use carries more here and an enabling less \
         than in\nSmartSession, which keeps the session on chain. All figures of gas above are of a \
         chain whose data costs\nnothing. On one that pays a parent chain, a byte that does not \
         compress costs 16 × *p* ÷ *b* gas more:\n*p* is the price of a unit of data \
         (`ArbGasInfo.getL1BaseFeeEstimate()`), *b* the chain's base fee.\nWith *p* = 10 × *b*:\n\n",
    );
    let compared = figures.0.iter().filter_map(Comparison::of);
    for comparison in compared {
        let _ = writeln!(text, "- {}", comparison.words());
    }
    text
}

/// A row beside the peer's.
#[derive(Debug)]
struct Comparison<'a> {
    row: &'a str,
    ours: u64,
    theirs: u64,
    /// Gas of the whole transaction that is saved where data costs nothing.
    saved: u64,
}

impl<'a> Comparison<'a> {
    fn of(figure: &Figure<'a>) -> Option<Self> {
        let Carried { signature: theirs, gas, .. } = figure.carried?;
        Some(Self {
            row: &figure.cached.row,
            ours: figure.cached.signature_bytes?,
            theirs,
            saved: gas.saturating_sub(figure.cached.tx_gas),
        })
    }

    fn words(&self) -> String {
        let Self { row, ours, theirs, saved } = self;
        if ours <= theirs {
            let fewer = theirs.saturating_sub(*ours);
            let gas = fewer.saturating_mul(UNITS).saturating_mul(RATIO);
            return format!(
                "{row}: {} bytes fewer, which saves {} gas more.",
                number(fewer),
                number(gas)
            );
        }
        let more = ours.saturating_sub(*theirs);
        let each = more.saturating_mul(UNITS);
        let gas = each.saturating_mul(RATIO);
        let verdict = if gas <= *saved { "of" } else { "**more than**" };
        // In tenths, rounded down.
        let tenths = saved.saturating_mul(10).checked_div(each).unwrap_or(0);
        let (whole, tenth) =
            (tenths.checked_div(10).unwrap_or(0), tenths.checked_rem(10).unwrap_or(0));
        format!(
            "{row}: {} bytes more, {} gas, {verdict} the {} that it saves; cheaper than SmartSession \
             up to *p* = {}.{tenth} × *b*.",
            number(more),
            number(gas),
            number(*saved),
            number(whole),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Comparison;

    #[test]
    fn more_bytes_are_told_with_the_price_at_which_they_eat_up_what_is_saved() {
        let use_of_ten = Comparison { row: "use", ours: 441, theirs: 98, saved: 19_208 };

        // 343 bytes × 16 × 10, and 19,208 ÷ (343 × 16) = 3.5.
        let words = use_of_ten.words();
        assert!(words.contains("343 bytes more, 54,880 gas, **more than** the 19,208"), "{words}");
        assert!(words.contains("up to *p* = 3.5 × *b*"), "{words}");
    }

    #[test]
    fn fewer_bytes_save_more() {
        let enable = Comparison { row: "enable", ours: 284, theirs: 484, saved: 1 };

        assert_eq!(enable.words(), "enable: 200 bytes fewer, which saves 32,000 gas more.");
    }
}
