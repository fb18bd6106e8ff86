import { type DependencyList, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { LiveWindow } from '../access/live/live-channel.ts'
import { liveDefinition, type RowOf, type Selecting } from '../access/live/live-definition.ts'
import type { LiveState } from '../access/live/live-query.ts'
import { detachedDatabase } from '../access/session/local-drizzle.ts'
import { LocalDbContext } from './local-db-context.ts'

const LOADING: LiveState<never> = { rows: undefined, totalCount: undefined, error: undefined, isLoading: true }
const neverChanges = () => () => {}

/**
 * Rows of a select, kept current through closed tabs and dead workers:
 *
 *     const { rows } = useLiveQuery((db) => db.select().from(notes).where(eq(notes.leadId, leadId)))
 *
 * `isLoading` until the first result, which needs an open database. Another statement begins anew; without `deps` that is
 * decided by comparing its text. `window` moves over a long list without beginning anew.
 */
export function useLiveQuery<Query extends Selecting>(
  build: (db: typeof detachedDatabase) => Query,
  deps?: DependencyList,
  window?: LiveWindow,
): LiveState<RowOf<Query>> {
  const { db } = useContext(LocalDbContext)
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are the caller's, as of any effect
  const built = useMemo(() => textOf(build(detachedDatabase)), deps ?? [build])
  // biome-ignore lint/correctness/useExhaustiveDependencies: two queries of one text are one
  const live = useMemo(() => db?.live(built.query, window), [db, built.text])
  useEffect(() => {
    if (window) live?.setWindow(window)
  }, [live, window])
  return useSyncExternalStore(live?.subscribe ?? neverChanges, live?.getState ?? loading, loading)
}

function loading(): LiveState<never> {
  return LOADING
}

function textOf<Query extends Selecting>(query: Query): { query: Query; text: string } {
  return { query, text: liveDefinition(query).sql }
}
