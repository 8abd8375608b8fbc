//! The parts of ERC-4337's interfaces that are used here.
//!
//! `sol!` knows only the structs of its own declaration, so the user operation stands here beside the
//! core's, which is what the module is called with.
#![allow(missing_docs, reason = "sol! generates items that it gives no documentation")]
#![allow(clippy::pedantic, reason = "generated code")]

alloy_sol_types::sol! {
    /// A user operation, packed as EntryPoints since 0.7 take it.
    #[derive(Debug, PartialEq, Eq)]
    struct UserOperation {
        address sender;
        uint256 nonce;
        bytes initCode;
        bytes callData;
        bytes32 accountGasLimits;
        uint256 preVerificationGas;
        bytes32 gasFees;
        bytes paymasterAndData;
        bytes signature;
    }

    /// The part of an EntryPoint that is used here.
    interface IEntryPoint {
        function handleOps(UserOperation[] ops, address beneficiary);
        function getNonce(address sender, uint192 key) returns (uint256);
        function balanceOf(address account) returns (uint256);

        error FailedOp(uint256 opIndex, string reason);
        error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner);

        event UserOperationEvent(
            bytes32 indexed userOpHash, address indexed sender, address indexed paymaster,
            uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed
        );
        event UserOperationRevertReason(
            bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes revertReason
        );
    }

    /// The part of an account that its EntryPoint uses.
    interface IValidatingAccount {
        function validateUserOp(
            UserOperation userOp, bytes32 userOpHash, uint256 missingAccountFunds
        ) returns (uint256);
        function executeUserOp(UserOperation userOp, bytes32 userOpHash);
    }
}

/// What EntryPoints since 0.8 hash, by EIP-712.
pub(crate) mod typed {
    alloy_sol_types::sol! {
        struct PackedUserOperation {
            address sender;
            uint256 nonce;
            bytes initCode;
            bytes callData;
            bytes32 accountGasLimits;
            uint256 preVerificationGas;
            bytes32 gasFees;
            bytes paymasterAndData;
        }
    }
}
