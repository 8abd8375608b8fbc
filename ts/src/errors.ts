/** The words for what the module and the EntryPoint refuse. A session client loads them when an
 * error is met; a page that explains errors itself imports them from here. */
export { errorName, explain } from './errors/explain.js'
export { explainFailure } from './errors/explainFailure.js'
export { type ModuleErrorName } from './errors/sentences.js'
