import type { Page } from '@playwright/test'

/** Names of the databases of workspaces on the device. */
export function workspaceDatabases(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = (await indexedDB.databases()).map((database) => database.name ?? '')
    return names.filter((name) => /landfall-(outbox-)?[0-9a-f]{8}-/.test(name))
  })
}

/** Where a text stands in what this site keeps: IndexedDB, caches, local and session storage. */
export function placesOf(page: Page, text: string): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    const bytes = new TextEncoder().encode(wanted)
    const found: string[] = []
    const holds = (value: unknown): boolean => {
      if (typeof value === 'string') return value.includes(wanted)
      if (value instanceof ArrayBuffer) return holds(new Uint8Array(value))
      if (ArrayBuffer.isView(value)) {
        const all = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        const first = bytes[0] ?? 0
        for (let at = all.indexOf(first); at >= 0; at = all.indexOf(first, at + 1)) {
          if (bytes.every((byte, offset) => all[at + offset] === byte)) return true
        }
        return false
      }
      return typeof value === 'object' && value !== null && Object.values(value).some(holds)
    }
    const resultOf = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue
      const database = await resultOf(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store)
        const [keys, values] = await Promise.all([resultOf(objects.getAllKeys()), resultOf(objects.getAll())])
        values.forEach((value, index) => {
          if (holds(value) || holds(keys[index])) found.push(`${name}/${store}/${String(keys[index])}`)
        })
      }
      database.close()
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const body = await (await cache.match(request))?.arrayBuffer()
        if (request.url.includes(wanted) || holds(body)) found.push(`${name}/${request.url}`)
      }
    }
    for (const storage of [localStorage, sessionStorage]) {
      for (const [key, value] of Object.entries(storage)) if (holds(key) || holds(value)) found.push(key)
    }
    return found
  }, text)
}

/** Overwrites the tables of every local database on the device with what no Postgres reads. */
export function damageLocalDatabases(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let damaged = 0
    for (const { name } of await indexedDB.databases()) {
      if (!name?.includes('/pglite/')) continue
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error)
      })
      const tx = database.transaction('FILE_DATA', 'readwrite')
      const walk = tx.objectStore('FILE_DATA').openCursor()
      walk.onsuccess = () => {
        const cursor = walk.result
        if (!cursor) return
        const { contents } = cursor.value
        if (/\/base\/|\/global\//.test(String(cursor.key)) && contents?.byteLength > 0) {
          cursor.update({ ...cursor.value, contents: new Uint8Array(contents.byteLength).fill(0xa5) })
          damaged += 1
        }
        cursor.continue()
      }
      await new Promise((resolve, reject) => {
        tx.oncomplete = resolve
        tx.onerror = () => reject(tx.error)
      })
      database.close()
    }
    return damaged
  })
}
