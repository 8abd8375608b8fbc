//! What is signed beside the session, in EIP-712's types: declared apart from the contract's own, so
//! that a digest of one is held against the other.
#![allow(missing_docs, reason = "sol! generates items that it gives no documentation")]
#![allow(clippy::pedantic, reason = "generated code")]

alloy_sol_types::sol! {
    struct SessionOperation { bytes32 userOpHash; bytes32 sessionId; bytes32 disclosure; }
    struct SessionSignature { bytes32 hash; bytes32 sessionId; bytes32 disclosure; }
    struct SessionExecution {
        bytes32 sessionId;
        bytes32 disclosure;
        uint256 chainId;
        bytes32 mode;
        bytes32 executions;
        uint24 nonce;
        uint48 deadline;
        uint32 gas;
        address relayer;
    }
    struct RevokeSession { address account; bytes32 sessionId; }
    struct RevokeAllSessions { address account; uint256 chainId; uint64 epoch; bytes32 salt; }
}
