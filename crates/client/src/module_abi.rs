//! The module's functions that come in several shapes.
#![allow(missing_docs, reason = "sol! generates items that it gives no documentation")]
#![allow(clippy::pedantic, reason = "generated code")]

use alloy_sol_types::sol;

sol! {
    /// What an account calls itself.
    interface IOwnCalls {
        function enable(bytes session);
        function revoke(bytes32 sessionId);
        function revokeAll();
    }

    /// What anybody may send with a signature, or the delegate itself.
    interface IRelayedCalls {
        function enable(address account, bytes session, bytes signature);
        function revoke(address account, bytes session, bytes signature);
        function revokeFor(address account, bytes32 sessionId, bytes signature);
        function revokeAll(address account, bytes signature);
        function execute(
            address account, bytes session, bytes32 mode, bytes executionCalldata
        ) returns (bytes[]);
    }

    struct BudgetUse { uint128 spent; uint128 remaining; }

    /// What anybody may ask.
    interface IViews {
        function budgets(address account, bytes session, uint48 at) returns (BudgetUse[]);
    }

    /// What an owner signs to end sessions.
    struct RevokeSession { address account; bytes32 sessionId; }
    struct RevokeAllSessions { address account; uint256 chainId; uint64 epoch; }
}
