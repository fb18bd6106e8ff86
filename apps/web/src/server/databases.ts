import { type AppDatabase, connect, connectForAuth } from '@landfall/database'
import { env } from '../env.ts'
import { logger } from './logger.ts'

interface Databases {
  /** As the app: one tenant a transaction, under row-level security. */
  app: AppDatabase
  /** As sign-in: people and memberships, no lead. */
  auth: AppDatabase
}

// Next evaluates a module once a bundle; the pools are the process's.
const holder = globalThis as { landfallDatabases?: Databases }

export function databases(): Databases {
  holder.landfallDatabases ??= open()
  return holder.landfallDatabases
}

function open(): Databases {
  const url = env().DATABASE_URL
  const onIdleError = (error: Error) => logger().warn({ err: error }, 'a database connection was lost')
  return { app: connect({ url, onIdleError }), auth: connectForAuth({ url, max: 5, onIdleError }) }
}
