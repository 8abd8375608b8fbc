// The demonstration's sponsor: it brings to the chain what delegates and owners have signed, and
// pays for gas. It pays for nothing else, and for nothing that would fail.

/** Gas; more is not paid for. */
const MOST_GAS = 5_000_000n

/** Answers one JSON-RPC request of the page.
 *
 * @param world where the node, the EntryPoint and the module are, and whose account pays. */
export async function answerSponsor(world, { id = null, method, params = [] }) {
  const { rpc, entryPoint, module, sponsor } = world
  const failed = (message, rest = {}) => ({ jsonrpc: '2.0', id, error: { code: -32602, message, ...rest } })
  if (method === 'eth_accounts') return { jsonrpc: '2.0', id, result: [sponsor] }
  if (method !== 'eth_sendTransaction') return failed(`the sponsor does not answer ${method}`)

  const { to, data } = params[0] ?? {}
  const isKnown = [entryPoint, module].some((one) => one.toLowerCase() === String(to).toLowerCase())
  if (!isKnown) return failed('the sponsor brings operations and orders, and pays for nothing else')
  const transaction = { from: sponsor, to, data }
  const estimate = await ask(rpc, 'eth_estimateGas', [transaction])
  if (estimate.error) return { jsonrpc: '2.0', id, error: estimate.error }
  // A third more than the least that passes: a call that swallows a failure passes with too little.
  const gas = (BigInt(estimate.result) * 4n) / 3n
  if (gas > MOST_GAS) return failed(`the sponsor pays for ${MOST_GAS} gas at most`)
  const sent = await ask(rpc, 'eth_sendTransaction', [{ ...transaction, gas: `0x${gas.toString(16)}` }])
  return { ...sent, id }
}

async function ask(rpc, method, params) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const headers = { 'content-type': 'application/json' }
  return (await fetch(rpc, { method: 'POST', headers, body })).json()
}
