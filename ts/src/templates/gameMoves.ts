import { type Address, toFunctionSelector } from 'viem'
import { type Session, NATIVE } from '../session/session.js'
import type { SessionFrame } from './sessionFrame.js'

export type GameMoves = {
  game: Address
  /** The functions that are moves, as in `move(uint8)`. */
  functions: readonly string[]
  /** The total number of moves. */
  moves: number
  /** Most wei with one move; none if left out. */
  stake?: bigint
  /** Most wei in total; `moves` times the stake if left out. */
  stakes?: bigint
}

/** Returns a session that makes moves in a game: some functions of one contract, any arguments. */
export function gameMoves(frame: SessionFrame, terms: GameMoves): Session {
  const { game, functions, moves, stake = 0n, stakes = stake * BigInt(moves) } = terms
  return {
    ...frame,
    maxCalls: moves,
    permissions: functions.map((signature) => ({
      target: game,
      selector: toFunctionSelector(signature),
      valueLimit: stake,
      rules: [],
    })),
    budgets: stakes > 0n ? [{ token: NATIVE, amount: stakes, period: 0 }] : [],
    signing: [],
  }
}
