import type { IDBPTransaction, StoreNames } from 'idb'
import type { Entry } from '../entry/entry.ts'
import { asUnavailable, OutboxUnavailableError } from './errors.ts'
import { type OutboxDatabase, type OutboxSchema, openStore } from './open-store.ts'

/** How long a delivered entry stays for the lists that show it. */
const KEEP_DELIVERED_MS = 90 * 24 * 60 * 60 * 1_000
const KEEP_DRAFT_MS = 7 * 24 * 60 * 60 * 1_000

/** What delivery remembers of the queue as a whole, shared by tabs and service worker. */
export interface DeliveryRecord {
  consecutiveFailures: number
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
  notBeforeMs: 0,
  serverNotBeforeMs: 0,
  problem: null,
  lastSyncedAtMs: null,
}

type WriteTransaction = IDBPTransaction<OutboxSchema, StoreNames<OutboxSchema>[], 'readwrite'>

/** The durable part of a queue: every method is one IndexedDB transaction and resolves on its completion. */
export class EntryStore {
  readonly #queue: string
  #database: Promise<OutboxDatabase> | undefined
  #isClosed = false

  constructor(queue: string) {
    this.#queue = queue
  }

  /** Lets go of the database for good: a late use must not make one anew that was deleted. */
  close(): Promise<void> {
    this.#isClosed = true
    return this.#letGo()
  }

  async #letGo(): Promise<void> {
    const database = this.#database
    this.#database = undefined
    ;(await database?.catch(() => undefined))?.close()
  }

  /** Adds entries, all or none; on disk when it resolves. An entry that is there already stays as it is. */
  add(entries: readonly Entry[]): Promise<void> {
    return this.#write(['entries'], async (tx) => {
      const store = tx.objectStore('entries')
      for (const entry of entries) if ((await store.getKey(entry.opId)) === undefined) await store.put(entry)
    })
  }

  all(): Promise<Entry[]> {
    return this.#use((database) => database.getAll('entries'))
  }

  get(opId: string): Promise<Entry | undefined> {
    return this.#use((database) => database.get('entries', opId))
  }

  /** Entries that wait for delivery, the oldest first: queued ones, and what a dead drainer left in `sending`. */
  undelivered(): Promise<Entry[]> {
    return this.#use(async (database) => {
      const index = database.transaction('entries').store.index('by-state')
      const [queued, sending] = await Promise.all([index.getAll('queued'), index.getAll('sending')])
      return [...queued, ...sending].sort((a, b) => (a.opId < b.opId ? -1 : 1))
    })
  }

  /**
   * Replaces the entries as `change` says, and the delivery record along with them. An entry that a person removed
   * meanwhile stays removed.
   */
  update(
    opIds: readonly string[],
    change: (entry: Entry) => Entry,
    options: { delivery?: DeliveryRecord; durability?: IDBTransactionDurability } = {},
  ): Promise<void> {
    return this.#write(
      ['entries', 'meta'],
      async (tx) => {
        const store = tx.objectStore('entries')
        for (const opId of opIds) {
          const entry = await store.get(opId)
          if (entry) await store.put(change(entry))
        }
        if (options.delivery) await tx.objectStore('meta').put(options.delivery, 'delivery')
      },
      options.durability,
    )
  }

  /**
   * Lets `change` decide what becomes of an entry: another in its place, `null` to remove it, undefined to leave it.
   * Looked at and changed in one transaction, so that two clicks cannot both find it as it was.
   *
   * @returns what stands in its place
   */
  replace(opId: string, change: (entry: Entry) => Entry | null | undefined): Promise<Entry | undefined> {
    return this.#write(['entries'], async (tx) => {
      const store = tx.objectStore('entries')
      const entry = await store.get(opId)
      const next = entry && change(entry)
      if (next === undefined) return undefined
      await store.delete(opId)
      if (next) await store.put(next)
      return next ?? undefined
    })
  }

  delivery(): Promise<DeliveryRecord> {
    return this.#use(async (database) => {
      const stored = (await database.get('meta', 'delivery')) as Partial<DeliveryRecord> | undefined
      return { ...INITIAL_DELIVERY, ...stored }
    })
  }

  /** The value under `key`, made and kept when there is none; two tabs at once get the same. */
  getOrCreateMeta<T>(key: string, create: () => T): Promise<T> {
    return this.#write(['meta'], async (tx) => {
      const store = tx.objectStore('meta')
      const known = (await store.get(key)) as T | undefined
      if (known !== undefined) return known
      const value = create()
      await store.put(value, key)
      return value
    })
  }

  async saveDraft(formId: string, values: Record<string, unknown>, nowMs: number): Promise<void> {
    await this.#use((database) => database.put('drafts', { values, savedAtMs: nowMs }, formId))
  }

  async readDraft(formId: string, nowMs: number): Promise<Record<string, unknown> | undefined> {
    const draft = await this.#use((database) => database.get('drafts', formId))
    return draft && nowMs - draft.savedAtMs < KEEP_DRAFT_MS ? draft.values : undefined
  }

  deleteDraft(formId: string): Promise<void> {
    return this.#use((database) => database.delete('drafts', formId))
  }

  /** Forgets what was delivered long ago, and what somebody began to type and left. */
  prune(nowMs: number): Promise<void> {
    return this.#write(['entries', 'drafts'], async (tx) => {
      const entries = tx.objectStore('entries')
      for (const entry of await entries.index('by-state').getAll('delivered')) {
        const isOld = entry.state.kind === 'delivered' && nowMs - entry.state.atMs > KEEP_DELIVERED_MS
        if (isOld) await entries.delete(entry.opId)
      }
      for await (const cursor of tx.objectStore('drafts')) {
        if (nowMs - cursor.value.savedAtMs > KEEP_DRAFT_MS) await cursor.delete()
      }
    })
  }

  /** One transaction that stands or falls as a whole: what throws on the way takes back what was done before it. */
  #write<T>(
    stores: StoreNames<OutboxSchema>[],
    work: (tx: WriteTransaction) => Promise<T>,
    durability: IDBTransactionDurability = 'strict',
  ): Promise<T> {
    return this.#use(async (database) => {
      const tx = database.transaction(stores, 'readwrite', { durability })
      // Its failure is told by what failed; nobody else waits for it then.
      tx.done.catch(() => {})
      let result: T
      try {
        result = await work(tx)
      } catch (error) {
        abort(tx)
        throw error
      }
      await tx.done
      return result
    })
  }

  /**
   * Runs work on the open database. A connection that the browser ended without a word throws on every use: it is opened
   * once more.
   *
   * @throws OutboxUnavailableError
   */
  async #use<T>(work: (database: OutboxDatabase) => Promise<T>): Promise<T> {
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

  #open(): Promise<OutboxDatabase> {
    if (this.#isClosed) return Promise.reject(new OutboxUnavailableError('failed', 'the queue was closed'))
    if (this.#database) return this.#database
    const opening = openStore(this.#queue, () => {
      if (this.#database === opening) this.#database = undefined
    })
    opening.catch(() => {
      if (this.#database === opening) this.#database = undefined
    })
    this.#database = opening
    return opening
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
