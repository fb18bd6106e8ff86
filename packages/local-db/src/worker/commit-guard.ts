import type { PGlite, PGliteInterface, Transaction } from '@electric-sql/pglite'

/**
 * PGlite as pglite-sync sees it, for one run of one stream.
 *
 * pglite-sync forgets its buffer before a commit that it doesn't wait for: when the commit fails the rows are gone, the
 * rejection is nobody's, and the next commit stores an offset past them. So commits go through here: a failure is
 * reported, and no later commit of the same run gets through.
 */
export interface CommitGuard {
  pg: PGliteInterface
  /** Resolves when the commits asked for so far have ended, well or badly. */
  settled(): Promise<void>
  hasFailed(): boolean
}

export interface CommitGuardOptions {
  /**
   * Table to empty in the transaction of the first commit. A stream that begins anew inserts every row again; readers
   * must see the old rows or the new ones, never none.
   */
  tableToReplace: string | null
  onFailure: (error: unknown) => void
}

class CommitRefusedError extends Error {
  override name = 'CommitRefusedError'
  constructor() {
    super('An earlier commit of this stream failed; the stream starts anew.')
  }
}

export function guardCommits(pg: PGlite, { tableToReplace, onFailure }: CommitGuardOptions): CommitGuard {
  let hasFailed = false
  let tableToEmpty = tableToReplace
  let last: Promise<void> = Promise.resolve()

  async function transaction<T>(commit: (tx: Transaction) => Promise<T>): Promise<T | undefined> {
    const attempt = pg.transaction(async (tx) => {
      if (hasFailed) throw new CommitRefusedError()
      if (tableToEmpty) {
        await tx.exec(`DELETE FROM "${tableToEmpty}"`)
        tableToEmpty = null
      }
      return commit(tx)
    })
    last = attempt.then(
      () => undefined,
      (error: unknown) => {
        if (hasFailed) return
        hasFailed = true
        onFailure(error)
      },
    )
    await last
    return undefined
  }

  const guarded = { query: pg.query.bind(pg), exec: pg.exec.bind(pg), transaction }
  return {
    // Only these three are used; the rest of PGlite's surface would be an untested promise.
    pg: guarded as unknown as PGliteInterface,
    settled: () => last,
    hasFailed: () => hasFailed,
  }
}
