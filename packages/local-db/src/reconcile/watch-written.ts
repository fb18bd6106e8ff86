import type { LiveNamespace } from '@electric-sql/pglite/live'

/**
 * Calls back when some tab has written and may not have handed it over. Ends with its connection: whoever reconnects
 * watches anew.
 */
export async function watchWritten(pg: { live: LiveNamespace }, onWritten: () => void): Promise<() => Promise<void>> {
  const { unsubscribe } = await pg.live.query<{ is_any: boolean }>(
    `SELECT EXISTS (SELECT FROM sync_operations WHERE state = 'written') AS is_any`,
    [],
    ({ rows }) => {
      if (rows[0]?.is_any) onWritten()
    },
  )
  return () => unsubscribe()
}
