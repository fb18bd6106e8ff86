import { ChangeChannel } from './coordination/change-channel.ts'
import { deviceIdentity } from './coordination/device-identity.ts'
import { withDrainLock } from './coordination/drain-lock.ts'
import { type DrainOptions, type DrainResult, drain } from './delivery/drain.ts'
import { EntryStore } from './store/entry-store.ts'
import { listQueues, type QueueRecord } from './store/queue-directory.ts'

/** Drains one queue from where there is no page, as in a service worker. */
async function drainQueue(queue: QueueRecord, options: DrainOptions = {}): Promise<DrainResult> {
  const store = new EntryStore(queue.queue)
  const channel = new ChangeChannel(queue.queue)
  try {
    return await withDrainLock(queue.queue, async () =>
      drain(
        {
          store,
          queue,
          identity: await deviceIdentity(store),
          fetch: (input, init) => globalThis.fetch(input, init),
          now: Date.now,
          random: Math.random,
          onChange: () => channel.announce(),
        },
        options,
      ),
    )
  } finally {
    channel.close()
    await store.close()
  }
}

/** Drains the queues of this origin, or the one that `only` names. */
export async function drainAll(options: DrainOptions & { only?: string } = {}): Promise<DrainResult[]> {
  const { only, ...drainOptions } = options
  const queues = (await listQueues()).filter((record) => only === undefined || record.queue === only)
  return Promise.all(queues.map((record) => drainQueue(record, drainOptions)))
}
