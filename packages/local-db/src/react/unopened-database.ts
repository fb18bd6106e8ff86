import type { PGliteWithLive } from '@electric-sql/pglite/live'

const never = () => new Promise<never>(() => {})

/**
 * Stands in until the database is open. pglite-react's hooks throw without a database, and hooks can't be called only
 * sometimes; a live query that never answers reads as "no result yet".
 */
export const UNOPENED_DATABASE = {
  live: { query: never, incrementalQuery: never, changes: never },
} as unknown as PGliteWithLive
