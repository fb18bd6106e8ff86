import { BTreeIndex, createCollection, createLiveQueryCollection, eq, gt, ilike, inArray, or } from '@tanstack/db'
import { type ElectricCollectionConfig, electricCollectionOptions } from '@tanstack/electric-db-collection'
import { expect, test } from 'vitest'
import { cleanUp, eventually, type Harness, startHarness } from '../testing/harness.ts'
import { restart } from '../testing/restart.ts'
import { seededRandom } from '../testing/seeded-random.ts'

const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, title text, n int);
  INSERT INTO items SELECT id, 'title ' || id, id % 10 FROM generate_series(1, 100) id`

type Item = { id: number; title: string | null; n: number | null }

function itemsOf({ server, sql }: Harness, syncMode: ElectricCollectionConfig['syncMode']) {
  const aborter = new AbortController()
  const written = async (text: string, values: unknown[]) => {
    const [row] = await sql(`WITH write AS (${text}) SELECT pg_current_xact_id()::xid AS txid`, values)
    return { txid: Number(row?.txid), timeout: 15_000 }
  }
  const items = createCollection(
    electricCollectionOptions<Item>({
      getKey: ({ id }) => id,
      syncMode,
      // With an index it asks for the pages of an order one by one.
      autoIndex: 'eager',
      defaultIndexType: BTreeIndex,
      shapeOptions: {
        url: `${server.url}/v1/shape`,
        // Whole rows: a collection that has not loaded a row cannot take in an update of some columns of it.
        params: { table: 'items', replica: 'full' },
        signal: aborter.signal,
      },
      onInsert: ({ transaction }) => {
        const { id, title, n } = transaction.mutations[0].modified
        return written('INSERT INTO items VALUES ($1, $2, $3)', [id, title, n])
      },
      onUpdate: ({ transaction }) => {
        const { id, title, n } = transaction.mutations[0].modified
        return written('UPDATE items SET title = $2, n = $3 WHERE id = $1', [id, title, n])
      },
      onDelete: ({ transaction }) => written('DELETE FROM items WHERE id = $1', [transaction.mutations[0].original.id]),
    }),
  )
  cleanUp(async () => {
    await items.cleanup()
    aborter.abort()
  })
  return items
}

/** Without a subscriber a query is put away after a while. */
function keep(query: { subscribeChanges(callback: () => void): unknown; cleanup(): Promise<void> }): void {
  query.subscribeChanges(() => {})
  cleanUp(() => query.cleanup())
}

const stored = async ({ sql }: Harness, where = 'true') =>
  (await sql(`SELECT * FROM items WHERE ${where} ORDER BY id`)).map(({ id, title, n }) => ({
    id: Number(id),
    title,
    n: n === null ? null : Number(n),
  }))

const sorted = (rows: Iterable<Item>) =>
  [...rows].sort((a, b) => a.id - b.id).map(({ id, title, n }) => ({ id, title, n }))

test('an eager collection has the table and follows it', async () => {
  const harness = await startHarness(ITEMS)
  const items = itemsOf(harness, 'eager')
  await items.preload()
  expect(sorted(items.values())).toEqual(await stored(harness))
  await harness.sql('UPDATE items SET n = 100 WHERE id < 5')
  await harness.sql('DELETE FROM items WHERE id = 7')
  const expected = await stored(harness)
  await eventually(() => expect(sorted(items.values())).toEqual(expected))
})

test('a write is confirmed by its transaction id', async () => {
  const harness = await startHarness(ITEMS)
  const items = itemsOf(harness, 'eager')
  await items.preload()
  await items.insert({ id: 200, title: 'new', n: 1 }).isPersisted.promise
  await items.update(200, (item) => {
    item.title = 'newer'
  }).isPersisted.promise
  await items.delete(1).isPersisted.promise
  expect(sorted(items.values())).toEqual(await stored(harness))

  const [{ txid } = {}] = await harness.sql(
    `INSERT INTO items VALUES (201, 'x', 1) RETURNING pg_current_xact_id()::xid AS txid`,
  )
  await items.utils.awaitTxId(Number(txid), 15_000)
  expect(items.get(201)).toMatchObject({ title: 'x' })
})

test.each(['on-demand', 'progressive'] as const)(
  'a live query of an %s collection gets its rows and follows them',
  async (mode) => {
    const harness = await startHarness(ITEMS)
    const items = itemsOf(harness, mode)
    const query = createLiveQueryCollection((q) =>
      q
        .from({ item: items })
        .where(({ item }) => or(eq(item.n, 3), ilike(item.title, 'title 5_'), inArray(item.id, [1, 2]))),
    )
    keep(query)
    await query.preload()
    const where = `n = 3 OR title ILIKE 'title 5_' OR id IN (1, 2)`
    expect(sorted(query.values())).toEqual(await stored(harness, where))

    await harness.sql(`UPDATE items SET title = 'changed' WHERE n = 3`)
    await harness.sql(`UPDATE items SET n = 3 WHERE id BETWEEN 90 AND 92`)
    await harness.sql(`DELETE FROM items WHERE id = 2`)
    const expected = await stored(harness, where)
    await eventually(() => expect(sorted(query.values())).toEqual(expected))
  },
)

test('an on-demand collection takes the pages that its queries order', async () => {
  const harness = await startHarness(ITEMS)
  const items = itemsOf(harness, 'on-demand')
  const query = createLiveQueryCollection((q) =>
    q
      .from({ item: items })
      .where(({ item }) => gt(item.n, 4))
      .orderBy(({ item }) => item.id, 'desc')
      .limit(5),
  )
  keep(query)
  await query.preload()
  expect(query.toArray.map(({ id }) => id)).toEqual([99, 98, 97, 96, 95])
  await harness.sql('DELETE FROM items WHERE id = 98')
  await eventually(() => expect(query.toArray.map(({ id }) => id)).toEqual([99, 97, 96, 95, 89]))
})

test.each([1, 2, 3])(
  'after random writes, a restart and TRUNCATE every collection has what the table has: seed %i',
  { timeout: 60_000 },
  async (seed) => {
    const harness = await startHarness(ITEMS)
    const collections = (['eager', 'on-demand', 'progressive'] as const).map((mode) => itemsOf(harness, mode))
    const queries = collections.map((items) =>
      createLiveQueryCollection((q) => q.from({ item: items }).where(({ item }) => gt(item.n, 4))),
    )
    for (const query of queries) keep(query)
    await Promise.all(queries.map((query) => query.preload()))
    const random = seededRandom(seed)
    const write = async () => {
      const id = 1 + random.integer(120)
      const n = random.chance(0.1) ? null : random.integer(10)
      if (random.chance(0.2)) await harness.sql('DELETE FROM items WHERE id = $1', [id])
      else await harness.sql(`INSERT INTO items VALUES ($1, 'new', $2) ON CONFLICT (id) DO UPDATE SET n = $2`, [id, n])
    }
    const expectEqual = async () => {
      const expected = await stored(harness, 'n > 4')
      await eventually(() => {
        for (const query of queries) expect(sorted(query.values())).toEqual(expected)
      }, 20_000)
    }
    for (let step = 0; step < 100; step += 1) await write()
    await expectEqual()
    await restart(harness, async () => {
      for (let step = 0; step < 10; step += 1) await write()
    })
    for (let step = 0; step < 10; step += 1) await write()
    await expectEqual()
    await harness.sql('TRUNCATE items')
    for (let step = 0; step < 50; step += 1) await write()
    await expectEqual()
  },
)
