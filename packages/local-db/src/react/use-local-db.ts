import { useContext } from 'react'
import type { LocalDb } from '../page/local-db.ts'
import type { LocalDbStatus } from '../protocol/status.ts'
import { LocalDbContext } from './local-db-context.ts'

/** The database once it is open, and how it stands; both undefined while nobody asked for it. */
export function useLocalDb(): { db: LocalDb | undefined; status: LocalDbStatus | undefined } {
  const { db, status } = useContext(LocalDbContext)
  return { db, status }
}
