import type { PGlite, PGliteInterface } from '@electric-sql/pglite'
import { electricSync } from '@electric-sql/pglite-sync'
import type { SubscriptionState } from '@landfall/shapes/client'
import { ShapeSync } from '../worker/shape-sync.ts'
import { WaitPlaces } from '../worker/sync/wait-places.ts'

/** Something that keeps `receipts_synced` equal to a shape. */
export interface Follower {
  stop(): void
  isUpToDate(): boolean
}

export type Follow = (pg: PGlite, url: string) => Promise<Follower>

/** What the worker runs. */
export const followWithStore: Follow = async (pg, url) => {
  let state: SubscriptionState | undefined
  const sync = new ShapeSync(
    pg,
    { name: 'receipts', url, headers: {} },
    {
      onState: (next) => {
        state = next
      },
      waits: new WaitPlaces({ isMultiplexed: () => true }),
    },
  )
  sync.start()
  return { stop: () => sync.stop(), isUpToDate: () => state?.status === 'up-to-date' }
}

/** `@electric-sql/pglite-sync` by itself, as its manual shows it. */
export function followWithPgliteSync(initialInsertMethod: 'insert' | 'csv' = 'insert'): Follow {
  return async (pg, url) => {
    const { namespaceObj: sync } = await electricSync().setup(forgivingCommits(pg))
    await sync.initMetadataTables()
    const { unsubscribe, stream } = await sync.syncShapeToTable({
      shape: { url },
      shapeKey: 'receipts',
      table: 'receipts_synced',
      primaryKey: ['lead_id'],
      initialInsertMethod,
    })
    return { stop: unsubscribe, isUpToDate: () => stream.isUpToDate }
  }
}

/** It waits for no commit, so a failed one is an unhandled rejection, which would end the test instead of failing it. */
function forgivingCommits(pg: PGlite): PGliteInterface {
  return new Proxy(pg, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      const method = value.bind(target)
      return name === 'transaction' ? (...work: unknown[]) => method(...work).catch(() => undefined) : method
    },
  })
}
