import { directAbi } from './direct.js'
import { enablingAbi } from './enabling.js'
import { endingAbi } from './ending.js'
import { errorsAbi } from './errors.js'
import { eventsAbi } from './events.js'
import { identityAbi } from './identity.js'
import { installingAbi } from './installing.js'
import { redeemingAbi } from './redeeming.js'
import { renouncingAbi } from './renouncing.js'
import { standardsAbi } from './standards.js'
import { viewsAbi } from './views.js'

/** The module's interface: functions, events and errors. */
export const smartSessionAbi = [
  ...installingAbi,
  ...standardsAbi,
  ...enablingAbi,
  ...directAbi,
  ...redeemingAbi,
  ...endingAbi,
  ...renouncingAbi,
  ...identityAbi,
  ...viewsAbi,
  ...eventsAbi,
  ...errorsAbi,
] as const
