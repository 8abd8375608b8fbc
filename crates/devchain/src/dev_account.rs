//! Accounts that every dev chain starts with.

use alloy_primitives::{Address, B256, address, b256};

/// A funded account whose private key is public.
///
/// The key of account `n` is the Keccak-256 hash of the text `devchain n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DevAccount {
    /// The account's address.
    pub address: Address,
    /// The account's secp256k1 key. It is public: never use it on another chain.
    pub private_key: B256,
}

const fn account(private_key: B256, address: Address) -> DevAccount {
    DevAccount { address, private_key }
}

/// The accounts of every dev chain, in order.
pub const DEV_ACCOUNTS: [DevAccount; 10] = [
    account(
        b256!("cab2f5dab3e3da985209767687ba9f65ce7b8554d92f30bb64640e5683082600"),
        address!("e8178f1f698082e2f34e8cf05beea500f9e152ee"),
    ),
    account(
        b256!("6158650184692c0faaeb1598bed3873497e45503f5d33b8e0f1b3d258c2c98c0"),
        address!("60649d349debf131a4ed0775b3ed80793e0be7d2"),
    ),
    account(
        b256!("3f7b8ce552637f7d3a9999d3025397186725f6561a709aa41e62c42196dbbf11"),
        address!("309eb90558ac2285734ce410f2b11d79208dac0b"),
    ),
    account(
        b256!("d8fbd3a4d2c7250c4710b33a2c0ec86e5abe0e0af1480192503b19eb959df786"),
        address!("d61aab9574804af60611ba819f075a5027fc4252"),
    ),
    account(
        b256!("936608c0a145f884827dc7f73fce0888ad2f141ec123ed10bbb0891837fa566a"),
        address!("c2a2cd445bc168bf6888ec3ebda808d9150e170e"),
    ),
    account(
        b256!("47e818280679bafd5f18090db6bd0265f9478fa084f17e9bd1a783f5e600d45e"),
        address!("e5c5a6f2d076c58d61203acfe7fb58b3ed3c37b3"),
    ),
    account(
        b256!("b8c2a3f7877fcf9c6fd5b4699404ba9873f93500b4a79b3bf1746f28c76d2e10"),
        address!("c3f6f152faca203c07af0b5ccdfc36ccff43f920"),
    ),
    account(
        b256!("d694a86b8d1f6270f331c2e189997b0533a06b90ae2c9af14d48f92f50d79847"),
        address!("7bec5abcc9916453b434b229e8473d2d9c458023"),
    ),
    account(
        b256!("d5302332955d9b42abee02de48e32c180369f72215b4ad8bf8800b75f9014dac"),
        address!("37fb36011a37165747ce5bae0091141bb0bd7615"),
    ),
    account(
        b256!("75d72e54f6540343a08f47ee93f10ace641b0f6c4d05e6e61215ae0735457308"),
        address!("8c43cdb6ff70743f0f84bb9e808583be7791908d"),
    ),
];
