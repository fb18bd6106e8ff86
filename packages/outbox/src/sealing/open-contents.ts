import type { ConflictValues } from '@landfall/contract'
import { isRecord } from '../entry/read-entry.ts'
import type { ShownContent } from '../entry/view.ts'
import type { QuarantinedRecord, QuarantineReason } from '../quarantine/quarantined-record.ts'
import { getMany } from '../store/get-many.ts'
import type { StoreContext } from '../store/store-context.ts'
import { type Content, type ContentPart, type ContentRecord, isContent, isContentRecord } from './content.ts'
import { SealBrokenError, unseal } from './seal.ts'

export type OpenedPayload =
  | { kind: 'opened'; payload: Record<string, unknown> }
  | { kind: 'unreadable'; reason: QuarantineReason }

/** Opens what was written, for those that are named: no more is read or opened than is asked for. */
export async function openPayloads(
  context: StoreContext,
  opIds: readonly string[],
): Promise<Map<string, OpenedPayload>> {
  const records = await readContents(context, opIds)
  const opened = opIds.map(async (opId, index): Promise<[string, OpenedPayload]> => {
    const record = records[index]
    if (record !== undefined && !isContentRecord(record)) return [opId, { kind: 'unreadable', reason: 'bad_record' }]
    if (!record?.payload) return [opId, { kind: 'unreadable', reason: 'content_missing' }]
    return [opId, await openPayload(context, opId, record.payload)]
  })
  return new Map(await Promise.all(opened))
}

async function openPayload(context: StoreContext, opId: string, content: Content): Promise<OpenedPayload> {
  if (content.kind === 'sealed' && !(await context.keys.find(content.keyId))) {
    return { kind: 'unreadable', reason: 'key_missing' }
  }
  try {
    const payload = await openPart(context, opId, 'payload', content)
    return isRecord(payload) ? { kind: 'opened', payload } : { kind: 'unreadable', reason: 'bad_record' }
  } catch (error) {
    if (error instanceof SealBrokenError) return { kind: 'unreadable', reason: 'seal_broken' }
    throw error
  }
}

/** The parts that readers of a member's edits are shown; what does not open is shown as nothing. */
export async function openShown(context: StoreContext, opIds: readonly string[]): Promise<Map<string, ShownContent>> {
  const records = await readContents(context, opIds)
  const shown = opIds.map(async (opId, index): Promise<[string, ShownContent]> => {
    const record = records[index]
    const part = async (name: 'changes' | 'conflict') => {
      const content = isContentRecord(record) ? record[name] : null
      const value = content && (await openPart(context, opId, name, content).catch(() => null))
      return isRecord(value) ? value : null
    }
    return [opId, { changes: await part('changes'), conflict: (await part('conflict')) as ConflictValues | null }]
  })
  return new Map(await Promise.all(shown))
}

export async function openPart(
  context: StoreContext,
  id: string,
  part: ContentPart,
  content: Content,
): Promise<unknown> {
  const key = content.kind === 'sealed' ? await context.keys.find(content.keyId) : undefined
  return unseal(key, { queue: context.queue, id, part }, content)
}

function readContents({ connection }: StoreContext, opIds: readonly string[]): Promise<(ContentRecord | undefined)[]> {
  return connection.use((database) => getMany(database.transaction('contents').store, opIds))
}

/** What was written in a quarantined record, where its seal still opens; null otherwise. */
export async function openQuarantined(
  context: StoreContext,
  { store, key, record, content }: QuarantinedRecord,
): Promise<Record<string, unknown> | null> {
  const held = store === 'drafts' ? record : content
  const part = store === 'drafts' ? 'draft' : 'payload'
  const sealed = isRecord(held) ? held[store === 'drafts' ? 'content' : 'payload'] : undefined
  if (!isContent(sealed)) return null
  const value = await openPart(context, key, part, sealed).catch(() => null)
  return isRecord(value) ? value : null
}
