import type { Address, Hex } from 'viem'
import type { ContractBook } from '../contractBook.js'
import type { Numeric } from '../../session/readWhole.js'

/** A session of SmartSession v1, as `@rhinestone/module-sdk` 0.4 has it. */
export type SmartSession = {
  sessionValidator: Address
  sessionValidatorInitData: Hex
  salt?: Hex
  userOpPolicies: readonly SmartSessionPolicy[]
  erc7739Policies: {
    allowedERC7739Content: readonly { appDomainSeparator: Hex; contentName: readonly string[] }[]
    erc1271Policies: readonly SmartSessionPolicy[]
  }
  actions: readonly SmartSessionAction[]
  permitERC4337Paymaster: boolean
  chainId: Numeric
}

/** A target and function that a session may call, if all its policies agree. */
export type SmartSessionAction = {
  actionTargetSelector: Hex
  actionTarget: Address
  actionPolicies: readonly SmartSessionPolicy[]
}

/** A policy contract and what it is told. */
export type SmartSessionPolicy = { policy: Address; initData: Hex }

/** The contracts of SmartSession that an import knows. */
export type SmartSessionContract =
  | 'sudo'
  | 'universalAction'
  | 'spendingLimits'
  | 'valueLimit'
  | 'usageLimit'
  | 'timeFrame'
  | 'ownableValidator'
  | 'webAuthnValidator'

/** Where they are: module-sdk 0.4 ships two sets of addresses. */
export const CONTRACTS: SmartSessionContracts = {
  sudo: [
    '0x0000000000feec8d74e3143fbabbca515358d869',
    '0x0000003111cd8e92337c100f22b7a9dbf8dee301',
  ],
  universalAction: [
    '0x0000000000714cf48fcf88a0bfba70d313415032',
    '0x0000006dda6c463511c4e9b05cfc34c1247fcf1f',
  ],
  spendingLimits: [
    '0x000000000033212e272655d8a22402db819477a6',
    '0x00000088d48cf102a8cdb0137a9b173f957c6343',
  ],
  valueLimit: [
    '0x000000000021dc45451291bcdfc9f0b46d6f0278',
    '0x730da93267e7e513e932301b47f2ac7d062abc83',
  ],
  usageLimit: [
    '0x00000000001d4479fa2a947026204d0283cede4b',
    '0x1f34ef8311345a3a4a4566af321b313052f51493',
  ],
  timeFrame: [
    '0x0000000000d30f611fa3bf652ac6879428586930',
    '0x8177451511de0577b911c254e9551d981c26dc72',
  ],
  ownableValidator: [
    '0x000000000013fdb5234e4e3162a810f54d9f7e98',
    '0x2483da3a338895199e5e538530213157e931bf06',
  ],
  webAuthnValidator: ['0x7ab16ff354acb328452f1d445b3ddee9a91e9e69'],
}

/** SmartSession's contracts that stand elsewhere, by what they are. */
export type SmartSessionContracts = ContractBook<SmartSessionContract>
