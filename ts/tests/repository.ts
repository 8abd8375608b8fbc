import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A path in the repository, seen from `ts/build`. */
export const repository = (relative: string): URL => new URL(`../../${relative}`, import.meta.url)

/** The same, as the file system takes it. */
export const path = (relative: string): string => fileURLToPath(repository(relative))

/** The text of a file in the repository. */
export const read = (relative: string): string => readFileSync(repository(relative), 'utf8')
