import { issued, type WriteTransaction } from './connection.ts'

interface ReadableStore<T> {
  get(key: string): Promise<T | undefined>
  getAll(range: IDBKeyRange, count: number): Promise<T[]>
  getAllKeys(range: IDBKeyRange, count: number): Promise<string[]>
}

/** Below this, single requests cost no more than a range. */
const FEW = 4

/**
 * The records under these keys, in the order asked for. Operation ids of a batch stand close together, so that one request
 * over their range brings them all; where many others stand between, each is asked for by itself.
 */
export async function getMany<T>(store: ReadableStore<T>, keys: readonly string[]): Promise<(T | undefined)[]> {
  if (keys.length > FEW) {
    const limit = keys.length * 2
    const range = rangeOf(keys)
    const [found, foundKeys] = await Promise.all([
      issued(store.getAll(range, limit)),
      issued(store.getAllKeys(range, limit)),
    ])
    if (found.length < limit) {
      const byKey = new Map(foundKeys.map((key, index) => [key, found[index]]))
      return keys.map((key) => byKey.get(key))
    }
  }
  return Promise.all(keys.map((key) => issued(store.get(key))))
}

/** Deletes records, as one range where nothing else stands between them. */
export async function deleteMany(tx: WriteTransaction, name: 'contents', keys: readonly string[]): Promise<void> {
  const store = tx.objectStore(name)
  if (keys.length > FEW) {
    const wanted = new Set(keys)
    const range = rangeOf(keys)
    const between = await store.getAllKeys(range, keys.length + 1)
    if (between.every((key) => wanted.has(key))) return store.delete(range)
  }
  await Promise.all(keys.map((key) => issued(store.delete(key))))
}

function rangeOf(keys: readonly string[]): IDBKeyRange {
  let [first, last] = [keys[0] ?? '', keys[0] ?? '']
  for (const key of keys) {
    if (key < first) first = key
    if (key > last) last = key
  }
  return IDBKeyRange.bound(first, last)
}
