import { errorsAbi } from './errors.js'
import { eventsAbi } from './events.js'
import { functionsAbi } from './functions.js'

/** The module's interface: functions, events and errors. */
export const smartSessionAbi = [...functionsAbi, ...eventsAbi, ...errorsAbi] as const
