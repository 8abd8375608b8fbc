import { directAbi } from './direct.js'
import { enablingAbi } from './enabling.js'
import { endingAbi } from './ending.js'
import { errorsAbi } from './errors.js'
import { eventsAbi } from './events.js'
import { standardsAbi } from './standards.js'
import { viewsAbi } from './views.js'

/** The module's interface: functions, events and errors. */
export const smartSessionAbi = [
  ...standardsAbi,
  ...enablingAbi,
  ...directAbi,
  ...endingAbi,
  ...viewsAbi,
  ...eventsAbi,
  ...errorsAbi,
] as const
