export const EIP712Domain = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'verifyingContract', type: 'address' },
] as const

const ArgumentRule = [
  { name: 'index', type: 'uint8' },
  { name: 'min', type: 'uint256' },
  { name: 'max', type: 'uint256' },
] as const

/** The EIP-712 types of a session, the fields in order, with those of its domain. */
export const SESSION_TYPES = {
  EIP712Domain,
  Session: [
    { name: 'account', type: 'address' },
    { name: 'chains', type: 'Chain[]' },
    { name: 'delegate', type: 'address' },
    { name: 'delegateKind', type: 'uint8' },
    { name: 'validAfter', type: 'uint48' },
    { name: 'validUntil', type: 'uint48' },
    { name: 'maxCalls', type: 'uint32' },
    { name: 'feeLimit', type: 'uint96' },
    { name: 'paymaster', type: 'address' },
    { name: 'permissions', type: 'Permission[]' },
    { name: 'budgets', type: 'Budget[]' },
    { name: 'signing', type: 'SigningScope[]' },
    { name: 'salt', type: 'uint64' },
  ],
  ArgumentRule,
  Budget: [
    { name: 'token', type: 'address' },
    { name: 'amount', type: 'uint128' },
    { name: 'period', type: 'uint32' },
  ],
  Chain: [
    { name: 'chainId', type: 'uint256' },
    { name: 'epoch', type: 'uint64' },
  ],
  Permission: [
    { name: 'target', type: 'address' },
    { name: 'selector', type: 'bytes4' },
    { name: 'valueLimit', type: 'uint256' },
    { name: 'rules', type: 'ArgumentRule[]' },
  ],
  SigningScope: [
    { name: 'domainSeparator', type: 'bytes32' },
    { name: 'typeHash', type: 'bytes32' },
    { name: 'rules', type: 'ArgumentRule[]' },
  ],
} as const

/** A struct of a session, the session itself among them. */
export type Struct = Exclude<keyof typeof SESSION_TYPES, 'EIP712Domain'>
/** A field of such a struct. */
export type Field = { readonly name: string; readonly type: string }

/** Returns the fields of a struct in their order, which the packed form keeps. */
export const fieldsOf = (struct: Struct): readonly Field[] => SESSION_TYPES[struct]

/** Returns the struct that a list is of; `undefined` where the type is no list. */
export function elementOf(type: string): Struct | undefined {
  return type.endsWith('[]') ? (type.slice(0, -2) as Struct) : undefined
}

/** Returns the bits of an unsigned number's type. Up to 48 it is a number here, else a bigint. */
export const bitsOf = (type: string): number => Number(type.slice(4))
