import type { PGlite } from '@electric-sql/pglite'
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
    await reconcile(pg, [queuedStatusEdit(20, LEAD, 'won', { state })], null)
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

  it('shows the latest of several edits', async () => {
    await reconcile(pg, [queuedStatusEdit(22, LEAD, 'lost'), queuedStatusEdit(21, LEAD, 'won')], null)
    expect(await lead()).toMatchObject({ status: 'lost', _pending_write_id: orderedUuid(22) })
  })

  it('shows the server again once a delivered edit came back through the shape', async () => {
    await reconcile(pg, [queuedStatusEdit(20, LEAD, 'won', { state: 'delivered' })], null)
    await pg.query(`UPDATE leads_synced SET status = 'won', write_id = $1`, [orderedUuid(20)])
    expect(await lead()).toMatchObject({ status: 'won', _has_local_changes: false })
  })

  it('shows the server again once a later edit of somebody else lies on top of a delivered one', async () => {
    await reconcile(pg, [queuedStatusEdit(20, LEAD, 'won', { state: 'delivered' })], null)
    await pg.query(`UPDATE leads_synced SET status = 'spam', write_id = $1`, [orderedUuid(30)])
    expect(await lead()).toMatchObject({ status: 'spam', _has_local_changes: false })
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
