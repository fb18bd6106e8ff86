import { PGlite } from '@electric-sql/pglite'
import { asc, eq, like, sql } from 'drizzle-orm'
import { integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { createEmptyDatabase, memoryHost } from '../../testing/memory-access.ts'
import { detachedDatabase as db } from '../session/local-drizzle.ts'
import { LiveChannels } from './live-channels.ts'
import { liveDefinition, liveStatement, type Selecting } from './live-definition.ts'
import { LiveQuery } from './live-query.ts'

const plots = pgTable('plots', {
  id: integer().primaryKey(),
  name: text().notNull(),
  soldAt: timestamp('sold_at', { withTimezone: true }),
  details: jsonb().$type<{ rooms: number }>(),
})
const visits = pgTable('visits', { id: integer().primaryKey(), plotId: integer('plot_id').notNull() })

let pg: PGlite
let host: ReturnType<typeof memoryHost>
let channels: LiveChannels
const ends: (() => void)[] = []

/** A live query that somebody listens to. */
function watch<Query extends Selecting>(query: Query, window?: { limit: number; offset: number }) {
  const live = new LiveQuery(channels, liveDefinition(query), window)
  ends.push(live.subscribe(() => {}))
  return live
}
const rowsOf = (live: LiveQuery<unknown>) => () => live.getState().rows

beforeAll(async () => {
  pg = await createEmptyDatabase()
  await pg.exec(`
    CREATE TABLE plots (id integer PRIMARY KEY, name text NOT NULL, sold_at timestamptz, details jsonb);
    CREATE TABLE visits (id integer PRIMARY KEY, plot_id integer NOT NULL)`)
})
afterAll(() => pg.close())
beforeEach(async () => {
  for (const end of ends.splice(0)) end()
  await pg.exec('TRUNCATE plots, visits')
  await pg.exec(
    `INSERT INTO plots VALUES (1, 'It''s 100%', '2026-01-02T03:04:05Z', '{"rooms": 3}'), (2, 'B', NULL, NULL)`,
  )
  host = memoryHost(pg)
  channels = new LiveChannels(host)
})

describe('a live query', () => {
  it('has rows of the model’s types, and has them again after every change', async () => {
    const live = watch(db.select().from(plots).orderBy(asc(plots.id)))
    expect(live.getState()).toEqual({ rows: undefined, totalCount: undefined, error: undefined, isLoading: true })
    expectTypeOf(live.getState().rows).toEqualTypeOf<readonly (typeof plots.$inferSelect)[] | undefined>()
    const first = { id: 1, name: "It's 100%", soldAt: new Date('2026-01-02T03:04:05Z'), details: { rooms: 3 } }
    const second = { id: 2, name: 'B', soldAt: null, details: null }
    await expect.poll(rowsOf(live)).toEqual([first, second])
    await pg.query('DELETE FROM plots WHERE id = 1')
    await expect.poll(rowsOf(live)).toEqual([second])
  })

  it('takes values with quotes and percent signs, and SQL with them', async () => {
    const byName = watch(db.select({ id: plots.id }).from(plots).where(eq(plots.name, "It's 100%")))
    const byPattern = watch(db.select({ id: plots.id }).from(plots).where(like(plots.name, '%s 100%')))
    const odd = watch(db.select({ id: plots.id }).from(plots).where(sql`${plots.id} % ${2} = 1`))
    const never = watch(db.select({ id: plots.id }).from(plots).where(eq(plots.name, "'; DROP TABLE plots; --")))
    for (const live of [byName, byPattern, odd]) await expect.poll(rowsOf(live)).toEqual([{ id: 1 }])
    await expect.poll(rowsOf(never)).toEqual([])
  })

  it('keeps apart the columns of one name of joined tables, and is told of changes in each', async () => {
    const live = watch(db.select().from(plots).leftJoin(visits, eq(visits.plotId, plots.id)).where(eq(plots.id, 2)))
    const plot = { id: 2, name: 'B', soldAt: null, details: null }
    await expect.poll(rowsOf(live)).toEqual([{ plots: plot, visits: null }])
    await pg.query('INSERT INTO visits VALUES (9, 2)')
    await expect.poll(rowsOf(live)).toEqual([{ plots: plot, visits: { id: 9, plotId: 2 } }])
  })

  it('shows a window, its total, and another window without starting anew', async () => {
    await pg.query(`INSERT INTO plots SELECT n, 'many' FROM generate_series(10, 19) AS n`)
    const live = watch(db.select({ id: plots.id }).from(plots).orderBy(asc(plots.id)), { limit: 2, offset: 0 })
    await expect.poll(live.getState).toMatchObject({ rows: [{ id: 1 }, { id: 2 }], totalCount: 12 })
    live.setWindow({ limit: 2, offset: 2 })
    await expect.poll(rowsOf(live)).toEqual([{ id: 10 }, { id: 11 }])
    await pg.query('DELETE FROM plots WHERE id = 1')
    await expect.poll(live.getState).toMatchObject({ rows: [{ id: 11 }, { id: 12 }], totalCount: 11 })
  })

  it('says why Postgres refuses it', async () => {
    const gone = pgTable('gone', { id: integer() })
    const live = watch(db.select().from(gone))
    await expect.poll(() => live.getState().isLoading).toBe(false)
    expect(live.getState()).toMatchObject({ rows: undefined, error: { name: 'LocalQueryError', code: '42P01' } })
  })

  it('keeps its rows when a later run fails, says so, and goes on', async () => {
    const live = watch(
      db
        .select({ ratio: sql<number>`6 / (${plots.id} - 1)` })
        .from(plots)
        .where(sql`${plots.id} <> 1`),
    )
    await expect.poll(rowsOf(live)).toEqual([{ ratio: 6 }])
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const failing = watch(
      db
        .select({ ratio: sql<number>`6 / (${plots.id} - 5)` })
        .from(plots)
        .orderBy(asc(plots.id)),
    )
    await expect.poll(rowsOf(failing)).toEqual([{ ratio: -1 }, { ratio: -2 }])
    await pg.query(`INSERT INTO plots VALUES (5, 'zero')`)
    await expect.poll(() => failing.getState().error).toMatchObject({ code: '22012' })
    expect(failing.getState().rows).toEqual([{ ratio: -1 }, { ratio: -2 }])
    await pg.query('DELETE FROM plots WHERE id = 5')
    await expect.poll(() => failing.getState().error).toBeUndefined()
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('subscribes again by itself when another worker has the database, and never blinks', async () => {
    const live = new LiveQuery(channels, liveDefinition(db.select({ id: plots.id }).from(plots).orderBy(asc(plots.id))))
    const seen: unknown[] = []
    ends.push(live.subscribe(() => seen.push(live.getState().rows)))
    await expect.poll(rowsOf(live)).toEqual([{ id: 1 }, { id: 2 }])
    // Another session, in which nothing was prepared and nobody notifies.
    const next = await copyOf(pg)
    host.pg = async () => next
    await next.query(`INSERT INTO plots VALUES (3, 'C')`)
    host.reconnect()
    await expect.poll(rowsOf(live)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
    await next.query('DELETE FROM plots WHERE id < 3')
    await expect.poll(rowsOf(live)).toEqual([{ id: 3 }])
    expect(seen).not.toContain(undefined)
    await next.close()
  })

  it('subscribes when there is a database at last', async () => {
    const opened = Promise.withResolvers<PGlite>()
    host.pg = () => opened.promise
    const live = watch(db.select({ id: plots.id }).from(plots).where(eq(plots.id, 1)))
    opened.resolve(pg)
    await expect.poll(rowsOf(live)).toEqual([{ id: 1 }])
  })

  it('leaves nothing in the session when the last listener has gone', async () => {
    const before = await sessionObjects()
    const live = new LiveQuery(channels, liveDefinition(db.select().from(plots)))
    const [end, endOther] = [live.subscribe(() => {}), live.subscribe(() => {})]
    await expect.poll(rowsOf(live)).toHaveLength(2)
    expect(await sessionObjects()).toBe(before + 2)
    end()
    await pg.query('SELECT')
    expect(await sessionObjects()).toBe(before + 2)
    endOther()
    await expect.poll(sessionObjects).toBe(before)
  })

  it('is one subscription for a listener that leaves and is back at once', async () => {
    const live = new LiveQuery(channels, liveDefinition(db.select().from(plots)))
    const transactions = vi.spyOn(pg, 'transaction')
    live.subscribe(() => {})()
    ends.push(live.subscribe(() => {}))
    await expect.poll(rowsOf(live)).toHaveLength(2)
    expect(transactions).toHaveBeenCalledTimes(1)
    transactions.mockRestore()
  })

  it('takes SQL with parameters as well', async () => {
    const live = new LiveQuery<{ id: number; sold_at: Date }>(
      channels,
      liveStatement('SELECT id, sold_at FROM plots WHERE name = $1', ["It's 100%"]),
    )
    ends.push(live.subscribe(() => {}))
    await expect.poll(rowsOf(live)).toEqual([{ id: 1, sold_at: new Date('2026-01-02T03:04:05Z') }])
  })
})

/** Views and prepared statements of live queries that the session holds. */
async function sessionObjects(): Promise<number> {
  const { rows } = await pg.query<{ n: number }>(`
    SELECT (SELECT count(*) FROM pg_class WHERE relname LIKE 'live_query_%_view')
         + (SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'live_query_%') AS n`)
  return rows[0]?.n ?? 0
}

async function copyOf(original: PGlite): Promise<PGlite> {
  return PGlite.create({ loadDataDir: await original.dumpDataDir('none') })
}
