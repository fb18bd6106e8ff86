import type { Page } from 'playwright'

export type Damage =
  | { kind: 'flip'; path: string; from: number; to: number }
  | { kind: 'truncate'; path: string; bytes: number }
  | { kind: 'delete'; path: string }
  | { kind: 'random'; path: string }
  | { kind: 'text'; path: string; text: string }
  | { kind: 'mode'; path: string }

/** Changes a file of a data directory in IndexedDB; nobody may have it open. `path` may begin with part of a name and `*`. */
export async function damageStoredFile(page: Page, indexedDbName: string, damage: Damage): Promise<string> {
  return page.evaluate(
    ([name, given]) =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const database = opening.result
          const transaction = database.transaction('FILE_DATA', 'readwrite')
          const files = transaction.objectStore('FILE_DATA')
          transaction.oncomplete = () => {
            database.close()
            resolve(found ?? '')
          }
          let found: string | undefined
          files.getAllKeys().onsuccess = (keys) => {
            const start = `${name}/${given.path}`
            const all = (keys.target as IDBRequest<string[]>).result
            found = all
              .filter((key) => (start.endsWith('*') ? key.startsWith(start.slice(0, -1)) : key === start))
              .at(-1)
            if (!found) return reject(new Error(`no file ${given.path}`))
            const key = found
            if (given.kind === 'delete') return void files.delete(key)
            files.get(key).onsuccess = (event) => {
              const record = (event.target as IDBRequest).result
              const contents = new Uint8Array(record.contents)
              if (given.kind === 'flip') {
                for (let at = given.from; at < Math.min(given.to, contents.length); at++)
                  contents[at] = ~(contents[at] ?? 0)
                files.put({ ...record, contents }, key)
              } else if (given.kind === 'truncate') {
                files.put({ ...record, contents: contents.slice(0, given.bytes) }, key)
              } else if (given.kind === 'random') {
                for (let at = 0; at < contents.length; at += 65_536)
                  crypto.getRandomValues(contents.subarray(at, Math.min(at + 65_536, contents.length)))
                files.put({ ...record, contents }, key)
              } else if (given.kind === 'text') {
                files.put({ ...record, contents: new TextEncoder().encode(given.text) }, key)
              } else {
                files.put({ nonsense: true, timestamp: new Date(0) }, key)
              }
            }
          }
        }
      }),
    [indexedDbName, damage] as const,
  )
}
