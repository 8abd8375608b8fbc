/** A nonce that nobody else uses until it is given back. */
export type TakenNonce = {
  readonly nonce: bigint
  /** Gives the nonce back, because nothing was sent with it. */
  readonly release: () => void
}

/** Hands out nonces to operations that are sent before others have landed: each gets the first lane
 * in which nothing is under way.
 *
 * @param nonceOf asks the chain for the next nonce of a lane.
 * @param first the lane to begin with. */
export function lanesFrom(nonceOf: (lane: number) => Promise<bigint>, first: number) {
  const underWay = new Map<number, bigint>()
  let queue: Promise<unknown> = Promise.resolve()

  const takeNext = async (): Promise<TakenNonce> => {
    for (let lane = first; ; lane += 1) {
      const nonce = await nonceOf(lane)
      const before = underWay.get(lane)
      if (before !== undefined && nonce <= before) continue
      underWay.set(lane, nonce)
      const release = () => {
        if (underWay.get(lane) === nonce) underWay.delete(lane)
      }
      return { nonce, release }
    }
  }
  return {
    /** Takes a nonce, after those who have asked before. */
    take(): Promise<TakenNonce> {
      const taken = queue.then(takeNext)
      queue = taken.catch(() => undefined)
      return taken
    },
  }
}
