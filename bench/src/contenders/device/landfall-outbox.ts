import type { Operation } from '@landfall/contract'
import { type NewEntry, Outbox } from '@landfall/outbox'
import { BATCH_PATH } from '../../sample/request.ts'
import type { DrainableQueue } from './device-queue.ts'

/** So many at once go into the queue when it is filled. */
const FILL_AT_ONCE = 500

/** Our own, through what it exports, as a form uses it. */
export async function openLandfallOutbox(): Promise<DrainableQueue> {
  let isOnline = false
  const outbox = new Outbox({
    queue: 'bench',
    tenantId: 'bench',
    kind: 'visitor',
    endpoint: BATCH_PATH,
    fetch: (input, init) => (isOnline ? fetch(input, init) : Promise.reject(new TypeError('offline'))),
  })
  // A page has its queue open long before a form is sent.
  await outbox.readEntries()

  return {
    async save(lead) {
      const startMs = performance.now()
      await outbox.enqueue(toEntry(lead))
      return performance.now() - startMs
    },
    // Queues for the same lock as the attempt that `enqueue` began, so it ends after it.
    settle: async () => void (await outbox.flush()),
    async fill(leads) {
      for (let at = 0; at < leads.length; at += FILL_AT_ONCE) {
        await outbox.enqueue(...leads.slice(at, at + FILL_AT_ONCE).map(toEntry))
      }
    },
    async drain() {
      isOnline = true
      const startMs = performance.now()
      const result = await outbox.flush({ urgency: 'now' })
      const elapsedMs = performance.now() - startMs
      if (result?.kind !== 'empty') throw new Error(`the outbox ended with ${JSON.stringify(result)}`)
      const dead = (await outbox.readEntries()).filter((entry) => entry.state !== 'delivered')
      if (dead.length > 0) throw new Error(`${dead.length} leads were not delivered`)
      return elapsedMs
    },
  }
}

function toEntry(lead: Operation): NewEntry {
  const { opId, entity, action, entityId, formVersion = 1, capturedAt, payload } = lead
  return { opId, entity, action, entityId, formVersion, capturedAt, payload, label: 'Quote request' }
}
