//! The module's interface, declared once: functions, events, errors, and the signed structs.
//!
//! The contract takes selectors and topics from here, clients encode and decode with it.
#![allow(missing_docs, reason = "sol! generates items that it gives no documentation")]
#![allow(clippy::pedantic, reason = "generated code")]
#![allow(clippy::as_conversions, clippy::indexing_slicing, reason = "generated code")]
#![allow(clippy::arithmetic_side_effects, reason = "generated code")]

use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    // ---- what owners and delegates sign (EIP-712) ----

    struct Session {
        address account;
        Chain[] chains;
        address delegate;
        uint8 delegateKind;
        uint48 validAfter;
        uint48 validUntil;
        uint32 maxCalls;
        uint96 feeLimit;
        address paymaster;
        Permission[] permissions;
        Budget[] budgets;
        SigningScope[] signing;
        uint64 salt;
    }
    struct Chain { uint256 chainId; uint64 epoch; }
    struct Permission { address target; bytes4 selector; uint256 valueLimit; ArgumentRule[] rules; }
    struct ArgumentRule { uint8 index; uint256 min; uint256 max; }
    struct Budget { address token; uint128 amount; uint32 period; }
    struct SigningScope { bytes32 domainSeparator; bytes32 typeHash; ArgumentRule[] rules; }

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

    // ---- ERC-4337 and ERC-7579 ----

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
    struct BudgetUse { uint128 spent; uint128 remaining; }
    struct Execution { address target; uint256 value; bytes callData; }

    interface IAccount {
        function execute(bytes32 mode, bytes executionCalldata);
        function executeUserOp(PackedUserOperation userOp, bytes32 userOpHash);
        function executeFromExecutor(bytes32 mode, bytes executionCalldata) returns (bytes[]);
        function isValidSignature(bytes32 hash, bytes signature) returns (bytes4);
    }

    interface IERC20 {
        function transfer(address to, uint256 amount) returns (bool);
        function transferFrom(address from, address to, uint256 amount) returns (bool);
        function approve(address spender, uint256 amount) returns (bool);
        function increaseAllowance(address spender, uint256 addedValue) returns (bool);
    }

    // ---- the module ----

    interface ISmartSession {
        function onInstall(bytes data);
        function onUninstall(bytes data);
        function isModuleType(uint256 moduleTypeId) returns (bool);
        function isInitialized(address account) returns (bool);
        function validateUserOp(PackedUserOperation userOp, bytes32 userOpHash) returns (uint256);
        function isValidSignatureWithSender(address sender, bytes32 hash, bytes signature)
            returns (bytes4);

        /// Enables a session of the calling account.
        function enable(bytes session);
        /// Enables a session with the account's ERC-1271 signature of it. Anyone may call.
        function enable(address account, bytes session, bytes signature);
        /// Acts within a session, called by its delegate: the direct path, without a bundler.
        function execute(
            address account, bytes session, bytes32 mode, bytes executionCalldata
        ) returns (bytes[]);
        /// Acts within a session with an order, which its delegate signed as `SessionExecution`: the
        /// direct path for keys of every kind. Anyone may call, or the one relayer that it names.
        function executeFor(
            address account, bytes session, bytes32 mode, bytes executionCalldata, bytes order
        ) returns (bytes[]);
        /// Acts within sessions, called by their delegate (ERC-7710): each context is an account and
        /// its packed session, and the module finds the permissions itself. All run, or none.
        function redeemDelegations(
            bytes[] permissionContexts, bytes32[] modes, bytes[] executionCallDatas
        );
        /// Revokes a session of the calling account for ever, also one that was never enabled.
        function revoke(bytes32 sessionId);
        /// Revokes a session as its delegate: called by it, with no signature; or by anyone with
        /// its signature of `RevokeSession`.
        function revoke(address account, bytes session, bytes signature);
        /// Revokes a session with the account's ERC-1271 signature of `RevokeSession`.
        function revokeFor(address account, bytes32 sessionId, bytes signature);
        /// Revokes all sessions of the calling account. The salt is 32 random bytes, new each time:
        /// nobody can foresee the next epoch then.
        function revokeAll(bytes32 salt);
        /// Revokes all sessions with the account's ERC-1271 signature of `RevokeAllSessions`, which
        /// names the salt. Anyone may call.
        function revokeAll(address account, bytes32 salt, bytes signature);

        /// The EIP-712 hash of a packed session.
        function sessionId(address account, bytes session) returns (bytes32);
        /// What each budget of a session has spent and left in the period of a time (unix seconds):
        /// the first before the session's window, the last after it.
        function budgets(address account, bytes session, uint48 at) returns (BudgetUse[]);
        /// What is kept of a session: status (0 unknown, 1 enabled, 2 revoked), totals, and the nonce
        /// that its next order must have, 2^24 − 1 where there can be no more.
        function sessionState(address account, bytes32 sessionId)
            returns (
                uint8 status, uint32 calls, uint96 fee, uint96 nativeSpent, uint24 orderNonce
            );
        /// The account's epoch: sessions that name another one are void.
        function epoch(address account) returns (uint64);
        /// ERC-5267.
        function eip712Domain() returns (
            bytes1 fields, string name, string version, uint256 chainId,
            address verifyingContract, bytes32 salt, uint256[] extensions
        );

        /// A session is in force. `session` is the whole packed session.
        event SessionEnabled(
            address indexed account, bytes32 indexed sessionId, address indexed delegate, bytes session
        );
        /// A session has ended for good.
        event SessionRevoked(
            address indexed account, bytes32 indexed sessionId, address indexed revoker, uint8 formerStatus
        );
        /// Every session that names the former epoch is void.
        event EpochMoved(address indexed account, uint64 formerEpoch, uint64 epoch);

        // ---- calls that the module does not take ----

        error UnknownFunction(bytes4 selector);
        error MalformedCall();
        error NotPayable();

        // ---- install ----

        error EmptyInstallData();
        error AlreadyInstalled(uint8 moduleTypes);
        error NotInstalled(address account, uint8 moduleTypes);
        error UnknownModuleTypes(uint8 got);
        error RouteTooLong(uint256 got, uint256 allowed);

        // ---- the packed session ----

        error Truncated(uint256 offset);
        error TrailingBytes(uint256 offset, uint256 got);
        error NonCanonicalNumber(uint256 offset);
        error NumberTooWide(uint256 offset, uint256 got, uint256 allowed);
        error UnknownTag(uint256 offset, uint256 got);
        error TooMany(uint256 offset, uint256 got, uint256 allowed);
        error ReservedPaymaster(uint256 offset);
        error EmptyListHashed(uint256 offset);
        error UnknownMode(uint256 got);
        error UnknownDelegateKind(uint256 got);

        // ---- what can never be enabled ----

        error HiddenPart();
        error RefusedDelegate(address got);
        error RefusedWindow(uint48 validAfter, uint48 validUntil);
        error RefusedMaxCalls();
        error FeesUncounted();
        error DuplicateChain(uint256 chainId);
        error RulesWithoutSelector(uint256 permission);
        error RefusedBudget(uint256 budget);
        error DuplicateBudget(uint256 budget);
        error WrongRoute();
        error RouteClosed();
        error OwnerSignatureTooLong(uint256 got, uint256 allowed);
        error OwnerCheckFailed();

        // ---- what a session does not allow ----

        error SenderNotCaller(address got, address allowed);
        error ChainNotListed(uint256 chainId);
        error WrongEpoch(uint64 got, uint64 allowed);
        error SessionNotEnabled(bytes32 sessionId);
        error TooManySessions(uint256 got, uint256 allowed);
        error SessionRevokedForEver(bytes32 sessionId);
        error UnsupportedCall(bytes4 selector);
        error UnsupportedExecutionMode(bytes32 got);
        error MalformedExecution(uint256 execution);
        error TooManyExecutions(uint256 got, uint256 allowed);
        error UnknownPermission(uint256 execution, uint256 got, uint256 allowed);
        error HiddenPermission(uint256 execution, uint256 permission);
        error BannedTarget(uint256 execution, address target);
        error TargetNotPermitted(uint256 execution, address got, address allowed);
        error SelectorNotPermitted(uint256 execution, bytes4 got, bytes4 allowed);
        error ValueOverLimit(uint256 execution, uint256 got, uint256 allowed);
        error ArgumentOutOfBounds(uint256 execution, uint256 index, uint256 got);
        error ArgumentMissing(uint256 execution, uint256 index);
        error UncountableTokenCall(uint256 execution, address token);
        error BudgetExceeded(uint256 budget, uint256 got, uint256 allowed);
        error PeriodPassed(uint256 budget, uint256 got, uint256 allowed);
        error ClaimedTimeOutsideWindow(uint48 got);
        error CallsOverLimit(uint256 got, uint256 allowed);
        error FeeOverLimit(uint256 got, uint256 allowed);
        error PaymasterNotPermitted(address got, address allowed);
        error MalformedPaymasterData(uint256 length);
        error MalformedDelegateSignature(uint256 got, uint256 allowed);
        error SignatureCheckFailed();
        error NotDelegate(address got, address allowed);
        error NotOwnersSignature();
        error OutsideWindow(uint256 got, uint48 validAfter, uint48 validUntil);
        error NothingExecuted();

        // ---- orders ----

        error MalformedOrder(uint256 got, uint256 allowed);
        error WrongOrderNonce(uint24 got, uint24 allowed);
        error OrdersUsedUp();
        error DeadlinePassed(uint256 got, uint48 allowed);
        error WrongRelayer(address got, address allowed);
        error NoMinimumGas();
        error NotDelegatesSignature();
        error TooLittleGas(uint256 got, uint256 wanted);

        // ---- redemptions (ERC-7710) ----

        error NoContext();
        error ArrayLengthsDiffer(uint256 contexts, uint256 modes, uint256 calldatas);
        error MalformedContext(uint256 context);
        error CallNotPermitted(uint256 execution, address target, bytes4 selector);
    }
}
