import { createContext } from 'react'
import type { LocalDb } from '../page/local-db.ts'
import type { LocalDbStatus } from '../protocol/status.ts'

export interface LocalDbState {
  /** Undefined until it is open. */
  db: LocalDb | undefined
  /** Undefined until somebody asked to open it. */
  status: LocalDbStatus | undefined
  /** Grows when another worker took over, after which live queries must be made again. */
  takeovers: number
}

export const CLOSED_STATE: LocalDbState = { db: undefined, status: undefined, takeovers: 0 }

export const LocalDbContext = createContext<LocalDbState>(CLOSED_STATE)
