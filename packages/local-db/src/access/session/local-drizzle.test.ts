import type { PGlite } from '@electric-sql/pglite'
import { count, eq, gt, sql } from 'drizzle-orm'
import { bigint, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { createEmptyDatabase, memoryHost } from '../../testing/memory-access.ts'
import { ConnectionKeeper } from '../connection-keeper.ts'
import { ConnectionLostError, LocalQueryError, ReadOnlyError } from '../query-errors.ts'
import { type ReadDatabase, readDatabase, runDrizzleTransaction, type WriteTransaction } from './local-drizzle.ts'

const plots = pgTable('plots', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  soldAt: timestamp('sold_at', { withTimezone: true }),
  surveyedOn: timestamp('surveyed_on', { withTimezone: true, mode: 'string' }),
  details: jsonb().$type<{ rooms: number[]; note: string | null }>(),
  priceCents: bigint('price_cents', { mode: 'number' }),
})
const visits = pgTable('visits', { id: integer().primaryKey(), plotId: uuid('plot_id').notNull() })

const ROW = {
  id: '019a0000-0000-7000-8000-000000000001',
  name: 'Corner',
  soldAt: new Date('2026-03-01T10:00:00.123Z'),
  surveyedOn: '2026-02-01 09:00:00+00',
  details: { rooms: [1, 2], note: null },
  priceCents: 9_000_000_000,
}

let pg: PGlite
let db: ReadDatabase
let keeper: ConnectionKeeper
let host: ReturnType<typeof memoryHost>
const transact = <T>(work: (tx: WriteTransaction) => Promise<T>) =>
  keeper.run((connection, assertAlive) => runDrizzleTransaction(connection, assertAlive, work))

beforeAll(async () => {
  pg = await createEmptyDatabase()
  await pg.exec(`
    CREATE TABLE plots (
      id uuid PRIMARY KEY, name text NOT NULL, sold_at timestamptz, surveyed_on timestamptz, details jsonb,
      price_cents bigint
    );
    CREATE TABLE visits (id integer PRIMARY KEY, plot_id uuid NOT NULL);
    SET timezone = 'UTC'`)
})
afterAll(() => pg.close())
beforeEach(async () => {
  await pg.exec('TRUNCATE plots, visits')
  host = memoryHost(pg)
  keeper = new ConnectionKeeper(host)
  db = readDatabase(keeper)
})

describe('rows', () => {
  it('have the types of the model: a Date, an object, a number, a string', async () => {
    await transact((tx) => tx.insert(plots).values(ROW))
    const rows = await db.select().from(plots)
    expectTypeOf(rows).toEqualTypeOf<(typeof plots.$inferSelect)[]>()
    expect(rows).toEqual([ROW])
  })

  it('are null where the model allows it', async () => {
    await transact((tx) => tx.insert(plots).values({ id: ROW.id, name: 'Bare' }))
    expect(await db.select().from(plots)).toEqual([
      { id: ROW.id, name: 'Bare', soldAt: null, surveyedOn: null, details: null, priceCents: null },
    ])
  })

  it('of a left join are null where nothing was joined, with columns of the same name kept apart', async () => {
    await transact((tx) => tx.insert(plots).values(ROW))
    const query = () => db.select().from(plots).leftJoin(visits, eq(visits.plotId, plots.id))
    expect(await query()).toEqual([{ plots: ROW, visits: null }])
    await transact((tx) => tx.insert(visits).values({ id: 7, plotId: ROW.id }))
    const rows = await query()
    expectTypeOf(rows[0]?.visits).toEqualTypeOf<typeof visits.$inferSelect | null | undefined>()
    expect(rows).toEqual([{ plots: ROW, visits: { id: 7, plotId: ROW.id } }])
  })

  it('of expressions, counts and common table expressions come out as typed', async () => {
    await transact((tx) => tx.insert(plots).values(ROW))
    const dear = db.$with('dear').as(db.select().from(plots).where(gt(plots.priceCents, 1)))
    expect(await db.with(dear).select({ n: count() }).from(dear)).toEqual([{ n: 1 }])
    expect(await db.$count(plots, eq(plots.name, 'Corner'))).toBe(1)
    expect(await db.select({ upper: sql<string>`upper(${plots.name})` }).from(plots)).toEqual([{ upper: 'CORNER' }])
  })

  it('come back from a write that asks for them', async () => {
    const rows = await transact((tx) => tx.insert(plots).values(ROW).returning({ soldAt: plots.soldAt }))
    expect(rows).toEqual([{ soldAt: ROW.soldAt }])
  })
})

describe('errors', () => {
  it('carry Postgres’ message and SQLSTATE, and none of the values', async () => {
    await transact((tx) => tx.insert(plots).values(ROW))
    const error = await transact((tx) => tx.insert(plots).values({ ...ROW, name: 'Secret' })).catch((caught) => caught)
    expect(error).toBeInstanceOf(LocalQueryError)
    expect(error).toMatchObject({ code: '23505', message: expect.stringContaining('plots_pkey') })
    expect(JSON.stringify({ ...error, message: error.message })).not.toContain('Secret')
  })
})

