import { type DatabaseNames, generationNames } from '../protocol/database-names.ts'
import { listGenerations } from './list-generations.ts'
import { withStoredFiles } from './stored-files.ts'

/** Bytes of an owner's files, all generations, without opening the database. One file at a time is in memory. */
export async function storedBytes(names: DatabaseNames): Promise<number> {
  let bytes = 0
  for (const generation of await listGenerations(names)) {
    const { indexedDbName } = generationNames(names, generation)
    bytes += (await withStoredFiles(indexedDbName, 'readonly', sumOfContents)) ?? 0
  }
  return bytes
}

function sumOfContents(files: IDBObjectStore): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    const request = files.openCursor()
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const cursor = request.result
      if (!cursor) return resolve(bytes)
      if (cursor.value?.contents instanceof Uint8Array) bytes += cursor.value.contents.byteLength
      cursor.continue()
    }
  })
}
