import { type DatabaseNames, generationNames, generationOf } from '../protocol/database-names.ts'
import { openExisting } from './open-existing.ts'

/** Firefox before 126 can't list databases. A device comes this far only after as many rebuilds. */
const PROBED_GENERATIONS = 64

/** The owner's data directories on this device, oldest first. */
export async function listGenerations(names: DatabaseNames): Promise<number[]> {
  const found = 'databases' in indexedDB ? await listed(names) : await probed(names)
  return found.sort((one, other) => one - other)
}

async function listed(names: DatabaseNames): Promise<number[]> {
  const databases = await indexedDB.databases()
  return databases.flatMap(({ name }) => generationOf(names, name ?? '') ?? [])
}

async function probed(names: DatabaseNames): Promise<number[]> {
  const numbers = Array.from({ length: PROBED_GENERATIONS }, (_, index) => index + 1)
  const isThere = await Promise.all(
    numbers.map(async (generation) => {
      const database = await openExisting(generationNames(names, generation).indexedDbName)
      database?.close()
      return database !== undefined
    }),
  )
  return numbers.filter((_, index) => isThere[index])
}
