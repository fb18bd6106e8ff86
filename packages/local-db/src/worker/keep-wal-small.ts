import type { PGliteInterface } from '@electric-sql/pglite'

const WAL_LIMIT_BYTES = 12 * 1024 * 1024

/**
 * PGlite has no checkpointer: without this a large first sync leaves its whole WAL on the device until the next opening.
 * At the beginning of a transaction, so that what it frees is not flushed once more.
 */
export async function keepWalSmall(pg: Pick<PGliteInterface, 'query' | 'exec'>): Promise<void> {
  const { rows } = await pg.query<{ bytes: number }>('SELECT sum(size)::int AS bytes FROM pg_ls_waldir()')
  if ((rows[0]?.bytes ?? 0) > WAL_LIMIT_BYTES) await pg.exec('CHECKPOINT')
}
