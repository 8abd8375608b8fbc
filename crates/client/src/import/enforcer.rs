//! The caveat enforcers of `MetaMask`'s delegation framework 1.3.0, the same on each of its chains.

use alloy_primitives::{Address, address};

/// An enforcer whose caveats a session can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Enforcer {
    AllowedCalldata,
    AllowedMethods,
    AllowedTargets,
    Erc20PeriodTransfer,
    Erc20TransferAmount,
    ExactCalldata,
    LimitedCalls,
    NativeTokenPeriodTransfer,
    NativeTokenTransferAmount,
    Nonce,
    Redeemer,
    Timestamp,
    ValueLte,
}

/// Those whose caveats a session can say.
pub(super) const SAYABLE: [(Enforcer, Address); 13] = [
    (Enforcer::AllowedCalldata, address!("c2b0d624c1c4319760c96503ba27c347f3260f55")),
    (Enforcer::AllowedMethods, address!("2c21fd0cb9dc8445cb3fb0dc5e7bb0aca01842b5")),
    (Enforcer::AllowedTargets, address!("7f20f61b1f09b08d970938f6fa563634d65c4eeb")),
    (Enforcer::Erc20PeriodTransfer, address!("474e3ae7e169e940607cc624da8a15eb120139ab")),
    (Enforcer::Erc20TransferAmount, address!("f100b0819427117ecf76ed94b358b1a5b5c6d2fc")),
    (Enforcer::ExactCalldata, address!("99f2e9bf15ce5ec84685604836f71ab835dbbded")),
    (Enforcer::LimitedCalls, address!("04658b29f6b82ed55274221a06fc97d318e25416")),
    (Enforcer::NativeTokenPeriodTransfer, address!("9bc0faf4aca5ae429f4c06aeeac517520cb16bd9")),
    (Enforcer::NativeTokenTransferAmount, address!("f71af580b9c3078fbc2bbf16fbb8eed82b330320")),
    (Enforcer::Nonce, address!("de4f2fac4b3d87a1d9953ca5fc09fca7f366254f")),
    (Enforcer::Redeemer, address!("e144b0b2618071b4e56f746313528a669c7e65c5")),
    (Enforcer::Timestamp, address!("1046bb45c8d673d4ea75321280db34899413c069")),
    (Enforcer::ValueLte, address!("92bf12322527caa612fd31a0e810472bbb106a8f")),
];

/// Those whose caveats no session can say: what they mean, and what to do instead.
pub(super) const UNSAYABLE: [(Address, &str, &str); 19] = [
    (
        // ApprovalRevocationEnforcer
        address!("e264f1f09a19505a1ca1a86d5b01e8bfdb64324a"),
        "revoking allowances of any token",
        "name each token: permit its approve with the amount 0",
    ),
    (
        // ArgsEqualityCheckEnforcer
        address!("44b8c6ae3c304213c3e298495e12497ed3e56e41"),
        "whoever redeems must give certain arguments",
        "drop it: a delegate with a key can always give them",
    ),
    (
        // BlockNumberEnforcer
        address!("5d9818df0ae3f66e9c3d0c5029daf99d1823ca6c"),
        "a range of block numbers",
        "use times: a timestamp caveat",
    ),
    (
        // DeployedEnforcer
        address!("24ff2aa430d53a8cd6788018e902e098083dccd2"),
        "a contract is deployed first",
        "deploy it before, then grant the calls",
    ),
    (
        // ERC20BalanceChangeEnforcer
        address!("cdf6ab796408598cea671d79506d7d48e97a5437"),
        "a balance of a token after the call",
        "bound what moves by a budget, and what comes back by a rule (as amountOutMinimum)",
    ),
    (
        // ERC20StreamingEnforcer
        address!("56c97ae02f233b29fa03502ecc0457266d9be00e"),
        "an amount that grows by the second",
        "use a periodic caveat: the rate times the period, from one period after the start on",
    ),
    (
        // ERC721BalanceChangeEnforcer
        address!("8afdf96edbbe7e1ed3f5cd89c7e084841e12a09e"),
        "a balance of NFTs after the call",
        "bound the calls instead",
    ),
    (
        // ERC721TransferEnforcer
        address!("3790e6b7233f779b09da74c72b6e94813925b9af"),
        "one NFT may be transferred, by any of three functions",
        "permit transferFrom of the contract with a rule for the token id (word 2)",
    ),
    (
        // ERC1155BalanceChangeEnforcer
        address!("63c322732695cafbbd488fc6937a0a7b66fc001a"),
        "a balance of tokens after the call",
        "bound the calls instead",
    ),
    (
        // ExactCalldataBatchEnforcer
        address!("982fd5c86bbf425d7d1451f974192d4525113dfd"),
        "one exact batch",
        "let the account make the calls itself",
    ),
    (
        // ExactExecutionBatchEnforcer
        address!("1e141e455d08721dd5bcda1baa6ea5633afd5017"),
        "one exact batch",
        "let the account make the calls itself",
    ),
    (
        // ExactExecutionEnforcer
        address!("146713078d39ecc1f5338309c28405ccf85abfbb"),
        "one exact call, its value too",
        "let the account make it itself, or permit the function with rules",
    ),
    (
        // IdEnforcer
        address!("c8b5d93463c893401094cc70e66a206fb5987997"),
        "one use among all delegations with this id",
        "use a caveat for one call (limitedCalls), and revoke the others",
    ),
    (
        // MultiTokenPeriodEnforcer
        address!("fb2f1a9bd76d3701b730e5d69c3219d42d80ebb7"),
        "amounts of several tokens, each per period of its own",
        "import one delegation with a periodic caveat for each token",
    ),
    (
        // NativeBalanceChangeEnforcer
        address!("bd7b277507723490cd50b12eaafe87c616be6880"),
        "a balance of native value after the call",
        "bound what moves by a budget",
    ),
    (
        // NativeTokenPaymentEnforcer
        address!("4803a326dded6ddbc60e659e5ed12d85c7582811"),
        "the redeemer pays for the call",
        "let the delegate pay otherwise",
    ),
    (
        // NativeTokenStreamingEnforcer
        address!("d10b97905a320b13a0608f7e9cc506b56747df19"),
        "an amount that grows by the second",
        "use a periodic caveat: the rate times the period, from one period after the start on",
    ),
    (
        // OwnershipTransferEnforcer
        address!("7eef9734e7092032b5c56310eb9bbd1f4a524681"),
        "ownership of a contract may be transferred",
        "let the account do that itself",
    ),
    (
        // SpecificActionERC20TransferBatchEnforcer
        address!("6649b61c873f6f9686a1e1ae9ee98ac380c7ba13"),
        "one exact batch of a call and a transfer",
        "let the account make the calls itself",
    ),
];
