import { PGlite } from '@electric-sql/pglite'
import { live } from '@electric-sql/pglite/live'
import type { AccessHost } from '../access/access-host.ts'

/** A host around a database in memory, whose worker can be said to have died. */
export function memoryHost(pg: PGlite, parts: Partial<AccessHost> = {}): AccessHost & { reconnect(): void } {
  const listeners = new Set<() => void>()
  return {
    pg: async () => pg,
    onReconnect(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    isOnline: () => true,
    ...parts,
    reconnect() {
      for (const listener of [...listeners]) listener()
    },
  }
}

let image: Promise<Blob> | undefined

/** An empty database in memory. Made once a file and copied, since making one takes seconds. */
export async function createEmptyDatabase(): Promise<PGlite> {
  image ??= PGlite.create().then((pg) => pg.dumpDataDir('none'))
  return PGlite.create({ loadDataDir: await image, extensions: { live } })
}
