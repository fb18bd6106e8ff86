import type { SeededRandom } from '../seeded-random.ts'
import { Actor } from './actor.ts'

/** What of a store no longer says what was written. */
export const GARBLES = ['head', 'content', 'key'] as const
export type Garble = (typeof GARBLES)[number]

const STORE_OF = { head: 'entries', content: 'contents', key: 'keys' } as const satisfies Record<Garble, string>

/** Damages a record of a queue, or takes its key away, as a disk or a clumsy hand does. It ends in turns of its own. */
export function garble(queue: string, what: Garble, random: SeededRandom): void {
  const hand = new Actor('a clumsy hand', 'person')
  hand.run(() => {
    const opening = indexedDB.open(`landfall-outbox-${queue}`)
    opening.onupgradeneeded = () => opening.transaction?.abort()
    opening.onerror = (event) => event.preventDefault()
    opening.onsuccess = () => {
      const database = opening.result
      const name = STORE_OF[what]
      if (database.objectStoreNames.contains(name)) {
        const store = database.transaction(name, 'readwrite').objectStore(name)
        const reading = store.getAllKeys()
        reading.onsuccess = () => spoil(store, what, reading.result, random)
      }
      database.close()
    }
  })
}

function spoil(store: IDBObjectStore, what: Garble, keys: IDBValidKey[], random: SeededRandom): void {
  if (keys.length === 0) return
  const key = random.pick(keys)
  switch (what) {
    case 'head':
      return void store.put({
        opId: key,
        layout: random.pick([0, 2, 99]),
        state: random.pick([null, { kind: 'queued' }]),
      })
    case 'content':
      return void (random.chance(0.5) ? store.delete(key) : putContent(store, key, random))
    case 'key':
      return void store.delete(key)
  }
}

function putContent(store: IDBObjectStore, key: IDBValidKey, random: SeededRandom): void {
  const record = { opId: key, content: { iv: random.bytes(12), bytes: random.bytes(40) } }
  if (store.keyPath === null) store.put(record, key)
  else store.put(record)
}
