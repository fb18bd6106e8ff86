import type { PGlite } from '@electric-sql/pglite'
import type { QueueEntryView } from '@landfall/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reconcile } from '../reconcile/reconcile.ts'
import { createMemoryDatabase } from '../testing/memory-database.ts'
import { orderedUuid, queuedStatusEdit } from '../testing/queue-entry.ts'
import type { LeadViewRow } from './view-rows.ts'

const LEAD = orderedUuid(500)

describe('leads', () => {
  let pg: PGlite
  beforeEach(async () => {
    pg = await createMemoryDatabase()
    await pg.query(`INSERT INTO leads_synced (id, status, version, write_id) VALUES ($1, 'new', 1, $2)`, [
      LEAD,
      orderedUuid(10),
    ])
  }, 60_000)
  afterEach(() => pg.close())

  const lead = async () => (await pg.query<LeadViewRow>('SELECT * FROM leads')).rows[0]
  const asSynced = { status: 'new', _has_local_changes: false, _pending_write_id: null }

  it('shows the synced row when nothing is pending', async () => {
    expect(await lead()).toMatchObject(asSynced)
  })

  it.each(['queued', 'sending', 'delivered'] as const)('shows an edit that is %s', async (state) => {
    await reconcile(pg, [queuedStatusEdit(20, LEAD, 'won', { state, version: state === 'delivered' ? 2 : null })], null)
    expect(await lead()).toMatchObject({ status: 'won', _has_local_changes: true, _pending_write_id: orderedUuid(20) })
  })

  it('shows an edit that sets the column to null', async () => {
    await reconcile(pg, [queuedStatusEdit(20, LEAD, null)], null)
    expect(await lead()).toMatchObject({ status: null, _has_local_changes: true })
  })

  it('does not show a dead edit', async () => {
    await reconcile(pg, [queuedStatusEdit(20, LEAD, 'won', { state: 'dead' })], null)
    expect(await lead()).toMatchObject(asSynced)
  })

  it('shows the latest of several edits, also when its clock was put back', async () => {
    await reconcile(pg, [queuedStatusEdit(22, LEAD, 'won'), queuedStatusEdit(21, LEAD, 'lost')], null)
    expect(await lead()).toMatchObject({ status: 'lost', _pending_write_id: orderedUuid(21) })
  })

  const delivered = (overrides: Partial<QueueEntryView> = {}) =>
    queuedStatusEdit(20, LEAD, 'won', { state: 'delivered', version: 2, ...overrides })
  const syncAs = (status: string, version: number, writeOrder: number) =>
    pg.query(`UPDATE leads_synced SET status = $1, version = $2, write_id = $3`, [
      status,
      version,
      orderedUuid(writeOrder),
    ])

  it('shows the server again once a delivered edit came back through the shape', async () => {
    await reconcile(pg, [delivered()], null)
    await syncAs('won', 2, 20)
    expect(await lead()).toMatchObject({ status: 'won', _has_local_changes: false })
  })

  it('shows the server again once an edit of somebody else lies on top of a delivered one, by whatever clock', async () => {
    await reconcile(pg, [delivered()], null)
    await syncAs('spam', 3, 5)
    expect(await lead()).toMatchObject({ status: 'spam', _has_local_changes: false })
  })

  it('goes on showing a delivered edit over a row from before it, whose write id comes from a clock ahead', async () => {
    await reconcile(pg, [delivered({ version: 3 })], null)
    await syncAs('lost', 2, 900)
    expect(await lead()).toMatchObject({ status: 'won', _has_local_changes: true })
  })

  it('shows what stands instead of an edit that lost, also before the row has come', async () => {
    await reconcile(pg, [delivered({ version: 3, conflict: { status: { kept: 'lost', lost: 'won' } } })], null)
    expect(await lead()).toMatchObject({ status: 'lost', _has_local_changes: false, _pending_write_id: null })
    await syncAs('lost', 3, 20)
    expect(await lead()).toMatchObject({ status: 'lost', _has_local_changes: false })
  })

  it('shows an edit that won its conflict until the row has come', async () => {
    await reconcile(pg, [delivered({ version: 3, conflict: { status: { kept: 'won', lost: 'lost' } } })], null)
    expect(await lead()).toMatchObject({ status: 'won', _has_local_changes: true })
  })

  it('shows a new edit over one that lost', async () => {
    const lost = delivered({ version: 3, conflict: { status: { kept: 'lost', lost: 'won' } } })
    await reconcile(pg, [lost, queuedStatusEdit(21, LEAD, 'won')], null)
    expect(await lead()).toMatchObject({ status: 'won', _has_local_changes: true })
  })

  it('shows a lead that its visitor took back as withdrawn, whatever edit is on its way', async () => {
    await reconcile(pg, [queuedStatusEdit(20, LEAD, 'won')], null)
    await syncAs('withdrawn', 2, 12)
    expect(await lead()).toMatchObject({ status: 'withdrawn' })
  })

  it('has reasons and consents as lists, also from a server that sends none', async () => {
    expect(await lead()).toMatchObject({ spam_reasons: [], consents: [] })
    await pg.query(`UPDATE leads_synced SET spam_reasons = '["decoy"]'`)
    expect(await lead()).toMatchObject({ spam_reasons: ['decoy'] })
  })

  it('keeps a queued edit over a later edit of somebody else', async () => {
    await reconcile(pg, [queuedStatusEdit(20, LEAD, 'won')], null)
    await pg.query(`UPDATE leads_synced SET status = 'spam', write_id = $1`, [orderedUuid(30)])
    expect(await lead()).toMatchObject({ status: 'won', _has_local_changes: true })
  })

  it('keeps pending edits when a refetch empties and refills the synced table', async () => {
    await reconcile(pg, [queuedStatusEdit(20, LEAD, 'won')], null)
    await pg.exec('DELETE FROM leads_synced')
    expect(await lead()).toBeUndefined()
    await pg.query(`INSERT INTO leads_synced (id, status) VALUES ($1, 'new')`, [LEAD])
    expect(await lead()).toMatchObject({ status: 'won', _has_local_changes: true })
  })
})
