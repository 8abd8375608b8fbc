//! Where `ArbOS` keeps what: the slots of its account, as on a Nitro node.
//!
//! A storage has a key; of the root's it is empty. The key of a storage within another is the hash
//! of the outer key and its number. A slot is the hash of the key and all but the last byte of the
//! place, and that byte.

use alloy_primitives::{Address, B256, U256, address, keccak256};

/// The account whose storage is `ArbOS`'s.
pub(crate) const ARBOS_STATE: Address = address!("a4b05fffffffffffffffffffffffffffffffffff");

/// Number of the programs' storage in the root.
const PROGRAMS: u8 = 8;
/// Number of the storage of activated programs in the programs' storage.
const PROGRAM_DATA: u8 = 1;
/// Number of the storage of cache managers in the programs' storage.
const CACHE_MANAGERS: u8 = 4;
/// Number of the storage in a set of addresses that finds an address.
const BY_ADDRESS: u8 = 0;

/// A part of `ArbOS`'s storage.
#[derive(Clone, Debug)]
struct Storage {
    key: Vec<u8>,
}

impl Storage {
    fn root() -> Self {
        Self { key: Vec::new() }
    }

    fn part(&self, number: u8) -> Self {
        let key = keccak256([self.key.as_slice(), &[number]].concat());
        Self { key: key.to_vec() }
    }

    fn slot(&self, place: B256) -> U256 {
        let [start @ .., last] = place.0;
        let hash = keccak256([self.key.as_slice(), &start].concat());
        let mut bytes = hash.0;
        if let Some(end) = bytes.last_mut() {
            *end = last;
        }
        U256::from_be_bytes(bytes)
    }
}

/// The slot that holds what is known about the program with this code hash.
pub(crate) fn program_slot(code_hash: B256) -> U256 {
    Storage::root().part(PROGRAMS).part(PROGRAM_DATA).slot(code_hash)
}

/// Slots that can be read and written.
pub(crate) trait Slots {
    /// Reads a slot of `ArbOS`'s.
    fn read(&mut self, slot: U256) -> U256;
    /// Writes one.
    fn write(&mut self, slot: U256, value: U256);
}

/// A set of addresses: their number at 0, then the addresses; each one's place by its hash.
#[derive(Clone, Debug)]
pub(crate) struct AddressSet(Storage);

impl AddressSet {
    /// Those who may put programs into the cache.
    pub(crate) fn cache_managers() -> Self {
        Self(Storage::root().part(PROGRAMS).part(CACHE_MANAGERS))
    }

    fn at(&self, place: U256) -> U256 {
        self.0.slot(place.into())
    }

    fn place_of(&self, address: Address) -> U256 {
        self.0.part(BY_ADDRESS).slot(address.into_word())
    }

    /// Whether an address is in it.
    pub(crate) fn contains(&self, slots: &mut impl Slots, address: Address) -> bool {
        !slots.read(self.place_of(address)).is_zero()
    }

    /// All addresses in it.
    pub(crate) fn all(&self, slots: &mut impl Slots) -> Vec<Address> {
        let size: u64 = slots.read(self.at(U256::ZERO)).saturating_to();
        let places = 1..=size.min(MOST_LISTED);
        places
            .map(|place| Address::from_word(slots.read(self.at(U256::from(place))).into()))
            .collect()
    }

    /// Adds an address.
    pub(crate) fn add(&self, slots: &mut impl Slots, address: Address) {
        if self.contains(slots, address) {
            return;
        }
        let size = slots.read(self.at(U256::ZERO)).saturating_add(U256::ONE);
        slots.write(self.place_of(address), size);
        slots.write(self.at(size), address.into_word().into());
        slots.write(self.at(U256::ZERO), size);
    }

    /// Takes an address out. The last one moves to its place.
    pub(crate) fn remove(&self, slots: &mut impl Slots, address: Address) {
        let place = slots.read(self.place_of(address));
        if place.is_zero() {
            return;
        }
        let size = slots.read(self.at(U256::ZERO));
        let last = slots.read(self.at(size));
        slots.write(self.place_of(address), U256::ZERO);
        if place != size {
            slots.write(self.at(place), last);
            slots.write(self.place_of(Address::from_word(last.into())), place);
        }
        slots.write(self.at(size), U256::ZERO);
        slots.write(self.at(U256::ZERO), size.saturating_sub(U256::ONE));
    }
}

/// Most addresses of a set that are listed.
const MOST_LISTED: u64 = 10_000;

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use alloy_primitives::{Address, B256, U256, uint};

    use super::{AddressSet, Slots, Storage};

    #[test]
    fn slots_are_those_that_a_nitro_node_is_seen_to_read() {
        // `ArbOS`'s version, and the parent chain's block number in the storage of block hashes:
        // what a traced Nitro node reads for a transaction's first program.
        assert_eq!(
            Storage::root().slot(B256::ZERO),
            uint!(0x15fed0451499512d95f3ec5a41c878b9de55f21878b5b4e190d4667ec709b400_U256)
        );
        assert_eq!(
            Storage::root().part(6).slot(B256::ZERO),
            uint!(0x3c79da47f96b0f39664f73c0a1f350580be90742947dddfa21ba64d578dfe600_U256)
        );
    }

    #[derive(Default)]
    struct Map(HashMap<U256, U256>);

    impl Slots for Map {
        fn read(&mut self, slot: U256) -> U256 {
            self.0.get(&slot).copied().unwrap_or_default()
        }

        fn write(&mut self, slot: U256, value: U256) {
            self.0.insert(slot, value);
        }
    }

    #[test]
    fn a_set_holds_what_was_added_and_not_removed() {
        let [alice, bob, mallory] = [0xa1, 0xb0, 0x3a].map(Address::repeat_byte);
        let (set, mut slots) = (AddressSet::cache_managers(), Map::default());

        for address in [alice, bob, mallory, bob] {
            set.add(&mut slots, address);
        }
        assert_eq!(set.all(&mut slots), [alice, bob, mallory]);
        set.remove(&mut slots, alice);
        set.remove(&mut slots, alice);

        assert_eq!(set.all(&mut slots), [mallory, bob]);
        assert!(!set.contains(&mut slots, alice) && set.contains(&mut slots, bob));
        set.remove(&mut slots, bob);
        set.remove(&mut slots, mallory);
        assert!(slots.0.values().all(U256::is_zero), "nothing is left behind");
    }
}
