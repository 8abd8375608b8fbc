/** The fields of EIP-712 structs, by their names. */
export type Types = Record<string, readonly { name: string; type: string }[]>

/** EIP-712: the type, then those it refers to, in the order of their names. */
export function encodeType(name: string, types: Types): string {
  const found = new Set<string>()
  const visit = (type: string) => {
    const struct = type.replace('[]', '')
    if (found.has(struct) || types[struct] === undefined) return
    found.add(struct)
    for (const field of types[struct]) visit(field.type)
  }
  visit(name)
  found.delete(name)
  const text = (struct: string) =>
    `${struct}(${types[struct]!.map((field) => `${field.type} ${field.name}`).join(',')})`
  return [name, ...[...found].sort()].map(text).join('')
}
