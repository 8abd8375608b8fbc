// A database of this browser keeps keys as they are, so that one that cannot be taken out stays so.

const NAME = 'smart-session'
const STORE = 'keys'
const KEY = 'game'

/** Keeps a pair of keys. */
export async function keepPair(pair: CryptoKeyPair): Promise<void> {
  const store = await open('readwrite')
  await done(store.put(pair, KEY))
}

/** Returns the pair that was kept; `undefined` if there is none. */
export async function keptPair(): Promise<CryptoKeyPair | undefined> {
  try {
    return await done<CryptoKeyPair | undefined>((await open('readonly')).get(KEY))
  } catch {
    // A browser that keeps nothing has no key.
    return undefined
  }
}

async function open(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  const database = await done(request)
  return database.transaction(STORE, mode).objectStore(STORE)
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
