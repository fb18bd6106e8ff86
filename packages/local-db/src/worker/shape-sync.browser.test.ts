import type { FollowedShape } from '@landfall/contract'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SyncState } from '../protocol/status.ts'
import { launchContext, openDatabase, openTab, query } from '../testing/browser.ts'
import { FakeShape } from '../testing/fake-shape.ts'
import { orderedUuid, queuedLead, queuedStatusEdit } from '../testing/queue-entry.ts'
import { startTestSite, type TestSite } from '../testing/test-site.ts'

const receipt = (order: number, status = 'received') => ({
  lead_id: orderedUuid(1000 + order),
  status,
  form_title: `Form ${order}`,
  captured_at: '2026-01-01 00:00:00+00',
  received_at: '2026-01-01 00:05:00+00',
  status_changed_at: '2026-01-01 00:05:00+00',
  version: '1',
})
const lead = (order: number, status = 'new') => ({
  id: orderedUuid(1000 + order),
  status,
  values: '{"name":"Ada"}',
  version: '1',
})

const RECEIPTS = { name: 'receipts' as const, url: '/receipts', headers: { authorization: 'Bearer first' } }
const LEADS = { name: 'leads' as const, url: '/leads', headers: {} }

const waitForSync = (page: Page, name: FollowedShape, state: SyncState) =>
  page.waitForFunction(
    ([shape, wanted]) => {
      const status = window.testPage.db?.getStatus()
      return status?.phase === 'ready' && status.sync[shape] === wanted
    },
    [name, state] as const,
  )
const watchEnquiries = (page: Page) =>
  page.evaluate(() => window.testPage.watch('enquiries', 'SELECT label, progress FROM enquiries ORDER BY label'))
const waitForEnquiries = (page: Page, ...expected: string[]) =>
  page.waitForFunction(
    (wanted) =>
      JSON.stringify(window.testPage.live.enquiries?.map((row) => `${row.label} ${row.progress}`)) ===
      JSON.stringify(wanted),
    expected,
  )

