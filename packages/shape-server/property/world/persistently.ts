import { setTimeout as delay } from 'node:timers/promises'
import { isTransient } from '../../src/database.ts'

const AGAIN_AFTER_MS = 100
const TIMES = 300

/** Does it again as long as Postgres is not there. */
export async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TIMES; ; left -= 1) {
    try {
      return await work()
    } catch (error) {
      if (left === 0 || !isOfConnection(error)) throw error
      await delay(AGAIN_AFTER_MS)
    }
  }
}

const isOfConnection = (error: unknown) =>
  isTransient(error) ||
  (error instanceof Error && /^(Connection terminated|Client has encountered)/.test(error.message))
