import type { Address, Hex } from 'viem'
import type { ContractBook } from '../contractBook.js'
import type { Numeric } from '../../session/readWhole.js'

/** A delegation of MetaMask's delegation framework, as `@metamask/smart-accounts-kit` has it. */
export type Delegation = {
  delegate: Address
  delegator: Address
  authority: Hex
  caveats: readonly Caveat[]
  salt?: Numeric
  signature?: Hex
}

/** A restriction: an enforcer contract and what it is told. All caveats must agree. */
export type Caveat = { enforcer: Address; terms: Hex; args?: Hex }

/** The enforcers whose caveats a session can say. */
export type SayableEnforcer =
  | 'AllowedCalldataEnforcer'
  | 'AllowedMethodsEnforcer'
  | 'AllowedTargetsEnforcer'
  | 'ERC20PeriodTransferEnforcer'
  | 'ERC20TransferAmountEnforcer'
  | 'ExactCalldataEnforcer'
  | 'LimitedCallsEnforcer'
  | 'NativeTokenPeriodTransferEnforcer'
  | 'NativeTokenTransferAmountEnforcer'
  | 'NonceEnforcer'
  | 'RedeemerEnforcer'
  | 'TimestampEnforcer'
  | 'ValueLteEnforcer'

/** The enforcers whose caveats no session can say. */
export type UnsayableEnforcer = keyof typeof UNSAYABLE

/** An enforcer that an import knows, by its name in the kit. */
export type Enforcer = SayableEnforcer | UnsayableEnforcer

/** Enforcers that stand elsewhere: for instance an environment's `caveatEnforcers`, in lists. */
export type Enforcers = ContractBook<Enforcer>

/** What caveats mean that have no equal, and what to do instead. */
export const UNSAYABLE = {
  ApprovalRevocationEnforcer: [
    'revoking allowances of any token',
    'name each token: permit its approve with the amount 0',
  ],
  ArgsEqualityCheckEnforcer: [
    'whoever redeems must give certain arguments',
    'drop it: a delegate with a key can always give them',
  ],
  BlockNumberEnforcer: ['a range of block numbers', 'use times: a timestamp caveat'],
  DeployedEnforcer: ['a contract is deployed first', 'deploy it before, then grant the calls'],
  ERC20BalanceChangeEnforcer: [
    'a balance of a token after the call',
    'bound what moves by a budget, and what comes back by a rule (as amountOutMinimum)',
  ],
  ERC20StreamingEnforcer: [
    'an amount that grows by the second',
    'use a periodic caveat: the rate times the period, from one period after the start on',
  ],
  ERC721BalanceChangeEnforcer: ['a balance of NFTs after the call', 'bound the calls instead'],
  ERC721TransferEnforcer: [
    'one NFT may be transferred, by any of three functions',
    'permit transferFrom of the contract with a rule for the token id (word 2)',
  ],
  ERC1155BalanceChangeEnforcer: ['a balance of tokens after the call', 'bound the calls instead'],
  ExactCalldataBatchEnforcer: ['one exact batch', 'let the account make the calls itself'],
  ExactExecutionBatchEnforcer: ['one exact batch', 'let the account make the calls itself'],
  ExactExecutionEnforcer: [
    'one exact call, its value too',
    'let the account make it itself, or permit the function with rules',
  ],
  IdEnforcer: [
    'one use among all delegations with this id',
    'use a caveat for one call (limitedCalls), and revoke the others',
  ],
  LogicalOrWrapperEnforcer: [
    'one of several groups of caveats',
    'import each group as a delegation of its own',
  ],
  MultiTokenPeriodEnforcer: [
    'amounts of several tokens, each per period of its own',
    'import one delegation with a periodic caveat for each token',
  ],
  NativeBalanceChangeEnforcer: [
    'a balance of native value after the call',
    'bound what moves by a budget',
  ],
  NativeTokenPaymentEnforcer: ['the redeemer pays for the call', 'let the delegate pay otherwise'],
  NativeTokenStreamingEnforcer: [
    'an amount that grows by the second',
    'use a periodic caveat: the rate times the period, from one period after the start on',
  ],
  OwnershipTransferEnforcer: [
    'ownership of a contract may be transferred',
    'let the account do that itself',
  ],
  SpecificActionERC20TransferBatchEnforcer: [
    'one exact batch of a call and a transfer',
    'let the account make the calls itself',
  ],
} as const satisfies Record<string, readonly [meaning: string, remedy: string]>

