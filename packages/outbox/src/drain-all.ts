import { requestBackgroundSync } from './coordination/background-sync.ts'
import { ChangeChannel } from './coordination/change-channel.ts'
import { deviceIdentity } from './coordination/device-identity.ts'
import { withDrainLock } from './coordination/drain-lock.ts'
import { type DrainOptions, type DrainResult, drain } from './delivery/drain.ts'
import { EntryStore } from './store/entry-store.ts'
import { listQueues, type QueueRecord } from './store/queue-directory.ts'

export interface DrainAllOptions extends DrainOptions {
  /** The one queue to drain; all of this origin without it. */
  only?: string
  fetch?: typeof fetch
  now?: () => number
  random?: () => number
}

/** Drains one queue from where there is no page, as in a service worker. */
async function drainQueue(queue: QueueRecord, options: DrainAllOptions): Promise<DrainResult> {
  const now = options.now ?? Date.now
  const channel = new ChangeChannel(queue.queue)
  const store = new EntryStore(queue.queue, { now, onChange: (change) => channel.announce(change) })
  try {
    return await withDrainLock(queue.queue, async () => {
      // Whoever owned it may have left while we waited for the lock: it must not be made anew.
      if (!(await listQueues()).some((known) => known.queue === queue.queue)) return { kind: 'empty' }
      return drain(
        {
          store,
          queue,
          identity: await deviceIdentity(store),
          fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
          now,
          random: options.random ?? Math.random,
        },
        options,
      )
    })
  } finally {
    channel.close()
    await store.close()
  }
}

/** How the drain of one queue ended; `failed` when its store could not be used, whatever is in it. */
export type QueueDrainResult = { queue: string } & (DrainResult | { kind: 'failed'; error: unknown })

/** Drains the queues of this origin, or the one that `only` names. A queue that fails does not keep the others. */
export async function drainAll(options: DrainAllOptions = {}): Promise<QueueDrainResult[]> {
  const queues = (await listQueues()).filter(({ queue }) => options.only === undefined || queue === options.only)
  return Promise.all(
    queues.map((record) =>
      drainQueue(record, options).then(
        (result) => ({ queue: record.queue, ...result }),
        (error: unknown) => ({ queue: record.queue, kind: 'failed' as const, error }),
      ),
    ),
  )
}

/** Has the browser wake this service worker again for the queues that still wait. */
export async function requestSyncFor(results: readonly QueueDrainResult[]): Promise<void> {
  await Promise.all(results.filter(mustComeAgain).map(({ queue }) => requestBackgroundSync(queue)))
}

/** Whether another drain of the queue may get further by itself. */
export function mustComeAgain(result: QueueDrainResult): boolean {
  switch (result.kind) {
    case 'waiting':
    case 'failed':
      return true
    case 'empty':
    case 'held':
      return false
  }
}
