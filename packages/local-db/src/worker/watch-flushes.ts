import type { PGlite } from '@electric-sql/pglite'
import { PGLITE_ROOT } from '../protocol/database-names.ts'

/** The browser gives this site no more room. What was written before stays, and reads go on. */
export class DeviceFullError extends Error {
  override name = 'DeviceFullError'
  constructor(options?: ErrorOptions) {
    super('There is no room left on this device, so this was not stored.', options)
  }
}

export interface FlushWatch {
  onFull: (isFull: boolean) => void
  /** The files can't be written any more, whatever room there is. */
  onLost: (detail: string) => void
}

/** How often a flush that found no room is tried again by itself. */
const RETRY_AFTER_MS = 5_000

/**
 * Tells a full disk from files that are gone. While it is full, statements that write nothing succeed: their result is
 * right, and what stands before them in memory is flushed when there is room.
 */
export function watchFlushes(pg: PGlite, { onFull, onLost }: FlushWatch): void {
  const flush = pg.syncToFs.bind(pg)
  let isFull = false
  let refusedWalAtMs = 0
  let retry: ReturnType<typeof setTimeout> | undefined

  pg.syncToFs = async () => {
    try {
      await flush()
    } catch (error) {
      if (!isQuotaError(error)) {
        onLost(String(error))
        throw error
      }
      const walAtMs = lastWalChangeMs(pg)
      const isWrite = !isFull || walAtMs !== refusedWalAtMs
      refusedWalAtMs = walAtMs
      note(true)
      clearTimeout(retry)
      retry = setTimeout(tryAgain, RETRY_AFTER_MS)
      if (isWrite) throw new DeviceFullError({ cause: error })
      return
    }
    note(false)
  }

  function note(now: boolean): void {
    if (now === isFull) return
    isFull = now
    onFull(now)
  }

  function tryAgain(): void {
    if (pg.closed) return
    pg._runExclusiveQuery(() => pg.syncToFs()).catch(() => {})
  }
}

function isQuotaError(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError'
}

/** Every commit that changed something wrote the WAL. */
function lastWalChangeMs({ Module: { FS }, dataDir }: PGlite): number {
  const directory = `${PGLITE_ROOT}/${dataDir?.replace('idb://', '')}/pg_wal`
  const files: string[] = FS.readdir(directory)
  return Math.max(
    ...files.filter((name) => name.length === 24).map((name) => Number(FS.stat(`${directory}/${name}`).mtime)),
  )
}
