import type { BrowserContext, Page } from 'playwright'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readMigrations } from '../build/migrations/migrations-folder.ts'
import { nextMigration } from '../build/migrations/next-migration.ts'
import type { RewriteSpec } from '../schema/chain/migration.ts'
import { readLocalSchema } from '../schema/read-local-schema.ts'
import { launchContext } from '../testing/browser.ts'
import { type BuiltBuild, buildOfChain } from '../testing/two-builds/build-of-chain.ts'
import { type BuildsSite, startBuildsSite } from '../testing/two-builds/builds-site.ts'
import { withMood, withWords } from '../testing/two-builds/next-schemas.ts'

// Each build is made by the real build, one migration apart: its own worker, its own seed, its own chain. A page is of one of
// them, whatever is deployed.

// Each opens two databases or three, one after the other.
vi.setConfig({ testTimeout: 180_000 })

const LEAD = '019a0000-0000-7000-8000-000000000001'
const noteId = (n: number) => `019a0000-0000-7000-8000-00000000010${n}`
const insert = (n: number, body: string, column = 'body') =>
  `INSERT INTO notes (id, lead_id, ${column}) VALUES ('${noteId(n)}', '${LEAD}', '${body}')`

const open = async (context: BrowserContext, site: BuildsSite, build: string): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(`${site.origin}/${build}`)
  await page.waitForFunction(() => 'buildsPage' in window)
  await page.evaluate(() => window.buildsPage.open())
  return page
}
const write = (page: Page, statement: string) => page.evaluate((sql) => window.buildsPage.write(sql), statement)
const query = (page: Page, statement: string) => page.evaluate((sql) => window.buildsPage.query(sql), statement)
const schemaOf = async (page: Page) => {
  const status = await page.evaluate(() => window.buildsPage.status())
  if (status?.phase !== 'ready') throw new Error(`the database is ${status?.phase}`)
  return { ...status.schema, rebuilt: status.rebuilt?.reason ?? null }
}
const bodies = async (page: Page, column = 'body') =>
  (await query(page, `SELECT ${column} AS body FROM notes ORDER BY id`)).map(({ body }) => body)
const entries = (page: Page) => page.evaluate(() => window.buildsPage.entries())
const attempts = async (page: Page) => (await entries(page))[0]?.attempts
const entryStates = async (page: Page) => (await entries(page)).map(({ state }) => state)

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000 })

let old: BuiltBuild
let schemaSql: string
async function buildAfter(name: string, schema: string, operations: RewriteSpec = {}): Promise<BuiltBuild> {
  const { chain } = await nextMigration(old.chain, schema, { words: name, operations })
  return buildOfChain(name, chain, schema)
}
beforeAll(async () => {
  schemaSql = await readLocalSchema()
  old = await buildOfChain('old', await readMigrations(), schemaSql)
}, 240_000)

const headOf = ({ chain }: BuiltBuild) => chain.at(-1)?.hash

function onSite(builds: () => Record<string, BuiltBuild>) {
  const given: { site: BuildsSite; context: BrowserContext } = {} as never
  let close: () => Promise<void>
  beforeEach(async () => {
    given.site = await startBuildsSite(builds())
    ;({ context: given.context, close } = await launchContext())
  })
  afterEach(async () => {
    await close()
    await given.site.close()
  })
  return given
}

