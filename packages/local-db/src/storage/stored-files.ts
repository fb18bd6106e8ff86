import { openExisting } from './open-existing.ts'
import { settled } from './settled.ts'

/** Object store of Emscripten's IDBFS: one record a file, keyed by its path. */
export const FILE_STORE = 'FILE_DATA'

/** Runs `work` on the files of a data directory that nobody needs to have open; undefined where there are none. */
export async function withStoredFiles<T>(
  indexedDbName: string,
  mode: IDBTransactionMode,
  work: (files: IDBObjectStore) => Promise<T>,
): Promise<T | undefined> {
  const database = await openExisting(indexedDbName)
  if (!database) return undefined
  try {
    if (!database.objectStoreNames.contains(FILE_STORE)) return undefined
    const transaction = database.transaction(FILE_STORE, mode)
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
    })
    const [result] = await Promise.all([work(transaction.objectStore(FILE_STORE)), done])
    return result
  } finally {
    database.close()
  }
}

/** Content of a small text file, or null. */
export async function readText(files: IDBObjectStore, path: string): Promise<string | null> {
  const record: unknown = await settled(files.get(path))
  if (typeof record !== 'object' || record === null || !('contents' in record)) return null
  return record.contents instanceof Uint8Array ? new TextDecoder().decode(record.contents) : null
}
