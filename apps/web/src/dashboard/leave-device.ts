import { deleteLocalDb, type LocalDb } from '@landfall/local-db'
import { deleteQueue, type Outbox } from '@landfall/outbox'
import { forgetPages } from '@landfall/service-worker/register'
import { memberQueues } from './member-queues.ts'
import { forgetConflicts } from './read-conflicts.ts'

/** Tells the other tabs of the dashboard that there is nothing more to show: of one workspace, or of any. */
const CHANNEL = 'landfall:left'

interface LeftMessage {
  tenantId: string | null
  goTo: LeftFor
}

/** Where the pages of a workspace go that is not on this device any more. */
export type LeftFor = '/sign-in' | '/removed'

/** How long one database may take to go. */
const REMOVED_WITHIN_MS = 10_000

/** Whether it is this page that leaves: it hears its own message too, and must stay until everything is gone. */
let isLeaving = false

export interface Leaving {
  /** Who leaves; what other people left unsent on this device stays theirs. */
  userId: string
  /** The one workspace that they may not see any more; what they have in others stays. All of theirs without it. */
  tenantId?: string
  /** Where other tabs of it go. */
  goTo?: LeftFor
  /** What this page has open, if anything. */
  outbox: Outbox | undefined
  db: LocalDb | undefined
}

/**
 * Removes everything of a person's workspaces, or of one of them, from this device: databases, queues and kept pages,
 * whether this page had them open or not.
 *
 * @returns what could not be removed, in words
 */
export async function leaveDevice({ userId, tenantId, goTo = '/sign-in', outbox, db }: Leaving): Promise<string[]> {
  isLeaving = true
  const [directory] = await Promise.allSettled([memberQueues(userId)])
  const all = directory.status === 'fulfilled' ? directory.value : []
  const queues = all.filter((queue) => tenantId === undefined || queue.tenantId === tenantId)
  for (const { queue } of queues) forgetConflicts(queue)
  const others = queues.filter(({ queue }) => queue !== outbox?.queue.queue)
  // A database bears the name of its owner's queue.
  const closed = db ? others : queues

  // The worker that all tabs share deletes its database while they are still there: a tab that goes in the middle of it
  // could take the answer along. Only then are they told.
  const databases = await Promise.allSettled([
    ...(db ? [withinTime(db.wipe())] : []),
    ...closed.map(({ queue }) => deleteLocalDb(queue)),
  ])
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage({ tenantId: tenantId ?? null, goTo } satisfies LeftMessage)
  channel.close()
  const rest = await Promise.allSettled([
    ...(outbox ? [withinTime(outbox.wipe())] : []),
    ...others.map(({ queue }) => withinTime(deleteQueue(queue))),
    forgetPages(),
  ])
  const results = [directory, ...databases, ...rest]
  return results.flatMap((result) => (result.status === 'rejected' ? [messageOf(result.reason)] : []))
}

/** Removes the workspaces of a person that are not among these any more. */
export async function forgetOtherWorkspaces(userId: string, tenantIds: readonly string[]): Promise<void> {
  for (const { queue, tenantId } of await memberQueues(userId)) {
    if (tenantIds.includes(tenantId)) continue
    forgetConflicts(queue)
    await Promise.allSettled([deleteLocalDb(queue), deleteQueue(queue)])
  }
}

/** Calls back when the person left this workspace, or all of them, in another tab: with the page to go to. */
export function onLeft(tenantId: string, listener: (goTo: LeftFor) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = ({ data }: MessageEvent<Partial<LeftMessage>>) => {
    if (!isLeaving && (data.tenantId ?? tenantId) === tenantId) listener(data.goTo ?? '/sign-in')
  }
  return () => channel.close()
}

/** A person who leaves must not wait for ever on what another tab holds. */
function withinTime(work: Promise<void>): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(
      () => reject(new Error('Close the other tabs of the dashboard, then clear its site data.')),
      REMOVED_WITHIN_MS,
    )
  })
  return Promise.race([work, late])
}

const messageOf = (reason: unknown) => (reason instanceof Error ? reason.message : String(reason))
