//! As what the module is installed.

/// A set of ERC-7579 module types: validator (type 1) and executor (type 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModuleTypes(u8);

impl ModuleTypes {
    /// Neither.
    pub const NONE: Self = Self(0);
    /// Type 1.
    pub const VALIDATOR: Self = Self(1);
    /// Type 2.
    pub const EXECUTOR: Self = Self(2);
    /// Both.
    pub const BOTH: Self = Self(3);

    /// Returns the set that the flags of an account's word stand for.
    pub(super) const fn of_flags(flags: u8) -> Self {
        Self(flags)
    }

    /// Returns the set that a byte stands for, `None` if it stands for no or an unknown type.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1..=3 => Some(Self(byte)),
            _ => None,
        }
    }

    /// Returns the byte that stands for it.
    pub const fn to_byte(self) -> u8 {
        self.0
    }

    /// Returns whether it has any of `others`.
    pub const fn has_any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Returns whether it has all of `others`.
    pub const fn has_all(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Returns it with all of `others`.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Returns it without any of `others`.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_module_type_bytes_but_1_2_3_are_refused() {
        for byte in 0..=u8::MAX {
            assert_eq!(ModuleTypes::from_byte(byte).is_some(), (1..=3).contains(&byte), "{byte}");
        }
    }

    #[test]
    fn they_are_a_set() {
        let sets = [
            (ModuleTypes::NONE, [false, false]),
            (ModuleTypes::VALIDATOR, [true, false]),
            (ModuleTypes::EXECUTOR, [false, true]),
            (ModuleTypes::BOTH, [true, true]),
        ];
        let set =
            |has: [bool; 2]| sets.iter().find(|(_, other)| *other == has).map(|(set, _)| *set);
        for (a, [a1, a2]) in sets {
            for (b, [b1, b2]) in sets {
                assert_eq!(Some(a.with(b)), set([a1 || b1, a2 || b2]));
                assert_eq!(Some(a.without(b)), set([a1 && !b1, a2 && !b2]));
                assert_eq!(a.has_any(b), a1 && b1 || a2 && b2);
                assert_eq!(a.has_all(b), (a1 || !b1) && (a2 || !b2));
            }
        }
    }
}
