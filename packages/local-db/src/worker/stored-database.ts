import { IMAGE_STAMP_FILE } from '../protocol/image-stamp.ts'

/** What lies in IndexedDB before anything is opened. `imageId` is null where the stamp is missing or unreadable. */
export type StoredDatabase = { kind: 'absent' } | { kind: 'present'; imageId: string | null }

/** Object store of Emscripten's IDBFS: one record a file, keyed by its path. */
const FILE_STORE = 'FILE_DATA'

/** Looks without opening PGlite: `loadDataDir` throws where a database exists, and PGlite would run initdb where none does. */
export async function probeStoredDatabase(indexedDbName: string): Promise<StoredDatabase> {
  const database = await openExisting(indexedDbName)
  if (!database) return { kind: 'absent' }
  try {
    if (!database.objectStoreNames.contains(FILE_STORE)) return { kind: 'present', imageId: null }
    const files = database.transaction(FILE_STORE, 'readonly').objectStore(FILE_STORE)
    // The first flush writes all files in one IndexedDB transaction, so a store without files was never a database.
    if ((await settled(files.count())) === 0) return { kind: 'present', imageId: null }
    const stamp: unknown = await settled(files.get(`${indexedDbName}/${IMAGE_STAMP_FILE}`))
    return { kind: 'present', imageId: readStamp(stamp) }
  } finally {
    database.close()
  }
}

export async function deleteStoredDatabase(indexedDbName: string): Promise<void> {
  await settled(indexedDB.deleteDatabase(indexedDbName))
}

async function openExisting(name: string): Promise<IDBDatabase | undefined> {
  const request = indexedDB.open(name)
  let isNew = false
  request.onupgradeneeded = () => {
    // Nothing was there. Aborting leaves nothing behind; an empty database would look like a broken one next time.
    isNew = true
    request.transaction?.abort()
  }
  try {
    return await settled(request)
  } catch (error) {
    if (isNew) return undefined
    throw error
  }
}

function readStamp(record: unknown): string | null {
  if (typeof record !== 'object' || record === null || !('contents' in record)) return null
  return record.contents instanceof Uint8Array ? new TextDecoder().decode(record.contents) : null
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
