import { PGlite } from '@electric-sql/pglite'
import { live } from '@electric-sql/pglite/live'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ShapeMessage, ShapeMessageError, type ShapePlace } from './shape-messages.ts'
import { ShapeStore } from './shape-store.ts'

/** A column of each type that a shape may have, and names that need quotes. */
const TABLE = `
  CREATE TABLE things_synced (
    id uuid PRIMARY KEY, "Text, ""quoted""" text, "order" integer, big bigint, exact numeric, double double precision,
    flag boolean, doc jsonb, raw_doc json, bytes bytea, at timestamptz, tags text[], matrix integer[][], span interval);
  CREATE TABLE sync_operations (op_id uuid PRIMARY KEY, txid bigint);
  CREATE TABLE seen_txids (shape text, txid bigint, PRIMARY KEY (shape, txid));
  CREATE TABLE seen_snapshots (
    shape text PRIMARY KEY, snapshot_xmin bigint, snapshot_xmax bigint, snapshot_xip bigint[]);
  CREATE TABLE shape_positions (
    shape text PRIMARY KEY, handle text, "offset" text, columns text[], is_complete boolean)`

const uuid = (order: number) => `0199a000-0000-7000-8000-${order.toString().padStart(12, '0')}`

type Values = Record<string, string | null>

const TEXTS = {
  empty: '',
  null: 'NULL',
  'escaped null': '\\N',
  'end of COPY': '\\.',
  quotes: `'"\`""`,
  lines: 'a\nb\r\nc\rd\te\vf\bg\fh',
  backslashes: '\\\\ \\n \\x41 \\',
  emoji: '👩‍👩‍👧 \u{1f3f3}',
  'right to left': 'שלום \u202eabc',
  'a comma, and spaces': ' , ',
  'one megabyte': 'x\\\n'.repeat(350_000),
}

const HOSTILE: Record<string, Values> = {
  'JSON null': { doc: 'null', raw_doc: 'null' },
  'SQL NULL': { doc: null, raw_doc: null, flag: null, big: null, tags: null },
  'a JSON text': { doc: '"Grüße \\"\\\\ \\n"', raw_doc: '"a\\u0041"' },
  'a JSON document with all of it': {
    doc: '{"a": [1, "\\t", null, {"b\\\\": "\\\\N"}]}',
    raw_doc: ' {"a" :1, "a":2} ',
  },
  'numbers beyond JavaScript': { big: '-9223372036854775808', exact: '123456789012345678901234567890.0123456789' },
  'numbers that are none': { exact: 'NaN', double: '-Infinity' },
  'infinite times': { at: 'infinity' },
  'times before Christ': { at: '0044-03-15 12:00:00+00 BC' },
  'times to the microsecond': { at: '2026-01-01 00:00:00.123456+00' },
  bytes: { bytes: '\\x00ff5c4e0a' },
  arrays: { tags: '{"a,b","c\\"d\\\\",NULL,"NULL",""}', matrix: '{{1,2},{3,4}}' },
  'an empty array': { tags: '{}' },
  intervals: { span: 'P1Y2M3DT4H5M6.7S' },
  booleans: { flag: 't' },
}

const ALL: Record<string, Values> = {
  ...HOSTILE,
  ...Object.fromEntries(Object.entries(TEXTS).map(([name, text]) => [name, { 'Text, "quoted"': text, order: '-1' }])),
}

const snapshotRow = (row: Values): ShapeMessage => ({
  key: String(row.id),
  value: row,
  headers: { operation: 'insert' },
})
const logChange = (lsn: number, operation: 'insert' | 'update' | 'delete', row: Values, last = true): ShapeMessage => ({
  key: String(row.id),
  value: row,
  headers: { operation, lsn: String(lsn), op_position: 0, txids: [lsn], ...(last ? { last } : {}) },
})
/** As the server writes it; the client's type has it not. */
const END = '0_inf' as ShapePlace['offset']
const UP_TO_DATE: ShapeMessage = { headers: { control: 'up-to-date', global_last_seen_lsn: '100' } }
const snapshotEnd = (xmin: string, xmax: string, xip: string[]): ShapeMessage =>
  ({ headers: { control: 'snapshot-end', xmin, xmax, xip_list: xip } }) as unknown as ShapeMessage

async function makeImage(): Promise<Blob> {
  const pg = await PGlite.create()
  await pg.exec(TABLE)
  const dump = await pg.dumpDataDir('none')
  await pg.close()
  return dump
}

