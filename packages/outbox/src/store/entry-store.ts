import type { Entry } from '../entry/entry.ts'
import { asUnavailable } from './errors.ts'
import { type OutboxDatabase, openStore } from './open-store.ts'

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

/** The durable part of a queue: every method is one IndexedDB transaction and resolves on its completion. */
export class EntryStore {
  readonly #queue: string
  #database: Promise<OutboxDatabase> | undefined

  constructor(queue: string) {
    this.#queue = queue
  }

  #open(): Promise<OutboxDatabase> {
    this.#database ??= openStore(this.#queue, () => {
      this.#database = undefined
    })
    this.#database.catch(() => {
      this.#database = undefined
    })
    return this.#database
  }

  async close(): Promise<void> {
    const database = this.#database
    this.#database = undefined
    ;(await database?.catch(() => undefined))?.close()
  }

  /** Adds entries; on disk when it resolves. An entry that is there already stays as it is. */
  async add(entries: readonly Entry[]): Promise<void> {
    try {
      const tx = (await this.#open()).transaction('entries', 'readwrite', { durability: 'strict' })
      for (const entry of entries) if (!(await tx.store.getKey(entry.opId))) tx.store.put(entry)
      await tx.done
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  async all(): Promise<Entry[]> {
    return (await this.#open()).getAll('entries')
  }

  async get(opId: string): Promise<Entry | undefined> {
    return (await this.#open()).get('entries', opId)
  }

  /** Entries that wait for delivery, the oldest first: queued ones, and what a dead drainer left in `sending`. */
  async undelivered(): Promise<Entry[]> {
    const tx = (await this.#open()).transaction('entries')
    const index = tx.store.index('by-state')
    const [queued, sending] = await Promise.all([index.getAll('queued'), index.getAll('sending')])
    return [...queued, ...sending].sort((a, b) => (a.opId < b.opId ? -1 : 1))
  }

  /**
   * Replaces the entries as `change` says, and the delivery record along with them. An entry that a person removed
   * meanwhile stays removed.
   */
  async update(
    opIds: readonly string[],
    change: (entry: Entry) => Entry,
    options: { delivery?: DeliveryRecord; durability?: IDBTransactionDurability } = {},
  ): Promise<void> {
    const database = await this.#open()
    const tx = database.transaction(['entries', 'meta'], 'readwrite', { durability: options.durability ?? 'strict' })
    for (const opId of opIds) {
      const entry = await tx.objectStore('entries').get(opId)
      if (entry) tx.objectStore('entries').put(change(entry))
    }
    if (options.delivery) tx.objectStore('meta').put(options.delivery, 'delivery')
    await tx.done
  }

  /** Removes one entry and adds others in one transaction: a resend is never half done. */
  async replace(opId: string, entries: readonly Entry[]): Promise<void> {
    const tx = (await this.#open()).transaction('entries', 'readwrite', { durability: 'strict' })
    tx.store.delete(opId)
    for (const entry of entries) tx.store.put(entry)
    await tx.done
  }

  async delivery(): Promise<DeliveryRecord> {
    return ((await (await this.#open()).get('meta', 'delivery')) as DeliveryRecord | undefined) ?? INITIAL_DELIVERY
  }

  /** The value under `key`, made and kept when there is none; two tabs at once get the same. */
  async getOrCreateMeta<T>(key: string, create: () => T): Promise<T> {
    try {
      const tx = (await this.#open()).transaction('meta', 'readwrite', { durability: 'strict' })
      let value = (await tx.store.get(key)) as T | undefined
      if (value === undefined) {
        value = create()
        tx.store.put(value, key)
      }
      await tx.done
      return value
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  async saveDraft(formId: string, values: Record<string, unknown>, nowMs: number): Promise<void> {
    await (await this.#open()).put('drafts', { values, savedAtMs: nowMs }, formId)
  }

  async readDraft(formId: string, nowMs: number): Promise<Record<string, unknown> | undefined> {
    const draft = await (await this.#open()).get('drafts', formId)
    return draft && nowMs - draft.savedAtMs < KEEP_DRAFT_MS ? draft.values : undefined
  }

  async deleteDraft(formId: string): Promise<void> {
    await (await this.#open()).delete('drafts', formId)
  }

  /** Forgets what was delivered long ago. */
  async prune(nowMs: number): Promise<void> {
    const tx = (await this.#open()).transaction('entries', 'readwrite')
    for (const entry of await tx.store.index('by-state').getAll('delivered')) {
      if (entry.state.kind === 'delivered' && nowMs - entry.state.atMs > KEEP_DELIVERED_MS) tx.store.delete(entry.opId)
    }
    await tx.done
  }
}
