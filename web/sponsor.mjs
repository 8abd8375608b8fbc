// The demonstration's sponsor: it brings to the chain what delegates and owners have signed, and
// pays for gas. It pays for nothing else, and for nothing that would fail.

/** Gas; more is not paid for. Every transaction gets it: a call that swallows a failure passes with too
 * little, and what is not used is not paid. */
const MOST_GAS = '0x4c4b40'

/** Answers one JSON-RPC request of the page.
 *
 * @param world where the node, the EntryPoint and the module are, and whose account pays. */
export async function answerSponsor(world, { id = null, method, params = [] }) {
  const answered = await answer(world, method, params[0] ?? {})
  return { jsonrpc: '2.0', ...answered, id }
}

/** Brings calldata to the chain, and returns the transaction's hash.
 *
 * @throws Error if it would fail. */
export async function bring(world, transaction) {
  const { result, error } = await answer(world, 'eth_sendTransaction', transaction)
  if (error) throw new Error(error.message)
  return result
}

async function answer(world, method, { to, data }) {
  const { rpc, entryPoint, module, sponsor } = world
  if (method === 'eth_accounts') return { result: [sponsor] }
  if (method !== 'eth_sendTransaction') return refused(`the sponsor does not answer ${method}`)

  const isKnown = [entryPoint, module].some((one) => one.toLowerCase() === String(to).toLowerCase())
  if (!isKnown)
    return refused('the sponsor brings operations and orders, and pays for nothing else')
  const transaction = { from: sponsor, to, data, gas: MOST_GAS }
  const { error } = await ask(rpc, 'eth_call', [transaction, 'pending'])
  return error ? { error } : ask(rpc, 'eth_sendTransaction', [transaction])
}

const refused = (message) => ({ error: { code: -32602, message } })

async function ask(rpc, method, params) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const headers = { 'content-type': 'application/json' }
  return (await fetch(rpc, { method: 'POST', headers, body })).json()
}
