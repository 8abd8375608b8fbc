import { parseAbi } from 'viem'

/** The module's functions that an account calls when it installs or uninstalls it (ERC-7579). */
export const installingAbi = parseAbi([
  'function onInstall(bytes data)',
  'function onUninstall(bytes data)',
])
