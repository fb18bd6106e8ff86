import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchContext } from '../testing/browser.ts'
import { type RouteHandler, startTestSite, type TestSite } from '../testing/test-site.ts'

const LEAD = '019a0000-0000-7000-8000-000000000001'
const OTHER = '019a0000-0000-7000-8000-000000000002'

describe.each(['SharedWorker', 'Worker of a tab'])('the typed access through a %s', (kind) => {
  let site: TestSite
  let context: BrowserContext
  let close: () => Promise<void>
  let complaints: string[]
  /** Settles what the server is asked with its answer; it does not answer before. */
  let answered: PromiseWithResolvers<'rejected' | 'applied'>

  const takeBatch: RouteHandler = async (request, _url, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (request.method !== 'POST') return void response.writeHead(405).end()
    const { operations }: { operations: { opId: string }[] } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const outcome = await answered.promise
    const effect = outcome === 'applied' ? { txid: 77, version: 1 } : { reason: 'not_allowed' }
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        protocol: 1,
        requestId: 'request-1',
        serverTime: new Date().toISOString(),
        results: operations.map(({ opId }) => ({ opId, outcome, ...effect })),
      }),
    )
  }

  beforeAll(async () => {
    site = await startTestSite('./access-page.tsx', { '/api/sync/batch': takeBatch })
  })
  afterAll(() => site.close())
  beforeEach(async () => {
    complaints = []
    answered = Promise.withResolvers()
    ;({ context, close } = await launchContext())
    if (kind !== 'SharedWorker') await context.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'))
  })
  afterEach(() => close())

  async function openTab(): Promise<Page> {
    const page = await context.newPage()
    page.setDefaultTimeout(50_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(site.origin)
    await page.waitForFunction(() => window.accessPage?.db !== undefined)
    return page
  }
  const addNote = (page: Page, body: string, leadId = LEAD) =>
    page.evaluate(
      async ([text, lead]) => {
        const { db, tables } = window.accessPage
        const result = await db?.write((tx) => tx.insert(tables.notes).values({ leadId: lead, body: text }))
        return result?.operations
      },
      [body, leadId] as const,
    )
  const shows = (page: Page, ...bodies: string[]) =>
    page.waitForFunction(
      (wanted) => [...document.querySelectorAll('li')].map((item) => item.textContent).join() === wanted,
      bodies.map((body) => `${body} dated`).join(),
    )

  it('shows rows of a select live, in each tab, and begins anew when the select changes', async () => {
    const [first, second] = [await openTab(), await openTab()]
    await second.waitForSelector('#state:text-is("live")')
    await addNote(first, 'Called')
    await addNote(first, 'Wrote', OTHER)
    for (const page of [first, second]) await shows(page, 'Called')
    await second.click('#next')
    await shows(second, 'Wrote')
    expect(complaints).toEqual([])
  })

  it('tells the SQLSTATE of what Postgres refuses', async () => {
    const page = await openTab()
    const refused = await page.evaluate(async () => {
      const { db, tables } = window.accessPage
      const id = '019a0000-0000-7000-8000-0000000000ff'
      const insert = () => db?.write((tx) => tx.insert(tables.notes).values({ id, leadId: id, body: 'Twice' }))
      await insert()
      return insert()?.catch((error) => ({ name: error.name, code: error.code, message: error.message }))
    })
    expect(refused).toMatchObject({ name: 'LocalQueryError', code: '23505' })
    expect(refused).toMatchObject({ message: expect.not.stringContaining('landfall-query-failure') })
  })

  it('lets no statement of another tab into a transaction', async () => {
    const tabs = [await openTab(), await openTab(), await openTab()]
    const alone = await Promise.all(
      tabs.map((page) =>
        page.evaluate(async () => {
          const { db, tables } = window.accessPage
          const counts: number[] = []
          for (let round = 0; round < 3; round++) {
            await db?.write(async (tx) => {
              const before = await tx.$count(tables.notes)
              await tx.insert(tables.notes).values({ leadId: crypto.randomUUID(), body: 'One' })
              await new Promise((resolve) => setTimeout(resolve))
              counts.push((await tx.$count(tables.notes)) - before)
            })
          }
          return counts
        }),
      ),
    )
    expect(alone.flat()).toEqual(Array(9).fill(1))
  })

  const writeConfirmed = (page: Page, body: string) =>
    page.evaluate(
      async ([leadId, text]) => {
        const { db, tables } = window.accessPage
        try {
          const work = db?.write((tx) => tx.insert(tables.notes).values({ leadId, body: text }), {
            mode: 'confirmed',
            timeoutMs: 50_000,
          })
          return { confirmed: await (await work)?.confirmed }
        } catch (error) {
          const { name, reason } = error as Error & { reason?: string }
          return { name, reason }
        }
      },
      [LEAD, body] as const,
    )

  it('resolves a confirmed write with what the server made of it', async () => {
    const page = await openTab()
    const written = writeConfirmed(page, 'Applied')
    await shows(page, 'Applied')
    answered.resolve('applied')
    const confirmation = { opId: expect.any(String), txid: 77, version: 1, conflict: null }
    expect(await written).toEqual({ confirmed: [confirmation] })
  })

  it('rolls a confirmed write back in every tab when the server refuses it', async () => {
    const [first, second] = [await openTab(), await openTab()]
    const written = writeConfirmed(first, 'Refused')
    for (const page of [first, second]) await shows(page, 'Refused')
    answered.resolve('rejected')
    expect(await written).toEqual({ name: 'WriteRejectedError', reason: 'not_allowed' })
    for (const page of [first, second]) await shows(page)
  })

  it('goes on in the other tabs when the tab that opened the database closes in the middle of a transaction', async () => {
    const [first, second] = [await openTab(), await openTab()]
    await addNote(second, 'Before')
    await shows(second, 'Before')
    await first.evaluate(
      (leadId) =>
        new Promise<void>((begun) => {
          const { db, tables } = window.accessPage
          void db?.write(async (tx) => {
            await tx.insert(tables.notes).values({ leadId, body: 'Never' })
            begun()
            await new Promise(() => {})
          })
        }),
      LEAD,
    )
    const written = addNote(second, 'During')
    await first.close()
    expect(await written).toHaveLength(1)
    await shows(second, 'Before', 'During')
    await addNote(second, 'Later')
    await shows(second, 'Before', 'During', 'Later')
    expect(complaints).toEqual([])
  })

  it('lets the others in when a tab closes that waits behind a transaction', async () => {
    const [first, second, third] = [await openTab(), await openTab(), await openTab()]
    await first.evaluate(
      () =>
        new Promise<void>((begun) => {
          const { db, tables } = window.accessPage
          void db?.write(async (tx) => {
            begun()
            await tx.$count(tables.notes)
            await new Promise((resolve) => window.addEventListener('go-on', resolve, { once: true }))
          })
        }),
    )
    const waiting = addNote(second, 'Never').catch(() => 'closed')
    // The worker has its request when it has taken this one, which came later on the same channel.
    await second.evaluate(() => window.accessPage.db?.pg.execProtocolRaw(new Uint8Array([72, 0, 0, 0, 4])))
    await second.close()
    expect(await waiting).toBe('closed')
    await first.evaluate(() => window.dispatchEvent(new Event('go-on')))
    await addNote(third, 'Third')
    await shows(third, 'Third')
  })
})
