import type { IDBPTransaction } from 'idb'
import { asUnavailable, OutboxUnavailableError } from './errors.ts'
import { type OutboxDatabase, type OutboxSchema, openStore, type StoreNames } from './open-store.ts'

export type WriteTransaction = IDBPTransaction<OutboxSchema, StoreNames[], 'readwrite'>

/** The open database of a queue, opened on first use and again whenever it was lost. */
export class StoreConnection {
  readonly #queue: string
  readonly #onOpen: (database: OutboxDatabase) => void
  #database: Promise<OutboxDatabase> | undefined
  #isClosed = false

  constructor(queue: string, onOpen: (database: OutboxDatabase) => void = () => {}) {
    this.#queue = queue
    this.#onOpen = onOpen
  }

  /** Lets go of the database for good: a late use must not make one anew that was deleted. */
  close(): Promise<void> {
    this.#isClosed = true
    return this.#letGo()
  }

  /**
   * Runs work on the open database. A connection that the browser ended without a word throws on every use: it is opened
   * once more.
   *
   * @throws OutboxUnavailableError
   */
  async use<T>(work: (database: OutboxDatabase) => Promise<T>): Promise<T> {
    try {
      try {
        return await work(await this.#open())
      } catch (error) {
        if (!isConnectionLost(error)) throw error
        await this.#letGo()
        return await work(await this.#open())
      }
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  async #letGo(): Promise<void> {
    const database = this.#database
    this.#database = undefined
    ;(await database?.catch(() => undefined))?.close()
  }

  #open(): Promise<OutboxDatabase> {
    if (this.#isClosed) return Promise.reject(new OutboxUnavailableError('failed', 'the queue was closed'))
    if (this.#database) return this.#database
    const forget = () => {
      if (this.#database === opening) this.#database = undefined
    }
    const opening = openStore(this.#queue, forget)
    opening.then(this.#onOpen, forget)
    this.#database = opening
    return opening
  }
}

/**
 * One transaction that stands or falls as a whole: what throws on the way takes back what was done before it. Resolves
 * when it is complete, which with `strict` means: on the disk.
 *
 * @throws OutboxUnavailableError
 */
export function writeStores<T>(
  connection: StoreConnection,
  stores: readonly StoreNames[],
  work: (tx: WriteTransaction) => Promise<T>,
  durability: IDBTransactionDurability = 'strict',
): Promise<T> {
  return connection.use(async (database) => {
    const tx = database.transaction([...new Set(stores)], 'readwrite', { durability })
    // Its failure is told below; nobody else waits for it.
    tx.done.catch(() => {})
    let result: T
    try {
      result = await work(tx)
      // What it asked for is done before; the browser need not wait for more to come.
      commit(tx)
    } catch (error) {
      abort(tx)
      throw await whyItFailed(tx, error)
    }
    await tx.done
    return result
  })
}

/**
 * A request that is awaited later together with others. If one of those fails first, nobody awaits this one any more, and
 * the transaction tells of the failure.
 */
export function issued<T>(request: Promise<T>): Promise<T> {
  request.catch(() => {})
  return request
}

/** A full disk ends the transaction, and a request in it then fails with no more than `AbortError`. */
async function whyItFailed(tx: WriteTransaction, error: unknown): Promise<unknown> {
  const end: unknown = await tx.done.catch((reason: unknown) => reason)
  const says = (reason: unknown, name: string) => (reason as Error | undefined)?.name === name
  return says(error, 'AbortError') && end && !says(end, 'AbortError') ? end : error
}

function commit(tx: WriteTransaction): void {
  try {
    tx.commit()
  } catch {
    // It has ended already, and tells how.
  }
}

function abort(tx: WriteTransaction): void {
  try {
    tx.abort()
  } catch {
    // Its own failure has ended it already.
  }
}

function isConnectionLost(error: unknown): boolean {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  return name === 'InvalidStateError' || name === 'UnknownError'
}
