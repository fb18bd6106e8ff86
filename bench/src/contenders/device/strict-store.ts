import type { Operation } from '@landfall/contract'

/** One object store of plain IndexedDB; what writes is on disk before it resolves. */
export class StrictStore {
  readonly #database: IDBDatabase

  private constructor(database: IDBDatabase) {
    this.#database = database
  }

  static open(name: string): Promise<StrictStore> {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open(name, 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore('leads', { keyPath: 'opId' })
      opening.onsuccess = () => resolve(new StrictStore(opening.result))
      opening.onerror = () => reject(opening.error)
    })
  }

  put(leads: readonly Operation[]): Promise<void> {
    return this.#write((store) => {
      for (const lead of leads) store.put(lead)
    })
  }

  delete(opId: string): Promise<void> {
    return this.#write((store) => void store.delete(opId))
  }

  /** The oldest lead, or undefined when there is none. */
  first(): Promise<Operation | undefined> {
    return new Promise((resolve, reject) => {
      const request = this.#database.transaction('leads').objectStore('leads').openCursor()
      request.onsuccess = () => resolve(request.result?.value)
      request.onerror = () => reject(request.error)
    })
  }

  #write(work: (store: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction('leads', 'readwrite', { durability: 'strict' })
      work(transaction.objectStore('leads'))
      transaction.oncomplete = () => resolve()
      transaction.onerror = () => reject(transaction.error)
    })
  }
}
