import type { PGlite } from '@electric-sql/pglite'
import { simpleQuery } from './flush-per-statement.ts'

/**
 * Ends a transaction that its tab left open by dying. PGlite queues a ROLLBACK for it behind whoever already waits for
 * the lock, so another tab's write would run inside the dead tab's transaction and be undone after it was acknowledged.
 */
export function rollBackAbandoned(pg: PGlite): void {
  const runExclusive = pg._runExclusiveTransaction.bind(pg)
  pg._runExclusiveTransaction = (run) =>
    runExclusive(async () => {
      try {
        return await run()
      } finally {
        if (pg.isInTransaction()) await pg.execProtocol(simpleQuery('ROLLBACK'), { throwOnError: false })
      }
    })
}
