//! What an import finds, collected so that everything is told at once.

use alloy_primitives::{Address, Bytes, U256};
use serde_json::Value;

use super::imported::{Comparison, ImportRefusal};
use crate::json_value::{read_bytes, read_whole, tell};
use crate::session::address::parse_address;

/// Comparisons and refusals, and readers that refuse what is not of their type.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) comparisons: Vec<Comparison>,
    pub(super) refusals: Vec<ImportRefusal>,
}

impl Findings {
    pub(super) fn same(
        &mut self,
        path: &str,
        source: impl Into<String>,
        session: impl Into<String>,
    ) {
        self.compare(path, source.into(), session.into(), false);
    }

    pub(super) fn narrower(
        &mut self,
        path: &str,
        source: impl Into<String>,
        session: impl Into<String>,
    ) {
        self.compare(path, source.into(), session.into(), true);
    }

    fn compare(&mut self, path: &str, source: String, session: String, is_narrower: bool) {
        self.comparisons.push(Comparison { path: path.into(), source, session, is_narrower });
    }

    pub(super) fn refuse(
        &mut self,
        path: impl Into<String>,
        meaning: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let (meaning, remedy) = (meaning.into(), remedy.into());
        self.refusals.push(ImportRefusal { path: path.into(), meaning, remedy });
    }

    /// Reads an address.
    pub(super) fn address(&mut self, path: &str, value: Option<&Value>) -> Option<Address> {
        let address = value.and_then(Value::as_str).and_then(|text| parse_address(text).ok());
        if address.is_none() {
            let got = format!("{} is not an address, or was mistyped", tell(value));
            self.refuse(path, got, "give 20 bytes in hex, copied whole");
        }
        address
    }

    /// Reads bytes in hex.
    pub(super) fn bytes(&mut self, path: &str, value: Option<&Value>) -> Option<Bytes> {
        let bytes = value.and_then(read_bytes);
        if bytes.is_none() {
            let got = format!("{} is not what belongs here", tell(value));
            self.refuse(path, got, "give bytes in hex");
        }
        bytes
    }

    /// Reads exactly so many bytes in hex.
    pub(super) fn array<const N: usize>(
        &mut self,
        path: &str,
        value: Option<&Value>,
    ) -> Option<[u8; N]> {
        let array =
            value.and_then(read_bytes).and_then(|bytes| <[u8; N]>::try_from(bytes.as_ref()).ok());
        if array.is_none() {
            let got = format!("{} is not what belongs here", tell(value));
            self.refuse(path, got, format!("give exactly {N} bytes in hex"));
        }
        array
    }

    /// Reads a whole number of at most so many bits: a number, or a text in decimal or hex.
    pub(super) fn whole(&mut self, path: &str, value: Option<&Value>, bits: usize) -> Option<U256> {
        let number = value.and_then(read_whole).filter(|number| number.bit_len() <= bits);
        if number.is_none() {
            let allowed = format!("a whole number from 0 to 2^{bits} − 1");
            let got = format!("{} is not {allowed}", tell(value));
            self.refuse(path, got, format!("give {allowed}"));
        }
        number
    }

    /// Reads a list.
    pub(super) fn list<'a>(&mut self, path: &str, value: Option<&'a Value>) -> &'a [Value] {
        if let Some(list) = value.and_then(Value::as_array) {
            return list;
        }
        let got = format!("{} is not a list", tell(value));
        self.refuse(path, got, "give a list, empty if there is nothing");
        &[]
    }
}
