// The module's interface as documents, made from the Rust source: docs/abi.
//
//   npm run interface     writes them; the tests compare

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Abi, type AbiFunction, type AbiParameter, parseAbi } from 'viem'
import { smartSessionAbi } from 'smart-session/format'
import { path, read } from '../repository.js'

const source = read('crates/core/src/abi.rs')

/** The interface `ISmartSession` of the Rust source: its body, comments and all. */
function body(): string {
  const [, found] = /interface ISmartSession \{\n(.*?)\n {4}\}/s.exec(source) ?? []
  if (found === undefined) throw new Error('abi.rs declares no interface ISmartSession')
  return found
}

/** The structs that functions take or return. */
const STRUCTS = ['PackedUserOperation', 'BudgetUse'].flatMap(
  (name) => source.match(new RegExp(`struct ${name} \\{.*?\\}`, 's')) ?? [],
)

/** The interface that the Rust source declares. */
export function declaredAbi(): Abi {
  const flat = (text: string) => text.replace(/\/\/.*$/gm, '').replace(/\s+/g, ' ')
  const items = flat(body())
    .split(';')
    .map((item) => item.trim().replaceAll('( ', '(').replaceAll(' )', ')'))
  const abi = parseAbi([...STRUCTS.map(flat), ...items.filter((item) => item)] as never) as Abi
  return abi.map((item) => (item.type === 'function' ? withMutability(item) : item))
}

/** What a function may do stands in the package's interface, not in the Rust source. */
function withMutability(item: AbiFunction): AbiFunction {
  const ours = (smartSessionAbi as Abi).find(
    (other): other is AbiFunction =>
      other.type === 'function' &&
      other.name === item.name &&
      other.inputs.length === item.inputs.length,
  )
  return { ...item, stateMutability: ours?.stateMutability ?? 'nonpayable' }
}

/** docs/abi/SmartSession.json: with every key that solc writes, as readers of it want them. */
export function abiJson(): string {
  return `${JSON.stringify(declaredAbi().map(asSolcWrites), null, 2)}\n`
}

/** The keys in solc's order, but for `internalType`, which tells names of the source. */
function asSolcWrites(item: Abi[number]): object {
  if (item.type === 'event') {
    const inputs = item.inputs.map((input) => {
      const { indexed = false } = input as { indexed?: boolean }
      return { indexed, ...parameter(input) }
    })
    return { anonymous: false, inputs, name: item.name, type: item.type }
  }
  if (item.type === 'error') {
    return { inputs: item.inputs.map(parameter), name: item.name, type: item.type }
  }
  if (item.type !== 'function') throw new Error(`the interface has a ${item.type}`)
  const { name, inputs, outputs, stateMutability, type } = item
  const lists = { inputs: inputs.map(parameter), name, outputs: outputs.map(parameter) }
  return { ...lists, stateMutability, type }
}

function parameter(input: AbiParameter): object {
  const components = (input as { components?: readonly AbiParameter[] }).components
  return {
    ...(components ? { components: components.map(parameter) } : {}),
    name: input.name ?? '',
    type: input.type,
  }
}

/** docs/abi/ISmartSession.sol. */
export function soliditySource(): string {
  const functions = declaredAbi().filter((item) => item.type === 'function')
  const items = body()
    .replace(/\(\s+/g, '(')
    .replace(/\s+\)/g, ')')
    .replace(/,\n\s+/g, ', ')
    .replace(/\)\s+returns/g, ') returns')
    .replace(/^ {8}/gm, '    ')
    .replace(/function (\w+)\((.*?)\)(?: returns \((.*?)\))?;/g, (_, name, inputs, outputs) => {
      const { stateMutability } = functions.find(
        (item) => item.name === name && item.inputs.length === count(inputs),
      )!
      const view = stateMutability === 'view' ? ' view' : ''
      const parts = [
        `function ${name}(${located(inputs, 'calldata')})`,
        `external${view}`,
        ...(outputs ? [`returns (${located(outputs, 'memory')})`] : []),
      ]
      const line = `${parts.join(' ')};`
      return line.length <= 96 ? line : `${parts.join('\n        ')};`
    })
  const structs = STRUCTS.map((struct) => struct.replace(/^ {4}/gm, ''))
  return [
    '// SPDX-License-Identifier: MIT OR Apache-2.0',
    'pragma solidity ^0.8.4;',
    '',
    '// Made from crates/core/src/abi.rs by `npm run interface --prefix ts`.',
    '',
    structs.join('\n\n'),
    '',
    'interface ISmartSession {',
    items,
    '}',
    '',
  ].join('\n')
}

function count(parameters: string): number {
  return parameters === '' ? 0 : parameters.split(',').length
}

/** Says where parameters of dynamic size lie. */
function located(parameters: string, location: string): string {
  return parameters.replace(
    /(^|, )(bytes|string|\w+\[\]|PackedUserOperation)(?= |,|$)/g,
    (_, before, type) => `${before}${type} ${location}`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(path('docs/abi/SmartSession.json'), abiJson())
  writeFileSync(path('docs/abi/ISmartSession.sol'), soliditySource())
}
