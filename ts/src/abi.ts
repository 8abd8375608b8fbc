import { parseAbi } from 'viem'

/** The module's interface: functions, events and errors. */
export const smartSessionAbi = parseAbi([
  'struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'struct BudgetUse { uint128 spent; uint128 remaining; }',

  // ERC-7579
  'function onInstall(bytes data)',
  'function onUninstall(bytes data)',
  'function isModuleType(uint256 moduleTypeId) view returns (bool)',
  'function isInitialized(address account) view returns (bool)',
  'function validateUserOp(PackedUserOperation userOp, bytes32 userOpHash) returns (uint256)',
  'function isValidSignatureWithSender(address sender, bytes32 hash, bytes signature) view returns (bytes4)',

  // sessions
  'function enable(bytes session)',
  'function enable(address account, bytes session, bytes signature)',
  'function execute(address account, bytes session, bytes32 mode, bytes executionCalldata) returns (bytes[])',
  'function revoke(bytes32 sessionId)',
  'function revoke(address account, bytes session, bytes signature)',
  'function revokeFor(address account, bytes32 sessionId, bytes signature)',
  'function revokeAll()',
  'function revokeAll(address account, bytes signature)',
  'function sessionId(address account, bytes session) view returns (bytes32)',
  'function budgets(address account, bytes session, uint48 at) view returns (BudgetUse[])',
  'function sessionState(address account, bytes32 sessionId) view returns (uint8 status, uint32 calls, uint96 fee, uint96 nativeSpent)',
  'function epoch(address account) view returns (uint64)',
  'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',

  'event SessionEnabled(address indexed account, bytes32 indexed sessionId, address indexed delegate, bytes session)',
  'event SessionRevoked(address indexed account, bytes32 indexed sessionId, address indexed revoker, uint8 formerStatus)',
  'event EpochMoved(address indexed account, uint64 formerEpoch, uint64 epoch)',

  // calls that the module does not take
  'error UnknownFunction(bytes4 selector)',
  'error MalformedCall()',
  'error NotPayable()',
  'error Reentered()',

  // install
  'error AlreadyInstalled(uint8 moduleTypes)',
  'error NotInstalled(address account)',
  'error UnknownModuleTypes(uint8 got)',
  'error RouteTooLong(uint256 got, uint256 allowed)',

  // the packed session
  'error Truncated(uint256 offset)',
  'error TrailingBytes(uint256 offset, uint256 got)',
  'error NonCanonicalNumber(uint256 offset)',
  'error NumberTooWide(uint256 offset, uint256 got, uint256 allowed)',
  'error UnknownTag(uint256 offset, uint256 got)',
  'error TooMany(uint256 offset, uint256 got, uint256 allowed)',
  'error ReservedPaymaster(uint256 offset)',
  'error EmptyListHashed(uint256 offset)',
  'error UnknownMode(uint256 got)',
  'error UnknownDelegateKind(uint256 got)',
  'error NotSupported(uint8 part)',

  // what can never be enabled
  'error HiddenPart()',
  'error RefusedDelegate(address got)',
  'error RefusedWindow(uint48 validAfter, uint48 validUntil)',
  'error RefusedMaxCalls()',
  'error FeesUncounted()',
  'error DuplicateChain(uint256 chainId)',
  'error RulesWithoutSelector(uint256 permission)',
  'error RefusedBudget(uint256 budget)',
  'error DuplicateBudget(uint256 budget)',
  'error WrongRoute()',
  'error RouteClosed()',
  'error OwnerSignatureTooLong(uint256 got, uint256 allowed)',
  'error OwnerCheckFailed()',

  // what a session does not allow
  'error SenderNotCaller(address got, address allowed)',
  'error ChainNotListed(uint256 chainId)',
  'error WrongEpoch(uint64 got, uint64 allowed)',
  'error SessionNotEnabled(bytes32 sessionId)',
  'error TooManySessions(uint256 got, uint256 allowed)',
  'error SessionRevokedForEver(bytes32 sessionId)',
  'error UnsupportedCall(bytes4 selector)',
  'error UnsupportedExecutionMode(bytes32 got)',
  'error MalformedExecution(uint256 execution)',
  'error TooManyExecutions(uint256 got, uint256 allowed)',
  'error UnknownPermission(uint256 execution, uint256 got, uint256 allowed)',
  'error HiddenPermission(uint256 execution, uint256 permission)',
  'error BannedTarget(uint256 execution, address target)',
  'error TargetNotPermitted(uint256 execution, address got, address allowed)',
  'error SelectorNotPermitted(uint256 execution, bytes4 got, bytes4 allowed)',
  'error ValueOverLimit(uint256 execution, uint256 got, uint256 allowed)',
  'error ArgumentOutOfBounds(uint256 execution, uint256 index, uint256 got)',
  'error ArgumentMissing(uint256 execution, uint256 index)',
  'error UncountableTokenCall(uint256 execution, address token)',
  'error BudgetExceeded(uint256 budget, uint256 got, uint256 allowed)',
  'error PeriodPassed(uint256 budget, uint256 got, uint256 allowed)',
  'error ClaimedTimeOutsideWindow(uint48 got)',
  'error CallsOverLimit(uint256 got, uint256 allowed)',
  'error FeeOverLimit(uint256 got, uint256 allowed)',
  'error PaymasterNotPermitted(address got, address allowed)',
  'error MalformedPaymasterData(uint256 length)',
  'error MalformedDelegateSignature(uint256 got, uint256 allowed)',
  'error SignatureCheckFailed()',
])
