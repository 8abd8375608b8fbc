// Writes tests/vectors/from.json: what imports give, for the implementations in other languages.
// Run it with `npm run import-vectors` after a change that is meant.

import { writeFileSync } from 'node:fs'
import { packSession } from 'smart-session/format'
import {
  type ImportTerms,
  type Imported,
  fromDelegation,
  fromKernelPermission,
  fromPermissionRequest,
  fromSmartSession,
} from 'smart-session/from'
import { fileURLToPath } from 'node:url'
import { path } from '../repository.js'
import { someDelegation, someKernelPermission, someRequest, someSmartSession } from './generate.js'
import { random } from './random.js'
import { someTerms } from './terms.js'

/** How many sources of each system: enough to meet every policy, imported and refused. */
const SOURCES = 24

export const VECTORS = 'tests/vectors/from.json'

/** Returns the vectors as text. */
export function importVectors(): string {
  const vectors = [
    ...from('smartSession', someSmartSession, fromSmartSession),
    ...from('kernelPermission', someKernelPermission, fromKernelPermission),
    ...from('delegation', someDelegation, fromDelegation),
    ...from('permissionRequest', someRequest, fromPermissionRequest),
  ]
  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
  return `${JSON.stringify({ vectors }, text, 1)}\n`
}

function from<Input>(
  system: string,
  some: (chance: ReturnType<typeof random>) => { input: Input },
  convert: (input: Input, terms: ImportTerms) => Imported,
) {
  return Array.from({ length: SOURCES }, (_, i) => {
    const chance = random(i + 1)
    const { input } = some(chance)
    const terms = someTerms(chance)
    return { name: `${system} ${i + 1}`, system, input, terms, ...outcome(convert(input, terms)) }
  })
}

function outcome({ session, refusals = [], comparisons }: Imported) {
  const paths = (entries: readonly { path: string }[]) => entries.map(({ path }) => path).sort()
  if (!session) return { refused: paths(refusals) }
  const narrower = comparisons.filter(({ relation }) => relation === 'narrower')
  return { packed: packSession(session), narrower: paths(narrower) }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(path(VECTORS), importVectors())
