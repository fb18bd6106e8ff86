import { type DatabaseNames, generationNames } from '../protocol/database-names.ts'
import { listGenerations } from './list-generations.ts'
import { openExisting } from './open-existing.ts'
import { settled } from './settled.ts'
import { FILE_STORE } from './stored-files.ts'

/** Resolves when it is gone. That may be never: a connection that hangs keeps it until its worker or tab ends. */
export async function deleteDatabase(indexedDbName: string): Promise<void> {
  await settled(indexedDB.deleteDatabase(indexedDbName))
}

/** Deletes these data directories, each when whoever holds it lets go. Nobody need wait for it. */
export async function deleteGenerations(names: DatabaseNames, generations: readonly number[]): Promise<void> {
  await Promise.all(generations.map((generation) => deleteDatabase(generationNames(names, generation).indexedDbName)))
}

/**
 * Deletes everything of an owner, and the database of builds before generations. What can be emptied is emptied first: it
 * can't be read any more from then on, also where the deletion must wait for somebody's connection.
 */
export async function deleteEverything(names: DatabaseNames): Promise<void> {
  const generations = await listGenerations(names)
  const all = generations.map((generation) => generationNames(names, generation).indexedDbName)
  await Promise.all(
    [...all, names.unversionedIndexedDbName].map(async (indexedDbName) => {
      await emptyDatabase(indexedDbName).catch(() => {})
      await deleteDatabase(indexedDbName)
    }),
  )
}

async function emptyDatabase(indexedDbName: string): Promise<void> {
  const database = await openExisting(indexedDbName)
  if (!database) return
  try {
    if (!database.objectStoreNames.contains(FILE_STORE)) return
    const transaction = database.transaction(FILE_STORE, 'readwrite', { durability: 'strict' })
    transaction.objectStore(FILE_STORE).clear()
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    database.close()
  }
}
