import { listQueues, type QueueRecord } from '@landfall/outbox'

/** A person's queues on this device, one a workspace. */
export async function memberQueues(userId: string): Promise<QueueRecord[]> {
  return (await listQueues()).filter(({ kind, queue }) => kind === 'member' && queue.endsWith(`.${userId}`))
}
