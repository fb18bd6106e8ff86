import type { WriteTransaction } from './connection.ts'
import type { OutboxDatabase } from './open-store.ts'

/** What delivery remembers of the queue as a whole, shared by tabs and service worker. */
export interface DeliveryRecord {
  consecutiveFailures: number
  /** When `notBeforeMs` was set: a clock that shows an earlier time was put back. */
  fromMs: number
  /** No request before this time; 0 for at once. */
  notBeforeMs: number
  /** The part of that which the server asked for; only a person gets past it. */
  serverNotBeforeMs: number
  /** Why nothing goes out, in words for a person; null when all is well. */
  problem: DeliveryProblem | null
  lastSyncedAtMs: number | null
}

export interface DeliveryProblem {
  kind: 'network' | 'server' | 'refused'
  /** HTTP status, or null when there was no answer. */
  status: number | null
  message: string
}

export const INITIAL_DELIVERY: DeliveryRecord = {
  consecutiveFailures: 0,
  fromMs: 0,
  notBeforeMs: 0,
  serverNotBeforeMs: 0,
  problem: null,
  lastSyncedAtMs: null,
}

/** `revision` grows with every change of the queue; `nextSeq` numbers its writes in their order, whatever the clock says. */
export interface Counters {
  revision: number
  nextSeq: number
}

/** Of a store that is made anew: it must not count below what readers of one before it have seen. */
export const initialCounters = (): Counters => ({ revision: Date.now(), nextSeq: Date.now() })

/** The stored record, or as it begins: one that is damaged costs a backoff, not the queue. */
export function readDelivery(stored: unknown): DeliveryRecord {
  const record = { ...INITIAL_DELIVERY, ...(typeof stored === 'object' ? stored : null) }
  const numbers = [record.consecutiveFailures, record.fromMs, record.notBeforeMs, record.serverNotBeforeMs]
  return numbers.every(Number.isFinite) ? record : INITIAL_DELIVERY
}

export function readCounters(stored: unknown): Counters {
  const { revision, nextSeq } = (typeof stored === 'object' && stored ? stored : {}) as Partial<Counters>
  if (Number.isSafeInteger(revision) && Number.isSafeInteger(nextSeq)) return { revision, nextSeq } as Counters
  return initialCounters()
}

/** Counts a change of the queue and takes numbers for `writes` new ones, in the transaction that makes it. */
export async function countChange(tx: WriteTransaction, writes = 0): Promise<{ revision: number; firstSeq: number }> {
  const meta = tx.objectStore('meta')
  const { revision, nextSeq } = readCounters(await meta.get('counters'))
  // Its failure ends the transaction, which tells of it.
  meta.put({ revision: revision + 1, nextSeq: nextSeq + writes }, 'counters').catch(() => {})
  return { revision: revision + 1, firstSeq: nextSeq }
}

export async function readRevision(database: OutboxDatabase): Promise<number> {
  return readCounters(await database.get('meta', 'counters')).revision
}
