import type { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryDatabase } from '../testing/memory-database.ts'
import { orderedUuid, queuedLead } from '../testing/queue-entry.ts'
import { reconcile } from './reconcile.ts'

describe('reconcile', () => {
  let pg: PGlite
  beforeEach(async () => {
    pg = await createMemoryDatabase()
  }, 60_000)
  afterEach(() => pg.close())

  const operations = async () =>
    (await pg.query<{ op_id: string; state: string }>('SELECT op_id, state FROM sync_operations ORDER BY op_id')).rows

  it('mirrors every column of an entry', async () => {
    const entry = queuedLead(1, {
      groupId: orderedUuid(7),
      state: 'delivered',
      changes: { status: null },
      baseVersion: 4,
      attempts: 3,
      nextAttemptAt: '2026-01-02T00:00:00.000Z',
      deliveredAt: '2026-01-03T00:00:00.000Z',
      txid: 4_000_000_000,
      version: 7,
      conflict: { status: { kept: 'won', lost: null } },
      reason: 'invalid_values',
    })
    await reconcile(pg, [entry], null)
    expect((await pg.query('SELECT * FROM sync_operations')).rows).toEqual([
      {
        op_id: entry.opId,
        place: 1,
        group_id: entry.groupId,
        transaction_id: null,
        entity: 'lead',
        entity_id: entry.entityId,
        action: 'insert',
        state: 'delivered',
        label: 'Enquiry 1',
        changes: { status: null },
        base_version: 4,
        captured_at: new Date(entry.capturedAt),
        attempts: 3,
        next_attempt_at: new Date('2026-01-02T00:00:00.000Z'),
        delivered_at: new Date('2026-01-03T00:00:00.000Z'),
        txid: 4_000_000_000,
        version: 7,
        conflict: { status: { kept: 'won', lost: null } },
        reason: 'invalid_values',
      },
    ])
  })

  it('leaves the same rows when it is repeated', async () => {
    const entries = [queuedLead(1), queuedLead(2)]
    await reconcile(pg, entries, 1)
    const versions = () => pg.query('SELECT op_id, xmin::text FROM sync_operations ORDER BY op_id')
    const before = (await versions()).rows
    await reconcile(pg, entries, 1)
    expect((await versions()).rows).toEqual(before)
  })

  it('updates what changed and deletes what the outbox no longer holds', async () => {
    await reconcile(pg, [queuedLead(1), queuedLead(2)], null)
    await reconcile(pg, [queuedLead(2, { state: 'delivered' }), queuedLead(3)], null)
    expect(await operations()).toEqual([
      { op_id: orderedUuid(2), state: 'delivered' },
      { op_id: orderedUuid(3), state: 'queued' },
    ])
  })

  it('empties the mirror when the outbox is empty', async () => {
    await reconcile(pg, [queuedLead(1)], null)
    await reconcile(pg, [], null)
    expect(await operations()).toEqual([])
  })

  it('ignores an older snapshot that arrives after a newer one', async () => {
    await reconcile(pg, [queuedLead(1), queuedLead(2)], 8)
    await reconcile(pg, [queuedLead(1)], 7)
    expect(await operations()).toHaveLength(2)
    await reconcile(pg, [], 9)
    expect(await operations()).toEqual([])
  })

  it('reads a revision-less snapshot as the newest, and keeps the revision', async () => {
    await reconcile(pg, [queuedLead(1)], 8)
    await reconcile(pg, [queuedLead(2)], null)
    expect(await operations()).toEqual([{ op_id: orderedUuid(2), state: 'queued' }])
    await reconcile(pg, [], 7)
    expect(await operations()).toHaveLength(1)
  })
})
