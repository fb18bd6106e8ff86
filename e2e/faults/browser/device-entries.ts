import type { Page } from '@playwright/test'

export interface DeviceEntry {
  opId: string
  state: 'queued' | 'sending' | 'delivered' | 'dead'
}

/** What stands in the outboxes of the page's origin, read past our own code. Rejects when one cannot be read. */
export function readEntries(page: Page): Promise<DeviceEntry[]> {
  return page.evaluate(async () => {
    const found: { opId: string; state: DeviceEntry['state'] }[] = []
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith('landfall-outbox-')) continue
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error)
      })
      if (!database.objectStoreNames.contains('entries')) {
        database.close()
        continue
      }
      const rows = await new Promise<{ opId: string; state: { kind: DeviceEntry['state'] } }[]>((resolve, reject) => {
        const reading = database.transaction('entries').objectStore('entries').getAll()
        reading.onsuccess = () => resolve(reading.result)
        reading.onerror = () => reject(reading.error)
      })
      database.close()
      found.push(...rows.map((row) => ({ opId: row.opId, state: row.state.kind })))
    }
    return found
  })
}
