import { PGliteProvider } from '@electric-sql/pglite-react'
import { type ReactNode, useEffect } from 'react'
import type { LocalDbOptions } from '../page/local-db.ts'
import { LocalDbContext } from './local-db-context.ts'
import { UNOPENED_DATABASE } from './unopened-database.ts'
import { useOpenLocalDb } from './use-open-local-db.ts'

export interface LocalDbProviderProps {
  /** Null until the database is wanted: nothing is downloaded before. */
  options: LocalDbOptions | null
  children: ReactNode
}

/**
 * Opens the database when `options` become non-null and closes it on unmount. New shapes or headers don't reopen it. The
 * hooks of `@electric-sql/pglite-react` find the tab's connection in it too.
 */
export function LocalDbProvider({ options, children }: LocalDbProviderProps) {
  const state = useOpenLocalDb(options)
  const shapes = options && JSON.stringify(options.shapes)
  useEffect(() => {
    if (state.db && shapes) state.db.configure(JSON.parse(shapes))
  }, [state.db, shapes])
  return (
    <LocalDbContext.Provider value={state}>
      <PGliteProvider db={state.db?.pg ?? UNOPENED_DATABASE}>{children}</PGliteProvider>
    </LocalDbContext.Provider>
  )
}
