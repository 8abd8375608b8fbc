//! The interfaces of the contracts on stage.
#![allow(missing_docs, reason = "sol! generates items that it gives no documentation")]
#![allow(clippy::pedantic, reason = "generated code")]

use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    struct PackedUserOperation {
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

    struct Execution { address target; uint256 value; bytes callData; }

    interface IEntryPoint {
        function handleOps(PackedUserOperation[] ops, address beneficiary);
        function getUserOpHash(PackedUserOperation userOp) returns (bytes32);
        function getNonce(address sender, uint192 key) returns (uint256);
        function depositTo(address account) payable;

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

    interface IAccount7579 {
        function execute(bytes32 mode, bytes executionCalldata);
        function installModule(uint256 moduleTypeId, address module, bytes initData);
        function uninstallModule(uint256 moduleTypeId, address module, bytes deInitData);
    }

    interface IValidator {
        function onInstall(bytes data);
        function onUninstall(bytes data);
        function validateUserOp(PackedUserOperation userOp, bytes32 userOpHash) returns (uint256);
        function isValidSignatureWithSender(address sender, bytes32 hash, bytes signature)
            returns (bytes4);
    }

    interface IOzAccount {
        function initializeAccount(address validator, bytes initData);
        function createAccount(bytes32 salt, bytes init) returns (address);
    }

    interface IGame {
        function move(uint8 step);
        function withdraw(uint256 amount);
        function moves(address player) returns (uint256);
        event Moved(address indexed player, uint8 step, uint256 value);
    }
}
