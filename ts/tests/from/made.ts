// Sessions made with the SDKs themselves, one of each system: a game's moves with a rule, or transfers
// of a token, for one key.

import {
  type Address,
  type Hex,
  erc20Abi,
  pad,
  parseAbi,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import type {
  Delegation,
  KernelPermission,
  PermissionRequest,
  SmartSession,
} from 'smart-session/from'
import { sdk } from './sdks.js'

/** What a session is made for. */
export type Parties = {
  account: Address
  delegate: Address
  chainId: number
  game: Address
  token: Address
  friend: Address
  validAfter: number
  validUntil: number
}

export const MOVE = 'move(uint8)'

/** SmartSession: moves of at most 9 with at most 1,000 wei, and transfers of 500 of a token. */
export function madeSmartSession(parties: Parties): SmartSession {
  const { delegate, game, token, friend, validAfter, validUntil, chainId } = parties
  const {
    getOwnableValidator,
    getSpendingLimitsPolicy,
    getTimeFramePolicy,
    getUniversalActionPolicy,
    getUsageLimitPolicy,
  } = sdk('@rhinestone/module-sdk')
  const rule = (condition: number, reference: Hex) => ({
    condition,
    offset: 0n,
    isLimited: false,
    ref: reference,
    usage: { limit: 0n, used: 0n },
  })
  const rules = (first: ReturnType<typeof rule>) => ({
    length: 1n,
    rules: [first, ...Array(15).fill(rule(0, pad('0x')))],
  })
  const validator = getOwnableValidator({ threshold: 1, owners: [delegate] })
  const time = getTimeFramePolicy({ validAfter, validUntil })
  return {
    sessionValidator: validator.address,
    sessionValidatorInitData: validator.initData,
    salt: pad('0x01'),
    userOpPolicies: [time, getUsageLimitPolicy({ limit: 5n })],
    erc7739Policies: { allowedERC7739Content: [], erc1271Policies: [] },
    actions: [
      {
        actionTarget: game,
        actionTargetSelector: toFunctionSelector(MOVE),
        actionPolicies: [
          getUniversalActionPolicy({
            valueLimitPerUse: 1_000n,
            paramRules: rules(rule(4, pad('0x09'))),
          }),
        ],
      },
      {
        actionTarget: token,
        actionTargetSelector: '0xa9059cbb',
        actionPolicies: [
          getSpendingLimitsPolicy([{ token, limit: 500n }]),
          getUniversalActionPolicy({
            valueLimitPerUse: 0n,
            paramRules: rules(rule(0, pad(friend))),
          }),
        ],
      },
    ],
    permitERC4337Paymaster: false,
    chainId: BigInt(chainId),
  }
}

/** Kernel: moves of 1, 2 or 7 with at most 1,000 wei, and transfers of at most 100 to a friend. */
export async function madeKernelPermission(parties: Parties): Promise<KernelPermission> {
  const { delegate, game, token, friend, validAfter, validUntil } = parties
  const {
    CallPolicyVersion,
    ParamCondition,
    toCallPolicy,
    toGasPolicy,
    toRateLimitPolicy,
    toTimestampPolicy,
  } = sdk('@zerodev/permissions/policies')
  const { toEmptyECDSASigner } = sdk('@zerodev/permissions/signers')
  const calls = toCallPolicy({
    policyVersion: CallPolicyVersion.V0_0_4,
    permissions: [
      {
        target: game,
        valueLimit: 1_000n,
        abi: parseAbi(['function move(uint8 field) payable']),
        functionName: 'move',
        args: [{ condition: ParamCondition.ONE_OF, value: [1, 2, 7] }],
      },
      {
        target: token,
        abi: erc20Abi,
        functionName: 'transfer',
        args: [
          { condition: ParamCondition.EQUAL, value: friend },
          { condition: ParamCondition.LESS_THAN_OR_EQUAL, value: 100n },
        ],
      },
    ],
  })
  return {
    signer: toEmptyECDSASigner(delegate),
    policies: [
      calls,
      toGasPolicy({ allowed: 10n ** 17n }),
      toRateLimitPolicy({ count: 5 }),
      toTimestampPolicy({ validAfter, validUntil }),
    ],
  }
}

/** MetaMask: transfers of 500 of a token each hour, to a friend. */
export function madeDelegation(parties: Parties): Delegation {
  const { account, delegate, token, friend, validAfter, validUntil } = parties
  const { createDelegation, getSmartAccountsEnvironment } = sdk('@metamask/smart-accounts-kit')
  return createDelegation({
    environment: getSmartAccountsEnvironment(42161, '1.3.0'),
    from: account,
    to: delegate,
    scope: {
      type: 'erc20PeriodTransfer',
      tokenAddress: token,
      periodAmount: 500n,
      periodDuration: 3_600,
      startDate: validAfter,
    },
    caveats: [
      { type: 'allowedCalldata', startIndex: 4, value: pad(friend) },
      { type: 'timestamp', afterThreshold: 0, beforeThreshold: validUntil },
      { type: 'limitedCalls', limit: 5 },
    ],
  })
}

/** MetaMask: moves, by target and method, with at most 1,000 wei. */
export function madeFunctionDelegation(parties: Parties): Delegation {
  const { account, delegate, game } = parties
  const { createDelegation, getSmartAccountsEnvironment } = sdk('@metamask/smart-accounts-kit')
  return createDelegation({
    environment: getSmartAccountsEnvironment(42161, '1.3.0'),
    from: account,
    to: delegate,
    scope: {
      type: 'functionCall',
      targets: [game],
      selectors: [toFunctionSelector(MOVE)],
      valueLte: { maxValue: 1_000n },
    },
  })
}

/** ERC-7715: 500 of a token in each hour, as the kit's wallet action sends it. */
export async function madeRequest(parties: Parties): Promise<PermissionRequest> {
  const { account, delegate, token, chainId, validAfter, validUntil } = parties
  const { erc7715ProviderActions } = sdk('@metamask/smart-accounts-kit/actions')
  let request: PermissionRequest | undefined
  const client = {
    request: async ({ params }: { params: PermissionRequest[] }) => {
      request = params[0]
      return [{ ...request, context: '0x', dependencies: [], delegationManager: zeroAddress }]
    },
  }
  await erc7715ProviderActions()(client).requestExecutionPermissions([
    {
      chainId,
      from: account,
      to: delegate,
      expiry: validUntil,
      permission: {
        type: 'erc20-token-periodic',
        isAdjustmentAllowed: true,
        data: {
          tokenAddress: token,
          periodAmount: 500n,
          periodDuration: 3_600,
          startTime: validAfter,
          justification: 'a test',
        },
      },
    },
  ])
  if (!request) throw new Error('the kit sent no request')
  return request
}
