//! What there is to show of each row.

use stylus_devchain::ArbOs;
use testbed::rows::Row;

/// `SmartSession` v1 (Solidity), measured on a Nitro node with its leanest signer and with the one
/// that the other rows use; enabling includes the account's own check of the owner.
const PEERS: [(&str, [u64; 2]); 10] = [
    ("use: value cap, window, no counter, a named sponsor", [56_153, 71_830]),
    ("use: counters for calls and fees", [56_153, 80_941]),
    ("use: one native budget", [56_153, 80_941]),
    ("use: batch of 5", [84_571, 96_924]),
    ("use: 10 permissions, 1 disclosed", [53_353, 65_701]),
    ("enable + first use: 1 permission", [538_140, 628_651]),
    ("enable + first use: 10 permissions", [1_877_057, 1_973_576]),
    ("use: ERC-20 transfer, recipient rule and budget", [80_106, 92_454]),
    ("ERC-1271 check through a session", [39_923, 52_270]),
    ("revoke by the account", [116_247, 127_447]),
];

/// What `SmartSession` v1 carries in the same place: bytes of the signature field and of the whole
/// calldata of `handleOps`, the latter where it was recorded; and gas of the whole transaction with the
/// leanest signer. Its permissions do not travel with a use; those of an enabling are compressed.
const CARRIED: [(&str, Carried); 4] = [
    (
        "use: counters for calls and fees",
        Carried { signature: 98, calldata: Some(900), gas: 153_782 },
    ),
    (
        "use: 10 permissions, 1 disclosed",
        Carried { signature: 98, calldata: Some(900), gas: 137_452 },
    ),
    (
        "enable + first use: 1 permission",
        Carried { signature: 484, calldata: Some(1_284), gas: 641_957 },
    ),
    (
        "enable + first use: 10 permissions",
        Carried { signature: 658, calldata: None, gas: 1_969_782 },
    ),
];

/// What an operation of the peer's carries and costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carried {
    pub(super) signature: u64,
    pub(super) calldata: Option<u64>,
    pub(super) gas: u64,
}

/// The figures of all rows, in order.
#[derive(Debug)]
pub(super) struct Figures<'a>(pub(super) Vec<Figure<'a>>);

/// A row, its cached and uncached figures together.
#[derive(Debug)]
pub(super) struct Figure<'a> {
    /// As measured with the program cached.
    pub(super) cached: &'a Row,
    /// Gas in the module's frame with the program not cached.
    pub(super) uncached: Option<u64>,
    /// As measured under `ArbOS` 51, cached too.
    pub(super) before: Option<&'a Row>,
    /// The peer's least and most.
    pub(super) peer: Option<[u64; 2]>,
    /// What the peer carries, where that was recorded.
    pub(super) carried: Option<Carried>,
}

impl<'a> Figures<'a> {
    /// Those of today's rules, with the older ones beside them.
    pub(super) fn of(rows: &'a [Row]) -> Self {
        let find = |name: &str, arbos: ArbOs, cached: bool| {
            rows.iter()
                .find(|row| row.row == name && row.arbos == arbos.version && row.cached == cached)
        };
        let today = ArbOs::default();
        let cached = rows.iter().filter(|row| row.cached && row.arbos == today.version);
        Self(
            cached
                .map(|row| Figure {
                    cached: row,
                    uncached: find(&row.row, today, false).map(|row| row.module_gas),
                    before: find(&row.row, ArbOs::V51, true),
                    peer: PEERS.iter().find(|(name, _)| *name == row.row).map(|(_, peer)| *peer),
                    carried: CARRIED.iter().find(|(name, _)| *name == row.row).map(|(_, it)| *it),
                })
                .collect(),
        )
    }
}

/// Returns a number with a comma behind each three digits.
pub(super) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len().saturating_sub(index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_a_comma_behind_each_three_digits() {
        let written = [0, 999, 1_000, 65_701, 100_000, 1_973_576].map(number);

        assert_eq!(written, ["0", "999", "1,000", "65,701", "100,000", "1,973,576"]);
    }
}
