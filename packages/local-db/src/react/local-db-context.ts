import { createContext } from 'react'
import type { LocalDb } from '../page/local-db.ts'
import type { LocalDbStatus } from '../protocol/status.ts'

export interface LocalDbState {
  /** Undefined until it is open. */
  db: LocalDb | undefined
  /** Undefined until somebody asked to open it. */
  status: LocalDbStatus | undefined
}

export const CLOSED_STATE: LocalDbState = { db: undefined, status: undefined }

export const LocalDbContext = createContext<LocalDbState>(CLOSED_STATE)
