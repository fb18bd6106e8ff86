import { isRecord } from '../entry/read-entry.ts'
import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import type { QuarantineReason } from '../quarantine/quarantined-record.ts'
import { isContent } from '../sealing/content.ts'
import { openPart } from '../sealing/open-contents.ts'
import { seal } from '../sealing/seal.ts'
import { SHRED_STORES, shredKeyIfUnused } from '../sealing/shred.ts'
import { writeStores } from './connection.ts'
import { countChange } from './meta.ts'
import type { DraftRecord } from './open-store.ts'
import type { StoreContext } from './store-context.ts'

export const KEEP_DRAFT_MS = 7 * 24 * 60 * 60 * 1_000

export async function saveDraft(context: StoreContext, formId: string, values: Record<string, unknown>): Promise<void> {
  await context.keys.writeSealed(
    ['drafts', 'meta'],
    (key) => seal(key, { queue: context.queue, id: formId, part: 'draft' }, values),
    async (tx, content) => {
      await tx.objectStore('drafts').put({ layout: 2, content, savedAtMs: context.now() }, formId)
      if (content.kind === 'plain') await tx.objectStore('meta').put(true, 'has-plain')
    },
    // Typing must not wait for the disk; what is lost with the power is half a sentence.
    'relaxed',
  )
}

/** What was typed and is no older than seven days. One that cannot be read is put aside, and the form begins empty. */
export async function readDraft(context: StoreContext, formId: string): Promise<Record<string, unknown> | undefined> {
  const draft: unknown = await context.connection.use((database) => database.get('drafts', formId))
  if (draft === undefined) return undefined
  if (!isDraft(draft)) return setApart(context, formId, 'bad_record')
  if (context.now() - draft.savedAtMs >= KEEP_DRAFT_MS) return undefined
  const { content } = draft
  if (content.kind === 'sealed' && !(await context.keys.find(content.keyId))) {
    return setApart(context, formId, 'key_missing')
  }
  const values = await openPart(context, formId, 'draft', content).catch(() => undefined)
  return isRecord(values) ? values : setApart(context, formId, 'seal_broken')
}

export async function deleteDraft(context: StoreContext, formId: string): Promise<void> {
  const events = await writeStores(context.connection, ['log', ...SHRED_STORES], async (tx) => {
    await tx.objectStore('drafts').delete(formId)
    const events: SyncEvent[] = (await shredKeyIfUnused(tx)) ? [{ atMs: context.now(), kind: 'key-shredded' }] : []
    appendLog(tx, events)
    return events
  })
  context.committed(null, events)
}

export function isDraft(value: unknown): value is DraftRecord {
  return isRecord(value) && value.layout === 2 && Number.isFinite(value.savedAtMs) && isContent(value.content)
}

async function setApart(context: StoreContext, formId: string, reason: QuarantineReason): Promise<undefined> {
  const done = await writeStores(context.connection, ['drafts', 'quarantine', 'meta', 'log'], async (tx) => {
    const record: unknown = await tx.objectStore('drafts').get(formId)
    if (record === undefined) return undefined
    const atMs = context.now()
    const events: SyncEvent[] = [{ atMs, kind: 'quarantined', reason, count: 1 }]
    await tx.objectStore('quarantine').add({ store: 'drafts', key: formId, reason, atMs, record, content: null })
    await tx.objectStore('drafts').delete(formId)
    appendLog(tx, events)
    return { events, revision: (await countChange(tx)).revision }
  }).catch(() => undefined)
  if (done) context.committed({ revision: done.revision, opIds: [] }, done.events)
  return undefined
}
