import { isRecord } from '../entry/read-entry.ts'
import {
  readSuperseded,
  type SupersededOperation,
  type SupersededRecord,
  supersededKey,
  supersededKeys,
} from '../entry/superseded.ts'
import { issued, type WriteTransaction } from './connection.ts'
import type { StoreContext } from './store-context.ts'

/** Writes down what took the place of an operation. The transaction waits for it, and nobody else need. */
export function markSuperseded(tx: WriteTransaction, { opId, by }: SupersededOperation, atMs: number): void {
  const record: SupersededRecord = { by, atMs }
  issued(tx.objectStore('meta').put(record, supersededKey(opId)))
}

/** Those of these operations that left the queue otherwise than by delivery. */
export async function readSupersededAmong(
  { connection }: StoreContext,
  opIds: readonly string[],
): Promise<SupersededOperation[]> {
  if (opIds.length === 0) return []
  const stored = await connection.use((database) => {
    const { store } = database.transaction('meta')
    return Promise.all(opIds.map((opId): Promise<unknown> => issued(store.get(supersededKey(opId)))))
  })
  return opIds.flatMap((opId, index) => readSuperseded(opId, stored[index]))
}

/** Forgets those of long ago: whoever had not heard of them has read the queue since. */
export async function pruneSuperseded(tx: WriteTransaction, olderThanMs: number): Promise<void> {
  for await (const cursor of tx.objectStore('meta').iterate(supersededKeys())) {
    const record: unknown = cursor.value
    const atMs = isRecord(record) && Number.isFinite(record.atMs) ? (record.atMs as number) : 0
    if (atMs < olderThanMs) await cursor.delete()
  }
}
