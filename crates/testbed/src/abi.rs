//! The interfaces of the contracts on a test bed.
//!
//! Written from the ERCs and the contracts' sources, and on purpose neither the core's nor the
//! client's: the tests hold those two against these.
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

    /// Operations that one contract vouches for together; the zero address vouches for none.
    struct UserOpsPerAggregator {
        PackedUserOperation[] userOps;
        address aggregator;
        bytes signature;
    }

    interface IEntryPoint {
        function handleOps(PackedUserOperation[] ops, address beneficiary);
        function handleAggregatedOps(
            UserOpsPerAggregator[] opsPerAggregator, address beneficiary
        );
        function getUserOpHash(PackedUserOperation userOp) returns (bytes32);
        function getNonce(address sender, uint192 key) returns (uint256);
        function balanceOf(address account) returns (uint256);
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
        function validateUserOp(
            PackedUserOperation userOp, bytes32 userOpHash, uint256 missingAccountFunds
        ) returns (uint256);
        function isValidSignature(bytes32 hash, bytes signature) returns (bytes4);
        function accountId() returns (string);
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

    /// A module, and what it is installed with.
    struct ModuleConfig { address module; bytes data; }

    interface INexus {
        function initializeAccount(bytes initData) payable;
        function createAccount(bytes initData, bytes32 salt) payable returns (address);
        function initNexusWithSingleValidator(
            address validator, bytes data, address registry, address[] attesters, uint8 threshold
        );
    }

    interface IKernel {
        function initialize(
            bytes21 rootValidator, address hook, bytes validatorData, bytes hookData,
            bytes[] initConfig
        );
        function createAccount(bytes data, bytes32 salt) payable returns (address);
        /// The installation of a validator, which Kernel names by a type and an address. The hook
        /// is 0 where it is not installed, 1 where it has none.
        function validationConfig(bytes21 validationId) returns (uint32 nonce, address hook);
        /// The same for an executor.
        function executorConfig(address executor) returns (address hook);
    }

    interface ICountingHook {
        function preChecks(address account) returns (uint256);
        function postChecks(address account) returns (uint256);
    }

    /// ERC-5267.
    interface IErc5267 {
        function eip712Domain() returns (
            bytes1 fields, string name, string version, uint256 chainId, address verifyingContract,
            bytes32 salt, uint256[] extensions
        );
    }

    interface ISafe {
        function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce)
            returns (address);
        function setup(
            address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler,
            address paymentToken, uint256 payment, address paymentReceiver
        );
        function addSafe7579(
            address safe7579, ModuleConfig[] validators, ModuleConfig[] executors,
            ModuleConfig[] fallbacks, ModuleConfig[] hooks, address[] attesters, uint8 threshold
        );
    }

    interface IMsa {
        function initializeAccount(bytes data) payable;
        function initMSA(
            ModuleConfig[] validators, ModuleConfig[] executors, ModuleConfig hook,
            ModuleConfig[] fallbacks
        );
    }

    interface IGame {
        function move(uint8 step);
        function withdraw(uint256 amount);
        function moves(address player) returns (uint256);
        event Moved(address indexed player, uint8 step, uint256 value);
    }

    interface IRelay {
        function relay(address to, bytes data) returns (bool success, bytes answer);
    }

    interface IPermitToken {
        function DOMAIN_SEPARATOR() returns (bytes32);
        function mint(address to, uint256 amount);
        function allowance(address owner, address spender) returns (uint256);
        function balanceOf(address owner) returns (uint256);
        function permit(
            address owner, address spender, uint256 value, uint256 deadline, bytes signature
        );
        function permitTransferFrom(
            address owner, address to, uint256 amount, uint256 deadline, bytes signature
        );
        error InvalidSignature(address owner);
    }

    interface IErc1271 {
        function isValidSignature(bytes32 hash, bytes signature) returns (bytes4);
    }
}
