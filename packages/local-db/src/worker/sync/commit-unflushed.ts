import type { PGliteInterface, Transaction } from '@electric-sql/pglite'

/**
 * A transaction whose commit is not written to the device's storage: the next flush of anybody brings it. A flush writes
 * every file that changed as a whole, so a first sync in ten parts would write its table ten times. What a crash takes
 * away is fetched again; the place to go on from goes with it.
 */
export async function commitUnflushed<T>(pg: PGliteInterface, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const flush = pg.syncToFs
  const restore = () => {
    pg.syncToFs = flush
  }
  try {
    return await pg.transaction(async (tx) => {
      const result = await work(tx)
      // The transaction is alone until it ends, so the next flush to be asked for is that of its commit.
      pg.syncToFs = async () => restore()
      return result
    })
  } finally {
    restore()
  }
}
