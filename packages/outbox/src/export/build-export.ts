import type { Entry } from '../entry/entry.ts'
import type { OpenedPayload } from '../sealing/open-contents.ts'
import type { EntryStore } from '../store/entry-store.ts'
import type { QueueRecord } from '../store/queue-directory.ts'
import { toJsonable } from './jsonable.ts'
import {
  type ExportedDeadLetter,
  OUTBOX_EXPORT_FORMAT,
  OUTBOX_EXPORT_VERSION,
  type OutboxExport,
} from './outbox-export.ts'

/** Everything that could not be delivered and what happened to it. Changes nothing, and opens what still opens. */
export async function buildExport(store: EntryStore, queue: QueueRecord, nowMs: number): Promise<OutboxExport> {
  const dead = (await store.undelivered()).filter(({ state }) => state.kind === 'dead')
  const [payloads, quarantined, log] = await Promise.all([
    store.payloads(dead.map(({ opId }) => opId)),
    store.readQuarantine(),
    store.readLog(),
  ])
  return {
    format: OUTBOX_EXPORT_FORMAT,
    version: OUTBOX_EXPORT_VERSION,
    exportedAt: new Date(nowMs).toISOString(),
    queue: queue.queue,
    tenantId: queue.tenantId,
    deadLetters: dead.flatMap((entry) => deadLetterOf(entry, payloads.get(entry.opId))),
    quarantined: await Promise.all(
      quarantined.map(async (one) => ({
        ...one,
        record: toJsonable(one.record),
        content: toJsonable(one.content),
        payload: await store.openQuarantined(one),
      })),
    ),
    log,
  }
}

function deadLetterOf(entry: Entry, opened: OpenedPayload | undefined): ExportedDeadLetter[] {
  const { opId, entity, action, entityId, label, formVersion, capturedAt, correlationId, state } = entry
  if (state.kind !== 'dead') return []
  const { reason, fields, detail, atMs } = state
  const rejectedAt = new Date(atMs).toISOString()
  const payload = opened?.kind === 'opened' ? opened.payload : null
  return [
    {
      opId,
      entity,
      action,
      entityId,
      label,
      formVersion,
      capturedAt,
      rejectedAt,
      reason,
      fields,
      detail,
      correlationId,
      payload,
    },
  ]
}
