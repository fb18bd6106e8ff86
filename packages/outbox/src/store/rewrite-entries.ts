import type { Entry, NewEntry } from '../entry/entry.ts'
import { operationBytes } from '../entry/operation-bytes.ts'
import { type OperationWrite, type Rewrite, type RewriteCounts, toWrite } from '../entry/operation-write.ts'
import { die, isUnsent } from '../entry/transitions.ts'
import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import type { ContentRecord } from '../sealing/content.ts'
import { openPayloads, openShown } from '../sealing/open-contents.ts'
import type { SealingKey } from '../sealing/seal.ts'
import { toJson } from '../sealing/to-json.ts'
import { issued } from './connection.ts'
import { getMany } from './get-many.ts'
import { countChange } from './meta.ts'
import { readSnapshot } from './read-entries.ts'
import type { StoreContext } from './store-context.ts'
import { sealWrite } from './write-entries.ts'

/** An entry that is to be another, and what is to be written in it; null: what is there stays. */
interface Rewritten {
  entry: Entry
  content: Pick<NewEntry, 'payload' | 'changes'> | null
}

/**
 * Rewrites every entry that no request ever carried. The caller holds the drain lock, so that none is on its way. What
 * stands in one group with an outdated one dies with it.
 */
export async function rewriteUnsentEntries(
  context: StoreContext,
  rewrite: (write: OperationWrite) => Rewrite,
): Promise<RewriteCounts> {
  const { entries = [] } = await readSnapshot(context)
  const planned = await plan(context, entries.filter(isUnsent), rewrite)
  if (planned.length === 0) return { rewritten: 0, outdated: 0 }
  const opIds = planned.map(({ entry }) => entry.opId)
  const done = await context.keys.writeSealed(
    ['entries', 'contents', 'meta', 'log'],
    (key) => Promise.all(planned.map((one) => sealRewritten(context, key, one))),
    async (tx, contents) => {
      const present = await getMany<unknown>(tx.objectStore('entries'), opIds)
      const events: SyncEvent[] = []
      for (const [index, { entry }] of planned.entries()) {
        // A person took it back meanwhile.
        if (present[index] === undefined) continue
        issued(tx.objectStore('entries').put(entry))
        const content = contents[index]
        if (content) issued(tx.objectStore('contents').put(content, entry.opId))
        if (entry.state.kind === 'dead') {
          const { correlationId, opId, state } = entry
          events.push({ atMs: context.now(), kind: 'dead', correlationId, opId, reason: state.reason })
        }
      }
      appendLog(tx, events)
      return { events, revision: (await countChange(tx)).revision }
    },
  )
  context.committed({ revision: done.revision, opIds }, done.events)
  const outdated = planned.filter(({ entry }) => entry.state.kind === 'dead').length
  return { rewritten: planned.length - outdated, outdated }
}

async function plan(
  context: StoreContext,
  unsent: readonly Entry[],
  rewrite: (write: OperationWrite) => Rewrite,
): Promise<Rewritten[]> {
  const ids = unsent.map(({ opId }) => opId)
  const [payloads, shown] = await Promise.all([openPayloads(context, ids), openShown(context, ids)])
  const planned = new Map<string, Rewritten>()
  const tornGroups = new Set<string>()
  for (const entry of unsent) {
    const opened = payloads.get(entry.opId)
    // What does not open is set apart by the drain that wants to send it.
    if (opened?.kind !== 'opened') continue
    const rewritten = rewrite(toWrite(entry, opened.payload, shown.get(entry.opId)?.changes ?? null))
    switch (rewritten.kind) {
      case 'unchanged':
        break
      case 'rewritten':
        planned.set(entry.opId, asRewritten(entry, rewritten.write))
        break
      case 'outdated':
        planned.set(entry.opId, { entry: die(entry, 'outdated', context.now(), rewritten.detail), content: null })
        if (entry.groupId !== null) tornGroups.add(entry.groupId)
    }
  }
  for (const entry of unsent) {
    if (entry.groupId === null || !tornGroups.has(entry.groupId)) continue
    if (planned.get(entry.opId)?.entry.state.kind === 'dead') continue
    planned.set(entry.opId, { entry: die(entry, 'group_failed', context.now()), content: null })
  }
  return [...planned.values()]
}

function asRewritten(entry: Entry, write: Pick<NewEntry, 'entity' | 'payload' | 'changes'>): Rewritten {
  const head = { ...entry, entity: write.entity }
  return {
    entry: { ...head, bytes: operationBytes(head, toJson(write.payload)), hasChanges: write.changes !== undefined },
    content: write,
  }
}

async function sealRewritten(
  context: StoreContext,
  key: SealingKey | null,
  { entry, content }: Rewritten,
): Promise<ContentRecord | null> {
  return content && sealWrite(context, key, { entry, payload: content.payload, changes: content.changes ?? null })
}
