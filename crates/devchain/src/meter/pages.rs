//! What WASM memory costs.

/// Pages that a transaction's open programs have for nothing, all together.
pub(crate) const FREE_PAGES: u16 = 2; // op-pages-2, shape-pages-two
/// Gas of a page beyond the free ones.
pub(crate) const PAGE_GAS: u64 = 1_000; // op-pages-3

/// What the `n`-th page has cost in all beyond the linear price: ⌊e^(n·ln(31,874,000)/128)⌋, so
/// that 128 pages come to 32 million gas.
///
/// A table rather than the formula, because floating point may differ between machines.
/// Evidence: op-memgrow, op-pages-16, op-pages-64.
#[rustfmt::skip]
const EXPONENTIAL: [u64; 129] = [
    1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9, 11, 12, 14, 17, 19, 22, 25, 29, 33, 38,
    43, 50, 57, 65, 75, 85, 98, 112, 128, 147, 168, 193, 221, 253, 289, 331, 379, 434, 497, 569,
    651, 745, 853, 976, 1117, 1279, 1463, 1675, 1917, 2194, 2511, 2874, 3290, 3765, 4309, 4932,
    5645, 6461, 7395, 8464, 9687, 11087, 12689, 14523, 16621, 19024, 21773, 24919, 28521, 32642,
    37359, 42758, 48938, 56010, 64104, 73368, 83971, 96106, 109_994, 125_890, 144_082, 164_904,
    188_735, 216_010, 247_226, 282_953, 323_844, 370_643, 424_206, 485_509, 555_672, 635_973,
    727_880, 833_067, 953_456, 1_091_243, 1_248_941, 1_429_429, 1_636_000, 1_872_423, 2_143_012,
    2_452_704, 2_807_151, 3_212_820, 3_677_113, 4_208_502, 4_816_684, 5_512_756, 6_309_419,
    7_221_210, 8_264_766, 9_459_129, 10_826_093, 12_390_601, 14_181_199, 16_230_562, 18_576_084,
    21_260_563, 24_332_984, 27_849_408, 31_873_999,
];

/// The pages in use by the programs of a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pages {
    /// Pages of the programs whose frames are open.
    pub(crate) open: u16,
    /// The most that was open at any time in the transaction.
    pub(crate) ever: u16,
}

impl Pages {
    /// Takes `more` pages and says what they cost in gas.
    pub(crate) fn take(&mut self, more: u16) -> u64 {
        let before = *self;
        self.open = before.open.saturating_add(more);
        self.ever = before.ever.max(self.open);

        let paid = |open: u16| u64::from(open.saturating_sub(FREE_PAGES));
        let linear = paid(self.open).saturating_sub(paid(before.open)).saturating_mul(PAGE_GAS);
        let exponential = exponential(self.ever).saturating_sub(exponential(before.ever));
        linear.saturating_add(exponential)
    }
}

/// Total exponential price of `pages`; out of reach beyond the table.
fn exponential(pages: u16) -> u64 {
    EXPONENTIAL.get(usize::from(pages)).copied().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "every number here is far below 2^52"
    )]
    fn the_table_follows_its_formula() {
        let rate = 31_874_000_f64.ln() / 128.0;

        for (pages, price) in EXPONENTIAL.iter().enumerate() {
            let exact = (rate * pages as f64).exp();
            assert!((exact - *price as f64).abs() <= 1.0, "{pages} pages: {price}, not {exact}");
        }
    }

    #[test]
    fn two_pages_are_free_and_returned_pages_are_free_of_the_exponential_price() {
        let mut pages = Pages::default();

        assert_eq!(pages.take(1), 0);
        assert_eq!(pages.take(1), 0);
        assert_eq!(pages.take(15), 15_000 + 8);

        pages.open = 0;
        assert_eq!(pages.take(17), 15_000);
    }
}
