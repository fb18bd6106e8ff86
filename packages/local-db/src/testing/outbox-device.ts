import 'fake-indexeddb/auto'
import type { BatchEnvelope, OperationResult } from '@landfall/contract'
import { Outbox } from '@landfall/outbox'
import { uuidv7 } from 'uuidv7'

/** The real outbox of a member on an IndexedDB in memory, behind a network that is there or not. */
export interface OutboxDevice {
  owner: string
  /** The queue as one tab has it; all of them share the store. */
  open(): Outbox
  /** What arrived, in order. */
  arrived: BatchEnvelope['operations']
  setOnline(isOnline: boolean): void
  answer: (operation: BatchEnvelope['operations'][number]) => OperationResult
  /** What pruning does after ninety days. */
  forgetDelivered(): Promise<void>
  closeAll(): Promise<void>
}

export function createOutboxDevice(): OutboxDevice {
  const tenantId = uuidv7()
  const owner = `${tenantId}.${uuidv7()}`
  const opened: Outbox[] = []
  let isOnline = false
  const setNavigator = (value: boolean | undefined) =>
    Object.defineProperty(globalThis.navigator, 'onLine', { value, configurable: true })
  setNavigator(false)
  const fetchNow: typeof fetch = async (_input, init) => {
    if (!isOnline) throw new TypeError('Failed to fetch')
    const { operations } = JSON.parse(String(init?.body)) as BatchEnvelope
    device.arrived.push(...operations)
    const results = operations.map((operation) => device.answer(operation))
    return Response.json({ protocol: 1, requestId: 'r', serverTime: new Date(0).toISOString(), results })
  }
  const device: OutboxDevice = {
    owner,
    open() {
      const queue = { queue: owner, tenantId, kind: 'member', endpoint: '/api/sync/batch' } as const
      const outbox = new Outbox({ ...queue, fetch: (...request) => fetchNow(...request), random: () => 1 })
      opened.push(outbox)
      return outbox
    },
    arrived: [],
    setOnline(next) {
      isOnline = next
      setNavigator(next)
    },
    answer: ({ opId }) => ({ opId, outcome: 'applied', txid: 7, version: 4 }),
    async forgetDelivered() {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(`landfall-outbox-${owner}`)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      await new Promise<void>((resolve) => {
        const tx = database.transaction('entries', 'readwrite')
        const delivered = tx.objectStore('entries').index('by-state').openKeyCursor('delivered')
        delivered.onsuccess = () => {
          const cursor = delivered.result
          if (!cursor) return
          tx.objectStore('entries').delete(cursor.primaryKey)
          cursor.continue()
        }
        tx.oncomplete = () => resolve()
      })
      database.close()
    },
    async closeAll() {
      setNavigator(undefined)
      await Promise.all(opened.map((outbox) => outbox.close()))
    },
  }
  return device
}
