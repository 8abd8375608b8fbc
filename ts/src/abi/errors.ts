import { parseAbi } from 'viem'

/** The module's errors. */
export const errorsAbi = parseAbi([
  // calls that the module does not take
  'error UnknownFunction(bytes4 selector)',
  'error MalformedCall()',
  'error NotPayable()',

  // install
  'error EmptyInstallData()',
  'error AlreadyInstalled(uint8 moduleTypes)',
  'error NotInstalled(address account, uint8 moduleTypes)',
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
  'error NotDelegate(address got, address allowed)',
  'error NotOwnersSignature()',
  'error OutsideWindow(uint256 got, uint48 validAfter, uint48 validUntil)',
  'error NothingExecuted()',

  // orders
  'error MalformedOrder(uint256 got, uint256 allowed)',
  'error WrongOrderNonce(uint24 got, uint24 allowed)',
  'error OrdersUsedUp()',
  'error DeadlinePassed(uint256 got, uint48 allowed)',
  'error WrongRelayer(address got, address allowed)',
  'error NoMinimumGas()',
  'error NotDelegatesSignature()',
  'error TooLittleGas(uint256 got, uint256 wanted)',

  // redemptions (ERC-7710)
  'error NoContext()',
  'error ArrayLengthsDiffer(uint256 contexts, uint256 modes, uint256 calldatas)',
  'error MalformedContext(uint256 context)',
  'error CallNotPermitted(uint256 execution, address target, bytes4 selector)',
])
