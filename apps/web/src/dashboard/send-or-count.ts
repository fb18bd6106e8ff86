import { Outbox, type QueueRecord } from '@landfall/outbox'
import { memberQueues } from './member-queues.ts'

/**
 * Sends what a person has left on this device, in all their workspaces or in one.
 *
 * @param here the queue of this page, listed or not
 * @returns how many changes are still here afterwards, whatever the reason
 */
export async function sendOrCount(
  userId: string,
  here: QueueRecord | undefined,
  onlyTenantId?: string,
): Promise<number> {
  const listed = await memberQueues(userId).catch(() => [])
  const all = here ? [here, ...listed.filter(({ queue }) => queue !== here.queue)] : listed
  const queues = all.filter(({ tenantId }) => onlyTenantId === undefined || tenantId === onlyTenantId)
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
