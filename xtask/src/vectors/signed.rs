//! What is signed beside the session, declared apart from the crate's own interface.
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

    /// One call of a batch (ERC-7579).
    struct Execution { address target; uint256 value; bytes callData; }

    /// ERC-2612: what an owner of tokens signs for an allowance.
    struct Permit {
        address owner; address spender; uint256 value; uint256 nonce; uint256 deadline;
    }
}
