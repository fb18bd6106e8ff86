import { expect, test } from 'vitest'
import { eventually, startHarness } from '../testing/harness.ts'
import { ShapeReader } from '../testing/shape-reader.ts'

/** Values whose text is easily got wrong: padding, quotes, controls, masks, precision, nested quoting. */
const VALUES: Record<string, string[]> = {
  'char(6)': [`'ab'`, `''`],
  text: [String.raw`E'quote " backslash \\ slash / tab \t newline \n bell \x07 é 😀'`, `''`, `'null'`, `'{"a":1}'`],
  'varchar(20)': [`'_'`],
  boolean: ['true', 'false'],
  'boolean[]': [`'{t,f,NULL}'`],
  int2: ['-32768'],
  int8: ['9007199254740993'],
  float8: ['0.1', `'NaN'`, `'-Infinity'`, '1e300'],
  float4: ['0.1'],
  'numeric(12,4)': ['1.5'],
  numeric: ['1.10', `'NaN'`],
  inet: [`'10.0.0.1'`, `'10.0.0.0/8'`],
  cidr: [`'10.0.0.0/8'`],
  bytea: [String.raw`'\x00ff'`],
  uuid: [`'00000000-0000-0000-0000-00000000000a'`],
  date: [`'2024-02-29'`, `'infinity'`, `'0044-03-15 BC'`],
  timestamp: [`'2024-02-29 12:00:00.5'`],
  timestamptz: [`'2024-02-29 12:00:00+05'`],
  time: [`'12:00:00.123456'`],
  timetz: [`'12:00:00+05'`],
  interval: [`'1 year 2 months -3 days 04:05:06.7'`],
  json: [String.raw`'{"a" :  [1, "x\"y"]}'`, `'null'`],
  jsonb: [`'{"b":1,"a":[true,null]}'`, `'"text"'`],
  'text[]': [String.raw`ARRAY['a "b"', 'c,d', NULL, 'e\f', '']`],
  'int4[]': [`'{{1,2},{3,4}}'`],
  mood: [`'so so'`],
  'mood[]': [`'{"so so",sad}'`],
  flag: ['true'],
  amount: ['1.50'],
  pair: [`'(1,"a b")'`, `'(,)'`],
  int4range: [`'[1,5)'`],
  point: [`'(1,2)'`],
  money: [`'1234.5'`],
  name: [`'n'`],
  '"char"': [`'c'`],
  bit: [`B'1'`],
  xml: [`'<a b="c"/>'`],
  tsvector: [`'a:1 b:2'`],
  pg_lsn: [`'16/B374D848'`],
}
const TYPES = `
  CREATE TYPE mood AS ENUM ('sad', 'so so'); CREATE TYPE pair AS (a int, b text);
  CREATE DOMAIN flag AS boolean; CREATE DOMAIN amount AS numeric(8,2);`

/** In snapshots booleans are words. */
const asInLog = (value: Record<string, string | null> | undefined, types: string[]) =>
  Object.fromEntries(
    Object.entries(value ?? {}).map(([name, text]) => {
      const isBoolean = ['boolean', 'flag'].includes(types[Number(name.slice(1))] ?? '')
      return [name, isBoolean && text !== null ? text.charAt(0) : text]
    }),
  )

test('every value is the same text in the snapshot and in the log', async () => {
  const types = Object.entries(VALUES).flatMap(([type, values]) => values.map(() => type))
  const values = Object.values(VALUES).flat()
  const columns = types.map((type, index) => `c${index} ${type}`)
  const { server, sql } = await startHarness(`${TYPES} CREATE TABLE items (id int PRIMARY KEY, ${columns.join(', ')});
    INSERT INTO items VALUES (1, ${values.join(', ')}), (2, ${values.map(() => 'NULL').join(', ')})`)
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  await sql(`INSERT INTO items VALUES (3, ${values.join(', ')}), (4, ${values.map(() => 'NULL').join(', ')})`)
  await eventually(async () => expect((await reader.catchUp()).rows.size).toBe(4))
  const [full, empty, fullLater, emptyLater] = reader.changes.map(({ value }) => ({ ...value, id: '' }))
  expect(asInLog(full, types)).toEqual(fullLater)
  expect(asInLog(empty, types)).toEqual(emptyLater)
  expect(new Set(Object.values(empty ?? {}))).toEqual(new Set(['', null]))
})

test.each([
  ['a composite key in its own order', 'a int, "B b" text, c text, PRIMARY KEY ("B b", a)', `1, 'x/y"z\\', 'c'`],
  ['a key of plain values', 'id uuid PRIMARY KEY, n int', `'00000000-0000-0000-0000-00000000000a', 1`],
  ['no key', 'a boolean, b char(4), c text, d int', `true, 'x', NULL, 7`],
  ['a boolean in the key', 'a boolean, b int, PRIMARY KEY (a, b)', 'false, 1'],
  ['a padded key', 'id char(5) PRIMARY KEY', `'ab'`],
])('a row has the same key in the snapshot and in the log: %s', async (_, columns, values) => {
  const { server, sql } = await startHarness(
    `CREATE TABLE "It'ems" (${columns}); INSERT INTO "It'ems" VALUES (${values})`,
  )
  const reader = await new ShapeReader(server, { table: `"It'ems"` }).catchUp()
  expect(reader.rows.size).toBe(1)
  await sql(`DELETE FROM "It'ems"`)
  await sql(`INSERT INTO "It'ems" VALUES (${values})`)
  await eventually(async () => expect((await reader.catchUp()).changes).toHaveLength(3))
  const [snapshot, deleted, inserted] = reader.changes.map(({ key }) => key)
  expect([deleted, inserted]).toEqual([snapshot, snapshot])
})

test('a table may have more columns than a function has arguments', async () => {
  const names = Array.from({ length: 250 }, (_, index) => `column_${index}`)
  const { server } = await startHarness(`
    CREATE TABLE wide (id int PRIMARY KEY, ${names.map((name) => `${name} text`).join(', ')});
    INSERT INTO wide VALUES (1, ${names.map((name) => `'${name}'`).join(', ')})`)
  const reader = await new ShapeReader(server, { table: 'wide' }).catchUp()
  expect([...reader.rows.values()]).toEqual([{ id: '1', ...Object.fromEntries(names.map((name) => [name, name])) }])
})
test('a clause that cannot be computed for a row is refused with the words of Postgres', async () => {
  const { server, sql } = await startHarness(
    'CREATE TABLE items (id int PRIMARY KEY, n int); INSERT INTO items VALUES (1, 1)',
  )
  const query = { table: 'items', where: '10 / n > 1' }
  const reader = await new ShapeReader(server, query).catchUp()
  const live = reader.next({ live: 'true' })
  await sql('INSERT INTO items VALUES (2, 0)')
  await expect(live).rejects.toThrow('status 4')
  await expect(new ShapeReader(server, query).catchUp()).rejects.toThrow('division by zero')
})
