import { settled } from './settled.ts'

/** Opens an IndexedDB database that is there; undefined, and nothing made, where none is. */
export async function openExisting(name: string): Promise<IDBDatabase | undefined> {
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
