import type { Address } from 'viem'

/** Contracts of a source system, by what they are; the same one may stand at several addresses. */
export type ContractBook<Name extends string> = Partial<Record<Name, readonly Address[]>>

/** Returns what the contract at an address is, if a book has it. */
export function contractAt<Name extends string>(
  books: readonly ContractBook<Name>[],
  address: Address,
): Name | undefined {
  const entries = books.flatMap((book) => Object.entries(book) as [Name, readonly Address[]][])
  const wanted = address.toLowerCase()
  return entries.find(([, known]) => known.some((each) => each.toLowerCase() === wanted))?.[0]
}
