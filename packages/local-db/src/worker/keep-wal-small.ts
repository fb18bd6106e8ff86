import type { PGlite } from '@electric-sql/pglite'

const WAL_LIMIT_BYTES = 12 * 1024 * 1024

/** PGlite has no checkpointer: without this a large first sync leaves its whole WAL on the device until the next opening. */
export async function keepWalSmall(pg: PGlite): Promise<void> {
  const { rows } = await pg.query<{ bytes: number }>('SELECT sum(size)::int AS bytes FROM pg_ls_waldir()')
  if ((rows[0]?.bytes ?? 0) > WAL_LIMIT_BYTES) await pg.exec('CHECKPOINT')
}
