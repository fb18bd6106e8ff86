import type { PGlite, Transaction } from '@electric-sql/pglite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeShape } from '../../testing/fake-shape.ts'
import { type Follow, type Follower, followWithPgliteSync, followWithStore } from '../../testing/follow-shape.ts'
import { createMemoryDatabase } from '../../testing/memory-database.ts'
import { orderedUuid } from '../../testing/queue-entry.ts'
import { type ShapeSite, startShapeSite } from '../../testing/shape-site.ts'

const receipt = (order: number, status = 'received') => ({
  lead_id: orderedUuid(1000 + order),
  status,
  form_title: `Form ${order}`,
  version: '1',
})

/**
 * Why the shapes are not stored by pglite-sync 0.6.1: each test shows what it does, and that the store doesn't. The day
 * that the first half of one fails, pglite-sync was mended.
 */
describe('what pglite-sync loses and the store keeps', () => {
  let shape: FakeShape
  let site: ShapeSite
  let pg: PGlite
  let followers: Follower[]

  beforeEach(async () => {
    shape = new FakeShape('lead_id', [receipt(1)])
    site = await startShapeSite({ '/receipts': () => shape.handler })
    pg = await createMemoryDatabase()
    followers = []
  })
  afterEach(async () => {
    for (const follower of followers) follower.stop()
    await site.close()
    await pg.close()
  })

  const start = async (follow: Follow): Promise<Follower> => {
    const follower = await follow(pg, site.url('/receipts'))
    followers.push(follower)
    return follower
  }
  const titles = async () =>
    (await pg.query<{ title: string }>('SELECT form_title AS title FROM receipts_synced ORDER BY 1')).rows.map(
      ({ title }) => title,
    )
  const upToDate = (follower: Follower) => expect.poll(() => follower.isUpToDate(), { timeout: 30_000 }).toBe(true)
  const asked = (count: number) =>
    expect.poll(() => shape.requests.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(count)

  describe('a row that can’t be stored', () => {
    const poisoned = () => {
      shape = new FakeShape('lead_id', [receipt(1), { ...receipt(2), version: 'not a number' }])
    }

    it('pglite-sync is up to date without the rows', async () => {
      poisoned()
      const follower = await start(followWithPgliteSync())
      await upToDate(follower)
      shape.change('insert', receipt(3))
      await expect.poll(titles).toEqual(['Form 3'])
    })

    it('the store says so, and has them all once the row is mended', async () => {
      poisoned()
      const follower = await start(followWithStore)
      await asked(4)
      expect(follower.isUpToDate()).toBe(false)
      expect(await titles()).toEqual([])
      shape.mend([receipt(1), receipt(2)])
      await upToDate(follower)
      expect(await titles()).toEqual(['Form 1', 'Form 2'])
    })
  })

  describe('a must-refetch at an unchanged log position', () => {
    const comeBackTwice = async (follow: Follow): Promise<number> => {
      await upToDate(await start(follow))
      followers.pop()?.stop()
      shape.rotate([receipt(2)])
      await upToDate(await start(follow))
      await expect.poll(titles).toEqual(['Form 2'])
      followers.pop()?.stop()
      shape.requests.length = 0
      await upToDate(await start(follow))
      return shape.requests.filter(({ offset }) => offset === '-1').length
    }

    // Mended in 0.6.1: before, it fetched everything at each opening.
    it('pglite-sync goes on from the new handle', async () => {
      expect(await comeBackTwice(followWithPgliteSync())).toBe(0)
    })
    it('the store does, too', async () => {
      expect(await comeBackTwice(followWithStore)).toBe(0)
    })
  })

  describe('a change that arrives while the commit of the one before waits', () => {
    const endBetweenCommits = async (follow: Follow, { runsAhead }: { runsAhead: boolean }): Promise<string[]> => {
      await upToDate(await start(follow))
      await expect.poll(titles).toEqual(['Form 1'])
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
      const busy = pg.transaction(() => {
        begin()
        return released
      })
      await begun
      dieAfterOneCommit(pg)
      const known = shape.requests.length
      shape.change('insert', receipt(2))
      if (runsAhead) await asked(known + 1)
      shape.change('insert', receipt(3))
      if (runsAhead) await asked(known + 2)
      release()
      await busy
      await expect.poll(titles).toContain('Form 2')
      followers.pop()?.stop()
      reviveCommits(pg)
      await upToDate(await start(follow))
      return titles()
    }

    it('pglite-sync stores a position past it: it is lost when the worker dies in between', async () => {
      expect(await endBetweenCommits(followWithPgliteSync(), { runsAhead: true })).toEqual(['Form 1', 'Form 2'])
    })
    it('the store goes on from what it has', async () => {
      expect(await endBetweenCommits(followWithStore, { runsAhead: false })).toEqual(['Form 1', 'Form 2', 'Form 3'])
    })
  })

  describe('a transaction that is cut by the end of an answer', () => {
    const endInTransaction = async (follow: Follow): Promise<string[]> => {
      await upToDate(await start(follow))
      followers.pop()?.stop()
      shape.transaction([['insert', receipt(2)]])
      shape.transaction([
        ['insert', receipt(3)],
        ['insert', receipt(4)],
      ])
      shape.changesPerAnswer = 2
      dieAfterOneCommit(pg)
      await start(follow)
      await expect.poll(titles).toEqual(['Form 1', 'Form 2'])
      followers.pop()?.stop()
      reviveCommits(pg)
      await upToDate(await start(follow))
      await expect.poll(titles).toContain('Form 4')
      return titles()
    }

    it('pglite-sync loses its first half', async () => {
      expect(await endInTransaction(followWithPgliteSync())).toEqual(['Form 1', 'Form 2', 'Form 4'])
    })
    it('the store asks for it again', async () => {
      expect(await endInTransaction(followWithStore)).toEqual(['Form 1', 'Form 2', 'Form 3', 'Form 4'])
    })
  })

  describe('an insert of a row that is there already', () => {
    it('pglite-sync stops storing anything, and is up to date', async () => {
      const follower = await start(followWithPgliteSync())
      await expect.poll(titles).toEqual(['Form 1'])
      const known = shape.requests.length
      shape.transaction([
        ['insert', receipt(1, 'contacted')],
        ['insert', receipt(2)],
      ])
      await asked(known + 1)
      shape.change('insert', receipt(3))
      await expect.poll(titles).toEqual(['Form 1', 'Form 3'])
      expect(follower.isUpToDate()).toBe(true)
    })
    it('the store takes it for what it is', async () => {
      await upToDate(await start(followWithStore))
      shape.transaction([
        ['insert', receipt(1, 'contacted')],
        ['insert', receipt(2)],
      ])
      shape.change('insert', receipt(3))
      await expect.poll(titles).toEqual(['Form 1', 'Form 2', 'Form 3'])
      const { rows } = await pg.query('SELECT status FROM receipts_synced WHERE lead_id = $1', [receipt(1).lead_id])
      expect(rows).toEqual([{ status: 'contacted' }])
    })
  })

  describe('a first sync by COPY', () => {
    const hostile = ['\\N', 'a\rb', '\\.', 'plain']
    const sync = async (follow: Follow) => {
      shape = new FakeShape(
        'lead_id',
        hostile.map((title, order) => ({ ...receipt(order), form_title: title })),
      )
      await upToDate(await start(follow))
      const stored = async () =>
        (
          await pg.query<{ title: string | null }>('SELECT form_title AS title FROM receipts_synced ORDER BY lead_id')
        ).rows.map(({ title }) => title)
      return stored
    }

    it('pglite-sync makes NULL of a text, and fails at a carriage return', async () => {
      const stored = await sync(followWithPgliteSync('csv'))
      expect(await stored()).not.toEqual(hostile)
    })
    it('the store keeps every text', async () => {
      const stored = await sync(followWithStore)
      expect(await stored()).toEqual(hostile)
    })
  })
})

/** Lets one more transaction commit; those after it fail, as if the worker had died. */
function dieAfterOneCommit(pg: PGlite): void {
  const transaction = Object.getPrototypeOf(pg).transaction.bind(pg)
  let commits = 0
  pg.transaction = (work: (tx: Transaction) => Promise<unknown>) => {
    commits += 1
    return commits > 1 ? Promise.reject(new Error('the worker died')) : transaction(work)
  }
}

function reviveCommits(pg: PGlite): void {
  Reflect.deleteProperty(pg, 'transaction')
}
