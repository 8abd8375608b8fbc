// The SDKs of the source systems, as npm brings them. What is made with them is imported as it is.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { path } from '../repository.js'

// MetaMask's kit reports its use over the network otherwise.
process.env['DO_NOT_TRACK'] = '1'

const FOLDER = path('tests/fixtures/sdks')

/** Why tests with SDKs are skipped, if they are. */
export const skip: string | false = existsSync(`${FOLDER}/node_modules`)
  ? false
  : 'sessions made with the SDKs of others: run scripts/setup --tests'

/** An SDK. What it brings has no types here, so that the tests compile without it. */
export const sdk = (name: string): any => createRequire(`${FOLDER}/package.json`)(name)
