import type { GenerationNames } from '../protocol/database-names.ts'
import { ENGINE_STAMP_FILE } from '../protocol/engine-stamp.ts'
import { settled } from '../storage/settled.ts'
import { readText, withStoredFiles } from '../storage/stored-files.ts'
import { type Health, healthPath, parseHealth } from './health.ts'

/**
 * What lies in IndexedDB before anything is opened. `unfinished`: whoever began it was ended before the first flush, which
 * writes all files in one transaction. `stamp` is null where it is missing or unreadable.
 */
export type StoredDatabase = { kind: 'unfinished' } | { kind: 'present'; stamp: string | null; health: Health }

/** Looks without opening PGlite: `loadDataDir` throws where a database exists, and PGlite would run initdb where none does. */
export async function probeStoredDatabase(names: GenerationNames): Promise<StoredDatabase> {
  const found = await withStoredFiles(names.indexedDbName, 'readonly', async (files): Promise<StoredDatabase> => {
    const [count, stamp, health] = await Promise.all([
      settled(files.count()),
      readText(files, `${names.indexedDbName}/${ENGINE_STAMP_FILE}`),
      readText(files, healthPath(names)),
    ])
    return count === 0 ? { kind: 'unfinished' } : { kind: 'present', stamp, health: parseHealth(health) }
  })
  return found ?? { kind: 'unfinished' }
}