describe('an additive migration', () => {
  let next: BuiltBuild
  beforeAll(async () => {
    next = await buildAfter('mood', withMood(schemaSql))
    expect(next.chain.at(-1)?.kind).toBe('additive')
  }, 240_000)
  const given = onSite(() => ({ old, new: next }))
  beforeEach(() => {
    given.site.noteKeys = ['leadId', 'body']
  })

  it('brings an old page, whose server is new, to the new schema while it reads and writes', async () => {
    const { site, context } = given
    site.deployed = 'new'
    const page = await open(context, site, 'old')
    await write(page, insert(1, 'before'))
    await eventually(() => schemaOf(page)).toMatchObject({ hash: headOf(next), state: 'ahead', rebuilt: null })
    await write(page, insert(2, 'after'))
    expect(await query(page, 'SELECT body, mood FROM notes ORDER BY id')).toEqual([
      { body: 'before', mood: null },
      { body: 'after', mood: null },
    ])
    await expect
      .poll(() => site.arrived.map(({ payload }) => payload))
      .toEqual([
        { leadId: LEAD, body: 'before' },
        { leadId: LEAD, body: 'after' },
      ])
    await eventually(() => entryStates(page)).toEqual(['delivered', 'delivered'])
  })

  it('brings an old database, with writes that wait, to a new page without the network, and delivers each once', async () => {
    const { site, context } = given
    const before = await open(context, site, 'old')
    site.away = '/api/'
    await write(before, insert(1, 'waits'))
    await before.evaluate(
      (sql) => window.buildsPage.writeWithoutOutbox(sql),
      insert(2, 'perhaps not even in the outbox'),
    )
    const after = await context.newPage()
    await after.goto(`${site.origin}/new`)
    await before.close()
    await after.evaluate(() => window.buildsPage.open())
    expect(await schemaOf(after)).toMatchObject({ hash: headOf(next), state: 'migrated', rebuilt: null })
    expect(await bodies(after)).toEqual(['waits', 'perhaps not even in the outbox'])
    expect(site.arrived).toEqual([])

    site.deployed = 'new'
    site.away = null
    await write(after, insert(3, 'from the new page'))
    await eventually(() => site.arrived.map(({ entityId }) => entityId).sort()).toEqual([1, 2, 3].map(noteId))
    await eventually(() => entryStates(after)).toEqual(['delivered', 'delivered', 'delivered'])
  })

  it('lets an old page work on a new database while its server knows it', async () => {
    const { site, context } = given
    site.deployed = 'new'
    const newer = await open(context, site, 'new')
    await write(newer, insert(1, 'by the new page'))
    await newer.close()
    const page = await open(context, site, 'old')
    expect(await schemaOf(page)).toMatchObject({ hash: headOf(next), state: 'ahead', rebuilt: null, problem: null })
    await write(page, insert(2, 'by the old page'))
    expect(await bodies(page)).toEqual(['by the new page', 'by the old page'])
    await eventually(() => site.arrived.length).toBe(2)
  })

  it('lets an old page read a new database offline, unverified, and takes its writes', async () => {
    const { site, context } = given
    site.deployed = 'new'
    const newer = await open(context, site, 'new')
    await write(newer, insert(1, 'by the new page'))
    await eventually(() => site.arrived.length).toBe(1)
    await newer.close()
    site.away = '/api/'
    const page = await open(context, site, 'old')
    expect(await schemaOf(page)).toMatchObject({ hash: headOf(next), state: 'unverified', rebuilt: null })
    await write(page, insert(2, 'offline'))
    expect(await bodies(page)).toEqual(['by the new page', 'offline'])
    expect(await entryStates(page)).toContain('queued')

    site.away = null
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await eventually(() => schemaOf(page)).toMatchObject({ state: 'ahead', problem: null })
    await eventually(() => site.arrived.map(({ entityId }) => entityId)).toEqual([1, 2].map(noteId))
  })

  it('begins anew when a deploy was taken back, and delivers what waited once', async () => {
    const { site, context } = given
    site.deployed = 'new'
    const newer = await open(context, site, 'new')
    site.away = '/api/sync/'
    await write(newer, insert(1, 'waits'))
    await newer.evaluate((sql) => window.buildsPage.writeWithoutOutbox(sql), insert(2, 'perhaps not in the outbox'))
    await newer.close()
    site.deployed = 'old'
    const page = await open(context, site, 'old')
    expect(await schemaOf(page)).toMatchObject({ hash: headOf(old), state: 'current', rebuilt: 'other-schema' })
    await eventually(() => bodies(page)).toEqual(['waits', 'perhaps not in the outbox'])
    site.away = null
    await write(page, insert(3, 'goes on'))
    await eventually(() => site.arrived.map(({ entityId }) => entityId).sort()).toEqual([1, 2, 3].map(noteId))
  })

  it('begins anew as soon as the network is back, when a deploy was taken back meanwhile', async () => {
    const { site, context } = given
    site.deployed = 'new'
    const newer = await open(context, site, 'new')
    site.away = '/api/'
    await write(newer, insert(1, 'waits'))
    await newer.close()
    site.deployed = 'old'
    const page = await open(context, site, 'old')
    expect(await schemaOf(page)).toMatchObject({ hash: headOf(next), state: 'unverified', rebuilt: null })
    await write(page, insert(2, 'offline'))
    expect(await bodies(page)).toEqual(['waits', 'offline'])
    site.away = null
    await page.evaluate(() => window.dispatchEvent(new Event('offline')))
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await eventually(() => schemaOf(page).catch(() => null)).toMatchObject({
      hash: headOf(old),
      rebuilt: 'other-schema',
    })
    await eventually(() => site.arrived.map(({ entityId }) => entityId).sort()).toEqual([1, 2].map(noteId))
    await eventually(() => bodies(page)).toEqual(['waits', 'offline'])
  })

  it('changes nothing when something else answers in the server’s place', async () => {
    const { site, context } = given
    site.schemaBody = '<!doctype html>Sign in to this network'
    const page = await open(context, site, 'old')
    await expect
      .poll(() => schemaOf(page))
      .toMatchObject({ state: 'current', problem: expect.stringContaining('not JSON') })
    await write(page, insert(1, 'works'))
    expect(await bodies(page)).toEqual(['works'])
  })
})

