//! What to do about a module's error that is told where something was sent.

/// Errors that neither another call nor another session mends, and what does: in the words of
/// `docs/errors.md`.
const REMEDIES: [(&str, &str); 20] = [
    ("NotInstalled", "install it on the account as that type"),
    (
        "WrongRoute",
        "let the validator sign that the route names; put its prefix before the signature",
    ),
    ("RouteClosed", "enable by a call of the account"),
    (
        "OwnerCheckFailed",
        "let the owner sign with the validator that the account has; give the operation more \
         verificationGasLimit, of which the account's check gets half",
    ),
    ("WrongEpoch", "ask the owner for a session of the present epoch (epoch(account))"),
    ("SessionNotEnabled", "enable it: send the owner's signature along (mode 01)"),
    ("SessionRevokedForEver", "ask the owner for a new session, with another salt"),
    ("CallsOverLimit", "ask the owner for a new session"),
    ("NotDelegate", "call from the delegate's address, or sign with its key"),
    (
        "NotOwnersSignature",
        "let the account's owner sign the digest for this module, account and chain",
    ),
    ("OutsideWindow", "wait, or ask the owner for a new session"),
    (
        "NothingExecuted",
        "make sure that the account is deployed and its delegation or adapter in place",
    ),
    (
        "WrongOrderNonce",
        "read orderNonce (sessionState); bring the orders of a session in sequence",
    ),
    (
        "OrdersUsedUp",
        "call by the delegate itself or by operations, or ask the owner for a new session",
    ),
    ("DeadlinePassed", "let the delegate sign another order with the same nonce"),
    ("WrongRelayer", "send from that address, or sign an order that names none"),
    ("NotDelegatesSignature", "sign this order, for this module and chain, with the session's key"),
    ("TooLittleGas", "send the transaction with more gas, if a simulation of your own says so"),
    ("MalformedContext", "take the context as it was granted"),
    ("CallNotPermitted", "ask for a permission, or for a context that shows it"),
];

/// Returns what to do about a module's error, by its name; `None` where changing the call or the
/// session is what there is to do.
pub(crate) fn error_remedy(error: &str) -> Option<&'static str> {
    REMEDIES.iter().find(|(name, _)| *name == error).map(|(_, remedy)| *remedy)
}