/** Enforcers of the delegation framework 1.3.0, the same on each of its chains. */
export const ENFORCERS: Enforcers = {
  AllowedCalldataEnforcer: ['0xc2b0d624c1c4319760C96503BA27C347F3260f55'],
  AllowedMethodsEnforcer: ['0x2c21fD0Cb9DC8445CB3fb0DC5E7Bb0Aca01842B5'],
  AllowedTargetsEnforcer: ['0x7F20f61b1f09b08D970938F6fa563634d65c4EeB'],
  ApprovalRevocationEnforcer: ['0xe264F1f09A19505a1ca1a86D5b01E8bFdb64324A'],
  ArgsEqualityCheckEnforcer: ['0x44B8C6ae3C304213c3e298495e12497Ed3E56E41'],
  BlockNumberEnforcer: ['0x5d9818dF0AE3f66e9c3D0c5029DAF99d1823ca6c'],
  DeployedEnforcer: ['0x24ff2AA430D53a8CD6788018E902E098083dcCd2'],
  ERC20BalanceChangeEnforcer: ['0xcdF6aB796408598Cea671d79506d7D48E97a5437'],
  ERC20PeriodTransferEnforcer: ['0x474e3Ae7E169e940607cC624Da8A15Eb120139aB'],
  ERC20StreamingEnforcer: ['0x56c97aE02f233B29fa03502Ecc0457266d9be00e'],
  ERC20TransferAmountEnforcer: ['0xf100b0819427117EcF76Ed94B358B1A5b5C6D2Fc'],
  ERC721BalanceChangeEnforcer: ['0x8aFdf96eDBbe7e1eD3f5Cd89C7E084841e12A09e'],
  ERC721TransferEnforcer: ['0x3790e6B7233f779b09DA74C72b6e94813925b9aF'],
  ERC1155BalanceChangeEnforcer: ['0x63c322732695cAFbbD488Fc6937A0A7B66fC001A'],
  ExactCalldataBatchEnforcer: ['0x982FD5C86BBF425d7d1451f974192d4525113DfD'],
  ExactCalldataEnforcer: ['0x99F2e9bF15ce5eC84685604836F71aB835DBBdED'],
  ExactExecutionBatchEnforcer: ['0x1e141e455d08721Dd5BCDA1BaA6Ea5633Afd5017'],
  ExactExecutionEnforcer: ['0x146713078D39eCC1F5338309c28405ccf85Abfbb'],
  IdEnforcer: ['0xC8B5D93463c893401094cc70e66A206fb5987997'],
  LimitedCallsEnforcer: ['0x04658B29F6b82ed55274221a06Fc97D318E25416'],
  MultiTokenPeriodEnforcer: ['0xFB2f1a9BD76d3701B730E5d69C3219D42D80eBb7'],
  NativeBalanceChangeEnforcer: ['0xbD7B277507723490Cd50b12EaaFe87C616be6880'],
  NativeTokenPaymentEnforcer: ['0x4803a326ddED6dDBc60e659e5ed12d85c7582811'],
  NativeTokenPeriodTransferEnforcer: ['0x9BC0FAf4Aca5AE429F4c06aEEaC517520CB16BD9'],
  NativeTokenStreamingEnforcer: ['0xD10b97905a320b13a0608f7E9cC506b56747df19'],
  NativeTokenTransferAmountEnforcer: ['0xF71af580b9c3078fbc2BBF16FbB8EEd82b330320'],
  NonceEnforcer: ['0xDE4f2FAC4B3D87A1d9953Ca5FC09FCa7F366254f'],
  OwnershipTransferEnforcer: ['0x7EEf9734E7092032B5C56310Eb9BbD1f4A524681'],
  RedeemerEnforcer: ['0xE144b0b2618071B4E56f746313528a669c7E65c5'],
  SpecificActionERC20TransferBatchEnforcer: ['0x6649b61c873F6F9686A1E1ae9ee98aC380c7bA13'],
  TimestampEnforcer: ['0x1046bb45C8d673d4ea75321280DB34899413c069'],
  ValueLteEnforcer: ['0x92Bf12322527cAA612fd31a0e810472BBB106A8F'],
}

/** Whether a caveat of this enforcer has no equal. */
export function isUnsayable(enforcer: Enforcer): enforcer is UnsayableEnforcer {
  return enforcer in UNSAYABLE
}
