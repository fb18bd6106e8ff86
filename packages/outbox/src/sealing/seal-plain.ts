import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import { writeStores } from '../store/connection.ts'
import { isDraft } from '../store/drafts.ts'
import type { StoreContext } from '../store/store-context.ts'
import { type Content, type ContentRecord, isContentRecord } from './content.ts'
import { hasWebCrypto, type SealingKey, seal } from './seal.ts'

/** Records that are sealed in one transaction: few enough that nobody waits long behind it. */
const RECORDS_AT_ONCE = 50

const PARTS = ['payload', 'changes', 'conflict'] as const

/**
 * Seals what lies here in plain: from version 1 of the store, or from a time without WebCrypto. May be repeated and cut
 * short at will: each record is sealed or not, and the mark that some are not goes last.
 */
export async function sealWhatIsPlain(context: StoreContext): Promise<void> {
  const { connection } = context
  if (!hasWebCrypto() || !(await connection.use((database) => database.get('meta', 'has-plain')))) return
  const contents = await sealContents(context)
  const drafts = await sealDrafts(context)
  if (contents === null || drafts === null) return
  const events: SyncEvent[] = [{ atMs: context.now(), kind: 'sealed-upgrade', count: contents + drafts }]
  await writeStores(connection, ['meta', 'log'], async (tx) => {
    await tx.objectStore('meta').delete('has-plain')
    appendLog(tx, events)
  })
  context.committed(null, events)
}

/** @returns how many were sealed; null when this browser turned out to keep no key */
async function sealContents(context: StoreContext): Promise<number | null> {
  const ids = await context.connection.use((database) => database.getAllKeys('contents'))
  let count = 0
  for (let at = 0; at < ids.length; at += RECORDS_AT_ONCE) {
    const some = ids.slice(at, at + RECORDS_AT_ONCE)
    const found = await context.connection.use((database) => {
      const { store } = database.transaction('contents')
      return Promise.all(some.map((id) => store.get(id)))
    })
    const plain = new Map(some.flatMap((id, index) => (hasPlain(found[index]) ? [[id, found[index]]] : [])))
    if (plain.size === 0) continue
    const sealed = await context.keys.writeSealed(
      ['contents'],
      async (key) => key && new Map(await Promise.all([...plain].map((one) => sealRecord(context, key, one)))),
      async (tx, records) => {
        for (const [id, record] of records ?? []) {
          const now = await tx.objectStore('contents').get(id)
          // What was delivered meanwhile has lost its payload, and gets none back.
          if (now) await tx.objectStore('contents').put(withSealed(now, record), id)
        }
        return records?.size ?? null
      },
    )
    if (sealed === null) return null
    count += sealed
  }
  return count
}

async function sealRecord(
  { queue }: StoreContext,
  key: SealingKey,
  [id, record]: [string, ContentRecord],
): Promise<[string, ContentRecord]> {
  const part = async (name: (typeof PARTS)[number]): Promise<Content | null> => {
    const content = record[name]
    return content?.kind === 'plain' ? seal(key, { queue, id, part: name }, content.value) : content
  }
  const [payload, changes, conflict] = await Promise.all([part('payload'), part('changes'), part('conflict')])
  return [id, { layout: 2, payload, changes, conflict }]
}

function withSealed(now: ContentRecord, sealed: ContentRecord): ContentRecord {
  const part = (name: (typeof PARTS)[number]) => (now[name]?.kind === 'plain' ? sealed[name] : now[name])
  return { layout: 2, payload: part('payload'), changes: part('changes'), conflict: part('conflict') }
}

function hasPlain(record: unknown): record is ContentRecord {
  return isContentRecord(record) && PARTS.some((name) => record[name]?.kind === 'plain')
}

async function sealDrafts(context: StoreContext): Promise<number | null> {
  const { connection, keys, queue } = context
  let count = 0
  for (const id of await connection.use((database) => database.getAllKeys('drafts'))) {
    const draft = await connection.use((database) => database.get('drafts', id))
    if (!isDraft(draft) || draft.content.kind !== 'plain') continue
    const { value } = draft.content
    const sealed = await keys.writeSealed(
      ['drafts'],
      async (key) => key && seal(key, { queue, id, part: 'draft' }, value),
      async (tx, content) => {
        const now = await tx.objectStore('drafts').get(id)
        const isSame = isDraft(now) && now.content.kind === 'plain' && now.savedAtMs === draft.savedAtMs
        if (content && isSame) await tx.objectStore('drafts').put({ ...draft, content }, id)
        return content !== null
      },
    )
    if (!sealed) return null
    count += 1
  }
  return count
}
