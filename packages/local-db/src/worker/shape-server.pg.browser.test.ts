import { createTestDatabase, type TestDatabase } from '@landfall/embedded-postgres'
import { type ShapeServer, startShapeServer } from '@landfall/shape-server'
import pg from 'pg'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { launchContext, openDatabase, openTab } from '../testing/browser.ts'
import { orderedUuid } from '../testing/queue-entry.ts'
import { type RouteHandler, startTestSite, type TestSite } from '../testing/test-site.ts'

const TABLES = `
  CREATE TABLE receipts (
    lead_id uuid PRIMARY KEY, status text NOT NULL, form_title text NOT NULL, captured_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL, status_changed_at timestamptz NOT NULL, version int NOT NULL);
  CREATE TABLE leads (
    id uuid PRIMARY KEY, form_id text NOT NULL, form_version int NOT NULL, "values" jsonb NOT NULL,
    attribution jsonb NOT NULL, status text NOT NULL, captured_at timestamptz NOT NULL, received_at timestamptz NOT NULL,
    captured_offline boolean NOT NULL, clock_skew_ms int NOT NULL, updated_at timestamptz NOT NULL, version int NOT NULL,
    write_id uuid);
  INSERT INTO receipts VALUES ('${orderedUuid(1)}', 'received', 'Viewing', now(), now(), now(), 1);
  INSERT INTO leads VALUES ('${orderedUuid(1)}', 'f_12345678', 1, '{"name":"Ada","consent":true}', '{"utm_source":"x"}',
    'new', '2026-01-01T10:00Z', now(), true, -250, now(), 1, '${orderedUuid(1)}')`

describe('shapes of the real shape server', () => {
  let database: TestDatabase
  let client: pg.Client
  let server: ShapeServer
  let site: TestSite
  let context: BrowserContext
  let page: Page
  let close: () => Promise<void>

  /** What the app's proxy does: table and columns are the server's, the rest is the protocol's. */
  const proxy =
    (table: string): RouteHandler =>
    async (_request, url, response) => {
      url.searchParams.set('table', table)
      const abandoned = new AbortController()
      response.on('close', () => abandoned.abort())
      try {
        const answer = await fetch(`${server.url}/v1/shape${url.search}`, { signal: abandoned.signal })
        const headers = Object.fromEntries(answer.headers)
        delete headers['content-encoding']
        delete headers['content-length']
        delete headers['transfer-encoding']
        response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()))
      } catch (error) {
        if (!abandoned.signal.aborted) throw error
      }
    }

  beforeAll(async () => {
    database = await createTestDatabase(inject('postgresUrl'))
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(TABLES)
    server = await startShapeServer({ databaseUrl: database.url })
    site = await startTestSite('./test-page.ts', { '/receipts': proxy('receipts'), '/leads': proxy('leads') })
    ;({ context, close } = await launchContext())
    page = await openTab(context, site)
    await openDatabase(page, {
      shapes: [
        { name: 'receipts', url: '/receipts', headers: {} },
        { name: 'leads', url: '/leads', headers: {} },
      ],
    })
    await page.evaluate(async () => {
      await window.testPage.watch('enquiries', 'SELECT label, progress FROM enquiries')
      await window.testPage.watch('leads', 'SELECT * FROM leads')
    })
  })
  afterAll(async () => {
    await close()
    await site.close()
    await server.stop()
    await client.end()
    await database.drop()
  })

  const live = (name: string) =>
    expect.poll(() => page.evaluate((key) => window.testPage.live[key], name), { timeout: 20_000 })

  it('shows the receipts that exist, and each change of them', async () => {
    await live('enquiries').toEqual([{ label: 'Viewing', progress: 'received' }])
    await client.query(`UPDATE receipts SET status = 'contacted', version = 2`)
    await live('enquiries').toEqual([{ label: 'Viewing', progress: 'contacted' }])
  })

  it('brings a lead with its values, times and flags', async () => {
    await live('leads').toMatchObject([
      {
        id: orderedUuid(1),
        values: { name: 'Ada', consent: true },
        attribution: { utm_source: 'x' },
        captured_at: new Date('2026-01-01T10:00Z'),
        captured_offline: true,
        clock_skew_ms: -250,
        version: 1,
        _has_local_changes: false,
      },
    ])
  })

  it('follows a TRUNCATE, which rotates the shape, and goes on after it', async () => {
    await live('enquiries').toHaveLength(1)
    await client.query('TRUNCATE receipts')
    await live('enquiries').toHaveLength(0)
    await client.query(`INSERT INTO receipts VALUES ($1, 'reviewing', 'Valuation', now(), now(), now(), 1)`, [
      orderedUuid(2),
    ])
    await live('enquiries').toEqual([{ label: 'Valuation', progress: 'reviewing' }])
  })
})
