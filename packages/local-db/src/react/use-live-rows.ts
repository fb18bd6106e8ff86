import { useContext, useMemo, useSyncExternalStore } from 'react'
import type { LiveState } from '../access/live/live-query.ts'
import { LocalDbContext } from './local-db-context.ts'

const neverChanges = () => () => {}
const LOADING: LiveState<never> = { rows: undefined, totalCount: undefined, error: undefined, isLoading: true }
const loading = () => LOADING

/** Rows of a query, kept current; undefined until the first result. */
export function useLiveRows<Row>(sql: string, params?: unknown[]): readonly Row[] | undefined {
  const { db } = useContext(LocalDbContext)
  const key = JSON.stringify(params ?? [])
  const live = useMemo(() => db?.liveRows<Row>(sql, JSON.parse(key)), [db, sql, key])
  return useSyncExternalStore(live?.subscribe ?? neverChanges, live?.getState ?? loading, loading).rows
}