describe('shapes', () => {
  let site: TestSite
  let context: BrowserContext
  let close: () => Promise<void>
  let receipts: FakeShape
  let leads: FakeShape

  beforeAll(async () => {
    site = await startTestSite('./test-page.ts', {
      '/receipts': (...args) => receipts.handler(...args),
      '/leads': (...args) => leads.handler(...args),
    })
  })
  afterAll(() => site.close())
  beforeEach(async () => {
    receipts = new FakeShape('lead_id', [receipt(1)])
    leads = new FakeShape('id', [lead(1)])
    ;({ context, close } = await launchContext())
  })
  afterEach(() => close())

  it('shows a receipt live, in place of the entry that waited for it', async () => {
    const page = await openTab(context, site)
    await openDatabase(page, { shapes: [RECEIPTS] })
    await page.evaluate((entries) => window.testPage.db?.reconcile(entries), [queuedLead(2, { state: 'delivered' })])
    await watchEnquiries(page)
    await waitForEnquiries(page, 'Enquiry 2 sent', 'Form 1 received')
    receipts.change('insert', receipt(2))
    await waitForEnquiries(page, 'Form 1 received', 'Form 2 received')
    receipts.change('update', { lead_id: receipt(2).lead_id, status: 'contacted' })
    await waitForEnquiries(page, 'Form 1 received', 'Form 2 contacted')
  })

  it('runs one stream for all tabs', async () => {
    const [first, second] = [await openTab(context, site), await openTab(context, site)]
    await openDatabase(first, { shapes: [RECEIPTS] })
    await waitForSync(first, 'receipts', 'up-to-date')
    await openDatabase(second, { shapes: [RECEIPTS] })
    await watchEnquiries(second)
    receipts.change('insert', receipt(2))
    await waitForEnquiries(second, 'Form 1 received', 'Form 2 received')
    expect(receipts.requests.filter(({ offset }) => offset === '-1')).toHaveLength(1)
  })

  it('goes on from where it stopped when it is opened again', async () => {
    const first = await openTab(context, site)
    await openDatabase(first, { shapes: [RECEIPTS] })
    await waitForSync(first, 'receipts', 'up-to-date')
    await first.close()
    receipts.change('insert', receipt(2))
    receipts.requests.length = 0

    const second = await openTab(context, site)
    await openDatabase(second, { shapes: [RECEIPTS] })
    await watchEnquiries(second)
    await waitForEnquiries(second, 'Form 1 received', 'Form 2 received')
    expect(receipts.requests.map(({ offset }) => offset)).not.toContain('-1')
  })

  it('replaces its rows after a must-refetch at an unchanged position, and keeps the new handle', async () => {
    const first = await openTab(context, site)
    await openDatabase(first, { shapes: [RECEIPTS] })
    await waitForSync(first, 'receipts', 'up-to-date')
    await watchEnquiries(first)
    receipts.rotate([receipt(3)])
    await waitForEnquiries(first, 'Form 3 received')
    receipts.change('insert', receipt(4))
    await waitForEnquiries(first, 'Form 3 received', 'Form 4 received')
    expect(await query(first, 'SELECT handle FROM shape_positions')).toEqual([{ handle: 'shape-2' }])
  })

  it('refetches when the shape was rotated while nobody was there', async () => {
    const first = await openTab(context, site)
    await openDatabase(first, { shapes: [RECEIPTS] })
    await waitForSync(first, 'receipts', 'up-to-date')
    await first.close()
    receipts.rotate([receipt(3)])

    const second = await openTab(context, site)
    await openDatabase(second, { shapes: [RECEIPTS] })
    await watchEnquiries(second)
    await waitForEnquiries(second, 'Form 3 received')
    await waitForSync(second, 'receipts', 'up-to-date')
  })

  it('never shows an empty list while it refetches', async () => {
    const page = await openTab(context, site)
    await openDatabase(page, { shapes: [RECEIPTS] })
    await waitForSync(page, 'receipts', 'up-to-date')
    const seen = await page.evaluateHandle(async () => {
      const counts: number[] = []
      await window.testPage.db?.pg.live.query('SELECT * FROM enquiries', [], ({ rows }) => counts.push(rows.length))
      return counts
    })
    await watchEnquiries(page)
    receipts.rotate([receipt(3), receipt(4)])
    await waitForEnquiries(page, 'Form 3 received', 'Form 4 received')
    expect(await seen.evaluate((counts) => counts.includes(0))).toBe(false)
  })

  it('keeps a member’s pending edit through a refetch', async () => {
    const page = await openTab(context, site)
    await openDatabase(page, { shapes: [LEADS] })
    await waitForSync(page, 'leads', 'up-to-date')
    await page.evaluate((entries) => window.testPage.db?.reconcile(entries), [queuedStatusEdit(2, lead(1).id, 'won')])
    await page.evaluate(() => window.testPage.watch('leads', 'SELECT status, version FROM leads'))
    leads.rotate([{ ...lead(1), version: '2' }])
    await page.waitForFunction(() => window.testPage.live.leads?.[0]?.version === 2)
    expect(await page.evaluate(() => window.testPage.live.leads)).toEqual([{ status: 'won', version: 2 }])
  })

  it('does not lose the rows of a batch that could not be stored', async () => {
    const page = await openTab(context, site)
    receipts = new FakeShape('lead_id', [receipt(1), { ...receipt(2), received_at: 'not a time' }])
    await openDatabase(page, { shapes: [RECEIPTS] })
    await watchEnquiries(page)
    await page.waitForFunction(() => {
      const status = window.testPage.db?.getStatus()
      return status?.phase === 'ready' && status.problems.receipts?.includes('not a time')
    })
    // The server mends the row. The position of the failed batch must not have been kept.
    receipts.mend([receipt(1), receipt(2)])
    await waitForEnquiries(page, 'Form 1 received', 'Form 2 received')
    await waitForSync(page, 'receipts', 'up-to-date')
  })

  it('leaves out columns that this version doesn’t know', async () => {
    const page = await openTab(context, site)
    receipts = new FakeShape('lead_id', [{ ...receipt(1), colour: 'blue' }])
    await openDatabase(page, { shapes: [RECEIPTS] })
    await watchEnquiries(page)
    await waitForEnquiries(page, 'Form 1 received')
  })

  it.each([401, 403])('says unauthorized at %i, and starts again with the headers of another tab', async (refusal) => {
    const [first, second] = [await openTab(context, site), await openTab(context, site)]
    receipts.refuseWith = refusal
    await openDatabase(first, { shapes: [RECEIPTS] })
    await waitForSync(first, 'receipts', 'unauthorized')
    receipts.refuseWith = undefined
    await openDatabase(second, { shapes: [{ ...RECEIPTS, headers: { authorization: 'Bearer second' } }] })
    await waitForSync(first, 'receipts', 'up-to-date')
    expect(receipts.requests.at(-1)?.headers.authorization).toBe('Bearer second')
  })

  it('reconnects by itself after the server was unwell', async () => {
    const page = await openTab(context, site)
    receipts.refuseWith = 503
    await openDatabase(page, { shapes: [RECEIPTS] })
    await waitForSync(page, 'receipts', 'reconnecting')
    receipts.refuseWith = undefined
    await waitForSync(page, 'receipts', 'up-to-date')
  })

  it('says offline while there is no network, and is up to date at once when it is back', async () => {
    const page = await openTab(context, site)
    await openDatabase(page, { shapes: [RECEIPTS] })
    await waitForSync(page, 'receipts', 'up-to-date')
    await context.setOffline(true)
    await waitForSync(page, 'receipts', 'offline')
    receipts.change('insert', receipt(2))
    await watchEnquiries(page)
    await context.setOffline(false)
    await waitForSync(page, 'receipts', 'up-to-date')
    await waitForEnquiries(page, 'Form 1 received', 'Form 2 received')
  })

  it('takes a network’s sign-in page for no answer, keeps its rows and its place, and goes on', async () => {
    const page = await openTab(context, site)
    await openDatabase(page, { shapes: [RECEIPTS] })
    await waitForSync(page, 'receipts', 'up-to-date')
    receipts.portal = '<!doctype html><title>Free wifi</title>'
    receipts.change('insert', receipt(2))
    await waitForSync(page, 'receipts', 'reconnecting')
    expect(await query(page, 'SELECT lead_id FROM receipts_synced')).not.toHaveLength(0)
    receipts.portal = undefined
    receipts.requests.length = 0
    await watchEnquiries(page)
    await waitForEnquiries(page, 'Form 1 received', 'Form 2 received')
    await waitForSync(page, 'receipts', 'up-to-date')
    expect(receipts.requests.map(({ offset }) => offset)).not.toContain('-1')
  })

  it('leaves a connection that fell silent, and says when it last was up to date', { timeout: 120_000 }, async () => {
    const page = await openTab(context, site)
    await openDatabase(page, { shapes: [RECEIPTS] })
    await waitForSync(page, 'receipts', 'up-to-date')
    receipts.isSwallowing = true
    // The wait on its way is answered; the next one nobody answers.
    receipts.change('insert', receipt(2))
    await page.waitForFunction(
      () => {
        const status = window.testPage.db?.getStatus()
        return status?.phase === 'ready' && status.problems.receipts === 'the connection fell silent'
      },
      undefined,
      { timeout: 80_000 },
    )
    const status = await page.evaluate(() => window.testPage.db?.getStatus())
    expect(status).toMatchObject({ sync: { receipts: 'reconnecting' }, syncedAtMs: { receipts: expect.any(Number) } })
    receipts.isSwallowing = false
    await page.evaluate(() => dispatchEvent(new Event('pageshow')))
    await waitForSync(page, 'receipts', 'up-to-date')
  })

  it('begins anew when the server refuses the position', async () => {
    const page = await openTab(context, site)
    receipts.refuseWith = 400
    await openDatabase(page, { shapes: [RECEIPTS] })
    await page.waitForFunction(() => {
      const status = window.testPage.db?.getStatus()
      return status?.phase === 'ready' && status.problems.receipts !== undefined
    })
    receipts.refuseWith = undefined
    await waitForSync(page, 'receipts', 'up-to-date')
  })
})
