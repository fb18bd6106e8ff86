import type { Operation } from '@landfall/contract'
import { createCollection, localOnlyCollectionOptions } from '@tanstack/db'
import { IndexedDBAdapter, type OnlineDetector, startOfflineExecutor } from '@tanstack/offline-transactions'
import { newDevice } from '../../sample/device.ts'
import { BATCH_PATH, batchRequest } from '../../sample/request.ts'
import type { DrainableQueue } from './device-queue.ts'

/**
 * `@tanstack/offline-transactions` on its own IndexedDB adapter.
 *
 * It holds a transaction for saved when `storage.set` resolves, which is on the success of the request: before the
 * transaction of IndexedDB has completed, and with relaxed durability.
 */
export async function openOfflineTransactions(): Promise<DrainableQueue> {
  const device = newDevice()
  const storage = new WatchedStorage()
  const network = new ManualNetwork()
  const leads = createCollection(localOnlyCollectionOptions({ id: 'leads', getKey: (lead: Operation) => lead.opId }))
  const executor = startOfflineExecutor({
    collections: { leads },
    storage,
    onlineDetector: network,
    mutationFns: {
      send: async ({ transaction }) => {
        const operations = transaction.mutations.map((mutation) => mutation.modified as unknown as Operation)
        const response = await fetch(BATCH_PATH, batchRequest(device, operations))
        if (!response.ok) throw new Error(`the server answered ${response.status}`)
        await response.json()
      },
    },
  })
  await executor.waitForInit()
  if (!executor.isOfflineEnabled) throw new Error('offline-transactions does not persist here')
  const commits: Promise<unknown>[] = []

  const save = async (lead: Operation): Promise<number> => {
    const startMs = performance.now()
    const saved = storage.untilNextSet()
    const transaction = executor.createOfflineTransaction({ mutationFnName: 'send', autoCommit: false })
    transaction.mutate(() => void leads.insert(lead))
    // A commit resolves when the server has answered; it is on the device long before.
    commits.push('commit' in transaction ? transaction.commit() : Promise.resolve())
    await saved
    return performance.now() - startMs
  }

  return {
    save,
    settle: async () => {},
    async fill(many) {
      for (const lead of many) await save(lead)
    },
    async drain() {
      const startMs = performance.now()
      network.comeBack()
      await Promise.all(commits)
      const elapsedMs = performance.now() - startMs
      if ((await executor.peekOutbox()).length > 0) throw new Error('offline-transactions left something behind')
      return elapsedMs
    },
  }
}

/** The adapter as it is, which also says when a `set` has resolved. */
class WatchedStorage extends IndexedDBAdapter {
  #resolve: (() => void) | undefined

  untilNextSet(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  override async set(key: string, value: string): Promise<void> {
    await super.set(key, value)
    this.#resolve?.()
  }
}

class ManualNetwork implements OnlineDetector {
  #isOnline = false
  readonly #listeners = new Set<() => void>()

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  notifyOnline(): void {
    for (const listener of this.#listeners) listener()
  }

  isOnline(): boolean {
    return this.#isOnline
  }

  dispose(): void {
    this.#listeners.clear()
  }

  comeBack(): void {
    this.#isOnline = true
    this.notifyOnline()
  }
}