describe('db.drizzle', () => {
  it('has no way to write, neither in its type nor when it runs', async () => {
    expectTypeOf<ReadDatabase>().not.toHaveProperty('insert')
    expectTypeOf<ReadDatabase>().not.toHaveProperty('update')
    expectTypeOf<ReadDatabase>().not.toHaveProperty('delete')
    expectTypeOf<ReadDatabase>().not.toHaveProperty('execute')
    const writable = db as unknown as WriteTransaction
    await expect(async () => writable.insert(plots).values(ROW)).rejects.toThrow(ReadOnlyError)
    await expect(async () => writable.update(plots).set({ name: 'x' })).rejects.toThrow(ReadOnlyError)
    await expect(async () => writable.delete(plots)).rejects.toThrow(ReadOnlyError)
    await expect(async () => writable.execute(sql`DELETE FROM plots`)).rejects.toThrow(ReadOnlyError)
    expect(await db.$count(plots)).toBe(0)
  })

  it('reads one state in a transaction, in which Postgres itself refuses to write', async () => {
    await transact((tx) => tx.insert(plots).values(ROW))
    const counts = await db.transaction(async (tx) => [
      await tx.select({ n: count() }).from(plots),
      await tx.select({ n: count() }).from(plots),
    ])
    expect(counts).toEqual([[{ n: 1 }], [{ n: 1 }]])
    const sneaky = db.transaction((tx) => tx.select({ id: sql`lo_create(1)` }).from(plots))
    await expect(sneaky).rejects.toMatchObject({ code: '25006' })
  })

  it('makes a read again that lost its worker, as often as that is sensible', async () => {
    let failures = 2
    const flaky = memoryHost(pg, {
      pg: async () => {
        if (failures-- <= 0) return pg
        return new Proxy(pg, {
          get: (target, key) =>
            key === 'query'
              ? () => Promise.reject(new Error('Leader changed, pending operation in indeterminate state'))
              : Reflect.get(target, key),
        })
      },
    })
    const reading = readDatabase(new ConnectionKeeper(flaky))
    expect(await reading.select().from(plots)).toEqual([])
    failures = 99
    await expect(reading.select().from(plots).execute()).rejects.toThrow(ConnectionLostError)
  })
})

describe('a transaction', () => {
  it('leaves nothing behind when its work throws', async () => {
    const work = transact(async (tx) => {
      await tx.insert(plots).values(ROW)
      throw new Error('changed my mind')
    })
    await expect(work).rejects.toThrow('changed my mind')
    expect(await db.$count(plots)).toBe(0)
  })

  it('is rolled back by rollback()', async () => {
    const work = transact(async (tx) => {
      await tx.insert(plots).values(ROW)
      tx.rollback()
    })
    await expect(work).rejects.toThrow('Rollback')
    expect(await db.$count(plots)).toBe(0)
  })

  it('does not pass for committed when a statement of it was refused and overlooked', async () => {
    const work = transact(async (tx) => {
      await tx.insert(visits).values({ id: 1, plotId: ROW.id })
      await tx
        .insert(visits)
        .values({ id: 1, plotId: ROW.id })
        .catch(() => {})
    })
    await expect(work).rejects.toMatchObject({ name: 'LocalQueryError', code: '25P02' })
    expect(await db.$count(visits)).toBe(0)
  })

  it('keeps what stands outside of a nested one that failed', async () => {
    await transact(async (tx) => {
      await tx.insert(visits).values({ id: 1, plotId: ROW.id })
      const nested = tx.transaction(async (inner) => {
        await inner.insert(visits).values({ id: 2, plotId: ROW.id })
        await inner.transaction((innermost) => innermost.insert(visits).values({ id: 3, plotId: ROW.id }))
        await inner.insert(visits).values({ id: 1, plotId: ROW.id })
      })
      await expect(nested).rejects.toMatchObject({ code: '23505' })
      await tx.insert(visits).values({ id: 4, plotId: ROW.id })
    })
    expect((await db.select({ id: visits.id }).from(visits)).map(({ id }) => id)).toEqual([1, 4])
  })

  it('lets no statement of another tab in between', async () => {
    const other = new ConnectionKeeper(memoryHost(pg))
    const seen: number[] = []
    const increments = [keeper, other, keeper, other].map((tab, id) =>
      tab.run((connection, assertAlive) =>
        runDrizzleTransaction(connection, assertAlive, async (tx) => {
          const before = await tx.$count(visits)
          await new Promise((resolve) => setImmediate(resolve))
          await tx.insert(visits).values({ id, plotId: ROW.id })
          seen.push((await tx.$count(visits)) - before)
        }),
      ),
    )
    await Promise.all([...increments, db.$count(visits)])
    expect(seen).toEqual([1, 1, 1, 1])
  })

  it('sends nothing more once its worker is gone, and says that nobody knows', async () => {
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const statements: Promise<unknown>[] = []
    const work = transact(async (tx) => {
      await tx.insert(visits).values({ id: 1, plotId: ROW.id })
      begun.resolve()
      await goOn.promise
      statements.push(tx.insert(visits).values({ id: 2, plotId: ROW.id }).execute())
      await statements[0]?.catch(() => {})
    })
    const rejected = expect(work).rejects.toThrow(ConnectionLostError)
    await begun.promise
    host.reconnect()
    await rejected
    goOn.resolve()
    await expect.poll(() => statements.length).toBe(1)
    await expect(statements[0]).rejects.toThrow(ConnectionLostError)
    expect(await db.$count(visits)).toBe(0)
  })
})
