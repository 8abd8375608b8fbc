import type { ContractErrorName } from 'viem'
import type { errorsAbi } from '../abi/errors.js'

/** The name of a module error. */
export type ModuleErrorName = ContractErrorName<typeof errorsAbi>

/** What each error means: what was got, and what is allowed. The words are those of the Rust
 * client. `:ether` tells wei as ETH, `:shortened` the first bytes of a word. */
export const SENTENCES: Record<ModuleErrorName, string> = {
  UnknownFunction: 'the module has no function {selector}',
  MalformedCall: 'the call is not encoded as its function wants it',
  NotPayable: 'the module takes no value',
  EmptyInstallData: 'install data is empty: it must say the types and the enable route',
  AlreadyInstalled: 'the module is installed already (types {moduleTypes})',
  NotInstalled:
    'the module is not installed on {account} as type {moduleTypes} (1 validator, 2 executor)',
  UnknownModuleTypes: 'install data begins with types {got}, not 1, 2 or 3',
  RouteTooLong: 'the enable route has {got} bytes, at most {allowed} are allowed',
  Truncated: 'the packed session ends within the element at byte {offset}',
  TrailingBytes: '{got} bytes are left over at byte {offset}',
  NonCanonicalNumber: 'the number at byte {offset} begins with zero',
  NumberTooWide: 'the number at byte {offset} has {got} bytes, at most {allowed} are allowed',
  UnknownTag: 'the tag at byte {offset} is {got}, which is unknown',
  TooMany: 'the list at byte {offset} has {got} entries, at most {allowed} are allowed',
  ReservedPaymaster: 'the paymaster at byte {offset} is an address that stands for none or any',
  EmptyListHashed: 'the list at byte {offset} is empty and must travel as such',
  UnknownMode: 'the mode is {got}, neither use (0) nor enable (1)',
  UnknownDelegateKind: "the delegate's kind of key is {got}, unknown",
  HiddenPart: 'the session must be shown whole here',
  RefusedDelegate: '{got} cannot be a delegate',
  RefusedWindow: 'the session is valid after {validAfter} until {validUntil}: no window',
  RefusedMaxCalls: 'a session for 0 calls cannot be enabled',
  FeesUncounted: 'fees are uncounted, but no one paymaster is named',
  DuplicateChain: 'the session has two entries for chain {chainId}',
  RulesWithoutSelector: 'permission {permission} has argument rules but no one function',
  RefusedBudget:
    "budget {budget} is of nothing, of nobody's token, of too much, or for under a minute",
  DuplicateBudget: 'budget {budget} is for a token and period that another one is for',
  WrongRoute: "the owner's signature does not take the account's enable route",
  RouteClosed: 'the account lets no signature enable sessions',
  OwnerSignatureTooLong: "the owner's signature has {got} bytes, at most {allowed} are allowed",
  OwnerCheckFailed: "asking the account about the owner's signature failed",
  TooManySessions: '{got} sessions in one install, at most {allowed} are allowed',
  SenderNotCaller: 'the operation is of {got}, but {allowed} asks',
  ChainNotListed: 'the session does not hold on chain {chainId}',
  WrongEpoch: 'the session is of epoch {got}, the account is in epoch {allowed}',
  SessionNotEnabled: 'session {sessionId} is not enabled for this account',
  SessionRevokedForEver: 'session {sessionId} was revoked',
  UnsupportedCall: 'the account is asked for {selector}, a session may only use execute',
  UnsupportedExecutionMode:
    'execution mode {got:shortened} is neither a plain single nor a plain batch call',
  MalformedExecution: 'execution {execution} is not in the canonical ABI shape',
  TooManyExecutions: '{got} executions at once, at most {allowed} are allowed',
  UnknownPermission: 'execution {execution} names permission {got}, the session has {allowed}',
  HiddenPermission: 'execution {execution} names permission {permission}, which is hidden',
  BannedTarget: 'execution {execution} calls {target}, which no session may call',
  TargetNotPermitted: 'execution {execution} calls {got}, the permission is for {allowed}',
  SelectorNotPermitted:
    'execution {execution} calls function {got}, the permission is for {allowed}',
  ValueOverLimit:
    'execution {execution} sends {got:ether} ETH, at most {allowed:ether} are allowed',
  ArgumentOutOfBounds:
    'execution {execution}: argument word {index} is {got}, which its rule does not allow',
  ArgumentMissing:
    'execution {execution}: argument word {index}, which a rule bounds, is past the end',
  UncountableTokenCall:
    'execution {execution} calls token {token}, which has a budget, in a way that cannot be counted',
  BudgetExceeded: 'budget {budget}: with this operation {got} are spent, {allowed} are allowed',
  PeriodPassed: 'budget {budget}: period {got} is over, the session has spent in period {allowed}',
  ClaimedTimeOutsideWindow: "the time {got} is outside the session's window",
  CallsOverLimit: 'with this operation {got} calls are made, {allowed} are allowed',
  FeeOverLimit: 'with this operation gas may cost {got:ether} ETH, {allowed:ether} are allowed',
  PaymasterNotPermitted: 'the paymaster is {got}, the session names {allowed}',
  MalformedPaymasterData: 'paymasterAndData of {length} bytes names no paymaster',
  MalformedDelegateSignature:
    "the delegate's signature has {got} bytes, its kind of key has {allowed}",
  SignatureCheckFailed: "checking the delegate's signature ran out of gas",
  NotDelegate: '{got} asks without the signature of the delegate, {allowed}',
  NotOwnersSignature: "the account does not accept the owner's signature",
  OutsideWindow: 'the time is {got}, the session is valid from {validAfter} to {validUntil}',
  NothingExecuted: 'the account ran nothing, or not all of it',
  MalformedOrder: 'the order has {got} bytes, its terms alone have {allowed}',
  WrongOrderNonce: "the order has nonce {got}, the session's next one is {allowed}",
  OrdersUsedUp: 'the session has run as many orders as there can be',
  DeadlinePassed: 'the time is {got}, the deadline of the order was {allowed}',
  WrongRelayer: '{got} brings the order, which names {allowed} as its relayer',
  NoMinimumGas: 'the order asks for no gas and names no relayer',
  NotDelegatesSignature: "the delegate's signature of the order does not hold",
  TooLittleGas: 'there is {got} gas left for the call, the order wants {wanted}',
  NoContext: 'there is no permission context to redeem',
  ArrayLengthsDiffer: 'there are {contexts} contexts, {modes} modes and {calldatas} calldatas',
  MalformedContext: 'permission context {context} does not begin with an account',
  CallNotPermitted:
    'execution {execution} calls function {selector} of {target}, which no shown permission is for',
}