describe('storing a shape', () => {
  let pg: Awaited<ReturnType<typeof open>>
  let image: Blob
  const open = () => PGlite.create({ loadDataDir: image, extensions: { live } })
  const openStore = (isFresh = false) => ShapeStore.open(pg, 'things', 'things_synced', { isFresh })

  beforeAll(async () => {
    image = await makeImage()
  })
  beforeEach(async () => {
    pg = await open()
  })
  afterEach(() => pg.close())

  const orders = async () =>
    (await pg.query<{ order: number }>('SELECT "order" FROM things_synced ORDER BY 1')).rows.map(({ order }) => order)
  const position = async () =>
    (await pg.query('SELECT handle, "offset", is_complete FROM shape_positions WHERE shape = $1', ['things'])).rows[0]
  const things = (...ids: number[]) => ids.map((id) => snapshotRow({ id: uuid(id), order: String(id) }))
  const begin = async (...ids: number[]) => {
    const store = await openStore()
    await store.take(things(...ids), { handle: 'h', offset: '0_0' })
    await store.take([UP_TO_DATE], { handle: 'h', offset: END })
    return store
  }

  describe('of hostile values', () => {
    const columns = [...new Set(Object.values(ALL).flatMap(Object.keys))]
    const rows = Object.values(ALL).map((values, place) => ({
      ...Object.fromEntries(columns.map((column) => [column, null])),
      ...values,
      id: uuid(place),
    }))
    const changes = (lsn: number, operation: 'insert' | 'update', given: readonly Values[]) =>
      given.map((row, place) => logChange(lsn, operation, row, place === given.length - 1))
    /** Which values are not what the column's type makes of the text that was sent. */
    const different = async () => {
      const wrong: string[] = []
      for (const [place, [name, values]] of Object.entries(ALL).entries()) {
        for (const [column, value] of Object.entries(values)) {
          const sql = `"${column.replaceAll('"', '""')}"`
          const stored = await pg.query<{ isSame: boolean }>(
            `SELECT ${sql}::text IS NOT DISTINCT FROM (json_populate_record(NULL::things_synced, $2::json)).${sql}::text AS "isSame"
             FROM things_synced WHERE id = $1`,
            [uuid(place), JSON.stringify({ [column]: value })],
          )
          const isLiteral = column === 'doc' || column === 'raw_doc'
          const expected = isLiteral
            ? await pg.query<{ isSame: boolean }>(
                `SELECT ${sql}::text IS NOT DISTINCT FROM $2::${column === 'doc' ? 'jsonb' : 'json'}::text AS "isSame" FROM things_synced WHERE id = $1`,
                [uuid(place), value],
              )
            : stored
          if (!expected.rows[0]?.isSame) wrong.push(`${name}: ${column}`)
        }
      }
      return wrong
    }

    it('keeps them in a first sync', async () => {
      const store = await openStore()
      await store.take(rows.map(snapshotRow), { handle: 'h', offset: '0_0' })
      expect(await different()).toEqual([])
    })

    it('keeps them when they come by the log, inserted and updated', async () => {
      const store = await begin()
      await store.take([...changes(5, 'insert', rows), UP_TO_DATE], { handle: 'h', offset: '5_0' })
      expect(await different()).toEqual([])
      const emptied = rows.map(({ id }) => ({ ...Object.fromEntries(columns.map((column) => [column, null])), id }))
      await store.take([...changes(6, 'update', emptied), UP_TO_DATE], { handle: 'h', offset: '6_0' })
      expect(await different()).not.toEqual([])
      await store.take([...changes(7, 'update', rows), UP_TO_DATE], { handle: 'h', offset: '7_0' })
      expect(await different()).toEqual([])
    })

    it('keeps them when the table is replaced', async () => {
      await begin(1)
      const store = await openStore(true)
      await store.take(rows.map(snapshotRow), { handle: 'h2', offset: '0_0' })
      await store.take([UP_TO_DATE], { handle: 'h2', offset: END })
      expect(await different()).toEqual([])
    })
  })

  it('refuses a NUL and keeps what it has, with its place', async () => {
    const store = await begin(1)
    const nul = { id: uuid(2), 'Text, "quoted"': 'a\u0000b' }
    await expect(
      store.take([logChange(5, 'insert', nul), UP_TO_DATE], { handle: 'h', offset: '5_0' }),
    ).rejects.toThrow()
    expect(await orders()).toEqual([1])
    expect(await position()).toMatchObject({ offset: '0_inf' })
  })

  it('shows the rows of a first sync as they come, and goes on from there', async () => {
    const first = await openStore()
    expect(first.isFirst).toBe(true)
    await first.take(things(1, 2), { handle: 'h', offset: '0_0' })
    expect(await orders()).toEqual([1, 2])
    expect(await position()).toEqual({ handle: 'h', offset: '0_0', is_complete: false })
    const second = await openStore()
    expect(second).toMatchObject({ isFirst: true, place: { handle: 'h', offset: '0_0' } })
    await second.take(things(3), { handle: 'h', offset: '0_1' })
    await second.take([UP_TO_DATE], { handle: 'h', offset: END })
    expect(await orders()).toEqual([1, 2, 3])
    expect((await openStore()).isFirst).toBe(false)
  })

  it('tells a live query of rows that came by COPY', async () => {
    const seen: number[] = []
    const { unsubscribe } = await pg.live.query(
      'SELECT id FROM things_synced',
      [],
      ({ rows }) => void seen.push(rows.length),
    )
    const store = await openStore()
    await store.take(things(1, 2, 3), { handle: 'h', offset: '0_0' })
    await expect.poll(() => seen.at(-1)).toBe(3)
    await unsubscribe()
  })

  it('stores an empty shape, and knows that it is whole', async () => {
    await begin()
    expect(await position()).toEqual({ handle: 'h', offset: '0_inf', is_complete: true })
  })

  it('replaces the rows at one stroke when it begins anew, and touches only those that differ', async () => {
    await begin(1, 2, 3)
    await pg.exec(`CREATE TABLE touched (id uuid);
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO touched VALUES (coalesce(NEW.id, OLD.id)); RETURN NULL; END $$;
      CREATE TRIGGER touch AFTER INSERT OR UPDATE OR DELETE ON things_synced FOR EACH ROW EXECUTE FUNCTION touch()`)
    const seen: number[][] = []
    const { unsubscribe } = await pg.live.query<{ order: number }>(
      'SELECT "order" FROM things_synced ORDER BY 1',
      [],
      ({ rows }) => void seen.push(rows.map(({ order }) => order)),
    )
    const store = await openStore(true)
    expect(store).toMatchObject({ place: null, isFirst: false })
    await store.take([...things(1), snapshotRow({ id: uuid(2), order: '20' })], { handle: 'h2', offset: '0_0' })
    await store.take(things(4), { handle: 'h2', offset: '0_1' })
    await store.take([logChange(9, 'insert', { id: uuid(5), order: '5' })], { handle: 'h2', offset: '9_0' })
    expect(await orders()).toEqual([1, 2, 3])
    expect(await position()).toMatchObject({ handle: 'h' })
    await store.take([logChange(10, 'delete', { id: uuid(4) }), UP_TO_DATE], { handle: 'h2', offset: '10_0' })
    await expect.poll(() => seen.at(-1)).toEqual([1, 5, 20])
    expect(seen).toEqual([
      [1, 2, 3],
      [1, 5, 20],
    ])
    expect(await position()).toEqual({ handle: 'h2', offset: '10_0', is_complete: true })
    const { rows } = await pg.query('SELECT id FROM touched ORDER BY 1')
    expect(rows).toEqual([2, 3, 5].map((id) => ({ id: uuid(id) })))
    await unsubscribe()
    // The place to collect in is gone, and what follows goes into the table.
    await store.take([logChange(11, 'insert', { id: uuid(6), order: '6' }), UP_TO_DATE], {
      handle: 'h2',
      offset: '11_0',
    })
    expect(await orders()).toEqual([1, 5, 6, 20])
  })

  it('begins to collect again after it was cut off while it did', async () => {
    await begin(1)
    const cut = await openStore(true)
    await cut.take(things(7), { handle: 'h2', offset: '0_0' })
    const store = await openStore(true)
    await store.take(things(2), { handle: 'h3', offset: '0_0' })
    await store.take([UP_TO_DATE], { handle: 'h3', offset: END })
    expect(await orders()).toEqual([2])
  })

  it('fetches anew when the table has got a column', async () => {
    await begin(1)
    await pg.exec('ALTER TABLE things_synced ADD COLUMN added text')
    const store = await openStore()
    expect(store.place).toBeNull()
    await store.take([snapshotRow({ id: uuid(1), order: '1', added: 'new' })], { handle: 'h2', offset: '0_0' })
    await store.take([UP_TO_DATE], { handle: 'h2', offset: END })
    expect((await pg.query('SELECT added FROM things_synced')).rows).toEqual([{ added: 'new' }])
    expect((await openStore()).place).not.toBeNull()
  })

  it('leaves out columns that the table does not have', async () => {
    const store = await openStore()
    await store.take([snapshotRow({ id: uuid(1), order: '1', later: 'x' })], { handle: 'h', offset: '0_0' })
    await store.take([logChange(5, 'update', { id: uuid(1), later: 'y' }), UP_TO_DATE], { handle: 'h', offset: '5_0' })
    await store.take([logChange(6, 'insert', { id: uuid(2), order: '2', later: 'y' }), UP_TO_DATE], {
      handle: 'h',
      offset: '6_0',
    })
    expect(await orders()).toEqual([1, 2])
  })

  it('holds a transaction back until the answer with its end', async () => {
    const store = await begin(1)
    const half = [
      logChange(5, 'insert', { id: uuid(2), order: '2' }),
      logChange(6, 'insert', { id: uuid(3), order: '3' }, false),
    ]
    await store.take(half, { handle: 'h', offset: '6_0' })
    expect(await orders()).toEqual([1, 2])
    expect(await position()).toMatchObject({ offset: '5_0' })
    await store.take([logChange(6, 'insert', { id: uuid(4), order: '4' })], { handle: 'h', offset: '6_2' })
    expect(await orders()).toEqual([1, 2, 3, 4])
    expect(await position()).toMatchObject({ offset: '6_2' })
  })

  it('notes the transactions that it has seen, with their rows', async () => {
    const seen = async () =>
      (await pg.query('SELECT txid::int FROM seen_txids ORDER BY 1')).rows.map((row) => Object.values(row as object)[0])
    const store = await begin(1)
    await store.take(
      [logChange(9, 'update', { id: uuid(1), order: '9' }), logChange(10, 'delete', { id: uuid(1) }), UP_TO_DATE],
      { handle: 'h', offset: '10_0' },
    )
    expect(await seen()).toEqual([9, 10])
    const bad = logChange(11, 'insert', { id: 'no uuid' })
    await expect(store.take([bad, UP_TO_DATE], { handle: 'h', offset: '11_0' })).rejects.toThrow()
    expect(await seen()).toEqual([9, 10])
  })

  it('notes what a snapshot saw when its rows are shown, and not before', async () => {
    await begin(1)
    const snapshots = async () =>
      (
        await pg.query(
          'SELECT snapshot_xmin::text AS xmin, snapshot_xmax::text AS xmax, snapshot_xip::text AS xip FROM seen_snapshots',
        )
      ).rows
    const store = await openStore(true)
    await store.take([...things(2), snapshotEnd('70', '80', ['71', '75'])], { handle: 'h2', offset: '0_0' })
    await store.take([logChange(90, 'insert', { id: uuid(3), order: '3' })], { handle: 'h2', offset: '90_0' })
    expect(await snapshots()).toEqual([])
    await store.take([UP_TO_DATE], { handle: 'h2', offset: '90_0' })
    expect(await snapshots()).toEqual([{ xmin: '70', xmax: '80', xip: '{71,75}' }])
    expect((await pg.query('SELECT txid::int FROM seen_txids')).rows).toEqual([{ txid: 90 }])
  })

  it('drops old transactions, but not one that an operation waits for', async () => {
    await begin(1)
    await pg.exec(`INSERT INTO seen_txids (shape, txid) SELECT 'things', generate_series(1, 10100);
      INSERT INTO sync_operations VALUES (gen_random_uuid(), 5)`)
    const store = await openStore()
    await store.take([UP_TO_DATE], { handle: 'h', offset: END })
    const { rows } = await pg.query('SELECT count(*)::int AS count, min(txid)::int AS min FROM seen_txids')
    expect(rows).toEqual([{ count: 10_002, min: 5 }])
  })

  it.each([
    ['a row without its key', logChange(5, 'insert', { order: '1' })],
    ['a change without a row', { key: 'x', headers: { operation: 'insert' } } as unknown as ShapeMessage],
  ])('refuses %s', async (_what, message) => {
    const store = await begin()
    await expect(store.take([message, UP_TO_DATE], { handle: 'h', offset: '5_0' })).rejects.toThrow(ShapeMessageError)
  })

  it('says which table is missing', async () => {
    await expect(ShapeStore.open(pg, 'others', 'others_synced', { isFresh: false })).rejects.toThrow('others_synced')
  })

  it('stops in mid-commit with all or nothing', async () => {
    const store = await begin(1)
    const taken = store.take([logChange(5, 'insert', { id: uuid(2), order: '2' }), UP_TO_DATE], {
      handle: 'h',
      offset: '5_0',
    })
    const next = await openStore()
    await taken
    expect([['0_inf'], ['5_0']]).toContainEqual([next.place?.offset])
    await next.take([logChange(5, 'insert', { id: uuid(2), order: '2' }), UP_TO_DATE], { handle: 'h', offset: '5_0' })
    expect(await orders()).toEqual([1, 2])
  })
})