describe('a reset', () => {
  let next: BuiltBuild
  beforeAll(async () => {
    next = await buildAfter('words', withWords(schemaSql), { note: { rename: { body: 'words' } } })
    expect(next.chain.at(-1)?.kind).toBe('reset')
  }, 240_000)
  const given = onSite(() => ({ old, new: next }))

  it('keeps what waits: what was never sent is delivered once in the new form, the rest is told', async () => {
    const { site, context } = given
    site.deployed = 'new'
    site.noteKeys = ['leadId', 'words']
    const before = await open(context, site, 'old')
    await eventually(() => schemaOf(before)).toMatchObject({ state: 'current', isOutdated: true })
    site.away = '/api/sync/'
    await write(before, insert(1, 'perhaps sent'))
    await eventually(() => attempts(before)).toBeGreaterThan(0)
    // A queue that believes the browser hands nothing to a request.
    const believeOffline = () =>
      void Object.defineProperty(navigator, 'onLine', { get: () => false, configurable: true })
    await before.evaluate(believeOffline)
    await context.addInitScript(believeOffline)
    await write(before, insert(2, 'never sent'))
    await before.evaluate((sql) => window.buildsPage.writeWithoutOutbox(sql), insert(3, 'perhaps not in the outbox'))
    // Not closed: a page that goes hands a last request to the browser, and what that carries may have been sent.
    await before.goto('chrome://crash').catch(() => {})

    const page = await open(context, site, 'new')
    expect(await schemaOf(page)).toMatchObject({ hash: headOf(next), state: 'current', rebuilt: 'other-schema' })
    await eventually(() => bodies(page, 'words')).toEqual([null, 'never sent', 'perhaps not in the outbox'])
    site.away = null
    await page.evaluate(() => void Reflect.deleteProperty(navigator, 'onLine'))
    await write(page, insert(4, 'by the new page', 'words'))
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await eventually(() => site.arrived.length).toBe(4)
    expect(Object.fromEntries(site.arrived.map(({ entityId, payload }) => [entityId, payload]))).toEqual({
      [noteId(1)]: { leadId: LEAD, body: 'perhaps sent' },
      [noteId(2)]: { leadId: LEAD, words: 'never sent' },
      [noteId(3)]: { leadId: LEAD, words: 'perhaps not in the outbox' },
      [noteId(4)]: { leadId: LEAD, words: 'by the new page' },
    })
    await eventually(() => entries(page)).toMatchObject([
      { state: 'dead', reason: 'field_not_allowed', changes: { body: 'perhaps sent' } },
      { state: 'delivered' },
      { state: 'delivered' },
      { state: 'delivered' },
    ])
  })

  it('lets an old page go on reading and writing, and tells it what the new server does not take', async () => {
    const { site, context } = given
    site.deployed = 'new'
    site.noteKeys = ['leadId', 'words']
    const page = await open(context, site, 'old')
    await eventually(() => schemaOf(page)).toMatchObject({ state: 'current', isOutdated: true, rebuilt: null })
    await write(page, insert(1, 'in the old form'))
    await eventually(() => entries(page)).toMatchObject([{ state: 'dead', reason: 'field_not_allowed' }])
    expect(await entries(page)).toMatchObject([{ changes: { body: 'in the old form' } }])
    await eventually(() => bodies(page)).toEqual([])
  })

  it('gives an old page, opened after it, a database of its own again', async () => {
    const { site, context } = given
    site.deployed = 'new'
    site.noteKeys = ['leadId', 'words', 'body']
    await (await open(context, site, 'new')).close()
    site.away = '/api/'
    const page = await open(context, site, 'old')
    expect(await schemaOf(page)).toMatchObject({ hash: headOf(old), rebuilt: 'other-schema' })
    await write(page, insert(1, 'offline'))
    expect(await bodies(page)).toEqual(['offline'])
    site.away = null
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await eventually(() => site.arrived.map(({ payload }) => payload)).toEqual([{ leadId: LEAD, body: 'offline' }])
  })
})
