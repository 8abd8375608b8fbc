//! What an EntryPoint's codes mean.
//!
//! The words are shared with the TypeScript package: `tests/vectors/reasons.json`.

/// The codes that EntryPoints of 0.7 to 0.9 give (ERC-4337), in words.
const REASONS: [(&str, &str); 31] = [
    ("AA10", "the account is deployed already"),
    ("AA13", "the account's factory failed, or ran out of gas"),
    ("AA14", "the account's factory made another account"),
    ("AA15", "the account's factory made no account"),
    ("AA20", "the account is not deployed"),
    ("AA21", "the account has too little ether to pay for gas"),
    ("AA22", "it is too early or too late for the session, or for the period of a budget"),
    ("AA23", "the account or the module refused the operation"),
    (
        "AA24",
        "a signature does not hold: of the delegate, or of the owner where the session is enabled",
    ),
    ("AA25", "the nonce is used already, or not the next one of its lane"),
    ("AA26", "validation used more gas than verificationGasLimit"),
    ("AA30", "the paymaster is not deployed"),
    ("AA31", "the paymaster has too little ether with the EntryPoint"),
    ("AA32", "it is too early or too late for the paymaster's approval"),
    ("AA33", "the paymaster refused the operation"),
    ("AA34", "the paymaster's signature does not hold"),
    ("AA36", "the paymaster used more gas than paymasterVerificationGasLimit"),
    ("AA40", "validation used more gas than verificationGasLimit"),
    ("AA41", "verificationGasLimit is too little"),
    ("AA50", "the paymaster failed after the operation"),
    ("AA51", "gas cost more than was set aside for it"),
    ("AA90", "the bundler named no receiver of the fees"),
    ("AA91", "the fees could not be sent to the bundler's receiver"),
    ("AA92", "only the EntryPoint itself may call this"),
    ("AA93", "paymasterAndData is too short"),
    ("AA94", "a gas field is too large"),
    ("AA95", "the transaction has too little gas for the operation"),
    ("AA96", "the aggregator is none"),
    ("AA97", "only the EntryPoint may call this"),
    ("AA98", "paymasterAndData names no paymaster"),
    ("AA99", "initCode is too short"),
];

/// Returns what the first EntryPoint code in a text means, in one sentence; `None` if there is
/// none that is known.
///
/// ```
/// use smart_session_client::explain_reason;
///
/// let words = explain_reason("AA24 signature error").unwrap();
///
/// assert!(words.starts_with("a signature does not hold"));
/// assert_eq!(explain_reason("no code"), None);
/// ```
pub fn explain_reason(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let (code, reason) =
        words.find_map(|word| REASONS.into_iter().find(|(code, _)| *code == word))?;
    Some(format!("{reason} ({code})"))
}
