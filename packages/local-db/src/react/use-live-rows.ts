import { useLiveQuery } from '@electric-sql/pglite-react'
import { useContext } from 'react'
import { LocalDbContext } from './local-db-context.ts'

/** Rows of a query, kept current; undefined until the first result. */
export function useLiveRows<Row>(sql: string, params?: unknown[]): Row[] | undefined {
  const { takeovers } = useContext(LocalDbContext)
  // pglite-react subscribes anew when the text changes, and after a takeover it must: the new worker's session doesn't
  // notify for the old one's live queries.
  return useLiveQuery<Row>(takeovers === 0 ? sql : `${sql}\n-- takeover ${takeovers}\n`, params)?.rows
}
