import { type Address, type Hex, concat, parseAbiParameters, size, slice } from 'viem'
import { type ContractBook, contractAt } from '../contractBook.js'
import { decodeOrNothing } from '../decodeOrNothing.js'
import type { Findings } from '../findings.js'

/** A permission of Kernel 3, as `@zerodev/permissions` 5 has it: what `toPermissionValidator` takes,
 * or the data that it enables the permission with (`getEnableData`). */
export type KernelPermission =
  { signer: KernelSigner; policies: readonly KernelPolicy[]; flag?: Hex } | { enableData: Hex }

/** Who signs: a signer contract and what it is told. */
export type KernelSigner = { signerContractAddress: Address; getSignerData: () => Hex }

/** A policy contract with its flag, and what it is told. */
export type KernelPolicy = { getPolicyInfoInBytes: () => Hex; getPolicyData: () => Hex }

/** The contracts of Kernel permissions that an import knows. */
export type KernelContract =
  | 'sudoPolicy'
  | 'callPolicy'
  | 'gasPolicy'
  | 'rateLimitPolicy'
  | 'rateLimitWithResetPolicy'
  | 'timestampPolicy'
  | 'signatureCallerPolicy'
  | 'ecdsaSigner'
  | 'webAuthnSigner'

/** Where they are. Of the call policy: 0.0.4 and 0.0.5. */
const CONTRACTS: KernelContracts = {
  sudoPolicy: ['0x67b436cad8a6d025df6c82c5bb43fbf11fc5b9b7'],
  callPolicy: [
    '0x9a52283276a0ec8740df50bf01b28a80d880eaf2',
    '0x85770b902d1e503d5f5141d9eac16d0d08eeadd2',
  ],
  gasPolicy: ['0xaefc5abc67ffd258abd0a3e54f65e70326f84b23'],
  rateLimitPolicy: ['0xf63d4139b25c836334edd76641356c6b74c86873'],
  rateLimitWithResetPolicy: ['0x6a06358e6b283921deceabe7e8a3741d506cca9b'],
  timestampPolicy: ['0xb9f8f524be6ecd8c945b1b87f9ae5c192fdce20f'],
  signatureCallerPolicy: ['0xf6a936c88d97e6fad13b98d2fd731ff17eed591d'],
  ecdsaSigner: ['0x6a6f069e2a08c2468e7724ab3250cdbfba14d4ff'],
  webAuthnSigner: [
    '0x8aa55d4bfae101609078681a69b5bc3181516612',
    '0x58625164e306242c7613223bdeb68fbe11300606',
    '0x615d8641b6ce9406de7c3c01f57c552ab3a96f83',
    '0x65deec8fee717dc044d0cfd63ccf55f02ccac2b3',
  ],
}

/** Contracts of Kernel permissions that stand elsewhere, by what they are. */
export type KernelContracts = ContractBook<KernelContract>

/** One entry of the enable data: a flag, a contract and its data. */
export type KernelEntry = {
  path: string
  /** Whether it has a say in user operations. */
  isForOperations: boolean
  contract: Address
  kind: KernelContract | undefined
  data: Hex
}

const ENTRIES = parseAbiParameters('bytes[] policiesAndSigner')

/** Bit 0 of a flag: not asked about user operations. */
const NOT_FOR_OPERATIONS = 1n

/** Reads the entries: the policies in order, and the signer last. */
export function readEntries(
  findings: Findings,
  permission: KernelPermission,
  contracts: KernelContracts,
): readonly KernelEntry[] {
  const packed = packedEntries(findings, permission)
  return packed.flatMap((entry, i) => {
    const path = i === packed.length - 1 ? 'signer' : `policies[${i}]`
    if (size(entry) < 22) {
      return findings.refuse(path, 'less than a flag and a contract', 'make it anew') ?? []
    }
    const contract = slice(entry, 2, 22)
    const kind = contractAt([CONTRACTS, contracts], contract)
    const isForOperations = (BigInt(slice(entry, 0, 2)) & NOT_FOR_OPERATIONS) === 0n
    const data: Hex = size(entry) > 22 ? slice(entry, 22) : '0x'
    return [{ path, isForOperations, contract, kind, data }]
  })
}

function packedEntries(findings: Findings, permission: KernelPermission): readonly Hex[] {
  if ('enableData' in permission) {
    const data = findings.bytes('enableData', permission.enableData)
    if (!data) return []
    const decoded = decodeOrNothing(ENTRIES, data)?.[0]
    if (decoded && decoded.length > 0) return decoded.map((entry) => entry.toLowerCase() as Hex)
    findings.refuse('enableData', 'not a list of policies and a signer', 'give getEnableData()')
    return []
  }
  const { policies, signer, flag = '0x0000' } = permission
  if (!signer) {
    findings.refuse('signer', 'there is no signer', 'give what toPermissionValidator takes')
    return []
  }
  const entries = findings
    .list('policies', policies)
    .map((policy) => concat([policy.getPolicyInfoInBytes(), policy.getPolicyData()]))
  entries.push(concat([flag, signer.signerContractAddress, signer.getSignerData()]))
  return entries.map((entry) => entry.toLowerCase() as Hex)
}
