import { Outbox, type QueueRecord } from '@landfall/outbox'
import { memberQueues } from './member-queues.ts'

/**
 * Sends what a person has left on this device, in all their workspaces.
 *
 * @param here the queue of this page, listed or not
 * @returns how many changes are still here afterwards, whatever the reason
 */
export async function sendOrCount(userId: string, here: QueueRecord | undefined): Promise<number> {
  const listed = await memberQueues(userId).catch(() => [])
  const queues = here ? [here, ...listed.filter(({ queue }) => queue !== here.queue)] : listed
  // A store that cannot be read keeps nobody from leaving.
  const counts = await Promise.all(queues.map((queue) => countLeft(queue).catch(() => 0)))
  return counts.reduce((sum, count) => sum + count, 0)
}

async function countLeft(queue: QueueRecord): Promise<number> {
  const outbox = new Outbox(queue)
  try {
    await outbox.flush({ urgency: 'now' })
    const [entries, quarantined] = await Promise.all([outbox.readEntries(), outbox.readQuarantine()])
    return entries.filter(({ state }) => state !== 'delivered').length + quarantined.length
  } finally {
    await outbox.close()
  }
}
