import type { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reconcile } from '../reconcile/reconcile.ts'
import { createMemoryDatabase } from '../testing/memory-database.ts'
import { orderedUuid, queuedChange, queuedLead, queuedStatusEdit } from '../testing/queue-entry.ts'
import type { EnquiryRow } from './view-rows.ts'

describe('enquiries', () => {
  let pg: PGlite
  beforeEach(async () => {
    pg = await createMemoryDatabase()
  }, 60_000)
  afterEach(() => pg.close())

  const enquiries = async () => (await pg.query<EnquiryRow>('SELECT * FROM enquiries')).rows
  const receive = (leadId: string, status: string | null, formTitle = 'Viewing') =>
    pg.query(
      `INSERT INTO receipts_synced VALUES ($1, $2, $3, '2026-01-01T00:00Z', '2026-01-01T00:05Z', '2026-01-01T00:06Z', 1)`,
      [leadId, status, formTitle],
    )

  it.each([
    ['queued', 'saved'],
    ['sending', 'sending'],
    ['delivered', 'sent'],
    ['dead', 'failed'],
  ] as const)('shows a lead that is %s as %s', async (state, progress) => {
    await reconcile(pg, [queuedLead(1, { state })], null)
    expect(await enquiries()).toMatchObject([{ lead_id: orderedUuid(1001), label: 'Enquiry 1', progress }])
  })

  it.each([
    ['received', 'received'],
    ['reviewing', 'reviewing'],
    ['contacted', 'contacted'],
    ['closed', 'closed'],
    ['withdrawn', 'withdrawn'],
    ['a status of a newer server', 'received'],
    [null, 'received'],
  ])('shows a receipt of status %s as %s', async (status, progress) => {
    await receive(orderedUuid(1001), status)
    expect(await enquiries()).toMatchObject([{ label: 'Viewing', progress, attempts: 0, sent_at: null }])
  })

  it('shows one row for a lead whose receipt came while its entry is still queued, and believes the receipt', async () => {
    await reconcile(pg, [queuedLead(1, { attempts: 2, nextAttemptAt: '2026-01-02T00:00:00Z' })], null)
    await receive(orderedUuid(1001), 'contacted')
    expect(await enquiries()).toMatchObject([{ progress: 'contacted', label: 'Viewing', next_attempt_at: null }])
  })

  it('tells why a lead failed, and stops telling once it has arrived', async () => {
    await reconcile(pg, [queuedLead(1, { state: 'dead', reason: 'invalid_values' })], null)
    expect(await enquiries()).toMatchObject([{ progress: 'failed', reason: 'invalid_values' }])
    await receive(orderedUuid(1001), 'received')
    expect(await enquiries()).toMatchObject([{ progress: 'received', reason: null }])
  })

  it('shows a corrected lead by its later operation', async () => {
    const dead = queuedLead(1, { state: 'dead', reason: 'invalid_values' })
    await reconcile(pg, [dead, queuedLead(2, { entityId: dead.entityId })], null)
    expect(await enquiries()).toMatchObject([{ progress: 'saved', label: 'Enquiry 2', reason: null }])
  })

  const LEAD = orderedUuid(1001)
  const deliveredAt = '2026-01-01T00:30:00.000Z'

  it.each([
    ['queued', 'withdrawing'],
    ['sending', 'withdrawing'],
    ['delivered', 'withdrawn'],
    ['dead', 'received'],
  ] as const)('shows an unread lead whose withdrawal is %s as %s', async (state, progress) => {
    const at = state === 'delivered' ? deliveredAt : null
    await reconcile(
      pg,
      [queuedLead(1, { state: 'delivered' }), queuedChange(2, 'delete', LEAD, { state, deliveredAt: at })],
      null,
    )
    await receive(LEAD, 'received')
    expect(await enquiries()).toMatchObject([{ progress }])
  })

  it('shows a lead that was taken back before it was sent, and when that reached the server', async () => {
    const lead = queuedLead(1)
    await reconcile(pg, [lead, queuedChange(2, 'delete', LEAD)], null)
    expect(await enquiries()).toMatchObject([{ progress: 'withdrawing', status_changed_at: null }])
    await reconcile(pg, [lead, queuedChange(2, 'delete', LEAD, { state: 'delivered', deliveredAt })], null)
    expect(await enquiries()).toMatchObject([{ progress: 'withdrawn', status_changed_at: new Date(deliveredAt) }])
  })

  it('believes the receipt of a lead that was read before its withdrawal arrived', async () => {
    await reconcile(pg, [queuedChange(2, 'delete', LEAD)], null)
    await receive(LEAD, 'reviewing')
    expect(await enquiries()).toMatchObject([{ progress: 'reviewing' }])
  })

  it('shows a lead that was not accepted as failed, whatever waits behind it', async () => {
    await reconcile(pg, [queuedLead(1, { state: 'dead', reason: 'malformed' }), queuedChange(2, 'delete', LEAD)], null)
    expect(await enquiries()).toMatchObject([{ progress: 'failed' }])
  })

  it('counts the changes that wait, and tells when the last one was taken', async () => {
    await reconcile(
      pg,
      [
        queuedLead(1, { state: 'delivered' }),
        queuedChange(2, 'update', LEAD, { state: 'delivered', deliveredAt }),
        queuedChange(3, 'update', LEAD, { state: 'dead', reason: 'already_read' }),
        queuedChange(4, 'update', LEAD),
        queuedChange(5, 'update', LEAD, { state: 'sending' }),
      ],
      null,
    )
    expect(await enquiries()).toMatchObject([
      { progress: 'sent', pending_changes: 2, changed_at: new Date(deliveredAt) },
    ])
  })

  it('counts no changes where there are none', async () => {
    await reconcile(pg, [queuedLead(1)], null)
    expect(await enquiries()).toMatchObject([{ pending_changes: 0, changed_at: null }])
  })

  it('lists the newest first and leaves out what is not a sent lead', async () => {
    await reconcile(
      pg,
      [
        queuedLead(1),
        queuedLead(3),
        queuedLead(2),
        queuedStatusEdit(4, orderedUuid(9), 'won'),
        queuedLead(5, { entity: 'note' }),
      ],
      null,
    )
    expect((await enquiries()).map((row) => row.label)).toEqual(['Enquiry 3', 'Enquiry 2', 'Enquiry 1'])
  })
})
